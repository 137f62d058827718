"""The ledger by the spreadsheet 活动台账批量导入; each row is written by the action that the form uses."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from shuangcheng.core.outcome import Message
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Flaw, Plain, Row, RowState, Table, Watch
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import may

from ..actions import ledger
from ..inputs.ledger import ActivityInput
from ..models import Activity
from .cells import Several, joined, plain


class ActivityRow(ActivityInput):
    """A row of the table: the hosts are names in one cell."""

    hosts: Annotated[Several, Field(title=_("主办单位"), description=_("多个单位用分号或顿号隔开"))] = ()


FIELDS = tuple(ActivityRow.model_fields)
TITLE, ON = FIELDS.index("title"), FIELDS.index("on")
LINKED = ("alliance", "zone", "item")
NOTHING: dict[str, Plain] = {
    name: plain(info.default) if not isinstance(info.default, tuple) and not info.is_required() else ""
    for name, info in ActivityRow.model_fields.items()
}


class ActivityStore:
    """The rows of the ledger. An empty cell leaves what is there; title and day say which entry is meant."""

    fields = FIELDS
    searchable = ""  # the actions index what they write

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at, self.source = by, at, source[:200]

    def resolve(self, data: ActivityRow) -> tuple[Plain, ...]:
        """See `Store`; a reference is kept as it was written."""
        ledger.values_of(data, today=self.at.date())
        return tuple(
            joined(getattr(data, name)) if name == "hosts" else plain(getattr(data, name))
            if name in data.model_fields_set else None
            for name in FIELDS
        )  # fmt: skip

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield "title", (values[TITLE], values[ON])

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        found = Activity.objects.filter(title__in={row.values[TITLE] for row in rows})
        if lock:
            found = found.select_for_update(of=("self",))
        linked = found.select_related("alliance__organisation", "zone", "item").prefetch_related("hosts")
        there = {(entry.title, entry.on.isoformat()): entry for entry in linked}
        for row in rows:
            entry = there.get((str(row.values[TITLE]), str(row.values[ON])))
            before = _stored(entry) if entry else tuple(NOTHING[name] for name in FIELDS)
            row.values = tuple(old if value is None else value for value, old in zip(row.values, before, strict=True))
            row.id, row.before = (str(entry.pk), before) if entry else ("", ())
            row.state = RowState.NEW
            if entry:
                row.state = RowState.SAME if row.values == before else RowState.CHANGED
                self._allowed(row, entry)

    def _allowed(self, row: Row, entry: Activity) -> None:
        if row.state is RowState.CHANGED and not may(self.by, "activity.edit", entry):
            text = _("“%(title)s”由其他单位登记，您不能修改。")
            row.flaws.append(Flaw(TABLE.titles["title"], entry.title, Message(text, {"title": entry.title}), "other"))
            row.state = RowState.WRONG

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`."""
        return [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        for row in watch(rows):
            told = {name: value for name, value in zip(FIELDS, row.values, strict=True) if value not in (None, "")}
            data = ActivityInput.model_validate(ActivityRow.model_validate(told).model_dump())
            if row.state is RowState.CHANGED:
                entry = Activity.objects.get(pk=UUID(row.id))
                ledger.edit(activity=entry, data=data, by=self.by, at=self.at)
            else:
                row.id = str(ledger.create(data=data, by=self.by, at=self.at, source=self.source).pk)

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`."""
        return iter(())

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        choices = {column.field: {value: label for label, value in column.choices} for column in TABLE.columns}
        return [
            choices[name].get(str(value), "" if value is None else str(value))
            for name, value in zip(FIELDS, values, strict=True)
        ]


def _stored(entry: Activity) -> tuple[Plain, ...]:
    told: dict[str, Any] = {name: getattr(entry, name) for name in FIELDS if name != "hosts"}
    told |= {name: str(told[name] or "") for name in LINKED}
    return tuple(
        joined(host.name for host in entry.hosts.all()) if name == "hosts" else plain(told[name]) for name in FIELDS
    )


TABLE: Table[ActivityRow] = Table(
    name="activity",
    title=_("活动台账"),
    model=ActivityRow,
    right="import.activity",
    key=_("名称和日期都相同的，视为已登记的台账；留空的格不改动已有内容。"),
    store=ActivityStore,
    examples={"hosts": "重庆市教育委员会；四川省教育厅"},
)
