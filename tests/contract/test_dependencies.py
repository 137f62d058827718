"""Every dependency says why it is there and is locked by its hash; nothing names a registry or this machine."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contract.source import ROOT, modules, tracked

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
LISTS = PYPROJECT.partition("[project]")[2]
BUILD = tomllib.loads(PYPROJECT)["build-system"]["requires"]
RUN, DEV = PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"]
OPTIONAL = [line for name, extra in PROJECT["optional-dependencies"].items() if name != "dev" for line in extra]
EXTRAS = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
# What a package brings that an extra of ours asks it to bring.
BROUGHT = {"requests": "django-allauth", "qrcode": "django-allauth", "pydantic-core": "pydantic"}
# Written so that this file does not find itself.
NOT_OURS = re.compile(
    "|".join(
        ["index" + "-url", "find" + "-links", 'registry = "?' + "http", '"resolved": "' + "http", r"/wor[k]/[a-z.]",
         r"/far[m]/[a-z]", r"pypi\.(?:org|python)/simp[l]e", r"files\.python[h]osted"]
    )
)  # fmt: skip
BINARY = {".png", ".gz", ".xlsx", ".docx", ".pdf", ".mo", ".ico", ".woff2"}


@cache
def locked(name: str) -> dict[str, str]:
    """Name and version of what a lock file installs."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonicalize_name(found): version for found, version in LOCKED.findall(text)}


@pytest.mark.parametrize("line", sorted({*RUN, *EXTRAS}))
def test_a_dependency_says_why(line: str) -> None:
    said = re.findall(rf'^ *"{re.escape(line)}".*|= \["{re.escape(line)}".*', LISTS, re.MULTILINE)
    assert said
    assert [text for text in said if not re.search(r'"\]?,?\s+# \S.{4,}', text)] == []


@pytest.mark.parametrize(("name", "wanted"), [("requirements.txt", RUN + BUILD), ("requirements-dev.txt", RUN + DEV)])
def test_what_is_wanted_is_locked(name: str, wanted: list[str]) -> None:
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        version = versions.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} is not in {name}: make lock"
        assert requirement.specifier.contains(version), f"{requirement} but {version}: make lock"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_everything_is_locked_by_its_hash(name: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert len(entries) > 30
    assert [entry.split("\n")[0] for entry in entries if not LOCKED.match(entry) or "--hash=sha256:" not in entry] == []


def test_both_locks_agree() -> None:
    run, dev = locked("requirements.txt"), locked("requirements-dev.txt")
    assert {name: (version, dev.get(name)) for name, version in run.items() if dev.get(name) != version} == {}


def test_what_the_product_imports_is_declared() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in RUN + OPTIONAL} | BROUGHT.keys()
    providers = packages_distributions()
    imported: set[str] = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(str(node.module).split(".")[0])
    others = imported - sys.stdlib_module_names - {"shuangcheng"}
    assert len(others) > 10
    missing = {name for name in others if not {canonicalize_name(one) for one in providers.get(name, ())} & declared}
    assert missing == set(), "declare it in pyproject.toml"


def named_elsewhere(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [f"{path.name}:{number}: {line[:120]}" for number, line in enumerate(lines, 1) if NOT_OURS.search(line)]


def test_nothing_names_a_registry_or_a_path_of_this_machine() -> None:
    texts = [path for path in tracked() if path.suffix not in BINARY]
    assert len(texts) > 200
    assert [found for path in texts for found in named_elsewhere(path)] == []


def test_the_watch_sees_an_address(tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex" + "-url = https://registry.example.org/simple\ncache = /wor" + "k/cache\n")
    assert len(named_elsewhere(file)) == 2
