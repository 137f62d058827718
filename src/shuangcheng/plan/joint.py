"""What the other node is told of a joint list: letters, put into the outbox in the transaction of what they tell."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from shuangcheng.core.wire import seconds
from shuangcheng.desk import attachments
from shuangcheng.directory.actor import Actor, system
from shuangcheng.directory.terms import Side
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.exchange.terms import OutState, PeerState

from .models import Plan, PlanApproval, Progress, Remark
from .terms import Sides

KIND = "plan"
BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))


def other(plan: Plan) -> Peer | None:
    """The node that keeps the list, or, for a joint one of this node, the active node of the other side."""
    if plan.home:
        return Peer.objects.filter(authority=plan.home).first()
    if plan.side != Sides.BOTH:
        return None
    others = {Side.CHONGQING.value, Side.SICHUAN.value} - {settings.SHUANGCHENG.side}
    return Peer.objects.active().filter(authority__in=others).first()


def micros(at: datetime) -> int:
    """A moment as microseconds since 1970: whole, so that both nodes order by the same number."""
    return (at - BEGINNING) // timedelta(microseconds=1)


def of_micros(count: int) -> datetime:
    """The moment of so many microseconds since 1970."""
    return BEGINNING + timedelta(microseconds=count)


def _next(plan: Plan) -> int:
    plan.sent += 1
    plan.save(update_fields=["sent"])
    return plan.sent


def _send(plan: Plan, peer: Peer, type: str, says: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    told = {"plan": str(plan.pk), **says}
    outbox.send(to=peer, type=type, says=told, by=by, at=at, kind=KIND, reference=plan.pk)


def send_version(plan: Plan, approval: PlanApproval, snapshot: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Send the other side what this side has approved."""
    peer = other(plan)
    if peer is not None:
        says = {
            "number": _next(plan),
            "digest": approval.digest,
            "by": by.name,
            "at": seconds(at),
            "snapshot": snapshot,
        }
        _send(plan, peer, "plan_version.v1", says, by=by, at=at)


def send_approval(plan: Plan, approval: PlanApproval, *, by: Actor, at: datetime) -> None:
    """Tell the home of a list that this side approves what it has sent."""
    peer = other(plan)
    assert peer is not None, "a list from elsewhere came from a node"
    says = {"digest": approval.digest, "by": by.name, "at": seconds(at)}
    _send(plan, peer, "plan_approval.v1", says, by=by, at=at)


def send_return(plan: Plan, digest: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Tell the other node that what was sent is not to be approved."""
    peer = other(plan)
    if peer is not None and plan.shared:
        says = {"number": _next(plan), "digest": digest, "by": by.name, "reason": reason}
        _send(plan, peer, "plan_return.v1", says, by=by, at=at)


def _listening(plan: Plan) -> Peer | None:
    """The node that hears of the work on a list, if letters go there now."""
    peer = other(plan) if plan.shared else None
    return peer if peer is not None and peer.state == PeerState.ACTIVE else None


def tell_progress(progress: Progress, *, at: datetime) -> None:
    """Tell the other node of a report of this one that counts, or that it no longer does."""
    plan = progress.item.plan
    peer = None if progress.origin or not (progress.counts or progress.told_times) else _listening(plan)
    if peer is None:
        return
    progress.told_times += 1
    progress.save(update_fields=["told_times"])
    files = [
        {"name": file.name, "sha256": file.sha256, "size": file.size} for file in attachments.of("progress", progress)
    ]
    figures = [{"target": row["target"], "value": _figure(Decimal(row["value"]))} for row in progress.figures]
    says = {
        "progress": str(progress.pk), "plan": str(plan.pk), "item": str(progress.item_id),
        "number": progress.told_times, "counts": progress.counts, "moment": micros(progress.counted_at or at),
        "on": progress.on.isoformat(), "told": str(progress.told), "reason": progress.reason,
        "percent": progress.percent, "text": progress.text, "figures": figures, "evidence": files,
        "money_spent": None if progress.money_spent is None else _figure(progress.money_spent),
        "organisation": progress.organisation.name if progress.organisation else "", "by": progress.by_name,
        "at": seconds(progress.created_at),
    }  # fmt: skip
    outbox.send(
        to=peer, type="plan_progress.v1", says=says, by=system(progress.by_name), at=at, kind="progress",
        reference=progress.pk,
    )  # fmt: skip


def _figure(value: Decimal) -> str:
    return format(value, "f")


def tell_remark(remark: Remark, *, at: datetime) -> None:
    """Tell the other node what was said here of an item."""
    item = remark.item
    peer = None if item is None or remark.origin else _listening(item.plan)
    if item is None or peer is None:
        return
    remark.told = True
    remark.save(update_fields=["told"])
    says = {
        "remark": str(remark.pk), "plan": str(item.plan_id), "item": str(item.pk), "kind": str(remark.kind),
        "text": remark.text, "by": remark.by_name, "moment": micros(remark.at),
    }  # fmt: skip
    outbox.send(
        to=peer, type="plan_remark.v1", says=says, by=system(remark.by_name), at=at, kind="remark", reference=remark.pk
    )


def catch_up(plan: Plan, *, at: datetime) -> int:
    """Tell the other node what was reported and said before it had the list, or while letters did not go there."""
    if _listening(plan) is None:
        return 0
    reports = Progress.objects.filter(item__plan=plan, origin="", counts=True, told_times=0)
    reports = reports.select_related("item__plan", "organisation")
    remarks = Remark.objects.filter(item__plan=plan, origin="", told=False).select_related("item__plan")
    for report in reports.order_by("counted_at"):
        tell_progress(report, at=at)
    for remark in remarks:
        tell_remark(remark, at=at)
    return len(reports) + len(remarks)


def under_way(ids: Collection[UUID]) -> dict[UUID, OutState]:
    """What has not arrived at the other node: thing -> what became of its newest letter."""
    rows = Outgoing.objects.filter(reference__in=ids).order_by("created_at", "id").values_list("reference", "state")
    newest = {reference: OutState(state) for reference, state in rows if reference}
    return {reference: state for reference, state in newest.items() if state != OutState.DELIVERED}
