"""Reading the demonstration's own files."""

import csv
import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from shuangcheng.core.text import _

FOLDER = Path(__file__).resolve().parent / "data"
MARK = _("演示数据")

Entry = dict[str, Any]


@cache
def table(name: str) -> Mapping[str, Any]:
    """A TOML file of the folder."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def entries(file: str, name: str) -> list[Entry]:
    """The entries `[[name]]` of a file."""
    return list(table(file)[name])


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the folder."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def source(entry: Entry) -> str:
    """The source of an entry as people read it."""
    return str(table("sources")[entry.get("source", "demo")])


def figures(entry: Entry) -> list[dict[str, str]]:
    """The figures that sources report, each with its source and the caution that belongs to it."""
    sources = table("sources")
    return [
        {"text": text, "value": value, "source": sources[key], "caution": caution}
        for text, value, key, caution in entry.get("figures", ())
    ]


def facts(entry: Entry, *names: str) -> Entry:
    """Those facts of an entry that an input takes, by name."""
    return {name: entry[name] for name in names if name in entry}


def digest() -> str:
    """The digest of all files, so that a changed demonstration is noticed."""
    files = sorted(FOLDER.glob("*.toml")) + sorted(FOLDER.glob("*.csv"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()
