"""The product's source as the contract tests read it: files, their syntax trees, templates."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shuangcheng"


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: Path

    @property
    def name(self) -> str:
        """As the tests tell it: web/pages/home.py."""
        return self.path.relative_to(PACKAGE).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @cached_property
    def functions(self) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Every function with its dotted name inside the module."""
        return list(_functions(self.tree, ""))


def _functions(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{inside}{child.name}", child
        named = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        yield from _functions(child, f"{inside}{child.name}." if named else inside)  # type: ignore[attr-defined]


@cache
def modules(*folders: str) -> list[Module]:
    """The Python files under `folders` of the package, all without one; what Django generates is left out."""
    tops = [PACKAGE / folder for folder in folders] or [PACKAGE]
    paths = (path for top in tops for path in sorted(top.rglob("*.py")))
    return [Module(path) for path in paths if path.parent.name != "migrations"]


@cache
def templates() -> list[Path]:
    """Every HTML template."""
    return sorted(PACKAGE.rglob("templates/**/*.html"))


def called(node: ast.AST) -> str:
    """The last part of the name that a call calls: `record` for audit.record(…)."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def strings(node: ast.AST) -> set[str]:
    """Every string constant in a piece of syntax."""
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


@cache
def tracked() -> list[Path]:
    """The files that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
