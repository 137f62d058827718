"""Administrative divisions with the years in which their codes were valid."""

from dataclasses import dataclass, replace
from pathlib import Path

from reference import table

HEADER = ("code", "name", "level", "parent_code", "valid_from", "valid_until", "successor_code", "document")

# The source names the later parent, a code of a later year, or nothing. Key: year and code that ended.
SUCCESSORS = {
    ("1997", "510200"): "500000",  # the city became the municipality
    ("1997", "513500"): "",  # the prefecture was dissolved; 500114 began only in 2000
    ("1999", "513001"): "511702",  # 达川市 became 通川区; 511703 began only in 2013
    ("2000", "513101"): "511802",
    ("2000", "513701"): "511902",
    ("2000", "513901"): "512002",
    ("2003", "510902"): "510903",  # split into 船山 and 安居; the seat is in 船山
}

REFORM_2025 = "渝府发〔2025〕15号"
# Townships that changed county in 2025; the source lists the five of 北碚 twice.
MOVED_TO_LIANGJIANG = {
    "500109006": "500157031",
    "500109007": "500157005",
    "500109008": "500157024",
    "500109104": "500157110",
    "500109106": "500157107",
}
MOVED_TO_BEIBEI = ("500109123", "500109124", "500109125", "500109126", "500109127")


@dataclass(frozen=True, kw_only=True, order=True)
class Division:
    """One code under one name, for the years in which it was valid."""

    code: str
    valid_from: str = ""
    name: str
    level: str
    parent_code: str
    valid_until: str = ""
    successor_code: str = ""
    document: str = ""

    def row(self) -> list[str]:
        """The fields in the order of the header."""
        return [str(getattr(self, field)) for field in HEADER]


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _parent(code: str) -> str:
    if _level(code) == "province":
        return ""
    if _level(code) == "city":
        return code[:2] + "0000"
    return "500000" if code.startswith("50") else code[:4] + "00"


def _begun(changes: list[table.Row]) -> dict[tuple[str, str], table.Row]:
    """What began, by code and year. A row 撤销 only points at a successor that has a row of its own."""
    return {(row["new_code"], row["year"]): row for row in changes if row["new_code"] and row["type"] != "撤销"}


def _ended(changes: list[table.Row]) -> list[Division]:
    begun = _begun(changes)
    divisions = []
    for row in changes:
        code, name, year = row["old_code"], row["old_name"], row["year"]
        if not code:
            continue
        starts = [y for (c, y), start in begun.items() if c == code and start["new_name"] == name and y <= year]
        division = Division(
            code=code,
            name=name,
            level=_level(code),
            parent_code=_parent(code),
            valid_from=max(starts, default=""),
            valid_until=year,
            successor_code=SUCCESSORS.get((year, code), row["new_code"]),
            document=row["doc_no"],
        )
        divisions.append(division)
    return divisions


def _current(source: Path, *, changes: list[table.Row]) -> list[Division]:
    begun: dict[str, table.Row] = {}
    for (code, _), row in sorted(_begun(changes).items()):
        begun[code] = row
    divisions = []
    for row in table.read(source / "divisions_2026_china.csv"):
        division = Division(
            code=row["code"], name=table.clean(row["name"]), level=row["level"], parent_code=row["parent_code"]
        )
        start = begun.get(row["code"])
        if start:
            if start["new_name"] != division.name:
                raise ValueError(f"{division.code} is {division.name} in 2026 but {start['new_name']} in the changes")
            division = replace(division, valid_from=start["year"], document=start["doc_no"])
        divisions.append(division)
    return divisions


def _township(row: table.Row) -> Division:
    division = Division(
        code=row["code"], name=table.clean(row["name"]), level="township", parent_code=row["county_code"]
    )
    if division.code in MOVED_TO_LIANGJIANG:
        moved_to = MOVED_TO_LIANGJIANG[division.code]
        return replace(division, valid_until="2025", successor_code=moved_to, document=REFORM_2025)
    if division.parent_code == "500157" or division.code in MOVED_TO_BEIBEI:
        return replace(division, valid_from="2025", document=REFORM_2025)
    return division


def _check(divisions: list[Division]) -> None:
    codes = {division.code for division in divisions}
    keys = {(division.code, division.valid_from) for division in divisions}
    if len(keys) != len(divisions):
        raise ValueError("a code begins twice in the same year")
    for division in divisions:
        for other in (division.parent_code, division.successor_code):
            if other and other not in codes:
                raise ValueError(f"{division.code} {division.name} points at {other}, which is not in the tree")


def make(source: Path) -> list[Division]:
    """Return the tree of 2026, the townships of both provinces and what ended there since 1997."""
    changes = table.read(source / "division_changes_cq_sc_1997_2026.csv")
    townships = table.read(source / "divisions_townships_cq_sc_2026.csv")
    divisions = [
        *_current(source, changes=changes),
        *_ended(changes),
        *(_township(row) for row in townships if "撤销" not in row["name"]),
    ]
    divisions.sort()
    _check(divisions)
    return divisions
