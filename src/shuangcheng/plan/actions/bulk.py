"""Items changed from the list: one in its row; several at once, after a look at what it would do to each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.policy import require

from ..inputs.items import BulkInput, ProgressInput, RowInput
from ..locks import held
from ..models import Item
from ..terms import Told
from . import progress
from .items import task_force

MOST = 500
"""Items in one go."""


@dataclass
class Change:
    """What would become of one item: field -> [before, after]; or why it cannot be."""

    item: Item
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    partner: Organisation | None = None
    objections: tuple[Objection, ...] = ()


def _wanted(data: BulkInput) -> dict[str, Any]:
    """The columns to set; every reference that is not found is told."""
    finders: dict[str, Callable[[str], object]] = {
        "lead_cq": lambda key: directory.organisation(key, where="lead_cq"),
        "lead_sc": lambda key: directory.organisation(key, where="lead_sc"),
        "task_force": task_force,
        "partner": lambda key: directory.organisation(key, where="partner"),
    }
    wanted: dict[str, Any] = {}
    objections: list[Objection] = []
    for name, value in data.model_dump(exclude={"reason"}).items():
        if value in (None, ""):
            continue
        try:
            wanted[name] = finders[name](value) if name in finders else value
        except Refused as refused:
            objections += refused.objections
    if data.reason and data.told is None:
        objections.append(Objection("reason.unused", Message(_("填写原因时，请同时选择状态。")), "reason"))
    if not wanted and not objections:
        objections.append(Objection("nothing", Message(_("请至少填写一项要修改的内容。"))))
    if objections:
        raise Refused(*objections)
    return wanted


def _report(item: Item, data: BulkInput | RowInput, *, at: datetime) -> ProgressInput:
    """The report that stands for a state told of many items."""
    percent = 100 if data.told == Told.DONE else item.percent
    text = data.reason or _("更新状态。")
    return ProgressInput(on=at.date(), told=data.told, reason=data.reason, percent=percent, text=text)


def _without_offices(item: Item, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the office of a lead that gives way emptied, for it is the old lead's."""
    leads = {side: getattr(item, f"lead_{side}") for side in ("cq", "sc")}
    return values | {f"office_{side}": "" for side, lead in leads.items() if values.get(f"lead_{side}", lead) != lead}


def _change(item: Item, wanted: Mapping[str, Any], data: BulkInput, *, author: Actor, at: datetime) -> Change:
    """What would become of `item`."""
    values = _without_offices(item, {name: wanted[name] for name in wanted if name not in ("partner", "told")})
    change = Change(item, values)
    try:
        require(author, "item.edit", item)
        if "due" in values and item.starts and values["due"] < item.starts:
            raise refusal("dates_reversed", _("完成期限早于开始日期，请核对。"), where="due")
        if data.told is not None:
            require(author, "item.report", item)
            told = _report(item, data, at=at)
            progress.checked(told, at=at)
            values |= {"told": told.told, "told_reason": told.reason, "percent": told.percent}
    except Refused as refused:
        change.objections = refused.objections
        return change
    change.changes = audit.differences({name: getattr(item, name) for name in values}, values)
    partner = wanted.get("partner")
    if partner is not None and partner not in item.partners.all():
        change.partner = partner
        change.changes["partners"] = [None, str(partner)]
    return change


def look(items: Iterable[Item], data: BulkInput, *, author: Actor, at: datetime) -> list[Change]:
    """What the change would do to each item; nothing is written. Refused when the input itself is wrong."""
    wanted = _wanted(data)
    return [_change(item, wanted, data, author=author, at=at) for item in items]


@transaction.atomic
def edit_many(
    *, items: Iterable[Item], data: BulkInput, by: Actor, at: datetime, seen: Mapping[UUID, int] | None = None
) -> list[Item]:
    """Change several items: all, or none when one of them refuses. `seen` are the versions that were looked at."""
    rows = list(items)
    if not 0 < len(rows) <= MOST:
        raise refusal("bulk.count", _("请选择 1 至 %(most)d 个事项。"), where="items", most=MOST)
    wanted = _wanted(data)
    changed: list[Item] = []
    objections: list[Objection] = []
    why = Why.INVALID
    for row in sorted(rows, key=lambda row: row.pk):
        try:
            item = held(row, seen=(seen or {}).get(row.pk))
        except Refused as refused:
            objections, why = [*objections, *refused.objections], Why.CONFLICT
            continue
        change = _change(item, wanted, data, author=by, at=at)
        objections += (_named(item, objection) for objection in change.objections)
        if change.changes and not objections:
            _write(change, data, author=by, at=at)
            note = data.reason or _("批量修改")
            audit.record(by=by, at=at, verb="item.edit", kind="item", subject=item, changes=change.changes, note=note)
            changed.append(item)
    if objections:
        raise Refused(*objections, why=why)
    return changed


def _named(item: Item, objection: Objection) -> Objection:
    """The objection with the number of its item before it."""
    message = Message("%(number)s　%(told)s", {"number": item.number, "told": objection.message})
    return Objection(objection.code, message, "items")


def _write(change: Change, data: BulkInput, *, author: Actor, at: datetime) -> None:
    item = change.item
    facts = {name: value for name, value in change.values.items() if name not in ("told", "told_reason", "percent")}
    for name, value in facts.items():
        setattr(item, name, value)
    item.version += 1
    item.updated_at = at
    item.save()
    if change.partner:
        item.partners.add(change.partner)
    if data.told is not None:
        report = progress.drafted(item, _report(item, data, at=at), author=author, at=at)
        report.save(force_insert=True)
        progress.apply(report, at=at)


def _leads(data: RowInput) -> dict[str, Organisation | None]:
    """The leads; each that is not found is told."""
    found: dict[str, Organisation | None] = {}
    objections: list[Objection] = []
    for name in ("lead_cq", "lead_sc"):
        key = getattr(data, name)
        try:
            found[name] = directory.organisation(key, where=name) if key else None
        except Refused as refused:
            objections += refused.objections
    if objections:
        raise Refused(*objections)
    return found


@transaction.atomic
def edit_row(*, item: Item, data: RowInput, by: Actor, at: datetime, seen: int | None = None) -> Item:
    """Change the state, the day and the leads of an item; a state told anew is a report of today."""
    require(by, "item.edit", item)
    item = held(item, seen=seen)
    if data.due and item.starts and data.due < item.starts:
        raise refusal("dates_reversed", _("完成期限早于开始日期，请核对。"), where="due")
    values = _without_offices(item, {"due": data.due, **_leads(data)})
    changes = audit.differences({name: getattr(item, name) for name in values}, values)
    if (data.told, data.reason) != (item.told, item.told_reason):
        progress.report(item=item, data=_report(item, data, at=at), by=by, at=at)
        item = held(item, seen=None)
    if changes:
        for name, value in values.items():
            setattr(item, name, value)
        item.version += 1
        item.updated_at = at
        item.save()
        audit.record(by=by, at=at, verb="item.edit", kind="item", subject=item, changes=changes)
    return item
