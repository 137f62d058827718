"""Writes of filings 报送件 by those who file: saved as they go, filed as a whole."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.desk import attachments, notices
from shuangcheng.desk.models import Attachment
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import hearers
from ..inputs.filings import FilingInput, ItemLineInput
from ..inputs.items import ProgressInput
from ..locks import held
from ..models import Filing, Item, Period, Progress
from ..terms import FilingState
from .progress import checked

KIND = "filing"
FILED = _("%(organisation)s报送了“%(period)s”，请审核。")
SHUT = {
    FilingState.FILED: _("这份报送件已经报送，正在等待审核。需要修改时，请联系主管部门退回。"),
    FilingState.ACCEPTED: _("这份报送件已经通过。需要修改时，请联系主管部门退回。"),
}


def writable(filing: Filing, *, seen: int | None) -> Filing:
    """The filing under its lock; refused when it cannot be filled in, or has changed since it was read."""
    row = held(filing, seen=None)
    if not row.period.open:
        text = _("“%(period)s”已经截止，不能再填报。需要补报时，请联系主管部门重新开启。")
        raise refusal("period.closed", text, why=Why.CONFLICT, period=row.period.title)
    if not row.missing:
        raise refusal("filing.shut", SHUT[FilingState(row.state)], why=Why.CONFLICT)
    return held(row, seen=seen)


def _day_of(period: Period, *, at: datetime) -> date:
    """The day of which a filing tells: the end of what it covers, or today when that is yet to come."""
    return min(period.covers_to, at.date())


def _named(item: Item, objection: Objection) -> Objection:
    """The objection with the number of its item before it, in the sentence and in its place."""
    message = Message("%(number)s　%(told)s", {"number": item.number, "told": objection.message})
    return Objection(objection.code, message, f"{item.number}.{objection.where}")


def _figures(item: Item, given: dict[str, Decimal]) -> list[dict[str, str]]:
    """Figures as a report keeps them; refused when one is for no target of the item."""
    known = {str(target.pk) for target in item.targets.all()}
    if unknown := given.keys() - known:
        text = _("有 %(n)d 个数值不属于这一事项的目标。")
        raise Refused(_named(item, Objection("target_unknown", Message(text, {"n": len(unknown)}), "figures")))
    return [{"target": id, "value": str(value)} for id, value in sorted(given.items())]


def _line(item: Item, line: ItemLineInput, row: Progress | None) -> dict[str, Any] | None:
    """The columns of a report; None when nothing is said that the item does not tell already."""
    before: Item | Progress = row or item
    told = {
        "told": line.told or before.told,
        "percent": before.percent if line.percent is None else line.percent,
        "figures": _figures(item, line.figures),
        **line.model_dump(include={"reason", "text", "money_spent"}),
    }
    silent = not (line.text or line.reason or line.figures) and line.money_spent is None
    same = told["told"] == item.told and told["percent"] == item.percent
    return None if row is None and silent and same else told


def items_of(filing: Filing) -> dict[str, Item]:
    """What a filing reports on, by id and by number."""
    return {key: item for item in filing.items().prefetch_related("targets") for key in (str(item.pk), item.number)}


def _unknown(item: str) -> Refused:
    text = _("“%(item)s”不是本单位在这一期应报送的事项。")
    return refusal("item_unknown", text, where="item", item=item[:40])


def _write(filing: Filing, lines: Iterable[ItemLineInput], *, by: Actor, at: datetime) -> bool:
    """Keep the lines as reports that do not count yet; returns whether anything changed."""
    items = items_of(filing)
    rows = {row.item_id: row for row in filing.lines.all()}
    changed = False
    for line in lines:
        item = items.get(line.item)
        if item is None:
            raise _unknown(line.item)
        row = rows.get(item.pk)
        told = _line(item, line, row)
        if told is None or (row and all(getattr(row, name) == value for name, value in told.items())):
            continue
        row = row or _line_of(filing, item, by=by, at=at)
        for name, value in told.items():
            setattr(row, name, value)
        row.by_person, row.by_name, row.side, row.updated_at = by.person_id, by.name, by.side, at
        row.save()
        changed = True
    return changed


@transaction.atomic
def save(*, filing: Filing, data: FilingInput, by: Actor, at: datetime, seen: int | None = None) -> Filing:
    """Keep what is written so far; the trail tells who began and who went on, the filing what was filed."""
    require(by, "filing.file", filing)
    filing = writable(filing, seen=seen)
    changed = _write(filing, data.lines, by=by, at=at)
    if data.summary is not None and data.summary != filing.summary:
        filing.summary, changed = data.summary, True
    if not changed:
        return filing
    begun = filing.state == FilingState.DUE
    handed_on = filing.saved_by != by.name
    filing.state = FilingState.DRAFT if begun else filing.state
    filing.saved_by = by.name
    touch(filing, at=at)
    if begun or handed_on:
        audit.record(by=by, at=at, verb="filing.save", kind=KIND, subject=filing, note=filing.period.title)
    return filing


def _line_of(filing: Filing, item: Item, *, by: Actor, at: datetime) -> Progress:
    """A report that is not stored yet and says what the item tells already."""
    return Progress(
        item=item, filing=filing, organisation=filing.organisation, counts=False, on=_day_of(filing.period, at=at),
        told=item.told, percent=item.percent, by_person=by.person_id, by_name=by.name, side=by.side, created_at=at,
        updated_at=at,
    )  # fmt: skip


@transaction.atomic
def attach(*, filing: Filing, item: str, name: str, data: bytes, by: Actor, at: datetime) -> Attachment:
    """Keep evidence of what is said of an item; the item's line is begun when there is none."""
    require(by, "filing.file", filing)
    filing = writable(filing, seen=None)
    found = items_of(filing).get(item)
    if found is None:
        raise _unknown(item)
    row = filing.lines.filter(item=found).first()
    if row is None:
        row = _line_of(filing, found, by=by, at=at)
        row.save(force_insert=True)
    if filing.state == FilingState.DUE:
        filing.state, filing.saved_by = FilingState.DRAFT, by.name
        touch(filing, at=at)
    return attachments.attach(kind="progress", subject=row, name=name, data=data, by=by, at=at)


def touch(filing: Filing, *, at: datetime) -> None:
    """Store the filing as changed."""
    filing.version += 1
    filing.updated_at = at
    filing.save()


def _complete(filing: Filing, *, at: datetime) -> list[Progress]:
    """The lines as they will be filed; refused with every reason when an item is missing or a line cannot be."""
    rows = {row.item_id: row for row in filing.lines.all()}
    objections: list[Objection] = []
    lines: list[Progress] = []
    for item in filing.items():
        row = rows.get(item.pk)
        if row is None or not row.text.strip():
            text = _("还没有填写进展情况；没有进展的，请写“本期无进展”。")
            objections.append(_named(item, Objection("text_missing", Message(text), "text")))
            continue
        row.on = _day_of(filing.period, at=at)
        try:
            checked(read(ProgressInput, {name: getattr(row, name) for name in ProgressInput.model_fields}), at=at)
        except Refused as refused:
            objections += (_named(item, objection) for objection in refused.objections)
        lines.append(row)
    if not lines and not objections and not filing.summary.strip():
        objections.append(Objection("nothing", Message(_("没有应报送的事项时，请填写总体情况。")), "summary"))
    if objections:
        raise Refused(*objections)
    return lines


def _as_filed(row: Progress) -> dict[str, Any]:
    """A line as the history keeps it."""
    told = {name: audit.plain(getattr(row, name)) for name in ("told", "percent", "reason", "text", "money_spent")}
    subjects = {str(target.pk): target.subject for target in row.item.targets.all()}
    figures = {subjects.get(figure["target"], ""): figure["value"] for figure in row.figures}
    return {"number": row.item.number, "title": row.item.title, **told, "figures": figures}


@transaction.atomic
def file(*, filing: Filing, by: Actor, at: datetime, seen: int | None = None) -> Filing:
    """File what was written; it counts once it is accepted. Every item must be told of."""
    require(by, "filing.file", filing)
    filing = writable(filing, seen=seen)
    lines = _complete(filing, at=at)
    for row in lines:
        row.save(update_fields=["on"])
    kept = [_as_filed(row) for row in filing.lines.select_related("item").prefetch_related("item__targets")]
    remember(filing, "filed", by=by, at=at, summary=filing.summary, lines=kept)
    filing.state, filing.filed_at, filing.filed_by, filing.answer = FilingState.FILED, at, by.name, ""
    filing.decided_at, filing.decided_by = None, ""
    touch(filing, at=at)
    changes = {line["number"]: [None, f"{line['told']} {line['percent']}%"] for line in kept}
    audit.record(by=by, at=at, verb="filing.file", kind=KIND, subject=filing, changes=changes, note=filing.period.title)
    values = {"organisation": filing.organisation.name, "period": filing.period.title}
    notices.tell(
        people=hearers.officers(filing.organisation.side, day=at.date()), message=Message(FILED, values), kind=KIND,
        address=reverse("filing", args=[filing.pk]), by=by, at=at,
    )  # fmt: skip
    return filing


def remember(filing: Filing, what: str, *, by: Actor, at: datetime, **more: object) -> None:
    """Add to what the filing tells of its own past."""
    filing.history = [*filing.history, {"what": what, "at": at.isoformat(), "by": by.name, **more}]
