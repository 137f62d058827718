"""Regular universities and colleges, their former names, titles and key disciplines."""

from collections import Counter
from pathlib import Path

from reference import table
from reference.campuses import COUNTY_OF

HEADER = (
    "code",
    "name",
    "authority",
    "level",
    "province_code",
    "city_code",
    "county_code",
    "private",
    "remark",
)
NAMES_HEADER = ("code", "name", "valid_from", "valid_until", "source")
DESIGNATIONS_HEADER = ("code", "title", "level", "valid_from", "valid_until", "basis")
DISCIPLINES_HEADER = ("code", "discipline")

PRIVATE = "民办"
# The source leaves the seat empty where it lies in another province or is abbreviated.
SEATS = {"4113010080": "120000", "4154010695": "610400", "4162014552": "622900"}

MERGED_211 = "国家重点建设工程；2015年起统筹为双一流建设（国发〔2015〕64号）"
# Column of the source: title, valid from, valid until, basis. Years of single schools are not in the source.
TITLES = {
    "is_985": ("985工程", "", "2015", MERGED_211),
    "is_211": ("211工程", "", "2015", MERGED_211),
    "double_first_class_2022": ("双一流建设高校（第二轮2022）", "2022", "", "教研函〔2022〕1号"),
    "shuanggao_2019": ("双高计划（2019）", "2019", "2023", "教职成函〔2019〕14号；第一轮建设期2019—2023年"),
    "demo_vocational": ("国家示范性高职", "", "", "教高〔2006〕14号"),
    "backbone_vocational": ("国家骨干高职", "2010", "", "教高〔2010〕8号"),
}


def _university(row: table.Row) -> list[str]:
    private = row["remark"] == PRIVATE
    return [
        row["code"],
        table.clean(row["name"]),
        row["authority"],
        row["level"],
        row["province_code"],
        row["city_code"] or SEATS[row["code"]],
        COUNTY_OF.get(row["name"], ""),
        "1" if private else "0",
        "" if private else row["remark"],
    ]


def _check_counties(rows: list[list[str]]) -> None:
    """Refuse a county for a school that is not on the list, not unique, or seated in another city."""
    by_name = {row[1]: row for row in rows}
    if max(Counter(row[1] for row in rows).values()) > 1:
        raise ValueError("a name occurs twice in the list of universities")
    for school, county in COUNTY_OF.items():
        if school not in by_name:
            raise ValueError(f"{school} has a county but is not on the list")
        seat = by_name[school][5]
        if not county.startswith(seat.removesuffix("0000").removesuffix("00")):
            raise ValueError(f"{school} is seated in {seat}, which does not contain {county}")


def make(source: Path) -> list[list[str]]:
    """Return the regular universities and colleges of 2026 in code order."""
    rows = sorted(_university(row) for row in table.read(source / "heis_regular_2026_china.csv"))
    _check_counties(rows)
    return rows


def _names(rows: list[table.Row], *, field: str) -> dict[str, str]:
    return {row["code"]: table.clean(row[field]) for row in rows if row["code"]}


def former_names(source: Path) -> list[list[str]]:
    """Return names of earlier lists that the next list no longer has; the year is that of the next list."""
    in_2022 = _names(table.read(source / "hei_designations_china.csv"), field="name_2022")
    in_2025 = _names(table.read(source / "heis_regular_2025_china.csv"), field="name")
    in_2026 = _names(table.read(source / "heis_regular_2026_china.csv"), field="name")
    rows = []
    for code, name in sorted(in_2026.items()):
        in_between = in_2025.get(code, name)
        oldest = in_2022.get(code, in_between)
        if oldest not in (in_between, name):
            rows.append([code, oldest, "", "2025", "教育部名单：2022年有此名，2025-06-20已改"])
        if in_between != name:
            rows.append([code, in_between, "", "2026", "教育部名单：2025-06-20有此名，2026-06-17已改"])
    return rows


def designations(source: Path) -> list[list[str]]:
    """Return the national titles of the universities that are on the list of 2026."""
    listed = {row["code"] for row in table.read(source / "heis_regular_2026_china.csv")}
    holders = sorted(table.read(source / "hei_designations_china.csv"), key=lambda row: row["code"])
    return [
        [row["code"], title, "national", valid_from, valid_until, basis]
        for column, (title, valid_from, valid_until, basis) in TITLES.items()
        for row in holders
        if row[column] == "1" and row["code"] in listed
    ]


def key_disciplines(source: Path) -> list[list[str]]:
    """Return the 双一流 disciplines of 2022 of universities that have a school code."""
    rows = table.read(source / "double_first_class_disciplines_2022.csv")
    return [[row["school_code"], table.clean(row["discipline"])] for row in rows if row["school_code"]]
