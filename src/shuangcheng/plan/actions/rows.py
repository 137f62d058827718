"""Changes of an item in its row of the list."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Objection, Refused, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.policy import require

from ..inputs.items import RowInput
from ..locks import held
from ..models import Item
from . import progress
from .bulk import report_of, without_offices


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
def change(*, item: Item, data: RowInput, by: Actor, at: datetime, seen: int | None = None) -> Item:
    """Change the state, the day and the leads of an item; a state told anew is a report of today."""
    require(by, "item.edit", item)
    item = held(item, seen=seen)
    if data.due and item.starts and data.due < item.starts:
        raise refusal("dates_reversed", _("完成期限早于开始日期，请核对。"), where="due")
    values = without_offices(item, {"due": data.due, **_leads(data)})
    changes = audit.differences({name: getattr(item, name) for name in values}, values)
    if (data.told, data.reason) != (item.told, item.told_reason):
        progress.report(item=item, data=report_of(item, data, at=at), by=by, at=at)
        item = held(item, seen=None)
    if changes:
        for name, value in values.items():
            setattr(item, name, value)
        item.version += 1
        item.updated_at = at
        item.save()
        audit.record(by=by, at=at, verb="item.edit", kind="item", subject=item, changes=changes)
    return item
