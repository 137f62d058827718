"""The committed reference files, as the tests read them."""

import csv
from functools import cache
from pathlib import Path

import shuangcheng

PACKAGE = Path(shuangcheng.__file__).parent
REFERENCE = PACKAGE / "site" / "reference"
MAP = PACKAGE / "web" / "static" / "map" / "counties.svg"


@cache
def rows(name):
    """The rows of one reference table."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def divisions_2026():
    """The divisions that are valid in 2026, by code."""
    return {row["code"]: row for row in rows("divisions") if not row["valid_until"]}


def counties_2026():
    """The county codes of both provinces in 2026."""
    return {code for code, row in divisions_2026().items() if row["level"] == "county" and code[:2] in ("50", "51")}
