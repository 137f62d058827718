"""What the home page and the desk say: what is late, what changed, what waits."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as t

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import (
    Agreement,
    AuditLine,
    Ballot,
    Expert,
    Membership,
    Service,
    YearlyReport,
    Zone,
)
from shuangcheng.directory.terms import (
    AgreementState,
    BallotState,
    ExpertState,
    MemberState,
    ReportState,
    Role,
    ServiceState,
)

from . import filings_waiting, plan_overview
from .matter import Item, Pile

SOON = timedelta(days=90)


def ends(actor: Actor, *, today: date, **within: object) -> list[Item]:
    """Agreements, votes and zones that have ended or soon will; `within` an action plan or a field."""
    found = [*_agreements(actor, today, within), *_ballots(actor, today, within), *_zones(actor, today, within)]
    return sorted(found, key=lambda item: (item.tone != "bad", item.due or today))


def _agreements(actor: Actor, today: date, within: Mapping[str, object]) -> list[Item]:
    rows = Agreement.objects.visible_to(actor).filter(state=AgreementState.APPROVED, expires__lt=today + SOON, **within)
    return [
        Item(
            row.title,
            t("协议已到期，待续签或终止") if row.expired(today) else t("协议即将到期"),
            reverse("agreement", args=[row.id]),
            row.expires,
            "bad" if row.expired(today) else "warn",
            row.action_plan,
        )
        for row in rows.order_by("expires")[:50]
    ]


def _ballots(actor: Actor, today: date, within: Mapping[str, object]) -> list[Item]:
    rows = Ballot.objects.visible_to(actor).filter(state=BallotState.OPEN).select_related("alliance__organisation")
    rows = rows.filter(**{f"alliance__{name}": value for name, value in within.items()})
    return [
        Item(
            f"{row.alliance.organisation.name}：{row.title}",
            t("表决逾期未结") if row.overdue(today) else t("表决进行中"),
            reverse("alliance", args=[row.alliance_id]) + "#ballots",
            row.closes_on,
            "bad" if row.overdue(today) else "now",
            row.alliance.action_plan,
        )
        for row in rows.order_by("closes_on")[:50]
    ]


def _zones(actor: Actor, today: date, within: Mapping[str, object]) -> list[Item]:
    rows = Zone.objects.visible_to(actor).filter(valid_until__lt=today + SOON, **within)
    return [
        Item(
            row.name,
            t("期限已满，待复核") if row.ended(today) else t("期限将满"),
            reverse("zone", args=[row.id]),
            row.valid_until,
            "bad" if row.ended(today) else "warn",
            row.action_plan,
        )
        for row in rows.order_by("valid_until")[:50]
    ]


NEWS = (
    "organisation.create",
    "organisation.rename",
    "alliance.create",
    "alliance.admit",
    "alliance.member",
    "alliance.leave",
    "report.accept",
    "agreement.approve",
    "agreement.end",
    "zone.create",
    "zone.edit",
    "designation.create",
    "session.hold",
)
ADDRESSED = ("organisation", "alliance", "zone", "agreement", "session")
"""Kinds of thing whose page has their name and is open to all."""


def news(limit: int = 8) -> list[tuple[AuditLine, str]]:
    """What changed, newest first and each thing once, with the page of the thing."""
    seen: set[tuple[str, str, str]] = set()
    found: list[tuple[AuditLine, str]] = []
    lines = AuditLine.objects.filter(verb__in=NEWS).only(
        "at", "verb", "subject_kind", "subject_id", "subject_title", "note"
    )
    for line in lines[: limit * 10]:
        key = (line.verb, line.subject_kind, line.subject_id)
        if key in seen:
            continue
        seen.add(key)
        name = line.subject_kind if line.subject_kind in ADDRESSED and line.subject_id else ""
        found.append((line, reverse(name, args=[line.subject_id]) if name else ""))
    return found[:limit]


def waiting(actor: Actor, *, today: date) -> list[Pile]:
    """What waits for the reader; first what others wait for."""
    found: dict[str, list[Item]] = {}
    found[t("待报送")] = filings_waiting.to_file(actor, today=today)
    own = actor.organisations(Role.ORGANISATION_ADMIN)
    if own:
        found[t("待您表决")] = _votes_due(own)
        found[t("本单位的申请")] = _applications(own)
    if actor.person_id:
        found[t("专家邀请")] = _invitations(actor)
    found |= plan_overview.waiting(actor)
    if actor.has(Role.OFFICER):
        found[t("待审核")] = _to_decide(actor)
        found[t("到期的协议、表决与试点")] = [item for item in ends(actor, today=today) if item.tone != "now"]
    piles = [Pile(heading, items, len(items)) for heading, items in found.items()]
    return [pile for pile in [*piles, *plan_overview.late(actor, today=today)] if pile.items]


def _votes_due(own: list[UUID]) -> list[Item]:
    rows = (
        Ballot.objects.filter(state=BallotState.OPEN).select_related("alliance__organisation").prefetch_related("votes")
    )
    mine = {str(id) for id in own}
    return [
        Item(
            row.title,
            row.alliance.organisation.name,
            reverse("alliance", args=[row.alliance_id]) + "#ballots",
            row.closes_on,
            "warn",
        )
        for row in rows
        if mine & set(row.council) - {str(vote.organisation_id) for vote in row.votes.all()}
    ]


def _applications(own: list[UUID]) -> list[Item]:
    rows = Membership.objects.filter(organisation__in=own, state__in=[MemberState.APPLIED, MemberState.RETURNED])
    return [
        Item(
            row.alliance.organisation.name,
            t(row.get_state_display()),
            reverse("alliance", args=[row.alliance_id]),
            None,
            "warn" if row.state == MemberState.RETURNED else "now",
        )
        for row in rows.select_related("alliance__organisation")
    ]


def _to_decide(actor: Actor) -> list[Item]:
    reports = YearlyReport.objects.filter(state=ReportState.FILED).select_related("alliance__organisation")
    experts = Expert.objects.visible_to(actor).filter(state=ExpertState.NOMINATED, side=actor.side)
    drafts = Agreement.objects.visible_to(actor).filter(state=AgreementState.DRAFT).order_by("-updated_at")[:20]
    return [
        *(
            Item(
                row.alliance.organisation.name,
                t("%(year)s 年度报告") % {"year": row.year},
                reverse("alliance", args=[row.alliance_id]) + "#reports",
                None,
                "warn",
            )
            for row in reports
        ),
        *filings_waiting.to_decide(actor),
        *(
            Item(row.person.name, t("专家入库"), reverse("expert", args=[row.id]), None, "warn")
            for row in experts.select_related("person")
        ),
        *(Item(row.title, t("协议待签署"), reverse("agreement", args=[row.id]), None, "warn") for row in drafts),
    ]


def _invitations(actor: Actor) -> list[Item]:
    if actor.person_id is None:
        return []
    rows = Service.objects.filter(expert__person_id=actor.person_id, state=ServiceState.INVITED)
    return [
        Item(row.task, row.host.name, reverse("expert", args=[row.expert_id]), row.begins, "warn")
        for row in rows.select_related("host")
    ]
