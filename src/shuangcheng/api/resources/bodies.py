"""Joint bodies, their members, consultations and reports."""

from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.desk.search import narrow
from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.actions import bodies, consultations
from shuangcheng.plan.inputs.bodies import (
    BodyInput,
    BodyReportInput,
    ConclusionInput,
    ConsultationInput,
    EndInput,
    OpinionInput,
    SeatEndInput,
    SeatInput,
)
from shuangcheng.plan.models import Body, BodyReport, Consultation, Seat

from ..asked import Asked
from ..outputs.plan_bodies import (
    BodyOut,
    BodyPage,
    BodyReportOut,
    BodyReportPage,
    ConsultationOut,
    ConsultationPage,
    SeatList,
    SeatOut,
)
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import ActionPlan, Read, Words, made, one

section = Section(
    "Joint bodies",
    "Joint meetings 联席会议, joint offices 联合办公室, task forces 专项工作组, their sessions and minutes.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)


class BodyFilters(Paging):
    """Which bodies."""

    kind: terms.BodyKind | None = Field(None, description="Kind.")
    side: terms.Sides | None = Field(None, description="Whose.")
    field: directory.Field | None = Field(None, description="Field 领域.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    q: Words = Field("", description="Words, pinyin or initials of the name.")


def shown(request: Asked) -> "QuerySet[Body]":
    """The bodies with what an answer about them needs."""
    return Body.objects.visible_to(request.actor).with_last().select_related("plan")


def found(request: Asked, id: UUID) -> Body:
    """The body that an address means."""
    return one(Body.objects.visible_to(request.actor), id=id)


@section.reads("/bodies", BodyPage)
def list_bodies(request: Asked, filters: Query[BodyFilters]) -> BodyPage:
    """List joint bodies.

    In the order of the pinyin of their names, those that have ended included.
    """
    given = {name: getattr(filters, name) for name in ("kind", "side", "field", "action_plan")}
    rows = shown(request).filter(**{name: value for name, value in given.items() if value is not None})
    rows = narrow(rows, "body", filters.q)
    return page(rows, order=("pinyin", "id"), asked=request, paging=filters, gives=BodyPage, each=BodyOut.each)


@section.reads("/bodies/{uuid:id}", BodyOut)
def get_body(request: Asked, id: UUID) -> BodyOut:
    """Get a joint body.

    `version` is named when changing it.
    """
    return BodyOut.each(one(shown(request), id=id))


@section.writes("/bodies", BodyOut, status=201)
def create_body(request: Asked, data: BodyInput) -> BodyOut:
    """Enter a joint body.

    Officers do this; a name is used once.
    """
    row = bodies.create(data=data, by=request.actor, at=request.at)
    made(request, "get_body", row.id)
    return BodyOut.each(one(shown(request), id=row.id))


@section.writes("/bodies/{uuid:id}", BodyOut, method="PUT")
def edit_body(request: Asked, id: UUID, data: BodyInput, read: Query[Read]) -> BodyOut:
    """Change a joint body.

    Give all its facts; with `version`, refused when somebody has changed it since.
    """
    bodies.edit(body=found(request, id), data=data, by=request.actor, at=request.at, seen=read.version)
    return BodyOut.each(one(shown(request), id=id))


@section.writes("/bodies/{uuid:id}/end", BodyOut)
def end_body(request: Asked, id: UUID, data: EndInput) -> BodyOut:
    """End a joint body.

    With the reason; what it did stays readable.
    """
    bodies.end(body=found(request, id), data=data, by=request.actor, at=request.at)
    return BodyOut.each(one(shown(request), id=id))


@section.reads("/bodies/{uuid:id}/seats", SeatList)
def list_seats(request: Asked, id: UUID) -> SeatList:
    """List the members of a joint body.

    With former ones; organisations and posts, never people.
    """
    rows = found(request, id).seats.select_related("organisation")
    return SeatList(items=[SeatOut.each(row) for row in rows])


@section.writes("/bodies/{uuid:id}/seats", SeatOut, status=201)
def add_seat(request: Asked, id: UUID, data: SeatInput) -> SeatOut:
    """Give an organisation a seat.

    In a body that has not ended.
    """
    return SeatOut.each(bodies.add_seat(body=found(request, id), data=data, by=request.actor, at=request.at))


@section.writes("/seats/{uuid:id}/end", SeatOut)
def end_seat(request: Asked, id: UUID, data: SeatEndInput) -> SeatOut:
    """End a seat.

    It stays in the history.
    """
    seat = one(Seat.objects.select_related("body", "organisation"), id=id)
    return SeatOut.each(bodies.end_seat(seat=seat, data=data, by=request.actor, at=request.at))


def _reports(request: Asked) -> "QuerySet[BodyReport]":
    return BodyReport.objects.visible_to(request.actor).select_related("body")


@section.reads("/bodies/{uuid:id}/reports", BodyReportPage, open=False)
def list_body_reports(request: Asked, id: UUID, filters: Query[Paging]) -> BodyReportPage:
    """List the regular reports of a task force.

    The newest first; for officers and those who work at a member.
    """
    rows = _reports(request).filter(body=found(request, id))
    return page(
        rows, order=("-covers_to", "-id"), asked=request, paging=filters, gives=BodyReportPage,
        each=BodyReportOut.each,
    )  # fmt: skip


@section.reads("/body-reports/{uuid:id}", BodyReportOut, open=False)
def get_body_report(request: Asked, id: UUID) -> BodyReportOut:
    """Get a regular report.

    For officers and those who work at a member.
    """
    return BodyReportOut.each(one(_reports(request), id=id))


@section.writes("/bodies/{uuid:id}/reports", BodyReportOut, status=201)
def file_body_report(request: Asked, id: UUID, data: BodyReportInput) -> BodyReportOut:
    """File a regular report.

    By an officer or somebody who works at a member; one for each last day.
    """
    row = bodies.report(body=found(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_body_report", row.id)
    return BodyReportOut.each(row)


def _consultations(request: Asked) -> "QuerySet[Consultation]":
    rows = Consultation.objects.visible_to(request.actor).select_related("body", "item")
    return rows.prefetch_related("remarks")


@section.reads("/bodies/{uuid:id}/consultations", ConsultationPage, open=False)
def list_consultations(request: Asked, id: UUID, filters: Query[Paging]) -> ConsultationPage:
    """List the consultations of a body.

    The newest first; for officers and those who work at a member.
    """
    rows = _consultations(request).filter(body=found(request, id))
    return page(
        rows, order=("-id",), asked=request, paging=filters, gives=ConsultationPage, each=ConsultationOut.each
    )  # fmt: skip


@section.reads("/consultations/{uuid:id}", ConsultationOut, open=False)
def get_consultation(request: Asked, id: UUID) -> ConsultationOut:
    """Get a consultation.

    With what was said.
    """
    return ConsultationOut.each(one(_consultations(request), id=id))


@section.writes("/bodies/{uuid:id}/consultations", ConsultationOut, status=201)
def begin_consultation(request: Asked, id: UUID, data: ConsultationInput) -> ConsultationOut:
    """Begin a consultation.

    Those who sit in the body are told.
    """
    row = consultations.begin(body=found(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_consultation", row.id)
    return ConsultationOut.each(one(_consultations(request), id=row.id))


@section.writes("/consultations/{uuid:id}/opinions", ConsultationOut, status=201)
def give_opinion(request: Asked, id: UUID, data: OpinionInput) -> ConsultationOut:
    """Give an opinion.

    While the consultation is open.
    """
    consultations.say(consultation=one(_consultations(request), id=id), data=data, by=request.actor, at=request.at)
    return ConsultationOut.each(one(_consultations(request), id=id))


@section.writes("/consultations/{uuid:id}/conclusion", ConsultationOut)
def conclude_consultation(request: Asked, id: UUID, data: ConclusionInput) -> ConsultationOut:
    """End a consultation.

    Agreed, referred to the next session, or closed. Officers do this.
    """
    row = one(_consultations(request), id=id)
    consultations.conclude(consultation=row, data=data, by=request.actor, at=request.at)
    return ConsultationOut.each(one(_consultations(request), id=id))
