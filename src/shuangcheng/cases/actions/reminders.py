"""Reminding this side's officers of cases that are due."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shuangcheng.core import procedure
from shuangcheng.core.outcome import Message
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.person import Grant
from shuangcheng.directory.terms import Role
from shuangcheng.exchange.own import own_authority

from ..models import Case

DAYS = (2, 0, -1)
"""Working days left on which officers are reminded; later every fifth day."""


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """Tell the officers here of the cases that wait for this side and are due or overdue; returns how many cases."""
    officers = Grant.objects.people(Role.OFFICER, side=settings.SHUANGCHENG.side, day=at.date())
    told = 0
    for case in Case.objects.turn_of(own_authority()):
        left = procedure.days_left(case.state, today=at.date())
        if left is None or (left not in DAYS and (left > 0 or left % 5)):
            continue
        text = (
            _("“%(title)s”已逾期 %(days)d 个工作日，请尽快办理。")
            if left < 0
            else _("“%(title)s”还有 %(days)d 个工作日到期，请办理。")
        )
        message = Message(text, {"title": case.title, "days": abs(left)})
        notices.tell(people=officers, message=message, kind="case", address=f"/cases/{case.pk}/", by=by, at=at)
        told += 1
    return told
