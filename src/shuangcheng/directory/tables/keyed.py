"""Things of an organisation that are found by a key: what programmes and designations have in common."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Plain, Row, RowState, Watch
from shuangcheng.core.text import _

from .. import lookup
from ..actor import Actor
from ..models import Organisation
from ..policy import may
from . import bulk


class KeyedStore:
    """Rows of one table of the database, each belonging to an organisation. An empty cell leaves what is there.

    `fields` are the columns; the organisation is the first, and `key` says which of them make a row one of its kind.
    """

    table: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    key: ClassVar[tuple[int, ...]]
    key_field: ClassVar[str]
    defaults: ClassVar[tuple[Plain, ...]]
    right: ClassVar[str]
    searchable = ""

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at = by, at
        self._organisations: dict[str, Organisation | Refused] = {}

    def organisation(self, key: str) -> Organisation:
        """The organisation that a cell names, if the actor may enter things for it."""
        if key not in self._organisations:
            try:
                found = lookup.organisation(key)
                if not may(self.by, self.right, found):
                    text = _("“%(name)s”不在您的管理范围内，不能为它导入。")
                    raise refusal("other", text, where="organisation", name=found.name)
                self._organisations[key] = self._organisations[str(found.id)] = found
            except Refused as refused:
                self._organisations[key] = refused
        return or_raise(self._organisations[key])

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield self.key_field, self._key(values)

    def _key(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(values[place] for place in self.key)

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        if lock:
            bulk.lock(self.table)
        columns = ", ".join(f"{name}::text" if _as_text(name) else name for name in self.fields)
        known = f"organisation_id = ANY({bulk.LISTED}::uuid[])"
        query = f"SELECT id::text, {columns} FROM {self.table} WHERE {known}"  # noqa: S608
        found = bulk.fetch(query, bulk.listed({row.values[0] for row in rows}))
        there = {self._key(values): (id, tuple(values)) for id, *values in found}
        for row in rows:
            row.id, row.before = there.get(self._key(row.values), ("", ()))
            before = row.before or self.defaults
            row.values = tuple(old if value is None else value for value, old in zip(row.values, before, strict=True))
            row.state = RowState.NEW
            if row.before:
                row.state = RowState.SAME if row.values == row.before else RowState.CHANGED

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`."""
        written = [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]
        for row in written:
            row.id = row.id or bulk.new_id()
        return written

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        new = [row for row in rows if row.state is RowState.NEW]
        changed = [row for row in rows if row.state is RowState.CHANGED]
        bulk.copy(
            self.table,
            ("id", "created_at", "updated_at", "invented", "version", *self.fields),
            ((row.id, self.at, self.at, False, 1, *row.values) for row in watch(new)),
        )
        if changed:
            values = ((row.id, self.at, *row.values) for row in watch(changed))
            bulk.update(self.table, ("id", "updated_at", *self.fields), values)

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`; these things are found through their organisation."""
        return iter(())


def _as_text(name: str) -> bool:
    """Ids, days and decimals are compared as the file gives them."""
    return name.endswith("_id") or name in ("years", "valid_from", "valid_until")


def or_raise(found: Any) -> Any:
    """The remembered thing, or the remembered refusal."""
    if isinstance(found, Refused):
        raise found
    return found
