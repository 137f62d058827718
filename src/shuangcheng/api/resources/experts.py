"""The expert pool."""

import secrets
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.actions import experts, people
from shuangcheng.directory.inputs import (
    AnswerInput,
    AvoidanceInput,
    ExpertEditInput,
    ExpertInput,
    InvitationInput,
    ServiceResultInput,
)
from shuangcheng.directory.models import Avoidance, Expert, Service
from shuangcheng.directory.people_inputs import AccountInput

from ..asked import Asked
from ..outputs.people import (
    AvoidanceOut,
    AvoidancePage,
    ExpertOut,
    ExpertPage,
    PersonMade,
    PersonOut,
    ServiceOut,
    ServicePage,
)
from ..paging import Paging, page
from ..section import Section
from .common import AcceptInput, EndReasonInput, Read, Words, made, one, version_read

section = Section("Experts", "The one expert pool 专家库: nominations, avoidance 回避, invitations and service.")


class ExpertFilters(Paging):
    """Which experts."""

    state: terms.ExpertState | None = Field(None, description="Where they stand.")
    field: terms.Field | None = Field(None, description="Field 领域.")
    side: terms.Side | None = Field(None, description="On whose side.")
    employer: str = Field("", max_length=200, description="Id, code or name of the organisation they work at.")
    q: Words = Field("", description="Name or speciality, by words, pinyin or initials.")


def _shown(request: Asked) -> "QuerySet[Expert]":
    return Expert.objects.visible_to(request.actor).select_related("person", "employer", "nominated_by")


def _answer(request: Asked, id: UUID) -> ExpertOut:
    return ExpertOut.each(one(_shown(request), id=id))


@section.reads("/experts", ExpertPage, open=False)
def list_experts(request: Asked, filters: Query[ExpertFilters]) -> ExpertPage:
    """List experts.

    In the order of the pinyin of their names. Officers and auditors see all, organisations those in the pool and their
    own, experts themselves.
    """
    rows = _shown(request)
    given = {name: getattr(filters, name) for name in ("state", "field", "side")}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.employer:
        rows = rows.filter(employer=lookup.organisation(filters.employer, where="employer"))
    rows = narrow(rows, "expert", filters.q)
    return page(
        rows, order=("person__pinyin", "id"), asked=request, paging=filters, gives=ExpertPage, each=ExpertOut.each
    )  # fmt: skip


@section.reads("/experts/{uuid:id}", ExpertOut, open=False)
def get_expert(request: Asked, id: UUID) -> ExpertOut:
    """Get an expert.

    Avoidances and services have addresses of their own.
    """
    return _answer(request, id)


@section.writes("/experts", ExpertOut, status=201)
def nominate_expert(request: Asked, data: ExpertInput) -> ExpertOut:
    """Nominate an expert.

    By the administrator of the nominating organisation or an officer of its side.
    """
    row = experts.nominate(data=data, by=request.actor, at=request.at)
    made(request, "get_expert", row.id)
    return _answer(request, row.id)


@section.writes("/experts/{uuid:id}", ExpertOut, method="PUT", also=(412, 428))
def edit_expert(request: Asked, id: UUID, data: ExpertEditInput, read: Query[Read]) -> ExpertOut:
    """Correct what is known of an expert in the pool.

    Give all its facts and name the version that was read. By the expert, the administrator of the organisation that
    employs or nominated the expert, or an officer of the side. Who works elsewhere now is moved by an officer or by the
    new organisation.
    """
    row = one(_shown(request), id=id)
    row = experts.edit(
        expert=row, data=data, version=version_read(request, row, read), by=request.actor, at=request.at
    )  # fmt: skip
    return ExpertOut.each(Expert.objects.select_related("person", "employer", "nominated_by").get(pk=row.pk))


@section.writes("/experts/{uuid:id}/vet", ExpertOut)
def vet_expert(request: Asked, id: UUID, data: AnswerInput) -> ExpertOut:
    """Take an expert into the pool, or not.

    For three years. By an officer of the expert's side; a refusal needs its reason in `answer`.
    """
    experts.vet(expert=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    return _answer(request, id)


@section.writes("/experts/{uuid:id}/account", PersonMade, status=201)
def open_account(request: Asked, id: UUID, data: AccountInput) -> PersonMade:
    """Open an account for an expert who has none.

    To answer invitations with. By the administrator of the expert's organisation or an officer of its side. The first
    password is told once.
    """
    expert, password = one(_shown(request), id=id), secrets.token_urlsafe(12)
    account = people.open_account(
        person=expert.person, data=data, role=terms.Role.EXPERT, organisation=expert.employer, password=password,
        by=request.actor, at=request.at,
    )  # fmt: skip
    return PersonMade(**PersonOut.each(account.person).model_dump(), first_password=password)


@section.writes("/experts/{uuid:id}/retire", ExpertOut)
def retire_expert(request: Asked, id: UUID, data: EndReasonInput) -> ExpertOut:
    """Take an expert out of the pool.

    With the reason; the record of service stays.
    """
    experts.retire(expert=one(_shown(request), id=id), reason=data.reason, by=request.actor, at=request.at)
    return _answer(request, id)


def _avoidances(request: Asked) -> "QuerySet[Avoidance]":
    return Avoidance.objects.visible_to(request.actor).select_related("organisation", "person", "expert")


@section.reads("/experts/{uuid:id}/avoidances", AvoidancePage, open=False)
def list_avoidances(request: Asked, id: UUID, filters: Query[Paging]) -> AvoidancePage:
    """List what an expert keeps away from.

    The newest first, those that have ended included. For officers, auditors, the expert, and the organisations that
    employ or nominated the expert.
    """
    rows = _avoidances(request).filter(expert=one(_shown(request), id=id))
    return page(
        rows, order=("-id",), asked=request, paging=filters, gives=AvoidancePage, each=AvoidanceOut.each
    )  # fmt: skip


@section.writes("/experts/{uuid:id}/avoidances", AvoidanceOut, status=201)
def declare_avoidance(request: Asked, id: UUID, data: AvoidanceInput) -> AvoidanceOut:
    """Declare that an expert keeps away.

    From what concerns either an organisation or another expert.
    """
    return AvoidanceOut.each(
        experts.avoid(expert=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    )  # fmt: skip


@section.writes("/avoidances/{uuid:id}/end", AvoidanceOut)
def end_avoidance(request: Asked, id: UUID) -> AvoidanceOut:
    """End a relation of avoidance.

    From today on; it stays on record.
    """
    row = one(_avoidances(request), id=id)
    return AvoidanceOut.each(experts.end_avoidance(avoidance=row, by=request.actor, at=request.at))


def _services(request: Asked) -> "QuerySet[Service]":
    return Service.objects.visible_to(request.actor).select_related("host", "expert__person")


@section.reads("/experts/{uuid:id}/services", ServicePage, open=False)
def list_services(request: Asked, id: UUID, filters: Query[Paging]) -> ServicePage:
    """List invitations to an expert and what came of them.

    The newest first. For officers, auditors, the expert, the host, and the organisations that keep the expert's record.
    """
    rows = _services(request).filter(expert=one(_shown(request), id=id))
    return page(
        rows, order=("-id",), asked=request, paging=filters, gives=ServicePage, each=ServiceOut.each
    )  # fmt: skip


@section.writes("/experts/{uuid:id}/services", ServiceOut, status=201)
def invite_expert(request: Asked, id: UUID, data: InvitationInput) -> ServiceOut:
    """Invite an expert.

    Refused where the expert keeps away from the host, or is not in the pool.
    """
    return ServiceOut.each(
        experts.invite(expert=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    )  # fmt: skip


@section.writes("/services/{uuid:id}/answer", ServiceOut)
def answer_invitation(request: Asked, id: UUID, data: AcceptInput) -> ServiceOut:
    """Accept or decline an invitation.

    By the expert.
    """
    row = one(_services(request), id=id)
    return ServiceOut.each(experts.answer(service=row, accept=data.accept, by=request.actor, at=request.at))


@section.writes("/services/{uuid:id}/withdraw", ServiceOut)
def withdraw_invitation(request: Asked, id: UUID) -> ServiceOut:
    """Take an invitation back.

    By the host, before the service is recorded; an accepted one too.
    """
    return ServiceOut.each(
        experts.withdraw_invitation(service=one(_services(request), id=id), by=request.actor, at=request.at)
    )


@section.writes("/services/{uuid:id}/result", ServiceOut)
def record_service(request: Asked, id: UUID, data: ServiceResultInput) -> ServiceOut:
    """Record what an expert did.

    By the host, once the task has begun.
    """
    row = one(_services(request), id=id)
    return ServiceOut.each(experts.record_service(service=row, data=data, by=request.actor, at=request.at))
