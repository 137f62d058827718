"""Writes of the ledger: joint meetings, activities, projects and work."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from shuangcheng.core.outcome import Objection, Refused, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.desk import attachments
from shuangcheng.desk.models import Attachment
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import lookup
from ..inputs.items import ReasonInput
from ..inputs.ledger import ActivityInput
from ..locks import held
from ..models import Activity, Session

REFERENCES = {"hosts", "alliance", "zone", "item"}


def values_of(data: ActivityInput, *, today: date) -> tuple[dict[str, Any], list[Any]]:
    """The columns and the hosts of a ledger entry; every fault is told."""
    objections: list[Objection] = []
    found: dict[str, Any] = {}
    finders = {
        "hosts": lambda: directory.all_of(data.hosts, directory.organisation, where="hosts"),
        "alliance": lambda: directory.alliance(data.alliance) if data.alliance else None,
        "zone": lambda: directory.zone(data.zone) if data.zone else None,
        "item": lambda: lookup.item(data.item) if data.item else None,
        "dates": lambda: _days(data, today),
    }
    for name, find in finders.items():
        try:
            found[name] = find()
        except Refused as refused:
            objections += refused.objections
    if objections:
        raise Refused(*objections)
    hosts = found.pop("hosts")
    del found["dates"]
    given = data.model_dump(exclude=REFERENCES)
    return given | found | {"pinyin": pinyin_key(data.title)}, hosts


def _days(data: ActivityInput, today: date) -> None:
    if data.until and data.until < data.on:
        raise refusal("dates_reversed", _("结束日期早于开始日期，请核对。"), where="until")
    if data.on > today:
        raise refusal("future", _("台账登记已经发生的活动，日期不能晚于今天。"), where="on")


@transaction.atomic
def create(
    *,
    data: ActivityInput,
    by: Actor,
    at: datetime,
    session: Session | None = None,
    source: str = "",
    invented: bool = False,
) -> Activity:
    """Enter something in the ledger; of a session once only."""
    require(by, "activity.edit", None)
    if session is not None and (there := Activity.objects.filter(session=session).first()):
        return there
    values, hosts = values_of(data, today=at.date())
    activity = Activity.objects.create(
        **values, session=session, source=source, invented=invented, created_at=at, updated_at=at
    )
    activity.hosts.set(hosts)
    require(by, "activity.edit", activity)
    changes = audit.differences({}, data.model_dump(exclude={"result"}, exclude_defaults=True))
    audit.record(by=by, at=at, verb="activity.create", kind="activity", subject=activity, changes=changes)
    return activity


@transaction.atomic
def edit(*, activity: Activity, data: ActivityInput, by: Actor, at: datetime, seen: int | None = None) -> Activity:
    """Change an entry of the ledger."""
    require(by, "activity.edit", activity)
    activity = held(activity, seen=seen)
    values, hosts = values_of(data, today=at.date())
    before = {name: getattr(activity, name) for name in values} | {"hosts": _names(activity.hosts.all())}
    for name, value in values.items():
        setattr(activity, name, value)
    activity.version += 1
    activity.updated_at = at
    activity.save()
    activity.hosts.set(hosts)
    require(by, "activity.edit", activity)
    changes = audit.differences(before, {**values, "hosts": _names(hosts)})
    changes.pop("pinyin", None)
    audit.record(by=by, at=at, verb="activity.edit", kind="activity", subject=activity, changes=changes)
    return activity


def _names(rows: Any) -> list[str]:
    return sorted(row.name for row in rows)


@transaction.atomic
def remove(*, activity: Activity, data: ReasonInput, by: Actor, at: datetime) -> None:
    """Take back an entry that was made by mistake, with its pictures."""
    require(by, "activity.edit", activity)
    gone = Activity(pk=activity.pk, title=activity.title)
    kept = audit.differences({}, {name: getattr(activity, name) for name in ("kind", "on", "quantity", "people")})
    for attachment in attachments.of("activity", activity):
        attachments.remove(attachment=attachment, subject=activity, by=by, at=at)
    activity.delete()
    audit.record(by=by, at=at, verb="activity.remove", kind="activity", subject=gone, changes=kept, note=data.reason)


@transaction.atomic
def attach(*, activity: Activity, name: str, data: bytes, by: Actor, at: datetime) -> Attachment:
    """Keep a picture or paper of an activity."""
    require(by, "activity.edit", activity)
    return attachments.attach(kind="activity", subject=activity, name=name, data=data, by=by, at=at)


@transaction.atomic
def detach(*, activity: Activity, attachment: Attachment, by: Actor, at: datetime) -> None:
    """Take a picture or paper away."""
    require(by, "activity.edit", activity)
    attachments.remove(attachment=attachment, subject=activity, by=by, at=at)
