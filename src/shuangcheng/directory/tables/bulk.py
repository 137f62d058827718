"""Many rows at once: COPY in, and UPDATE from a copied table."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import uuid_utils
from django.db import connection

LISTED = "string_to_array(%s, E'\\n')"
"""Turns what `listed` made into an array; a hundred thousand parameters of their own would take a second to write."""


BLOCK = 500
"""Rows to a message."""

_MARKS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def listed(values: Iterable[object]) -> str:
    """The values that are not empty as one parameter; no value holds a line break."""
    return "\n".join([str(value) for value in values if value])


def new_id() -> str:
    """A time-ordered identifier, as text because COPY writes text."""
    return str(uuid_utils.uuid7())


def lock(table: str) -> None:
    """Let nobody else write to `table` until the transaction ends; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Add `rows` while they are being made: PostgreSQL works on one core, Python on another."""
    rest = iter(rows)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as out:
        while block := [_line(row) for row in islice(rest, BLOCK)]:
            out.write("".join(block))


def _line(row: Sequence[object]) -> str:
    """A row as COPY reads it; joined at once, and looked at value by value only when one must be marked."""
    line = "\t".join(["\\N" if value is None else str(value) for value in row])
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(row) - 1:
        line = "\t".join(["\\N" if value is None else str(value).translate(_MARKS) for value in row])
    return line + "\n"


def update(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Set `columns` (the first is `id`) of rows that are there, and count the change in their `version`."""
    names = ", ".join(columns)
    changes = ", ".join(["version = version + 1", *(f"{name} = coming.{name}" for name in columns[1:])])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
        copy("coming", columns, rows)
        cursor.execute("ANALYZE coming")
        cursor.execute(f"UPDATE {table} SET {changes} FROM coming WHERE {table}.id = coming.id")  # noqa: S608
        cursor.execute("DROP TABLE coming")


def fetch(query: str, *parameters: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
