"""Administrative divisions: a code is one row for each time it was valid under one name."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory.models import Division
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.terms import DivisionLevel

from .rows import Row, Table, first_day, last_day
from .write import Written, index, merge

Key = tuple[str, date | None]


def write(table: Table, at: datetime) -> Written:
    """Write the tree of divisions, ended ones included."""
    present = _present(table)
    ids = {_key(row): present[_key(row)].id if _key(row) in present else uuid7() for row in table.rows}
    wanted = dict(_wanted(table, ids))
    written = merge(Division, present=present, wanted=wanted, at=None)
    townships = {values["id"] for values in wanted.values() if values["level"] == DivisionLevel.TOWNSHIP}
    index("division", [id for id in written.touched if id not in townships])
    return written


def _key(row: Row) -> Key:
    return row["code"], first_day(row["valid_from"])


def _present(table: Table) -> dict[Key, Division]:
    """What is there, by the key that the file now has for it: a corrected first year must not make a second row."""
    keys = {_key(row) for row in table.rows}
    named = {(row["code"], row["name"]): _key(row) for row in table.rows}
    present = {(row.code, row.valid_from): row for row in Division.objects.all()}
    found = {key: row for key, row in present.items() if key in keys}
    for key, row in present.items():
        if key not in keys and (corrected := named.get((row.code, row.name))) is not None:
            found.setdefault(corrected, row)
    return found


def _wanted(table: Table, ids: dict[Key, UUID]) -> Iterator[tuple[Key, dict[str, Any]]]:
    by_code: defaultdict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        by_code[row["code"]].append(row)
    for row in table.rows:
        above = _ancestors(table, row, by_code)
        key = _key(row)
        yield (
            key,
            {
                "id": ids[key],
                "code": row["code"],
                "name": row["name"],
                "level": row["level"],
                "parent_id": ids[_key(above[0])] if above else None,
                "path": "".join(f"{each['code']}/" for each in (*reversed(above), row)),
                "pinyin": pinyin_key(row["name"]),
                "valid_from": first_day(row["valid_from"]),
                "valid_until": last_day(row["valid_until"]),
                "successor_code": row["successor_code"],
                "document": row["document"],
            },
        )


def _ancestors(table: Table, row: Row, by_code: dict[str, list[Row]]) -> list[Row]:
    """From the parent up to the province."""
    above: list[Row] = []
    while code := (above[-1] if above else row)["parent_code"]:
        if code not in by_code or len(above) > 4:
            raise table.wrong(row, value=code)
        above.append(_at_the_time(by_code[code], of=above[-1] if above else row))
    return above


def _at_the_time(rows: list[Row], *, of: Row) -> Row:
    """Of the rows of one code, the one that was valid when `of` began, else the newest."""
    newest = sorted(rows, key=lambda row: row["valid_from"] or "0", reverse=True)
    last = of["valid_until"] or "9999"
    return next((row for row in newest if (row["valid_from"] or "0") < last), newest[-1])
