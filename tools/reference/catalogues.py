"""National catalogues as one table: every entry with its parent, without definitions."""

import re
from collections.abc import Iterable
from pathlib import Path

from reference import table

HEADER = ("catalogue", "code", "name", "level", "parent_code", "flags")

DEGREES = re.compile("哲学|经济学|法学|教育学|文学|历史学|管理学|艺术学|军事学|理学|工学|农学|医学")
INDUSTRY_LEVELS = {"section": "门类", "division": "大类", "group": "中类", "class": "小类"}
OCCUPATION_TAGS = {"L": "绿色职业", "S": "数字职业"}
# The source calls this group an occupation, although three occupations hang under it.
OCCUPATION_GROUP = "6-20-03-00"

Entry = tuple[str, str, str, str, str]  # code, name, level, parent_code, flags


def _flags(*parts: str) -> str:
    return ";".join(part for part in parts if part)


def _degrees(note: str) -> str:
    """授…学 as in the note of the catalogue; some notes of the source are cut off after the degree."""
    found = DEGREES.findall(note.partition("授")[2])
    return "授" + "/".join(found) if found else ""


def _former_code(note: str) -> str:
    found = re.search(r"原专业代码为(\w+?)。", note)
    return f"原代码{found[1]}" if found else ""


def _undergraduate(rows: list[table.Row]) -> Iterable[Entry]:
    for row in rows:
        yield row["discipline_code"], row["discipline_name"], "门类", "", ""
        own = "自编代码" if row["class_code"] == "1400" else ""
        yield row["class_code"], row["class_name"], "专业类", row["discipline_code"], own
        flags = _flags(
            "特设" if row["special"] == "是" else "",
            "国家控制" if row["national_control"] == "是" else "",
            _degrees(row["degree_note"]),
            _former_code(row["degree_note"]),
        )
        yield row["code"], row["name"], "专业", row["class_code"], flags


def _vocational(rows: list[table.Row]) -> Iterable[Entry]:
    for row in rows:
        yield row["category_code"], row["category_name"], "大类", "", ""
        yield row["class_code"], row["class_name"], "专业类", row["category_code"], ""
        flags = _flags(
            "国家控制" if row["national_control"] == "是" else "",
            "2027年起招生" if row["enrolment_from"] == "2027" else "",
        )
        yield row["code"], row["name"], "专业", row["class_code"], flags


def _graduate(rows: list[table.Row]) -> Iterable[Entry]:
    for row in rows:
        yield row["discipline_code"], row["discipline_name"], "学科门类", "", ""
        flags = _flags("仅硕士" if row["master_only"] == "是" else "", _degrees("授" + row["degree_note"]))
        yield row["code"], row["name"], row["type"], row["discipline_code"], flags


def _industries(rows: list[table.Row]) -> Iterable[Entry]:
    for row in rows:
        yield row["code"], row["name"], INDUSTRY_LEVELS[row["level"]], row["parent_code"], ""


def _occupations(rows: list[table.Row]) -> Iterable[Entry]:
    for row in rows:
        tags = (OCCUPATION_TAGS[tag] for tag in row["tag"].split("/") if tag)
        level = "小类" if row["code"] == OCCUPATION_GROUP else row["level"]
        yield row["code"], row["name"], level, row["parent_code"], _flags(*tags)


SOURCES = (
    ("undergraduate_2026", "majors_undergraduate_2026.csv", _undergraduate),
    ("vocational_college_2026", "majors_vocational_college_2026.csv", _vocational),
    ("graduate_2022", "disciplines_graduate_2022.csv", _graduate),
    ("industry_gb4754_2017", "industries_gb4754_2017.csv", _industries),
    ("occupation_2022", "occupations_csco_2022.csv", _occupations),
)


def make(source: Path) -> list[list[str]]:
    """Return the entries of all catalogues in catalogue order, parents before children."""
    table_rows: list[list[str]] = []
    for catalogue, file, entries in SOURCES:
        seen: dict[str, Entry] = {}
        for entry in entries(table.read(source / file)):
            if seen.setdefault(entry[0], entry) != entry:
                raise ValueError(f"{catalogue}: {entry} and {seen[entry[0]]} have the same code")
        for code, name, level, parent, flags in seen.values():
            if parent and parent not in seen:
                raise ValueError(f"{catalogue}: {code} {name} has the unknown parent {parent}")
            table_rows.append([catalogue, code, table.clean(name), level, parent, flags])
    return table_rows
