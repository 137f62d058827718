"""Writes of joint bodies: the body itself, its members, its regular reports."""

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
from ..inputs.bodies import BodyInput, BodyReportInput, EndInput, SeatEndInput, SeatInput
from ..locks import held
from ..models import Body, BodyReport, Seat


def _values(data: BodyInput, body: Body | None) -> dict[str, Any]:
    """The columns of a body; refused when its name is taken or its plan is not there."""
    plan = lookup.plan(data.plan) if data.plan else None
    if Body.objects.filter(name=data.name).exclude(pk__in=[body.pk] if body else []).exists():
        raise refusal("name_taken", _("已有名为“%(name)s”的协作机构。"), where="name", why=Why.CONFLICT, name=data.name)
    return data.model_dump(exclude={"plan"}) | {"plan": plan, "pinyin": pinyin_key(data.name)}


def alive(body: Body) -> None:
    """Refuse what a body that has ended does not do any more."""
    if body.ended:
        raise refusal("body.ended", _("“%(name)s”已撤销，不能再办理。"), why=Why.CONFLICT, name=body.name)


@transaction.atomic
def create(*, data: BodyInput, by: Actor, at: datetime, invented: bool = False) -> Body:
    """Enter a joint body."""
    require(by, "body.edit")
    body = Body(**_values(data, None), invented=invented, created_at=at, updated_at=at)
    require(by, "body.edit", body)
    body.save(force_insert=True)
    changes = audit.differences({}, data.model_dump(exclude_defaults=True))
    audit.record(by=by, at=at, verb="body.create", kind="body", subject=body, changes=changes)
    return body


@transaction.atomic
def edit(*, body: Body, data: BodyInput, by: Actor, at: datetime, seen: int | None = None) -> Body:
    """Change the facts of a body."""
    require(by, "body.edit", body)
    body = held(body, seen=seen)
    values = _values(data, body)
    told = {name: value for name, value in values.items() if name != "pinyin"}
    changes = audit.differences({name: getattr(body, name) for name in told}, told)
    for name, value in values.items():
        setattr(body, name, value)
    require(by, "body.edit", body)
    body.version += 1
    body.updated_at = at
    body.save()
    audit.record(by=by, at=at, verb="body.edit", kind="body", subject=body, changes=changes)
    return body


@transaction.atomic
def end(*, body: Body, data: EndInput, by: Actor, at: datetime) -> Body:
    """End a body; it stays readable."""
    require(by, "body.edit", body)
    body = held(body, seen=None)
    alive(body)
    if data.on > at.date():
        raise refusal("future", _("日期不能晚于今天。"), where="on")
    if body.founded and data.on < body.founded:
        raise refusal("dates_reversed", _("撤销日期早于成立日期，请核对。"), where="on")
    body.ended = data.on
    body.version += 1
    body.updated_at = at
    body.save(update_fields=["ended", "version", "updated_at"])
    changes = audit.differences({}, {"ended": data.on})
    audit.record(by=by, at=at, verb="body.end", kind="body", subject=body, changes=changes, note=data.reason)
    return body


@transaction.atomic
def add_seat(*, body: Body, data: SeatInput, by: Actor, at: datetime) -> Seat:
    """Give an organisation a seat in a body."""
    require(by, "body.edit", body)
    body = held(body, seen=None)
    alive(body)
    organisation = directory.organisation(data.organisation)
    if body.seats.current().filter(organisation=organisation, post=data.post).exists():
        text = _("“%(name)s”已是成员，职务相同。")
        raise refusal("seat_there", text, where="organisation", why=Why.CONFLICT, name=organisation.name)
    seat = Seat.objects.create(body=body, organisation=organisation, **data.model_dump(exclude={"organisation"}))
    changes = audit.differences({}, {"organisation": organisation, "post": data.post, "role": data.role})
    audit.record(by=by, at=at, verb="body.seat", kind="body", subject=body, changes=changes, note=organisation.name)
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, data: SeatEndInput, by: Actor, at: datetime) -> Seat:
    """End a seat; it stays in the history of the body."""
    require(by, "body.edit", seat.body)
    seat = Seat.objects.select_for_update(of=("self",)).select_related("organisation", "body").get(pk=seat.pk)
    if seat.left:
        raise refusal("seat_left", _("这一成员已退出。"), why=Why.CONFLICT)
    if data.on > at.date():
        raise refusal("future", _("日期不能晚于今天。"), where="on")
    if seat.joined and data.on < seat.joined:
        raise refusal("dates_reversed", _("退出日期早于加入日期，请核对。"), where="on")
    seat.left = data.on
    seat.save(update_fields=["left"])
    changes = audit.differences({}, {"left": data.on})
    name = seat.organisation.name
    audit.record(by=by, at=at, verb="body.seat_end", kind="body", subject=seat.body, changes=changes, note=name)
    return seat


@transaction.atomic
def report(*, body: Body, data: BodyReportInput, by: Actor, at: datetime) -> BodyReport:
    """File a regular report of a task force."""
    require(by, "body.report", body)
    body = held(body, seen=None)
    alive(body)
    if not body.is_task_force:
        raise refusal("not_a_task_force", _("只有专项工作组提交定期报告。"), why=Why.CONFLICT)
    if data.covers_to > at.date():
        raise refusal("future", _("日期不能晚于今天。"), where="covers_to")
    if body.reports.filter(covers_to=data.covers_to).exists():
        text = _("截至这一天的报告已经提交过。")
        raise refusal("report_there", text, where="covers_to", why=Why.CONFLICT)
    row = BodyReport.objects.create(body=body, by_name=by.name, created_at=at, updated_at=at, **data.model_dump())
    changes = audit.differences({}, {"covers_to": data.covers_to})
    audit.record(by=by, at=at, verb="body.report", kind="body", subject=body, changes=changes, note=row.title)
    return row
