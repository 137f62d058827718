"""Writes of sessions: preparing, changing, cancelling, attendance, papers, holding."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.desk import attachments
from shuangcheng.desk.models import Attachment
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..inputs.items import ReasonInput
from ..inputs.ledger import ActivityInput
from ..inputs.sessions import AttendanceInput, SessionInput
from ..locks import held
from ..minutes import watching
from ..models import Attendance, Body, Session
from ..terms import ActivityKind, SessionState
from . import ledger
from .bodies import alive

KIND = "session"


def next_number(body: Body) -> int:
    """The number that the next session of a body would have."""
    return int(body.sessions.aggregate(last=Max("number"))["last"] or 0) + 1


def _values(body: Body, data: SessionInput, session: Session | None) -> dict[str, Any]:
    taken = body.sessions.filter(number=data.number).exclude(pk__in=[session.pk] if session else [])
    if taken.exists():
        text = _("已有第 %(number)d 次会议，请改用其他届次。")
        raise refusal("number_taken", text, where="number", why=Why.CONFLICT, number=data.number)
    return data.model_dump() | {"host": directory.organisation(data.host, where="host") if data.host else None}


def preparing(session: Session) -> None:
    """Refuse what is done before a session only."""
    if session.state != SessionState.PREPARING:
        raise refusal("not_preparing", _("会议已召开或已取消，不能再这样办理。"), why=Why.CONFLICT)


@transaction.atomic
def create(*, body: Body, data: SessionInput, by: Actor, at: datetime, source: str = "") -> Session:
    """Begin to prepare a session."""
    require(by, "body.edit", body)
    body = held(body, seen=None)
    alive(body)
    values = _values(body, data, None)
    session = Session.objects.create(body=body, source=source, created_at=at, updated_at=at, **values)
    changes = audit.differences({}, data.model_dump(exclude_defaults=True))
    audit.record(by=by, at=at, verb="session.create", kind=KIND, subject=session, changes=changes)
    return session


@transaction.atomic
def edit(*, session: Session, data: SessionInput, by: Actor, at: datetime, seen: int | None = None) -> Session:
    """Change number, name, day, place or host; confirmed minutes fix them."""
    require(by, "session.edit", session)
    session = held(session, seen=seen)
    if session.state in (SessionState.CONFIRMED, SessionState.CANCELLED):
        raise refusal("session.fixed", _("会议纪要已由各方确认或会议已取消，不能再修改。"), why=Why.CONFLICT)
    if session.took_place and (data.on is None or data.on > at.date()):
        raise refusal("held_when", _("会议已召开，会议日期不能空着，也不能晚于今天。"), where="on")
    values = _values(session.body, data, session)
    changes = audit.differences({name: getattr(session, name) for name in values}, values)
    with watching(session, by=by, at=at):
        for name, value in values.items():
            setattr(session, name, value)
        session.version += 1
        session.updated_at = at
        session.save()
    audit.record(by=by, at=at, verb="session.edit", kind=KIND, subject=session, changes=changes)
    return session


@transaction.atomic
def cancel(*, session: Session, data: ReasonInput, by: Actor, at: datetime) -> Session:
    """Cancel a session that is being prepared."""
    require(by, "session.edit", session)
    session = held(session, seen=None)
    preparing(session)
    session.state = SessionState.CANCELLED
    session.version += 1
    session.updated_at = at
    session.save(update_fields=["state", "version", "updated_at"])
    audit.record(by=by, at=at, verb="session.cancel", kind=KIND, subject=session, note=data.reason)
    return session


@transaction.atomic
def attend(*, session: Session, data: AttendanceInput, by: Actor, at: datetime) -> Session:
    """Enter who came, instead of what was entered before."""
    require(by, "session.edit", session)
    session = held(session, seen=None)
    if session.state in (SessionState.CONFIRMED, SessionState.CANCELLED):
        raise refusal("session.fixed", _("会议纪要已由各方确认或会议已取消，不能再修改。"), why=Why.CONFLICT)
    found = directory.all_of([line.organisation for line in data.lines], directory.organisation, where="lines")
    keys = [(organisation.pk, line.post) for organisation, line in zip(found, data.lines, strict=True)]
    if len(set(keys)) < len(keys):
        raise refusal("attendance.twice", _("同一单位、同一职务填了不止一次，请合并。"), where="lines")
    with watching(session, by=by, at=at):
        session.attendance.all().delete()
        Attendance.objects.bulk_create(
            Attendance(session=session, organisation=organisation, **line.model_dump(exclude={"organisation"}))
            for organisation, line in zip(found, data.lines, strict=True)
        )
        session.version += 1
        session.updated_at = at
        session.save(update_fields=["version", "updated_at"])
    came = sum(line.present for line in data.lines)
    changes = {"present": [None, came], "absent": [None, len(keys) - came]}
    audit.record(by=by, at=at, verb="session.attend", kind=KIND, subject=session, changes=changes)
    return session


@transaction.atomic
def hold(*, session: Session, by: Actor, at: datetime) -> Session:
    """Say that a session has taken place; the activity ledger is told once."""
    require(by, "session.edit", session)
    session = held(session, seen=None)
    preparing(session)
    if session.on is None:
        raise refusal("date_missing", _("请先填写会议日期。"), where="on")
    if session.on > at.date():
        raise refusal("future", _("会议日期还没有到，不能登记为已召开。"), where="on")
    if not session.attendance.exists():
        Attendance.objects.bulk_create(
            Attendance(session=session, organisation=seat.organisation, post=seat.post)
            for seat in session.body.seats.current().select_related("organisation")
        )
    session.state = SessionState.HELD
    session.version += 1
    session.updated_at = at
    session.save(update_fields=["state", "version", "updated_at"])
    _tell_ledger(session, by, at)
    audit.record(by=by, at=at, verb="session.hold", kind=KIND, subject=session)
    return session


def _tell_ledger(session: Session, by: Actor, at: datetime) -> None:
    """The entry of the session in the activity ledger, once."""
    body, came = session.body, session.attendance.filter(present=True)
    values = {
        "kind": ActivityKind.MEETING, "title": str(session)[:200], "on": session.on, "side": body.side,
        "hosts": [str(session.host_id)] if session.host_id else [], "place": session.place, "field": body.field,
        "people": sum(came.values_list("people", flat=True)) or None, "action_plan": body.action_plan,
    }  # fmt: skip
    data = read(ActivityInput, values)
    ledger.create(data=data, by=by, at=at, session=session, source=session.source, invented=body.invented)


@transaction.atomic
def add_paper(*, session: Session, name: str, data: bytes, by: Actor, at: datetime, note: str = "") -> Attachment:
    """Add a paper to a session."""
    require(by, "session.raise", session)
    if session.state == SessionState.CANCELLED:
        raise refusal("session.fixed", _("会议已取消，不能再添加会议材料。"), why=Why.CONFLICT)
    return attachments.attach(kind=KIND, subject=session, name=name, data=data, by=by, at=at, note=note)


@transaction.atomic
def remove_paper(*, session: Session, paper: Attachment, by: Actor, at: datetime) -> None:
    """Take a paper away."""
    require(by, "session.edit", session)
    attachments.remove(attachment=paper, subject=session, by=by, at=at)
