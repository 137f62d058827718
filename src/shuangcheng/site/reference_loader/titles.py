"""National titles and key disciplines of universities and colleges."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from shuangcheng.core.text import _
from shuangcheng.directory.models import Designation
from shuangcheng.directory.terms import Level

from .organisations import by_code
from .rows import Table, first_day, last_day
from .write import Written, merge

DISCIPLINES = _("双一流建设学科")
DISCIPLINES_BASIS = "教研函〔2022〕1号"
DISCIPLINES_SINCE = date(2022, 1, 1)


def write_designations(table: Table, at: datetime) -> Written:
    """Write national titles with their term."""
    organisations = by_code()
    wanted = {}
    for row in table.rows:
        if row["code"] not in organisations:
            raise table.wrong(row, value=row["code"])
        values = {
            "organisation_id": organisations[row["code"]].id, "title": row["title"], "level": row["level"],
            "valid_from": first_day(row["valid_from"]), "valid_until": last_day(row["valid_until"]),
            "basis": row["basis"],
        }  # fmt: skip
        wanted[_key(values)] = values
    return _merge(wanted, titles={row["title"] for row in table.rows}, at=at)


def write_disciplines(table: Table, at: datetime) -> Written:
    """Write each university's disciplines as one title that lists them."""
    organisations = by_code()
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        if row["code"] not in organisations:
            raise table.wrong(row, value=row["code"])
        listed[row["code"]].append(row["discipline"])
    wanted = {}
    for code, disciplines in listed.items():
        values = {
            "organisation_id": organisations[code].id, "title": DISCIPLINES, "level": Level.NATIONAL,
            "valid_from": DISCIPLINES_SINCE, "basis": f"{DISCIPLINES_BASIS}：{'、'.join(disciplines)}",
        }  # fmt: skip
        wanted[_key(values)] = values
    return _merge(wanted, titles={DISCIPLINES}, at=at)


Key = tuple[Any, str, date | None]


def _key(values: dict[str, Any]) -> Key:
    return values["organisation_id"], values["title"], values["valid_from"]


def _merge(wanted: dict[Key, dict[str, Any]], *, titles: set[str], at: datetime) -> Written:
    rows = Designation.objects.filter(title__in=titles)
    present = {(row.organisation_id, row.title, row.valid_from): row for row in rows}
    return merge(Designation, present=present, wanted=wanted, at=at)
