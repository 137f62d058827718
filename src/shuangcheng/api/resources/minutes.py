"""Minutes and resolutions of sessions."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query

from shuangcheng.core.official import word
from shuangcheng.plan.actions import minutes
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.sessions import DigestInput, MinutesInput, ResolutionInput
from shuangcheng.plan.minutes import confirmations, content, digest_of, paper
from shuangcheng.plan.models import Resolution, Session
from shuangcheng.plan.rights import concerned
from shuangcheng.plan.terms import SessionState

from ..asked import Asked
from ..outputs.plan_sessions import ConfirmationOut, MinutesOut, ResolutionOut, SessionDetail
from ..problems import not_found
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import Read, made, one
from .sessions import detail, found

section = Section(
    "Minutes",
    "Minutes 会议纪要, resolutions 议定事项 that become items, confirmation by both sides.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _readable(request: Asked, id: UUID) -> Session:
    session = found(request, id)
    if not session.minutes or not (
        session.state == SessionState.CONFIRMED or concerned(request.actor, session.body)
    ):  # fmt: skip
        raise not_found()
    return session


def _told(session: Session) -> MinutesOut:
    told = content(session)
    digest = digest_of(told)
    sides = confirmations(session, digest).items()
    return MinutesOut(
        digest=digest, content=told, confirmations=[ConfirmationOut.each(side, *found) for side, found in sides]
    )


@section.reads("/sessions/{uuid:id}/minutes", MinutesOut)
def get_minutes(request: Asked, id: UUID) -> MinutesOut:
    """Get the minutes of a session.

    Public once all sides have confirmed them; before, for those concerned.
    """
    return _told(_readable(request, id))


@section.reads("/sessions/{uuid:id}/minutes/word", bytes)
def get_minutes_word(request: Asked, id: UUID) -> HttpResponse:
    """Download the minutes as Word.

    With attendance, resolutions and confirmations.
    """
    session = _readable(request, id)
    response = HttpResponse(word(paper(session)), content_type=DOCX)
    response["Content-Disposition"] = 'attachment; filename="minutes.docx"'
    response["ETag"] = f'"{_told(session).digest}"'
    return response


@section.writes("/sessions/{uuid:id}/minutes", MinutesOut, method="PUT")
def write_minutes(request: Asked, id: UUID, data: MinutesInput, read: Query[Read]) -> MinutesOut:
    """Write the minutes.

    With `version`, refused when somebody has changed the session since. What a side confirmed before holds no longer
    when the content differs.
    """
    minutes.write(session=found(request, id), data=data, by=request.actor, at=request.at, seen=read.version)
    return _told(found(request, id))


@section.writes("/sessions/{uuid:id}/minutes/confirm", MinutesOut)
def confirm_minutes(request: Asked, id: UUID, data: DigestInput) -> MinutesOut:
    """Confirm the minutes for one's side.

    Names the digest that was read; refused when the minutes have changed since. With all sides they are fixed.
    """
    minutes.confirm(session=found(request, id), data=data, by=request.actor, at=request.at)
    return _told(found(request, id))


@section.writes("/sessions/{uuid:id}/minutes/reopen", SessionDetail)
def reopen_minutes(request: Asked, id: UUID, data: ReasonInput) -> SessionDetail:
    """Send confirmed minutes back for correction.

    With the reason; all sides confirm anew.
    """
    minutes.reopen(session=found(request, id), data=data, by=request.actor, at=request.at)
    return detail(request, id)


def _resolutions(request: Asked) -> "QuerySet[Resolution]":
    rows = Resolution.objects.visible_to(request.actor)
    return rows.select_related("session__body", "lead_cq", "lead_sc", "item")


@section.reads("/resolutions/{uuid:id}", ResolutionOut)
def get_resolution(request: Asked, id: UUID) -> ResolutionOut:
    """Get a resolution.

    With the item that it became.
    """
    return ResolutionOut.each(one(_resolutions(request), id=id))


@section.writes("/sessions/{uuid:id}/resolutions", ResolutionOut, status=201)
def enter_resolution(request: Asked, id: UUID, data: ResolutionInput) -> ResolutionOut:
    """Enter a resolution.

    It becomes an item of the body's list, which is made on first use.
    """
    row = minutes.resolve(session=found(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_resolution", row.id)
    return ResolutionOut.each(one(_resolutions(request), id=row.id))


@section.writes("/resolutions/{uuid:id}", ResolutionOut, method="PUT")
def amend_resolution(request: Asked, id: UUID, data: ResolutionInput) -> ResolutionOut:
    """Change a resolution and its item.

    Before all sides have confirmed the minutes.
    """
    minutes.amend(resolution=one(_resolutions(request), id=id), data=data, by=request.actor, at=request.at)
    return ResolutionOut.each(one(_resolutions(request), id=id))


@section.writes("/resolutions/{uuid:id}/withdraw", SessionDetail)
def withdraw_resolution(request: Asked, id: UUID, data: ReasonInput) -> SessionDetail:
    """Take a resolution back.

    With its item, unless that has been used.
    """
    row = one(_resolutions(request), id=id)
    minutes.withdraw(resolution=row, data=data, by=request.actor, at=request.at)
    return detail(request, row.session_id)
