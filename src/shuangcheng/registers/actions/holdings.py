"""Writes of single records."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.versions import CHANGED

from .. import digests, records
from ..models import Holding

SHORTEST_REASON = 4


@transaction.atomic
def put(
    *, register: Register, values: Mapping[str, object], source: str, by: Actor, at: datetime,
    seen: Holding | None = None, version: int = 0,
) -> Holding:  # fmt: skip
    """Enter a record, or correct the one with the same key; the audit line tells no number.

    Whoever corrects the record `seen` read it in a `version`, and has not seen what came after.
    """
    require(by, "holding.keep")
    if seen is not None and Holding.objects.select_for_update().get(pk=seen.pk).version != version:
        text = _("您打开这一页以后，这条记录已被修改。这次没有保存，请核对现在的内容后再办理。")
        raise refusal(CHANGED, text, why=Why.CONFLICT)
    record = register.texts(read(register.record, values), today=at.date())
    stored: dict[str, Any] = dict(zip(records.COLUMNS, records.columns(register, record), strict=True))
    stored |= {"record": json.loads(stored["record"]), "register": register.name, "updated_at": at, "source": source}
    row, created = Holding.objects.update_or_create(key=stored.pop("key"), defaults=stored)
    verb = "holding.add" if created else "holding.edit"
    audit.record(by=by, at=at, verb=verb, kind="holding", subject=row, title=register.title, note=Message(source))
    return row


@transaction.atomic
def find(*, register: Register, number: str, by: Actor, at: datetime) -> Holding | None:
    """The record with a number in its key field, for those who keep the register; that somebody looked is kept."""
    require(by, "holding.keep")
    checked = register.number(register.key, number.strip(), today=at.date())
    row = Holding.objects.visible_to(by).filter(key=digests.of_key(register, checked)).first()
    audit.record(by=by, at=at, verb="holding.find", kind="holding", subject=row, title=register.title)
    return row


@transaction.atomic
def remove(*, holding: Holding, reason: str, by: Actor, at: datetime) -> None:
    """Take a record out of its register, for a reason that is kept."""
    require(by, "holding.keep")
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusal("reason_missing", _("请写明删除这条记录的理由。"), where="reason")
    audit.record(by=by, at=at, verb="holding.remove", kind="holding", subject=holding, note=reason.strip())
    holding.delete()
