"""Both sides approve a plan: each the very content it saw; when both have, it is a version."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import search
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import Side

from .. import joint
from ..inputs.items import ReasonInput
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
    if plan.home and not plan.approvals.filter(digest=digest, version=None).exclude(side=side).exists():
        raise refusal("not_sent", _("对方还没有送来核定过的内容，或已经撤回。请等对方核定后再核定。"), why=Why.CONFLICT)
    plan.approvals.filter(side=side, version=None).delete()
    approval = PlanApproval.objects.create(plan=plan, side=side, digest=digest, by_name=by.name, at=at)
    audit.record(
        by=by, at=at, verb="plan.approve", kind="plan", subject=plan, changes={"digest": [None, digest]}, note=side
    )
    Plan.objects.filter(pk=plan.pk).update(returned="")
    if plan.home:
        joint.send_approval(plan, approval, by=by, at=at)
    elif not complete(plan, snapshot, digest, at=at) and side == settings.SHUANGCHENG.side:
        joint.send_version(plan, approval, snapshot, by=by, at=at)
    approval.refresh_from_db()
    return approval


def complete(plan: Plan, snapshot: dict[str, Any], digest: str, *, at: datetime) -> bool:
    """Make the version when every side has approved the same content; from then on the plan is public.

    The transaction and the audit line are the caller's. Of a plan on two nodes its home goes first: the other follows
    once it hears that.
    """
    waiting = plan.approvals.filter(digest=digest, version=None)
    if {row.side for row in waiting} != set(PARTIES[Sides(plan.side)]):
        return False
    first = not plan.versions.exists()
    version = PlanVersion.objects.create(
        plan=plan, number=plan.versions.count() + 1, snapshot=snapshot, digest=digest, approved_at=at
    )
    waiting.update(version=version)
    if first:
        search.refresh("item", list(plan.items.values_list("pk", flat=True)))
    return True


@transaction.atomic
def withdraw(*, plan: Plan, by: Actor, at: datetime) -> None:
    """Take one's own approval back while the other side has not approved."""
    require(by, "plan.approve", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    gone = plan.approvals.filter(side=by.side, version=None)
    digest = gone.values_list("digest", flat=True).first()
    if digest is None:
        raise refusal("nothing", _("没有等待另一方的核定，不需要撤回。"), why=Why.CONFLICT)
    if plan.home:
        raise refusal("sent", _("核定已经寄往对方节点，不能撤回。需要改动时请联系对方。"), why=Why.CONFLICT)
    gone.delete()
    joint.send_return(plan, digest, _("对方撤回了核定。"), by=by, at=at)
    audit.record(by=by, at=at, verb="plan.approve_withdraw", kind="plan", subject=plan, note=by.side)


@transaction.atomic
def send_back(*, plan: Plan, data: ReasonInput, by: Actor, at: datetime) -> Plan:
    """Return a plan to the node that sent it, with the reason; nothing of it is approved."""
    require(by, "plan.approve", plan)
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    waiting = plan.approvals.filter(version=None)
    digest = waiting.exclude(side=by.side).values_list("digest", flat=True).first()
    if not plan.home or digest is None:
        raise refusal("nothing", _("没有对方送来、等待本方核定的内容，不需要退回。"), why=Why.CONFLICT)
    if waiting.filter(side=by.side).exists():
        raise refusal("sent", _("本方的核定已经寄往对方节点，不能再退回。需要改动时请联系对方。"), why=Why.CONFLICT)
    waiting.delete()
    joint.send_return(plan, digest, data.reason, by=by, at=at)
    audit.record(by=by, at=at, verb="plan.return", kind="plan", subject=plan, note=data.reason)
    return plan
