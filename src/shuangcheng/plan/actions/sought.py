"""Writes of what both sides seek from above."""

from datetime import datetime
from typing import Any

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import lookup
from ..inputs.ledger import SoughtAnswerInput, SoughtInput
from ..locks import held
from ..models import Sought
from ..terms import SoughtState

ANSWERS = (SoughtState.GRANTED, SoughtState.PARTLY, SoughtState.DECLINED, SoughtState.WITHDRAWN)


def _values(data: SoughtInput, at: datetime) -> dict[str, Any]:
    if data.asked_on and data.asked_on > at.date():
        raise refusal("future", _("上报日期不能晚于今天。"), where="asked_on")
    leads = {
        name: directory.organisation(getattr(data, name), where=name) if getattr(data, name) else None
        for name in ("lead_cq", "lead_sc")
    }
    item = lookup.item(data.item) if data.item else None
    return data.model_dump(exclude={"lead_cq", "lead_sc", "item"}) | leads | {
        "item": item, "pinyin": pinyin_key(data.title)
    }  # fmt: skip


@transaction.atomic
def save(
    *, data: SoughtInput, by: Actor, at: datetime, row: Sought | None = None, seen: int | None = None, source: str = ""
) -> Sought:
    """Enter something that is sought, or change it; with a day of asking it is submitted."""
    require(by, "sought.edit")
    verb = "sought.edit" if row else "sought.create"
    row = held(row, seen=seen) if row else Sought(created_at=at, version=0, source=source)
    values = _values(data, at)
    changes = audit.differences({name: getattr(row, name) for name in values} if row.version else {}, values)
    changes.pop("pinyin", None)
    for name, value in values.items():
        setattr(row, name, value)
    if row.state in (SoughtState.PREPARING, SoughtState.SUBMITTED):
        row.state = SoughtState.SUBMITTED if row.asked_on else SoughtState.PREPARING
    row.version += 1
    row.updated_at = at
    row.save()
    audit.record(by=by, at=at, verb=verb, kind="sought", subject=row, changes=changes)
    return row


@transaction.atomic
def answer(*, row: Sought, data: SoughtAnswerInput, by: Actor, at: datetime) -> Sought:
    """Enter how it was answered, or that it is no longer sought."""
    require(by, "sought.edit")
    row = held(row, seen=None)
    if data.state not in ANSWERS:
        raise refusal("not_an_answer", _("请选择“已获支持”“部分支持”“未获支持”或“不再争取”。"), where="state")
    if data.state != SoughtState.WITHDRAWN and not row.asked_on:
        raise refusal("not_asked", _("这一事项还没有上报，不能登记答复。请先填写上报日期。"), why=Why.CONFLICT)
    day = data.answered_on or at.date()
    if row.asked_on and day < row.asked_on:
        raise refusal("dates_reversed", _("答复日期早于上报日期，请核对。"), where="answered_on")
    changes = audit.differences({"state": row.state}, {"state": data.state, "answered_on": day})
    row.state, row.answer, row.answered_on = data.state, data.answer, day
    row.version += 1
    row.updated_at = at
    row.save()
    audit.record(by=by, at=at, verb="sought.answer", kind="sought", subject=row, changes=changes)
    return row
