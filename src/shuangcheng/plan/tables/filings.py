"""A filing by the spreadsheet 推进情况填报表: a downloaded one is filled in and comes back as the filing's draft."""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shuangcheng.core.outcome import Message, Objection, Refused, refusal
from shuangcheng.core.schema import Input, Line, OptionalLine, read
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Plain, Row, RowState, Table, Watch
from shuangcheng.core.text import _
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.lookup import single
from shuangcheng.directory.policy import require

from ..actions import filings
from ..inputs.filings import FilingInput, ItemLineInput, LineInput
from ..models import Filing, Item, Period, Progress, Target
from ..terms import REASONED, PeriodState, Told
from .cells import plain


class Meant(Input):
    """The filing and the item that a row is about."""

    period: Line = Field(title=_("报送期"), examples=["2026 年下半年推进情况报送"])
    organisation: Line = Field(title=_("报送单位"), examples=["示例大学"])
    item: Annotated[str, Field(min_length=1, max_length=20)] = Field(title=_("事项编号"), examples=["3.2"])
    title: OptionalLine = Field("", title=_("事项"), description=_("供核对，不导入"))


class FilingRow(LineInput, Meant):
    """A row of the table: one item of one filing."""

    figures: Annotated[str, Field(max_length=4000)] = Field(
        "",
        title=_("目标数值"),
        description=_("一行一项，在冒号后填数值；没有新数值的留空"),
        json_schema_extra={"widget": "prose"},
    )


FIELDS = tuple(FilingRow.model_fields)
PERIOD, ORGANISATION, ITEM = range(3)
_LAST_MARK = re.compile(r"[:=](?=[^:：=]*$)")
SAID = FIELDS.index("told")


def labels(item: Item) -> dict[str, Target]:
    """What the targets of an item are called in the cell of figures."""
    return {f"{row.subject}（{row.unit}）" if row.unit else row.subject: row for row in item.targets.all()}


def _figures_cell(item: Item, figures: Iterable[dict[str, str]]) -> str:
    kept = {figure["target"]: figure["value"] for figure in figures}
    return "\n".join(
        f"{label}：{plain(Decimal(kept[str(row.pk)]))}" for label, row in labels(item).items() if str(row.pk) in kept
    )


class FilingStore:
    """The rows of filings. An empty cell leaves what is there."""

    fields = FIELDS
    searchable = ""

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at, self.source = by, at, source
        self._filings: dict[tuple[str, str], Filing | Refused] = {}
        self._items: dict[str, dict[str, Item]] = {}

    def _filing(self, period: str, organisation: str) -> Filing:
        """The filing that is meant, looked up once; refused when it cannot be filled in by whoever imports."""
        key = (period, organisation)
        if key not in self._filings:
            try:
                self._filings[key] = self._find(period, organisation)
            except Refused as refused:
                self._filings[key] = refused
        found = self._filings[key]
        if isinstance(found, Refused):
            raise found
        return found

    def _find(self, period: str, organisation: str) -> Filing:
        where = directory.organisation(organisation, where="organisation")
        seen = Period.objects.visible_to(self.by).filter(state=PeriodState.OPEN, title=period)
        rows = Filing.objects.filter(period__in=seen, organisation=where).select_related("period", "organisation")
        if not rows.exists():
            text = _("没有找到“%(organisation)s”在“%(period)s”的报送件，或者这一期已经截止。请下载本期的填报表。")
            raise refusal("no_filing", text, where="period", organisation=where.name, period=period)
        filing = single(rows, key=period, where="period")
        require(self.by, "filing.file", filing)
        if not filing.missing:
            text = _("“%(organisation)s”已经报送，不能再导入。需要修改时，请联系主管部门退回。")
            raise refusal("filing.shut", text, where="organisation", organisation=where.name)
        return filing

    def _item(self, filing: Filing, number: str) -> Item:
        if str(filing.pk) not in self._items:
            self._items[str(filing.pk)] = filings.items_of(filing)
        found = self._items[str(filing.pk)].get(number)
        if found is None:
            text = _("“%(number)s”不是“%(organisation)s”在这一期应报送的事项编号。")
            organisation = filing.organisation.name
            raise refusal("item_unknown", text, where="item", number=number, organisation=organisation)
        return found

    def resolve(self, data: FilingRow) -> tuple[Plain, ...]:
        """See `Store`."""
        filing = self._filing(data.period, data.organisation)
        item = self._item(filing, data.item)
        objections: list[Objection] = []
        if data.told in REASONED and not data.reason:
            objections.append(Objection("reason_missing", Message(_("请说明原因。")), "reason"))
        if data.told == Told.DONE and data.percent is not None and data.percent < 100:
            text = _("已完成的事项，完成进度应为百分之百。")
            objections.append(Objection("not_whole", Message(text), "percent"))
        figures = ""
        try:
            figures = _figures_cell(item, _read_figures(item, data.figures))
        except Refused as refused:
            objections += refused.objections
        if objections:
            raise Refused(*objections)
        told = {
            "period": filing.period.title,
            "organisation": filing.organisation.name,
            "item": item.number,
            "title": item.title,
            "figures": figures or None,
        }
        return tuple(
            told[name] if name in told else plain(getattr(data, name)) if name in data.model_fields_set else None
            for name in FIELDS
        )

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield "item", values[: ITEM + 1]

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        lines: dict[str, dict[str, Progress]] = {}
        for row in rows:
            filing, item = self._meant(row)
            if row.id not in lines:
                there = filing.lines.select_related("item")
                found = there.select_for_update(of=("self",)) if lock else there
                lines[row.id] = {line.item.number: line for line in found}
            line = lines[row.id].get(item.number)
            before = _stored(row.values, item, line)
            row.values = tuple(old if value is None else value for value, old in zip(row.values, before, strict=True))
            row.before = before if line else ()
            row.state = RowState.CHANGED if line else RowState.NEW
            if row.values == before:
                row.state = RowState.SAME

    def _meant(self, row: Row) -> tuple[Filing, Item]:
        filing = self._filing(str(row.values[PERIOD]), str(row.values[ORGANISATION]))
        row.id = str(filing.pk)
        return filing, self._item(filing, str(row.values[ITEM]))

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`. Filing by filing."""
        written = [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]
        return sorted(written, key=lambda row: (row.id, row.number))

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        lines: dict[str, list[ItemLineInput]] = {}
        meant: dict[str, Filing] = {}
        for row in watch(rows):
            filing, item = self._meant(row)
            meant[row.id] = filing
            told = {name: value for name, value in zip(FIELDS, row.values, strict=True) if value not in (None, "")}
            figures = {one["target"]: one["value"] for one in _read_figures(item, str(told.pop("figures", "")))}
            said = {name: told[name] for name in LineInput.model_fields if name in told}
            lines.setdefault(row.id, []).append(read(ItemLineInput, {"item": str(item.pk), "figures": figures, **said}))
        for id, of in lines.items():
            data = FilingInput.model_construct(summary=None, lines=tuple(of))
            filings.save(filing=meant[id], data=data, by=self.by, at=self.at)

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


def _read_figures(item: Item, cell: str) -> list[dict[str, str]]:
    """The figures in a cell; refused when a name is no target of the item or a value is no number."""
    known = {**{row.subject: row for row in item.targets.all()}, **labels(item)}
    found: list[dict[str, str]] = []
    for part in re.split(r"[；;\n]", cell):
        label, mark, value = (text.strip() for text in _LAST_MARK.sub("：", part).rpartition("："))
        label = label if mark else value
        if not label or (mark and not value):
            continue
        if label not in known or not mark:
            text = _("“%(label)s”不是这一事项的目标，或没有写成“目标：数值”。")
            raise refusal("target_unknown", text, where="figures", label=label[:40])
        try:
            read(ItemLineInput, {"item": item.number, "figures": {str(known[label].pk): value}})
        except Refused:
            text = _("“%(label)s”的数值“%(value)s”读不出来，应为数字。")
            raise refusal("figure_unread", text, where="figures", label=label[:40], value=value[:40]) from None
        found.append({"target": str(known[label].pk), "value": value})
    return found


def _stored(values: Sequence[Plain], item: Item, line: Progress | None) -> tuple[Plain, ...]:
    """What is there, or what the item tells when there is no line yet."""
    said: dict[str, Plain] = {"told": item.told, "percent": item.percent}
    if line:
        said = {name: plain(getattr(line, name)) for name in LineInput.model_fields}
        said["figures"] = _figures_cell(item, line.figures)
    nothing: dict[str, Plain] = {"money_spent": None}
    return (*values[:SAID], *(said.get(name, nothing.get(name, "")) for name in FIELDS[SAID:]))


TABLE: Table[FilingRow] = Table(
    name="filing",
    title=_("推进情况填报表"),
    model=FilingRow,
    right="import.filing",
    key=_("报送期、报送单位和事项编号说明是哪一项；留空的格不改动已填内容。导入后存为草稿，核对后再报送。"),
    store=FilingStore,
    examples={
        "told": Told.ON_TRACK.label,
        "percent": "60",
        "text": "已组建八个联合体。",
        "figures": "产教联合体（个）：8",
    },
)


def rows_of(filing: Filing) -> Iterator[dict[str, object]]:
    """A filing as rows to be filled in: what is written so far, else what the item tells now."""
    lines = {line.item_id: line for line in filing.lines.all()}
    for item in filing.items().prefetch_related("targets"):
        line = lines.get(item.pk)
        said: dict[str, object] = {"percent": item.percent}
        if line:
            said = {name: getattr(line, name) for name in LineInput.model_fields}
        kept = _figures_cell(item, line.figures if line else ())
        rest = [f"{label}：" for label in labels(item) if f"{label}：" not in kept]
        yield {
            "period": filing.period.title,
            "organisation": filing.organisation.name,
            "item": item.number,
            "title": item.title,
            **said,
            "told": Told(line.told if line else item.told).label,
            "figures": "\n".join([*filter(None, [kept]), *rest]),
        }
