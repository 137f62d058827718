"""Authorities, and the regular universities and colleges with the names they had."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory.models import AuditLine, Division, Organisation, OrganisationName
from shuangcheng.directory.places import side_of
from shuangcheng.directory.terms import SIDES, OrganisationType, Side

from .rows import Row, Table, last_day
from .write import Written, index, merge

UNIVERSITIES = _("教育部全国普通高等学校名单（截至2026年6月17日）")
TYPES = {"本科": OrganisationType.UNIVERSITY, "专科": OrganisationType.COLLEGE}
PLACE = ("division_id", "remark")


def by_code() -> dict[str, Organisation]:
    """The organisations that have a school code."""
    return {row.code: row for row in Organisation.objects.exclude(code="")}


def _divisions() -> dict[str, Division]:
    """The divisions of today down to counties, by code."""
    rows = Division.objects.filter(valid_until__isnull=True).exclude(level="township")
    return {row.code: row for row in rows.only("id", "code", "path")}


def write_authorities(table: Table, at: datetime) -> Written:
    """Write education departments and bureaus, known by their names."""
    divisions = _divisions()
    rows = Organisation.objects.filter(type=OrganisationType.AUTHORITY)
    present = {row.name: row for row in rows}
    wanted = {}
    for row in table.rows:
        if row["division"] not in divisions:
            raise table.wrong(row, value=row["division"])
        division = divisions[row["division"]]
        wanted[row["name"]] = {
            "name": row["name"], "pinyin": pinyin_key(row["name"]), "type": OrganisationType.AUTHORITY,
            "division_id": division.id, "side": side_of(division), "authority": row["authority"],
            "source": row["source"],
        }  # fmt: skip
    return _merge(present, wanted, at)


def write_universities(table: Table, at: datetime) -> Written:
    """Write universities and colleges; a name that the list has changed stays as a former name."""
    divisions, present = _divisions(), by_code()
    wanted = {row["code"]: _university(table, row, divisions) for row in table.rows}
    former = [
        OrganisationName(organisation=row, name=row.name, valid_until=date(at.year, 12, 31), basis=UNIVERSITIES)
        for code, row in present.items()
        if code in wanted and row.name != wanted[code]["name"]
    ]
    written = _merge(present, wanted, at)
    known = set(OrganisationName.objects.filter(organisation__in=written.changed).values_list("organisation", "name"))
    OrganisationName.objects.bulk_create(name for name in former if (name.organisation_id, name.name) not in known)
    if former:
        index("organisation", [name.organisation_id for name in former])
    return written


def _university(table: Table, row: Row, divisions: Mapping[str, Division]) -> dict[str, Any]:
    place = row["county_code"] or row["city_code"] or row["province_code"]
    if place not in divisions:
        raise table.wrong(row, value=place)
    return {
        "code": row["code"], "name": row["name"], "pinyin": pinyin_key(row["name"]), "type": TYPES[row["level"]],
        "authority": row["authority"], "level": row["level"], "division_id": divisions[place].id,
        "side": SIDES.get(row["province_code"], Side.OTHER), "private": row["private"] == "1",
        "remark": row["remark"], "source": UNIVERSITIES,
    }  # fmt: skip


def _merge(present: Mapping[str, Organisation], wanted: dict[str, dict[str, Any]], at: datetime) -> Written:
    """Write organisations; what people have edited keeps the place and remark that they gave it."""
    edited = _edited()
    for key, row in present.items():
        if key in wanted and row.id in edited:
            wanted[key] = {name: value for name, value in wanted[key].items() if name not in PLACE}
    written = merge(Organisation, present=present, wanted=wanted, at=at)
    index("organisation", written.touched)
    return written


def _edited() -> set[UUID]:
    lines = AuditLine.objects.filter(subject_kind="organisation", verb="organisation.edit")
    return {UUID(id) for id in lines.values_list("subject_id", flat=True).distinct()}


def write_names(table: Table, at: datetime) -> Written:
    """Write the names that universities had."""
    organisations = by_code()
    present = {(name.organisation_id, name.name): name for name in OrganisationName.objects.all()}
    wanted = {}
    for row in table.rows:
        if row["code"] not in organisations:
            raise table.wrong(row, value=row["code"])
        owner = organisations[row["code"]].id
        wanted[owner, row["name"]] = {
            "organisation_id": owner, "name": row["name"], "valid_until": last_day(row["valid_until"]),
            "basis": row["source"],
        }  # fmt: skip
    written = merge(OrganisationName, present=present, wanted=wanted, at=None)
    index("organisation", {owner for owner, _name in wanted})
    return written
