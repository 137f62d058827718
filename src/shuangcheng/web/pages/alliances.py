"""Pages of alliances: members, applications, votes, yearly reports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.directory.actions import alliances as actions
from shuangcheng.directory.inputs import (
    AllianceInput,
    AnswerInput,
    JoinInput,
    MemberInput,
)
from shuangcheng.directory.lookup import uuid_or_none
from shuangcheng.directory.models import Agreement, Alliance, AuditLine, Ballot, Membership, Organisation, YearlyReport
from shuangcheng.directory.policy import may, require
from shuangcheng.directory.terms import BallotState, MemberRole, MemberState, Role

from .. import lists, plan_slice
from ..fetch import one
from ..forms import Form, attempt, submit
from ..kept import kept
from ..listing import answer
from ..request import Request

ROLE_ORDER = list(MemberRole)


def _with_leads(rows: list[Any]) -> None:
    """Put the names of the leading members on each alliance of a page, with one query."""
    leads: dict[UUID, list[str]] = {}
    found = Membership.objects.current().filter(role=MemberRole.LEAD, alliance__in=[row.pk for row in rows])
    for alliance, name in found.values_list("alliance_id", "organisation__name"):
        leads.setdefault(alliance, []).append(name)
    for row in rows:
        row.lead_names = leads.get(row.pk, [])


@kept
def index(request: Request) -> HttpResponse:
    """All alliances."""
    admitted = Membership.objects.current().filter(alliance=OuterRef("pk")).order_by().values("alliance")
    rows = Alliance.objects.visible_to(request.actor).select_related("organisation")
    rows = rows.annotate(member_count=Coalesce(Subquery(admitted.values(n=Count("pk"))), 0))
    shown_member = None
    if asked := request.GET.get("member", ""):
        shown_member = Organisation.objects.filter(pk__in=filter(None, [uuid_or_none(asked)])).first()
        joined = Membership.objects.visible_to(request.actor).current().filter(organisation=shown_member)
        rows = rows.filter(pk__in=joined.values("alliance"))
    return answer(
        lists.ALLIANCES,
        rows,
        request,
        decorate=_with_leads,
        tab="alliances",
        section="directory",
        creates=may(request.actor, "alliance.create"),
        member=shown_member,
    )


def _council_seats(request: Request) -> dict[str, Organisation]:
    """The organisations for which the reader may vote."""
    own = Organisation.objects.filter(id__in=request.actor.organisations(Role.ORGANISATION_ADMIN))
    return {str(organisation.id): organisation for organisation in own}


def _ballots(request: Request, alliance: Alliance) -> list[Ballot]:
    ballots: list[Any] = list(
        Ballot.objects.visible_to(request.actor)
        .filter(alliance=alliance)
        .select_related("membership__organisation")
        .prefetch_related("votes__organisation")[:12]
    )
    seats = _council_seats(request) if any(row.state == BallotState.OPEN for row in ballots) else {}
    for row in ballots:
        row.alliance = alliance
        cast = {str(vote.organisation_id): vote for vote in row.votes.all()}
        row.cast = len(cast)
        row.overdue_now = row.overdue(request.at.date())
        votes_now = row.state == BallotState.OPEN and not row.overdue_now
        row.seats = [(seats[id], cast.get(id)) for id in row.council if id in seats] if votes_now else []
    return ballots


@kept
def detail(request: Request, id: UUID) -> HttpResponse:
    """One alliance."""
    rows = Alliance.objects.visible_to(request.actor).select_related("organisation__division__parent")
    alliance = one(rows, id)
    visible = (
        Membership.objects.visible_to(request.actor).filter(alliance=alliance).select_related("organisation__division")
    )
    memberships = sorted(visible, key=lambda row: (ROLE_ORDER.index(MemberRole(row.role)), row.organisation.pinyin))
    own = set(request.actor.organisations(Role.ORGANISATION_ADMIN))
    waiting = [row for row in memberships if row.state in (MemberState.APPLIED, MemberState.RETURNED)]
    context = {
        "alliance": alliance,
        "organisation": alliance.organisation,
        "members": [row for row in memberships if row.state == MemberState.ADMITTED],
        "waiting": waiting,
        "former": [row for row in memberships if row.state == MemberState.LEFT],
        "ballots": _ballots(request, alliance),
        "agreements": Agreement.objects.visible_to(request.actor).filter(alliance=alliance),
        "reports": YearlyReport.objects.visible_to(request.actor).filter(alliance=alliance),
        "names": alliance.organisation.names.all(),
        "changes": AuditLine.objects.told_of("alliance", id, to=request.actor)[:10],
        "roles": MemberRole.pairs(),
        "own_member": any(row.organisation_id in own and row.state == MemberState.ADMITTED for row in memberships),
        "applies": alliance.open_to_join and bool(own - {row.organisation_id for row in memberships if row.standing}),
        "slice": plan_slice.with_column(request, alliance=id),
        "section": "directory",
        "tab": "alliances",
    }
    return render(request, "directory/alliance.html", context)


def page(request: Request, form: Form, alliance: Alliance | None, **context: object) -> HttpResponse:
    """A form of an alliance."""
    crumbs = [(reverse("alliances"), t("联盟与共同体"))]
    back = reverse("alliances")
    if alliance:
        back = reverse("alliance", args=[alliance.id])
        crumbs.append((back, alliance.organisation.name))
    base = {"form": form, "tab": "alliances", "section": "directory", "crumbs": crumbs, "back": back}
    return render(request, "forms/page.html", {**base, **context}, status=422 if form.wrong else 200)


def found(request: Request, id: UUID) -> Alliance:
    """The alliance that an address means."""
    return one(Alliance.objects.visible_to(request.actor).select_related("organisation__division"), id)


def create(request: Request) -> HttpResponse:
    """Enter an alliance."""
    require(request.actor, "alliance.create")
    form = Form(AllianceInput)
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.found(data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已登记“%(name)s”。") % {"name": made})
            return redirect("alliance", id=made.id)
    return page(request, form, None, heading=t("登记联盟或共同体"), button=t("登记"))


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change an alliance."""
    alliance = found(request, id)
    require(request.actor, "alliance.edit", alliance)
    organisation = alliance.organisation
    lead = alliance.memberships.current().filter(role=MemberRole.LEAD).first()
    initial = {name: getattr(alliance, name) for name in AllianceInput.model_fields if hasattr(alliance, name)}
    initial["division"] = organisation.division.code if organisation.division else ""
    form = Form(AllianceInput, initial, hide=("name", "lead"), version=alliance.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: actions.edit(
            alliance=alliance, data=data, version=form.version or 0, by=request.actor, at=request.at
        ),
        name=organisation.name,
        lead=lead.organisation.name if lead else organisation.name,
    ):
        messages.success(request, t("已保存。"))
        return redirect("alliance", id=id)
    return page(request, form, alliance, heading=t("修改联盟信息"), button=t("保存"))


def join(request: Request, id: UUID) -> HttpResponse:
    """Apply to join."""
    alliance = found(request, id)
    own = Organisation.objects.filter(id__in=request.actor.organisations(Role.ORGANISATION_ADMIN)).first()
    if own is None:
        require(request.actor, "alliance.apply", alliance.organisation)
    returned = alliance.memberships.filter(organisation=own, state=MemberState.RETURNED).first()
    initial = {"organisation": own.name if own else "", "statement": returned.statement if returned else ""}
    form = Form(JoinInput, initial)
    if request.method == "POST" and submit(
        form, request, lambda data: actions.apply_to_join(alliance=alliance, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("申请已提交，理事会表决后会在这里显示结果。"))
        return redirect("alliance", id=id)
    lede = t("退回理由：%(reason)s") % {"reason": returned.answer} if returned else ""
    return page(request, form, alliance, heading=t("申请加入"), button=t("提交申请"), lede=lede)


def member(request: Request, id: UUID) -> HttpResponse:
    """Enter a member."""
    alliance = found(request, id)
    require(request.actor, "alliance.members", alliance)
    form = Form(MemberInput)
    if request.method == "POST" and submit(
        form, request, lambda data: actions.enter_member(alliance=alliance, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已登记成员。"))
        return redirect(f"{reverse('alliance', args=[id])}#members")
    return page(request, form, alliance, heading=t("登记成员"), button=t("登记"))


def back(alliance_id: UUID, anchor: str) -> HttpResponse:
    """To a part of the alliance's page."""
    return redirect(f"{reverse('alliance', args=[alliance_id])}#{anchor}")


@require_POST
def membership(request: Request, id: UUID, membership_id: UUID) -> HttpResponse:
    """One-button actions on a member or an application."""
    row = one(Membership.objects.visible_to(request.actor), membership_id, alliance_id=id)
    by, at, do = request.actor, request.at, request.POST.get("do", "")
    if do == "withdraw":
        attempt(request, t("申请已撤回。"), lambda: actions.withdraw(membership=row, by=by, at=at))
    elif do == "return":
        reason = AnswerInput(accept=False, answer=request.POST.get("answer", "")[:300])
        attempt(
            request, t("申请已退回。"), lambda: actions.return_application(membership=row, data=reason, by=by, at=at)
        )
    elif do == "leave":
        attempt(request, t("已登记退出。"), lambda: actions.leave(membership=row, on=at.date(), by=by, at=at))
    elif do == "role" and request.POST.get("role") in [role.value for role in MemberRole]:
        role = MemberRole(request.POST["role"])
        attempt(request, t("职务已调整。"), lambda: actions.set_role(membership=row, role=role, by=by, at=at))
    return back(id, "members")


urlpatterns = [
    path("alliances/", index, name="alliances"),
    path("alliances/new/", create, name="alliance_new"),
    path("alliances/<uuid:id>/", detail, name="alliance"),
    path("alliances/<uuid:id>/edit/", edit, name="alliance_edit"),
    path("alliances/<uuid:id>/join/", join, name="alliance_join"),
    path("alliances/<uuid:id>/members/new/", member, name="member_new"),
    path("alliances/<uuid:id>/members/<uuid:membership_id>/", membership, name="membership"),
]
