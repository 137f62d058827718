"""What of the plan the home page and the desk say: items that stand badly, what moved, what waits for whom."""

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as t

from shuangcheng.core.standing import Lines, Standing, overdue
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.terms import WORKERS, Role, Side
from shuangcheng.plan.matters import TROUBLED
from shuangcheng.plan.minutes import content, digest_of
from shuangcheng.plan.models import Item as PlanItem
from shuangcheng.plan.models import Plan, PlanApproval, Proposal, Session
from shuangcheng.plan.models.items import ItemQuerySet
from shuangcheng.plan.terms import ProposalState, SessionState, Sides

from .matter import Item, Pile

TROUBLE = Q(standing__in=TROUBLED)
MOST = 50
ON_THE_DESK = 10


def troubled(actor: Actor, *, today: date, **within: object) -> list[Item]:
    """Items of open plans that are late, blocked or at risk, the most urgent first."""
    return _shown(_open(actor, today).filter(TROUBLE, **within), today, MOST)


def _open(actor: Actor, today: date) -> ItemQuerySet:
    return PlanItem.objects.visible_to(actor).filter(plan__closed=False).standing(today)


def _shown(rows: "QuerySet[PlanItem]", today: date, most: int) -> list[Item]:
    found = rows.select_related("lead_cq", "lead_sc").urgent_first()[:most]  # type: ignore[attr-defined]
    return [
        Item(
            f"{row.number} {row.title}",
            " · ".join([_why(row, today), *(lead.name for lead in (row.lead_cq, row.lead_sc) if lead)]),
            reverse("item", args=[row.pk]),
            row.due,
            "bad" if row.standing in (Standing.LATE, Standing.BLOCKED) else "warn",
            row.action_plan,
        )
        for row in found
    ]


def _why(row: PlanItem, today: date) -> str:
    standing = row.standing  # type: ignore[attr-defined]
    if standing == Standing.LATE and row.due:
        return t("逾期 %(n)d 个工作日") % {"n": overdue(row.due, today)}
    if standing not in TROUBLED:
        return t("即将到期")
    label = t(Standing(standing).label)
    return f"{label}（{row.told_reason}）" if row.told_reason else label


def moved(actor: Actor) -> dict[int, str]:
    """For each action plan, the title of the item that changed last."""
    rows = PlanItem.objects.visible_to(actor).filter(action_plan__isnull=False)
    rows = rows.order_by("action_plan", "-updated_at", "-id").distinct("action_plan")
    return {number: title for number, title in rows.values_list("action_plan", "title") if number is not None}


def waiting(actor: Actor) -> dict[str, list[Item]]:
    """What waits for an officer's side to decide, by heading."""
    found: dict[str, list[Item]] = {}
    if side := _officer_of(actor):
        found[t("待本方核定的清单")] = _approvals(side)
        found[t("待本方确认的会议纪要")] = _minutes(actor, side)
        found[t("待核定的拟列事项")] = _proposals(actor, side)
    return found


def _officer_of(actor: Actor) -> str:
    """The side for which an officer decides, if it is one of the two."""
    return actor.side if actor.has(Role.OFFICER) and actor.side in (Side.CHONGQING, Side.SICHUAN) else ""


def late(actor: Actor, *, today: date) -> list[Pile]:
    """Items that need an officer's side, and those of one's organisations that are late or due soon."""
    piles = []
    rows, listed = _open(actor, today), reverse("items")
    if own := actor.organisations(*WORKERS):
        soon = Q(due__lte=Lines.of(today).soon)
        mine = rows.of(own).open().filter(TROUBLE | soon)
        piles.append(_pile(t("本单位逾期与临期的事项"), mine, today, f"{listed}?mine=1"))
    if side := _officer_of(actor):
        led = rows.filter(TROUBLE, **{f"lead_{side}__isnull": False})
        bad = "&".join(f"standing={standing.value}" for standing in TROUBLED)
        piles.append(_pile(t("本方牵头、需要关注的事项"), led, today, f"{listed}?side={side}&{bad}"))
    return piles


def _pile(heading: str, rows: "QuerySet[PlanItem]", today: date, address: str) -> Pile:
    items = _shown(rows, today, ON_THE_DESK)
    return Pile(heading, items, len(items) if len(items) < ON_THE_DESK else rows.count(), address)


def _approvals(side: str) -> list[Item]:
    """Plans that the other side has approved as they stand for it, and this side has not."""
    waiting = PlanApproval.objects.filter(version=None, plan__side=Sides.BOTH).select_related("plan").order_by("at")
    rows = list(waiting)
    ours = {(row.plan_id, row.digest) for row in rows if row.side == side}
    return [
        Item(row.plan.name, t("对方已核定，待本方核定"), reverse("plan", args=[row.plan_id]), None, "warn")
        for row in rows
        if row.side != side and (row.plan_id, row.digest) not in ours
    ]


def _minutes(actor: Actor, side: str) -> list[Item]:
    """Sessions whose minutes as they stand this side has not confirmed."""
    rows = Session.objects.visible_to(actor).filter(state=SessionState.MINUTES, body__side__in=[Sides.BOTH, side])
    rows = rows.select_related("body", "host").prefetch_related("confirmations")
    found = []
    for row in rows.order_by("on")[:ON_THE_DESK]:
        ours = {one.digest for one in row.confirmations.all() if one.side == side}
        if not ours or digest_of(content(row)) not in ours:
            found.append(Item(str(row), t("纪要待本方确认"), reverse("session", args=[row.pk]), None, "warn"))
    return found


def _proposals(actor: Actor, side: str) -> list[Item]:
    rows = Proposal.objects.visible_to(actor).filter(state=ProposalState.PENDING, plan__side__in=[Sides.BOTH, side])
    counts = dict(rows.order_by().values_list("plan").annotate(n=Count("pk")))
    return [
        Item(
            plan.name, t("%(n)d 条待核定") % {"n": counts[plan.pk]}, reverse("reading", args=[plan.pk]), None, "warn",
        )
        for plan in Plan.objects.visible_to(actor).filter(pk__in=counts)
    ]  # fmt: skip
