"""The weekly digest 每周提醒, told once a week to everybody who works for a lead."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Message
from shuangcheng.core.standing import SOON
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import AuditLine

from ..digest import address, by_person, week_of

KIND = "digest"
TEXT = _(
    "本周提醒：贵单位牵头的事项中，逾期 %(late)d 项，受阻或有风险 %(risk)d 项，"
    "另有 %(soon)d 项将在 %(days)d 个工作日内到期。"
)


@transaction.atomic
def send(*, by: Actor, at: datetime) -> int:
    """Tell everybody concerned once in a week, whoever asks how often; returns how many were told."""
    week = week_of(at.date())
    if AuditLine.objects.filter(verb="digest.send", note=week).exists():
        return 0
    told = [
        (person, _message(week, counts), address(leads)) for person, (counts, leads) in by_person(at.date()).items()
    ]
    notices.give(told, kind=KIND, at=at)
    audit.record(
        by=by, at=at, verb="digest.send", kind="notice", title=_("每周提醒"), changes={"n": [0, len(told)]}, note=week
    )
    return len(told)


def _message(week: str, counts: Counter[str]) -> Message:
    return Message(TEXT, {"week": week, "days": SOON, **{name: counts[name] for name in ("late", "risk", "soon")}})
