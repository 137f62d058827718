"""Files, functions and templates stay small. The lists of exceptions may only shrink."""

import ast

from tests.contract.source import PACKAGE, modules, templates

LINES, STATEMENTS, BYTES = 300, 40, 20 * 1024
LARGE_FILES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()
LARGE_TEMPLATES: set[str] = set()


def statements(function: ast.AST) -> int:
    """Statements inside a function, without those that are only text."""
    inside = [part for part in ast.walk(function) if isinstance(part, ast.stmt)]
    return sum(1 for part in inside if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))) - 1


def test_files() -> None:
    lines = {module.name: module.text.count("\n") for module in modules()}
    assert {name for name, count in lines.items() if count > LINES} == LARGE_FILES, "split it, or shorten the list"


def test_functions() -> None:
    found = {
        f"{module.name}:{name}"
        for module in modules()
        for name, function in module.functions
        if statements(function) > STATEMENTS
    }
    assert found == LONG_FUNCTIONS, "split it, or shorten the list"


def test_templates() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in templates() if path.stat().st_size > BYTES}
    assert found == LARGE_TEMPLATES, "split it, or shorten the list"


def test_the_measure_counts() -> None:
    function = ast.parse("def f():\n    'says what'\n    if a:\n        b = 1\n    return b\n").body[0]
    assert statements(function) == 3
    assert max(statements(function) for module in modules() for _name, function in module.functions) > STATEMENTS / 2
    assert len(templates()) > 30
