"""Both sides approve a plan: each the very content it saw; when both have, it is a version."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import search
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import Side

from ..models import Plan, PlanApproval, PlanVersion
from ..snapshots import digest_of, snapshot_of
from ..terms import Sides

PARTIES = {
    Sides.BOTH: (Side.CHONGQING.value, Side.SICHUAN.value),
    Sides.CHONGQING: (Side.CHONGQING.value,),
    Sides.SICHUAN: (Side.SICHUAN.value,),
}
"""Side of a plan -> the sides that must approve it."""


def _side(by: Actor, plan: Plan, side: str) -> str:
    """The side that approves: an officer's own; a named part of the system says which."""
    chosen = side if by.kind == "system" else by.side
    if chosen not in PARTIES[Sides(plan.side)]:
        raise refusal("not_a_party", _("这份清单不由您所在的一方核定。"), why=Why.FORBIDDEN)
    return chosen


@transaction.atomic
def approve(*, plan: Plan, seen: str, by: Actor, at: datetime, side: str = "") -> PlanApproval:
    """Approve exactly the content whose digest is `seen`; the last side that does makes the version."""
    require(by, "plan.approve", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    side = _side(by, plan, side)
    snapshot = snapshot_of(plan)
    digest = digest_of(snapshot)
    if digest != seen:
        raise refusal("changed", _("清单在您打开之后有改动，请核对最新内容后再核定。"), why=Why.CONFLICT)
    if not snapshot["items"]:
        raise refusal("plan.empty", _("清单里还没有事项，不能核定。"), why=Why.CONFLICT)
    last = plan.versions.first()
    if last and last.digest == digest:
        raise refusal("approved", _("清单与已核定的版本一致，不需要再次核定。"), why=Why.CONFLICT)
    if plan.approvals.filter(side=side, digest=digest, version=None).exists():
        raise refusal("approved", _("您所在的一方已核定这一内容，正等待另一方核定。"), why=Why.CONFLICT)
    plan.approvals.filter(side=side, version=None).delete()
    approval = PlanApproval.objects.create(plan=plan, side=side, digest=digest, by_name=by.name, at=at)
    audit.record(
        by=by, at=at, verb="plan.approve", kind="plan", subject=plan, changes={"digest": [None, digest]}, note=side
    )
    _complete(plan, snapshot, digest, at=at)
    approval.refresh_from_db()
    return approval


def _complete(plan: Plan, snapshot: dict[str, object], digest: str, *, at: datetime) -> None:
    """Make the version when every side has approved the same content; from then on the plan is public."""
    waiting = plan.approvals.filter(digest=digest, version=None)
    if {row.side for row in waiting} != set(PARTIES[Sides(plan.side)]):
        return
    first = not plan.versions.exists()
    version = PlanVersion.objects.create(
        plan=plan, number=plan.versions.count() + 1, snapshot=snapshot, digest=digest, approved_at=at
    )
    waiting.update(version=version)
    if first:
        search.refresh("item", list(plan.items.values_list("pk", flat=True)))


@transaction.atomic
def withdraw(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Take one's own approval back while the other side has not approved."""
    require(by, "plan.approve", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    gone = plan.approvals.filter(side=by.side, version=None)
    if not gone.exists():
        raise refusal("nothing", _("没有等待另一方的核定，不需要撤回。"), why=Why.CONFLICT)
    gone.delete()
    audit.record(by=by, at=at, verb="plan.approve_withdraw", kind="plan", subject=plan, note=by.side)
