"""Imports point down only, and no package stands outside the layers."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.contract.source import PACKAGE, ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_lint_imports_passes() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_package_has_a_layer() -> None:
    [contract] = [contract for contract in CONTRACTS if contract["type"] == "layers"]
    assert contract["containers"] == ["shuangcheng"]
    assert contract["exhaustive"] is True
    layers = contract["layers"]
    listed = {name.strip() for layer in layers for name in layer.split("|")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert listed == packages


def test_no_module_stands_beside_the_packages() -> None:
    assert [path.name for path in PACKAGE.glob("*.py")] == ["__init__.py"]


def test_the_doors_do_not_see_each_other() -> None:
    [layers] = [contract["layers"] for contract in CONTRACTS if contract["type"] == "layers"]
    [doors] = [layer for layer in layers if "|" in layer]
    assert {name.strip() for name in doors.split("|")} == {"web", "api", "cli"}


def test_core_may_not_import_what_does_io() -> None:
    [forbidden] = [contract for contract in CONTRACTS if contract["type"] == "forbidden"]
    assert forbidden["source_modules"] == ["shuangcheng.core"]
    assert {"django", "ninja", "requests", "socket", "subprocess", "psycopg"} <= set(forbidden["forbidden_modules"])
