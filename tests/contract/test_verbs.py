"""The verbs of the audit trail and of the rights: each is named, and each is used."""

import ast
import re
from collections.abc import Iterator

from shuangcheng.desk.importing.registry import tables
from shuangcheng.directory.policy import RIGHTS
from shuangcheng.web.overview import NEWS
from shuangcheng.web.verbs import VERBS
from tests.contract.source import Module, called, modules, strings, templates

ASKING = ("require", "may")
MAY = re.compile(r"{%-?\s*may\s+[\"']([a-z._]+)[\"']")


def told(module: Module) -> Iterator[str]:
    """The verbs that a module records: what reaches a parameter or a variable called `verb`."""
    takes = {
        function.name: [argument.arg for argument in function.args.args].index("verb")
        for _name, function in module.functions
        if "verb" in [argument.arg for argument in function.args.args]
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from (text for key in node.keywords if key.arg == "verb" for text in strings(key.value))
            place = takes.get(called(node))
            if place is not None and place < len(node.args):
                yield from strings(node.args[place])
        elif isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "verb" for name in node.targets
        ):
            yield from strings(node.value)


def recorded() -> set[str]:
    return {verb for module in modules() if "audit.record" in module.text for verb in told(module) if "." in verb}


def asked() -> set[str]:
    """The rights that code, templates and tables ask for."""
    found = {table.right for table in tables().values()}
    for path in templates():
        found.update(MAY.findall(path.read_text(encoding="utf-8")))
    for module in modules():
        for node in ast.walk(module.tree):
            if called(node) in ASKING and len(node.args) > 1:  # type: ignore[attr-defined]
                found.update(strings(node.args[1]))  # type: ignore[attr-defined]
    return found


def test_every_recorded_verb_has_a_name_and_every_name_a_verb() -> None:
    assert sorted(recorded() - VERBS.keys()) == [], "give it a name in web/verbs.py"
    assert sorted(VERBS.keys() - recorded()) == [], "nothing records it"


def test_every_right_is_asked_for_and_every_asked_right_is_there() -> None:
    assert sorted(asked() - RIGHTS.keys()) == [], "asking for it would fail"
    assert sorted(RIGHTS.keys() - asked()) == [], "nothing asks for it"


def test_the_news_are_verbs() -> None:
    assert set(NEWS) <= VERBS.keys()


def test_names_are_told_apart() -> None:
    assert len(set(VERBS.values())) == len(VERBS)
