"""Writes of what the other node reports and says of the items of a joint list."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from shuangcheng.core.letters import plan_progress, plan_remark
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.exchange.handlers import Later
from shuangcheng.exchange.models import Peer

from .. import joint
from ..models import Item, Plan, Progress, Remark
from ..names import named
from ..terms import RemarkKind, Told
from .progress import apply, uncount


def _item(plan: str, id: str, peer: Peer) -> Item:
    """The item of a list that both nodes have; refused when it is not the other node's business."""
    item = Item.objects.select_for_update(of=("self",)).select_related("plan").filter(pk=id, plan_id=plan).first()
    if item is None:
        if not Plan.objects.filter(pk=plan).exists():
            raise Later("the list has not come yet")
        raise refusal("item_unknown", _("清单里没有这一事项，可能已经删除。"), where="item", why=Why.CONFLICT)
    if not item.plan.shared or item.plan.home not in ("", peer.authority):
        raise refusal("not_shared", _("这份清单不在双方节点之间同步。"), where="plan", why=Why.FORBIDDEN)
    return item


def _takes_part(item: Item, peer: Peer) -> bool:
    """Whether an organisation of the other side leads or takes part, or nobody leads."""
    leads = [lead.side for lead in (item.lead_cq, item.lead_sc) if lead]
    mine = (peer.side, "other")
    return not leads or any(side in mine for side in leads) or item.partners.filter(side__in=mine).exists()


@transaction.atomic
def take_progress(*, body: plan_progress.Body, peer: Peer, by: Actor, at: datetime) -> Progress:
    """Take a report of the other node, or that one no longer counts; an older letter than the last changes nothing."""
    item = _item(body.plan, body.item, peer)
    if not _takes_part(item, peer):
        raise refusal("not_theirs", _("对方没有单位牵头或参与这一事项。"), where="item", why=Why.FORBIDDEN)
    row = Progress.objects.select_for_update(of=("self",)).filter(pk=body.progress).first()
    if row is not None and (row.origin != peer.authority or row.item_id != item.pk):
        raise refusal("not_theirs", _("这份进展不是对方报告的。"), where="progress", why=Why.FORBIDDEN)
    if row is not None and body.number <= row.told_times:
        return row
    if row is not None and row.counts:
        uncount(row, at=at)
    row = _written(row, body, item, peer, at=at)
    if body.counts:
        row.counted_at = joint.of_micros(body.moment)
        apply(row, at=at)
    changes = audit.differences({}, {"told": body.told, "percent": body.percent})
    verb = "progress.report" if body.counts else "progress.withdraw"
    audit.record(by=by, at=at, verb=verb, kind="item", subject=item, changes=changes, note=body.by)
    return row


def _written(row: Progress | None, body: plan_progress.Body, item: Item, peer: Peer, *, at: datetime) -> Progress:
    """The report as it came, not counted yet."""
    try:
        on = date.fromisoformat(body.on)
    except ValueError:
        raise refusal("date", _("“%(on)s”不是日期。"), where="on", on=body.on) from None
    if body.told not in {member.value for member in Told}:
        raise refusal("term", _("本节点不认识“%(value)s”，可能需要升级。"), where="told", value=body.told)
    new = row is None
    row = row or Progress(id=UUID(body.progress), created_at=datetime.fromtimestamp(body.at, UTC))
    row.item, row.origin, row.side, row.by_name = item, peer.authority, peer.side, body.by
    row.on, row.told, row.reason, row.percent, row.text = on, body.told, body.reason, body.percent, body.text
    row.money_spent = Decimal(body.money_spent) if body.money_spent else None
    row.figures = [figure.model_dump() for figure in body.figures]
    row.evidence = [file.model_dump() for file in body.evidence]
    row.organisation = named(body.organisation, peer.side)
    row.told_times, row.counts, row.counted_at, row.updated_at = body.number, False, None, at
    row.save(force_insert=new)
    return row


@transaction.atomic
def take_remark(*, body: plan_remark.Body, peer: Peer, by: Actor, at: datetime) -> Remark:
    """Take what the other node says of an item; the newest dispute or settlement decides whether it is disputed."""
    item = _item(body.plan, body.item, peer)
    if body.kind not in {member.value for member in RemarkKind}:
        raise refusal("term", _("本节点不认识“%(value)s”，可能需要升级。"), where="kind", value=body.kind)
    if Remark.objects.filter(pk=body.remark).exists():
        raise refusal("taken", _("这条意见的编号已经用过。"), where="remark", why=Why.CONFLICT)
    row = Remark.objects.create(
        id=UUID(body.remark), item=item, kind=body.kind, text=body.text, by_name=body.by, side=peer.side,
        origin=peer.authority, at=joint.of_micros(body.moment),
    )  # fmt: skip
    before = item.disputed
    last = item.remarks.exclude(kind=RemarkKind.REMARK).order_by("at", "id").last()
    item.disputed = last is not None and last.kind == RemarkKind.DISPUTE
    if item.disputed != before:
        item.version += 1
        item.updated_at = at
        item.save(update_fields=["disputed", "version", "updated_at"])
    changes = audit.differences({"disputed": before}, {"disputed": item.disputed})
    audit.record(by=by, at=at, verb="remark.add", kind="item", subject=item, changes=changes, note=body.by)
    return row
