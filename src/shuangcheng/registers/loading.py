"""Many records at once: copied beside the table, then merged into it by their keys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from django.db import connection

from shuangcheng.core.register import Register
from shuangcheng.directory.tables import bulk

from . import records

_NAMES = ", ".join(records.COLUMNS)
_MERGE = f"""
WITH merged AS (
    INSERT INTO registers_holding (id, register, {_NAMES}, updated_at, source)
    SELECT id, %s, {_NAMES}, %s, %s FROM coming
    ON CONFLICT (key) DO UPDATE SET
        ({_NAMES}, updated_at, source) = ({", ".join(f"EXCLUDED.{name}" for name in records.COLUMNS)},
        EXCLUDED.updated_at, EXCLUDED.source)
    WHERE registers_holding.content <> EXCLUDED.content
    RETURNING (xmax = 0) AS new
)
SELECT count(*) FILTER (WHERE new), count(*) FILTER (WHERE NOT new) FROM merged
"""  # noqa: S608


@dataclass(frozen=True)
class Merged:
    """How many records came and how many changed."""

    new: int
    changed: int

    def __add__(self, other: "Merged") -> "Merged":
        return Merged(self.new + other.new, self.changed + other.changed)


def hold() -> None:
    """Let nobody else write records until the transaction ends; look-ups go on."""
    bulk.lock("registers_holding")


def there(keys: Sequence[bytes]) -> dict[object, tuple[str, bytes]]:
    """Key to id and content of the records that there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, id::text, content FROM registers_holding WHERE key = ANY(%s)", [list(keys)])
        return {bytes(key): (id, bytes(content)) for key, id, content in cursor.fetchall()}


class Staging:
    """A table of the transaction's own that rows are copied into."""

    def __enter__(self) -> "Staging":
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMP TABLE coming ON COMMIT DROP AS SELECT id, {_NAMES} FROM registers_holding WITH NO DATA"  # noqa: S608
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE coming")

    def copy(self, rows: Iterator[tuple[bytes, int]], *, most: int) -> int:
        """Take packed rows in while they are being made, about `most` of them, and return how many came."""
        count = 0
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY coming (id, {_NAMES}) FROM STDIN (FORMAT binary)") as out,
        ):
            out.write(records.BEGINNING)
            for packed, several in rows:
                out.write(packed)
                count += several
                if count >= most:
                    break
            out.write(records.END)
        return count

    def merge(self, register: Register, *, source: str, at: datetime) -> Merged:
        """Write what was copied: new keys are added, changed records replaced, the rest left as it is."""
        with connection.cursor() as cursor:
            cursor.execute(_MERGE, [register.name, at, source])
            merged = Merged(*cursor.fetchone())
            cursor.execute("TRUNCATE coming")
        return merged
