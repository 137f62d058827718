"""Modules, public classes and actions say in a line what they are; nothing is left to be done."""

import ast
import re

import pytest

from tests.contract.source import Module, modules

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|NotImplementedError")
INSIDE = ("Meta", "Migration")


def classes(tree: ast.AST) -> list[ast.ClassDef]:
    found = [part for part in ast.walk(tree) if isinstance(part, ast.ClassDef)]
    return [part for part in found if not part.name.startswith("_") and part.name not in INSIDE]


def says_something(text: str | None) -> bool:
    """A first line that ends like a sentence, or a heading over more."""
    first = (text or "").strip().split("\n")[0]
    return len(first) >= 10 and (first[-1] in ".:。" or "\n" in (text or ""))


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_module_and_its_classes_say_what_they_are(module: Module) -> None:
    if module.text.strip():
        assert says_something(ast.get_docstring(module.tree)), "module"
    silent = [part.name for part in classes(module.tree) if not says_something(ast.get_docstring(part))]
    assert silent == []


@pytest.mark.parametrize("module", modules("directory/actions"), ids=lambda module: module.name)
def test_an_action_says_what_it_does(module: Module) -> None:
    silent = [
        name
        for name, function in module.functions
        if any(argument.arg == "by" for argument in function.args.kwonlyargs)
        and not name.startswith("_")
        and not says_something(ast.get_docstring(function))
    ]
    assert silent == []


def test_nothing_is_left_to_be_done() -> None:
    found = [
        f"{module.name}:{number}: {line.strip()}"
        for module in modules()
        for number, line in enumerate(module.text.split("\n"), start=1)
        if UNFINISHED.search(line)
    ]
    assert found == []


def test_a_docstring_must_say_something() -> None:
    assert says_something("The pages, one module for each kind of thing.")
    assert not says_something("Data.")
    assert not says_something(None)
