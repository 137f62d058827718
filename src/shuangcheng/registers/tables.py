"""The registers by the spreadsheet 登记簿批量导入; between check and writing the rows are kept sealed already."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from shuangcheng.core.identifiers.masks import mask_id_number
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import Input
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Plain, Row, RowState, Store, Table, Watch
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7

from . import loading, records
from .models import Holding

PREVIEWED = 20
"""How many rows a preview shows beside what stands there now."""

KEY, CONTENT = records.COLUMNS.index("key"), records.COLUMNS.index("content")


class HoldingStore:
    """The rows of one register; a row replaces the whole record that has its key."""

    fields = records.COLUMNS
    searchable = ""

    def __init__(self, register: Register, *, by: Actor, at: datetime, source: str) -> None:
        self.register, self.by, self.at, self.source = register, by, at, source[:200]

    def resolve(self, data: Input) -> tuple[Plain, ...]:
        """See `Store`; from here on nobody sees the numbers."""
        values = self.register.texts(data, today=self.at.date())
        return records.to_plain(records.columns(self.register, values))

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield self.register.key, values[KEY]

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        if lock:
            loading.hold()
        stored = [records.from_plain(row.values) for row in rows]
        there = loading.there([key for columns in stored if isinstance(key := columns[KEY], bytes)])
        for row, columns in zip(rows, stored, strict=True):
            row.id, content = there.get(columns[KEY], ("", b""))
            row.state = RowState.NEW
            if row.id:
                row.state = RowState.SAME if content == columns[CONTENT] else RowState.CHANGED
        shown = {row.id: row for row in rows[:PREVIEWED] if row.state is RowState.CHANGED}
        for holding in Holding.objects.filter(pk__in=shown):
            row = shown[str(holding.pk)]
            row.before = records.to_plain(records.of_holding(holding))

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`."""
        return [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        with loading.Staging() as staging:
            packed = (records.packed(uuid7().bytes, records.from_plain(row.values)) for row in watch(rows))
            staging.copy(((row, 1) for row in packed), most=len(rows) + 1)
            staging.merge(self.register, source=self.source, at=self.at)

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`."""
        return iter(())

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`; numbers are masked."""
        return masked(self.register, records.opened(self.register, records.from_plain(values)))


def masked(register: Register, values: Mapping[str, str]) -> list[str]:
    """A record as a page shows it to those who keep it: labels for choices, numbers by their ends."""
    columns = TABLES_BY_NAME[register.name].columns
    labels = {column.field: {value: label for label, value in column.choices} for column in columns}
    shown = (labels[name].get(values[name], values[name]) for name in register.fields)
    return [
        mask_id_number(text) if name in register.secret else text
        for name, text in zip(register.fields, shown, strict=True)
    ]


def _store(register: Register) -> Callable[..., Store]:
    def make(*, by: Actor, at: datetime, source: str) -> Store:
        return HoldingStore(register, by=by, at=at, source=source)

    return make


def _examples(register: Register) -> dict[str, str]:
    fields = Table(register.name, register.title, register.record, "", "", _store(register)).columns
    labels = {column.field: {value: label for label, value in column.choices} for column in fields}
    return {name: labels[name].get(str(value), str(value)) for name, value in register.sample.items()}


TABLES: tuple[Table[Any], ...] = tuple(
    Table(
        name=register.name,
        title=register.title,
        model=register.record,
        right="import.holding",
        key=_("第一列的号码相同的，视为已有的记录，按整行更新，留空的格也会清空原有内容。"),
        store=_store(register),
        masked=frozenset(register.secret),
        examples=_examples(register),
    )
    for register in REGISTERS.values()
)
TABLES_BY_NAME = {table.name: table for table in TABLES}
