"""Sessions of joint bodies: preparing, agenda, attendance, papers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.desk import attachments
from shuangcheng.directory.fields import YesNo
from shuangcheng.directory.policy import require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import agenda, sessions
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.sessions import AttendanceInput, MatterInput, OutcomeInput, SessionInput
from shuangcheng.plan.models import AgendaEntry, Attendance, Resolution, Session
from shuangcheng.plan.rights import concerned

from ..asked import Asked
from ..outputs.plan_ledger import AttachmentOut
from ..outputs.plan_sessions import AgendaOut, PaperList, Proposed, SessionDetail, SessionOut, SessionPage
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .bodies import found as body_of
from .common import Read, made, one
from .removals import Gone

section = Section(
    "Sessions",
    "Numbered sessions 会议 of joint bodies, their agenda, attendance and papers.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)


class SessionFilters(Paging):
    """Which sessions."""

    body: UUID | None = Field(None, description="Id of the body.")
    state: terms.SessionState | None = Field(None, description="Where they stand.")


class MoveInput(Input):
    """A move on the agenda 调整顺序."""

    up: YesNo = Field(title=_("上移"))


def shown(request: Asked) -> "QuerySet[Session]":
    """The visible sessions with body and host."""
    return Session.objects.visible_to(request.actor).select_related("body", "host")


def found(request: Asked, id: UUID) -> Session:
    """The session that an address means."""
    return one(shown(request), id=id)


def detail(request: Asked, id: UUID) -> SessionDetail:
    """A session with what the reader may see of it."""
    row, actor = found(request, id), request.actor
    entries = AgendaEntry.objects.visible_to(actor).filter(session=row).select_related("item")
    came = Attendance.objects.visible_to(actor).filter(session=row).select_related("organisation")
    decided = Resolution.objects.visible_to(actor).filter(session=row).select_related("lead_cq", "lead_sc", "item")
    return SessionDetail.of(
        row, agenda=list(entries), attendance=list(came), resolutions=list(decided), inside=concerned(actor, row.body)
    )  # fmt: skip


@section.reads("/sessions", SessionPage)
def list_sessions(request: Asked, filters: Query[SessionFilters]) -> SessionPage:
    """List sessions.

    The newest entered first. Those in preparation are for officers and those who work at a member.
    """
    given = {"body": filters.body, "state": filters.state}
    rows = shown(request).filter(**{name: value for name, value in given.items() if value is not None})
    return page(rows, order=("-id",), asked=request, paging=filters, gives=SessionPage, each=SessionOut.each)


@section.reads("/sessions/{uuid:id}", SessionDetail)
def get_session(request: Asked, id: UUID) -> SessionDetail:
    """Get a session.

    Agenda, attendance and resolutions are public once the minutes are confirmed; before, for those concerned.
    """
    return detail(request, id)


@section.writes("/bodies/{uuid:id}/sessions", SessionDetail, status=201)
def create_session(request: Asked, id: UUID, data: SessionInput) -> SessionDetail:
    """Begin to prepare a session.

    A number is used once in a body.
    """
    row = sessions.create(body=body_of(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_session", row.id)
    return detail(request, row.id)


@section.writes("/sessions/{uuid:id}", SessionDetail, method="PUT")
def edit_session(request: Asked, id: UUID, data: SessionInput, read: Query[Read]) -> SessionDetail:
    """Change a session.

    Give all its facts; with `version`, refused when somebody has changed it since. Confirmed minutes fix them.
    """
    sessions.edit(session=found(request, id), data=data, by=request.actor, at=request.at, seen=read.version)
    return detail(request, id)


@section.writes("/sessions/{uuid:id}/cancel", SessionDetail)
def cancel_session(request: Asked, id: UUID, data: ReasonInput) -> SessionDetail:
    """Cancel a session.

    While it is being prepared, with the reason.
    """
    sessions.cancel(session=found(request, id), data=data, by=request.actor, at=request.at)
    return detail(request, id)


@section.writes("/sessions/{uuid:id}/hold", SessionDetail)
def hold_session(request: Asked, id: UUID) -> SessionDetail:
    """Say that a session has taken place.

    Attendance is filled from the seats when nothing was entered; the activity ledger is told once.
    """
    sessions.hold(session=found(request, id), by=request.actor, at=request.at)
    return detail(request, id)


@section.writes("/sessions/{uuid:id}/attendance", SessionDetail, method="PUT")
def set_attendance(request: Asked, id: UUID, data: AttendanceInput) -> SessionDetail:
    """Enter who came.

    Instead of what was entered before; organisations and posts, never people.
    """
    sessions.attend(session=found(request, id), data=data, by=request.actor, at=request.at)
    return detail(request, id)


@section.writes("/sessions/{uuid:id}/agenda/proposals", Proposed)
def propose_agenda(request: Asked, id: UUID) -> Proposed:
    """Propose matters for the agenda.

    From items that are late, blocked, disputed or at risk, from what the last session left open, and from referred
    consultations; only what is not there yet.
    """
    waiting = agenda.propose(session=found(request, id), by=request.actor, at=request.at)
    return Proposed(session=detail(request, id), waiting=waiting)


@section.writes("/sessions/{uuid:id}/agenda", AgendaOut, status=201)
def add_matter(request: Asked, id: UUID, data: MatterInput) -> AgendaOut:
    """Put a matter on the agenda.

    Officers do this; members raise matters instead.
    """
    row = agenda.add(session=found(request, id), data=data, by=request.actor, at=request.at)
    return AgendaOut.of(row, inside=True)


@section.writes("/sessions/{uuid:id}/agenda/raised", AgendaOut, status=201)
def raise_matter(request: Asked, id: UUID, data: MatterInput) -> AgendaOut:
    """Raise a matter as a member.

    An officer accepts it or not.
    """
    row = agenda.raise_matter(session=found(request, id), data=data, by=request.actor, at=request.at)
    return AgendaOut.of(row, inside=True)


def _entry(request: Asked, id: UUID) -> AgendaEntry:
    rows = AgendaEntry.objects.visible_to(request.actor).select_related("session__body", "item")
    return one(rows, id=id)


def _given(request: Asked, id: UUID) -> dict[str, Any]:
    return {"entry": _entry(request, id), "by": request.actor, "at": request.at}


@section.writes("/agenda/{uuid:id}/accept", AgendaOut)
def accept_matter(request: Asked, id: UUID) -> AgendaOut:
    """Accept a matter.

    One that is proposed or was dropped.
    """
    return AgendaOut.of(agenda.accept(**_given(request, id)), inside=True)


@section.writes("/agenda/{uuid:id}/drop", AgendaOut)
def drop_matter(request: Asked, id: UUID, data: ReasonInput) -> AgendaOut:
    """Leave a matter off the agenda.

    With the reason; it is not proposed to this session again.
    """
    return AgendaOut.of(agenda.drop(**_given(request, id), data=data), inside=True)


@section.writes("/agenda/{uuid:id}/move", AgendaOut)
def move_matter(request: Asked, id: UUID, data: MoveInput) -> AgendaOut:
    """Move a matter one place.

    Up or down among those that were accepted; at the end it stays.
    """
    return AgendaOut.of(agenda.move(**_given(request, id), up=data.up), inside=True)


@section.writes("/agenda/{uuid:id}/outcome", AgendaOut, method="PUT")
def note_outcome(request: Asked, id: UUID, data: OutcomeInput) -> AgendaOut:
    """Note what was decided about a matter.

    After the session, before its minutes are confirmed by all sides.
    """
    return AgendaOut.of(agenda.conclude(**_given(request, id), data=data), inside=True)


@section.writes("/sessions/{uuid:id}/agenda/send", SessionDetail)
def send_agenda(request: Asked, id: UUID) -> SessionDetail:
    """Send the agenda to the members.

    Those who sit in the body get a notice.
    """
    agenda.send(session=found(request, id), by=request.actor, at=request.at)
    return detail(request, id)


def _concerned(request: Asked, id: UUID) -> Session:
    """The session, for those who may read what is not public."""
    row = found(request, id)
    require(request.actor, "session.read", row)
    return row


@section.reads("/sessions/{uuid:id}/papers", PaperList)
def list_papers(request: Asked, id: UUID) -> PaperList:
    """List the papers of a session.

    For officers and those who work at a member.
    """
    return PaperList(items=[AttachmentOut.each(file) for file in attachments.of("session", _concerned(request, id))])


@section.writes("/sessions/{uuid:id}/papers", AttachmentOut, status=201)
def add_paper(request: Asked, id: UUID, file: File[UploadedFile]) -> AttachmentOut:
    """Upload a paper.

    As `multipart/form-data` with one part, `file`. By officers and those who work at a member.
    """
    row = found(request, id)
    require(request.actor, "session.raise", row)
    kept = sessions.add_paper(
        session=row, name=file.name or "", data=b"".join(file.chunks()), by=request.actor, at=request.at
    )
    return AttachmentOut.each(kept)


@section.reads("/sessions/{uuid:id}/papers/{uuid:paper_id}", bytes)
def get_paper(request: Asked, id: UUID, paper_id: UUID) -> FileResponse:
    """Download a paper.

    The bytes as they were uploaded, always as a download.
    """
    row = one(attachments.of("session", _concerned(request, id)), id=paper_id)
    response = FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    response["ETag"] = f'"{row.sha256}"'
    return response


@section.writes("/sessions/{uuid:id}/papers/{uuid:paper_id}", Gone, method="DELETE")
def remove_paper(request: Asked, id: UUID, paper_id: UUID) -> Gone:
    """Take a paper away.

    By officers; the audit trail keeps its name and digest.
    """
    session = _concerned(request, id)
    row = one(attachments.of("session", session), id=paper_id)
    gone = Gone(id=paper_id, title=row.name)
    sessions.remove_paper(session=session, paper=row, by=request.actor, at=request.at)
    return gone
