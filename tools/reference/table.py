"""Reading source tables and writing reference tables, always in the same bytes."""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = dict[str, str]

_HALF_TO_FULL = str.maketrans({"(": "（", ")": "）", ",": "，", ";": "；"})


def read(path: Path) -> list[Row]:
    """Return the rows of a UTF-8 CSV file with a header row."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, *, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a UTF-8 CSV file with LF line ends."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def clean(name: str) -> str:
    """Drop the spaces that line breaks left inside Chinese names and use full-width punctuation."""
    return re.sub(r"\s+", "", name).translate(_HALF_TO_FULL)
