"""Pages of plans: where each stands, approving by both sides, versions, what has changed since."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.schema import read
from shuangcheng.core.standing import OPEN, Standing
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan import joint
from shuangcheng.plan.actions import approvals
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.models import Item, Plan, PlanApproval, PlanVersion
from shuangcheng.plan.snapshots import Differences, differences, digest_of, snapshot_of
from shuangcheng.plan.terms import Sides

from ...fetch import one
from ...forms import attempt
from ...request import Request

PARTS = (
    (Standing.DONE, "ok"),
    (Standing.ON_TRACK, "now"),
    (Standing.NOT_STARTED, ""),
    (Standing.AT_RISK, "warn"),
    (Standing.BLOCKED, "bad"),
    (Standing.LATE, "bad"),
    (Standing.DROPPED, ""),
)
"""The standings in the order of the bar, with the tone of each."""


def _plans(request: Request) -> list[Plan]:
    """The plans that the reader sees, each with `numbers` by standing and `pending` approvals."""
    plans = list(Plan.objects.visible_to(request.actor).prefetch_related("versions", "approvals"))
    items: Any = Item.objects.visible_to(request.actor).filter(plan__in=plans).standing(request.at.date())
    counts: dict[UUID, dict[str, int]] = {plan.pk: {} for plan in plans}
    for plan, standing, n in items.order_by().values_list("plan", "standing").annotate(n=Count("pk")):
        counts[plan][standing] = n
    for plan in plans:
        plan.numbers = counts[plan.pk]  # type: ignore[attr-defined]
        plan.total = sum(counts[plan.pk].values())  # type: ignore[attr-defined]
        plan.parts = parts(counts[plan.pk])  # type: ignore[attr-defined]
        plan.pending = [row for row in plan.approvals.all() if row.version_id is None]  # type: ignore[attr-defined]
        plan.last = next(iter(plan.versions.all()), None)  # type: ignore[attr-defined]
    return plans


def parts(counts: dict[str, int]) -> list[tuple[Standing, str, int]]:
    """The standings that occur, with tone and number."""
    return [(standing, tone, counts[standing]) for standing, tone in PARTS if counts.get(standing)]


def index(request: Request) -> HttpResponse:
    """All plans."""
    context = {
        "plans": _plans(request),
        "creates": may(request.actor, "plan.edit"),
        "section": "plan",
        "tab": "plans",
    }
    return render(request, "plan/plans.html", context)


def _plan(request: Request, id: UUID) -> Plan:
    rows = Plan.objects.visible_to(request.actor).select_related("policy_version__policy")
    return one(rows.prefetch_related("versions__approvals", "approvals"), id)


def detail(request: Request, id: UUID) -> HttpResponse:
    """One plan: numbers, leads, approvals and versions."""
    plan = _plan(request, id)
    items: Any = Item.objects.visible_to(request.actor).filter(plan=plan).standing(request.at.date())
    counts = dict(items.order_by().values_list("standing").annotate(n=Count("pk")))
    urgent = items.filter(standing__in=[Standing.LATE, Standing.BLOCKED, Standing.AT_RISK])
    context = {
        "plan": plan,
        "counts": counts,
        "total": sum(counts.values()),
        "parts": parts(counts),
        "open": sum(counts.get(standing, 0) for standing in OPEN),
        "urgent": urgent.select_related("lead_cq", "lead_sc").urgent_first()[:8],
        "urgent_count": sum(counts.get(name, 0) for name in (Standing.LATE, Standing.BLOCKED, Standing.AT_RISK)),
        "years": range(plan.first_year, plan.last_year + 1),
        "changes": AuditLine.objects.told_of("plan", id, to=request.actor)[:10],
        "section": "plan",
        "tab": "plans",
        **_approval(request, plan),
    }
    return render(request, "plan/plan.html", context)


def _approval(request: Request, plan: Plan) -> dict[str, object]:
    """What the page says of approving: the digest that is shown, who approved it, what differs from the version."""
    last = next(iter(plan.versions.all()), None)
    if not may(request.actor, "plan.approve", plan):
        return {"last": last}
    snapshot = snapshot_of(plan)
    digest = digest_of(snapshot)
    waiting = {row.side: row for row in plan.approvals.all() if row.version_id is None}
    return {
        "last": last,
        "digest": digest,
        "parties": [(side, waiting.get(side)) for side in approvals.PARTIES[Sides(plan.side)]],
        "own": waiting.get(request.actor.side),
        "stale": any(row.digest != digest for row in waiting.values()),
        "differences": differences(last.snapshot, snapshot) if last else None,
        "approvable": snapshot["items"] and not (last and last.digest == digest) and _sent(plan, waiting, digest),
        "returnable": bool(plan.home and waiting) and request.actor.side not in waiting,
        "way": joint.under_way([plan.pk]).get(plan.pk) if plan.shared else None,
    }


def _sent(plan: Plan, waiting: dict[str, PlanApproval], digest: str) -> bool:
    """Whether a list from elsewhere stands as its home has approved it, so that this side may."""
    return not plan.home or any(row.digest == digest for side, row in waiting.items() if side == plan.home)


@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Approve what was seen, take the approval back, or return what the other side has sent."""
    plan = _plan(request, id)
    require(request.actor, "plan.approve", plan)
    by, at = request.actor, request.at
    if request.POST.get("do") == "withdraw":
        attempt(request, t("已撤回核定。"), lambda: approvals.withdraw(plan=plan, by=by, at=at))
    elif request.POST.get("do") == "return":
        _send_back(request, plan)
    else:
        seen = request.POST.get("digest", "")[:64]
        done = attempt(request, t("已核定。"), lambda: approvals.approve(plan=plan, seen=seen, by=by, at=at))
        if done and plan.home:
            messages.success(request, t("核定已寄往对方节点，对方收到后即生效。"), extra_tags="ok")
        elif done and not plan.approvals.filter(version=None).exists():
            messages.success(request, t("双方均已核定，已形成存证版本。"), extra_tags="ok")
    return redirect("plan", id=id)


def _send_back(request: Request, plan: Plan) -> None:
    def act() -> None:
        data = read(ReasonInput, {"reason": request.POST.get("reason", "")})
        approvals.send_back(plan=plan, data=data, by=request.actor, at=request.at)

    attempt(request, t("已退回对方。"), act)


def changes(request: Request, id: UUID) -> HttpResponse:
    """What has changed since the last approved version, field by field."""
    plan = _plan(request, id)
    last = next(iter(plan.versions.all()), None)
    found = differences(last.snapshot, snapshot_of(plan)) if last else Differences()
    context = {"plan": plan, "last": last, "found": found, "section": "plan", "tab": "plans"}
    return render(request, "plan/plan_changes.html", context)


def version(request: Request, id: UUID, number: int) -> HttpResponse:
    """A plan as both sides approved it."""
    plan = one(Plan.objects.visible_to(request.actor), id)
    rows = PlanVersion.objects.visible_to(request.actor).filter(plan=plan).prefetch_related("approvals")
    row = rows.filter(Q(number=number)).first()
    if row is None:
        return redirect("plan", id=id)
    context = {"plan": plan, "version": row, "section": "plan", "tab": "plans"}
    return render(request, "plan/plan_version.html", context)


urlpatterns = [
    path("plan/plans/", index, name="plans"),
    path("plan/plans/<uuid:id>/", detail, name="plan"),
    path("plan/plans/<uuid:id>/decide/", decide, name="plan_decide"),
    path("plan/plans/<uuid:id>/changes/", changes, name="plan_changes"),
    path("plan/plans/<uuid:id>/versions/<int:number>/", version, name="plan_version"),
]
