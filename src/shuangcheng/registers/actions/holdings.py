"""Writes of single records."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from shuangcheng.core.outcome import Message, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import records
from ..models import Holding

SHORTEST_REASON = 4


@transaction.atomic
def put(*, register: Register, values: Mapping[str, object], source: str, by: Actor, at: datetime) -> Holding:
    """Enter a record, or correct the one with the same key; the audit line tells no number."""
    require(by, "holding.keep")
    record = register.texts(read(register.record, values), today=at.date())
    stored: dict[str, Any] = dict(zip(records.COLUMNS, records.columns(register, record), strict=True))
    stored |= {"record": json.loads(stored["record"]), "register": register.name, "updated_at": at, "source": source}
    row, created = Holding.objects.update_or_create(key=stored.pop("key"), defaults=stored)
    verb = "holding.add" if created else "holding.edit"
    audit.record(by=by, at=at, verb=verb, kind="holding", subject=row, title=register.title, note=Message(source))
    return row


@transaction.atomic
def remove(*, holding: Holding, reason: str, by: Actor, at: datetime) -> None:
    """Take a record out of its register, for a reason that is kept."""
    require(by, "holding.keep")
    if len(reason.strip()) < SHORTEST_REASON:
        raise refusal("reason_missing", _("请写明删除这条记录的理由。"), where="reason")
    audit.record(by=by, at=at, verb="holding.remove", kind="holding", subject=holding, note=reason.strip())
    holding.delete()
