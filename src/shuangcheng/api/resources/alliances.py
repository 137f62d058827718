"""Alliances and their members."""

from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from ninja import Query
from pydantic import Field

from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.actions import alliances
from shuangcheng.directory.inputs import AllianceInput, AnswerInput, JoinInput, MemberInput
from shuangcheng.directory.models import Alliance, Membership
from shuangcheng.directory.terms import MemberRole, MemberState

from ..asked import Asked
from ..outputs.alliances import (
    AllianceDetail,
    AllianceOut,
    AlliancePage,
    ApplicationOut,
    ApplicationPage,
    MemberOut,
    MemberPage,
)
from ..paging import Paging, page
from ..section import Section
from .common import ActionPlan, LeaveInput, Read, RoleInput, Words, made, one, version_read

section = Section(
    "Alliances",
    "Alliances 联盟, vocational groups 职教集团, unions 产教联合体, communities 共同体, studios 名师工作室.",
)

APPLICATION = (MemberState.APPLIED, MemberState.RETURNED, MemberState.REFUSED, MemberState.WITHDRAWN)


class AllianceFilters(Paging):
    """Which alliances."""

    kind: terms.AllianceKind | None = Field(None, description="Kind.")
    field: terms.Field | None = Field(None, description="Field 领域.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    side: terms.Side | None = Field(None, description="On whose territory the secretariat is.")
    member: str = Field("", max_length=200, description="Id, code or name of an organisation that is a member.")
    q: Words = Field("", description="Words, pinyin or initials of the name.")


def shown(request: Asked) -> "QuerySet[Alliance]":
    """The visible alliances with what an answer about them needs: place, leading members, how many members."""
    members = Membership.objects.current().filter(alliance=OuterRef("pk")).order_by().values("alliance")
    counted = Subquery(members.annotate(count=Count("pk")).values("count"))
    leading = Membership.objects.current().filter(role=MemberRole.LEAD).select_related("organisation")
    return (
        Alliance.objects.visible_to(request.actor)
        .select_related("organisation__division")
        .prefetch_related(Prefetch("memberships", queryset=leading, to_attr="leading"))
        .annotate(members=Coalesce(counted, 0))
    )


def found(request: Asked, id: UUID) -> Alliance:
    """The alliance that an address means."""
    return one(Alliance.objects.visible_to(request.actor).select_related("organisation"), id=id)


def _detail(request: Asked, id: UUID) -> AllianceDetail:
    row = one(shown(request), id=id)
    request.version = row.version
    return AllianceDetail.each(row)


@section.reads("/alliances", AlliancePage)
def list_alliances(request: Asked, filters: Query[AllianceFilters]) -> AlliancePage:
    """List alliances.

    In the order of the pinyin of their names.
    """
    rows = shown(request)
    given = {"kind": filters.kind, "field": filters.field, "action_plan": filters.action_plan}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.side:
        rows = rows.filter(organisation__side=filters.side)
    if filters.member:
        member = lookup.organisation(filters.member, where="member")
        rows = rows.filter(pk__in=Membership.objects.current().filter(organisation=member).values("alliance"))
    rows = narrow(rows, "alliance", filters.q)
    return page(
        rows, order=("organisation__pinyin", "id"), asked=request, paging=filters, gives=AlliancePage,
        each=AllianceOut.each,
    )  # fmt: skip


@section.reads("/alliances/{uuid:id}", AllianceDetail)
def get_alliance(request: Asked, id: UUID) -> AllianceDetail:
    """Get an alliance.

    With its charter, its rules for votes, and the figures that sources report about it.
    """
    return _detail(request, id)


@section.writes("/alliances", AllianceDetail, status=201)
def found_alliance(request: Asked, data: AllianceInput) -> AllianceDetail:
    """Enter an alliance.

    With its leading member; officers do this. The alliance becomes an organisation of the directory as well.
    """
    row = alliances.found(data=data, by=request.actor, at=request.at)
    made(request, "get_alliance", row.id)
    return _detail(request, row.id)


@section.writes("/alliances/{uuid:id}", AllianceDetail, method="PUT", also=(412, 428))
def edit_alliance(request: Asked, id: UUID, data: AllianceInput, read: Query[Read]) -> AllianceDetail:
    """Change an alliance.

    Give all its facts and name the version that was read, by `If-Match` or `version`. A charter in force changes only
    by a vote of the council, the name only by renaming.
    """
    row = found(request, id)
    stated = version_read(request, row, read)
    alliances.edit(alliance=row, data=data, version=stated, by=request.actor, at=request.at)
    return _detail(request, id)


class MemberFilters(Paging):
    """Which members."""

    role: terms.MemberRole | None = Field(None, description="Role.")
    left: bool = Field(False, description="Those that left, instead of those that are members.")


def _memberships(request: Asked, id: UUID) -> "QuerySet[Membership]":
    seen = Membership.objects.visible_to(request.actor).filter(alliance=found(request, id)).values("pk")
    return Membership.objects.filter(pk__in=seen).select_related("organisation")


@section.reads("/alliances/{uuid:id}/members", MemberPage)
def list_members(request: Asked, id: UUID, filters: Query[MemberFilters]) -> MemberPage:
    """List the members of an alliance.

    In the order of the pinyin of their names.
    """
    state = MemberState.LEFT if filters.left else MemberState.ADMITTED
    rows = _memberships(request, id).filter(state=state)
    if filters.role:
        rows = rows.filter(role=filters.role)
    return page(
        rows, order=("organisation__pinyin", "id"), asked=request, paging=filters, gives=MemberPage,
        each=MemberOut.each,
    )  # fmt: skip


@section.writes("/alliances/{uuid:id}/members", MemberOut, status=201)
def enter_member(request: Asked, id: UUID, data: MemberInput) -> MemberOut:
    """Enter a member.

    For members that were decided elsewhere, such as those of a founding list; others apply. Once several sit in the
    council, officers do this.
    """
    row = alliances.enter_member(alliance=found(request, id), data=data, by=request.actor, at=request.at)
    return MemberOut.each(row)


def membership(request: Asked, id: UUID) -> Membership:
    """The membership or application that an address means."""
    return one(Membership.objects.visible_to(request.actor).select_related("alliance", "organisation"), id=id)


@section.writes("/memberships/{uuid:id}/role", MemberOut)
def set_member_role(request: Asked, id: UUID, data: RoleInput) -> MemberOut:
    """Give a member another role.

    One leading member must remain. Once several sit in the council, officers do this, or the council votes.
    """
    row = alliances.set_role(membership=membership(request, id), role=data.role, by=request.actor, at=request.at)
    return MemberOut.each(row)


@section.writes("/memberships/{uuid:id}/leave", MemberOut)
def leave_alliance(request: Asked, id: UUID, data: LeaveInput) -> MemberOut:
    """Take a member off.

    By the member itself or by the alliance; the record of the membership stays.
    """
    row = alliances.leave(membership=membership(request, id), on=data.on, by=request.actor, at=request.at)
    return MemberOut.each(row)


class ApplicationFilters(Paging):
    """Which applications."""

    state: terms.MemberState | None = Field(None, description="Where they stand.")


@section.reads("/alliances/{uuid:id}/applications", ApplicationPage, open=False)
def list_applications(request: Asked, id: UUID, filters: Query[ApplicationFilters]) -> ApplicationPage:
    """List applications to join an alliance.

    The newest first, but for those that were admitted, which are members. Officers and the alliance's members see all,
    others their own.
    """
    rows = _memberships(request, id).filter(state__in=APPLICATION)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return page(
        rows, order=("-id",), asked=request, paging=filters, gives=ApplicationPage, each=ApplicationOut.each
    )  # fmt: skip


@section.writes("/alliances/{uuid:id}/applications", ApplicationOut, status=201)
def apply_to_join(request: Asked, id: UUID, data: JoinInput) -> ApplicationOut:
    """Apply to join an alliance.

    Also again after a return. Where there is a council, a vote on it opens at once.
    """
    row = alliances.apply_to_join(alliance=found(request, id), data=data, by=request.actor, at=request.at)
    return ApplicationOut.each(row)


@section.writes("/memberships/{uuid:id}/withdraw", ApplicationOut)
def withdraw_application(request: Asked, id: UUID) -> ApplicationOut:
    """Withdraw an application.

    By the applicant, before it is decided; an open vote on it is cancelled.
    """
    row = alliances.withdraw(membership=membership(request, id), by=request.actor, at=request.at)
    return ApplicationOut.each(row)


@section.writes("/memberships/{uuid:id}/return", ApplicationOut)
def return_application(request: Asked, id: UUID, data: AnswerInput) -> ApplicationOut:
    """Return an application for correction.

    With the reason in `answer`; an open vote on it is cancelled. The applicant may apply again.
    """
    row = alliances.return_application(
        membership=membership(request, id), data=data, by=request.actor, at=request.at
    )  # fmt: skip
    return ApplicationOut.each(row)
