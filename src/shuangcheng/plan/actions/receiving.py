"""Writes of a joint list that another node keeps: its content as it came, and what becomes of its approvals."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Right
from django.urls import reverse

from shuangcheng.core.letters import plan_approval, plan_return, plan_version
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.standing import Comparator
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.desk import notices, search
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Alliance, Division, Zone
from shuangcheng.directory.terms import Field
from shuangcheng.exchange.handlers import Later
from shuangcheng.exchange.models import Peer

from .. import hearers
from ..models import Body, Item, Plan, PlanApproval, PolicyVersion, Target
from ..names import Names
from ..snapshots import digest_of, snapshot_of
from ..terms import ItemKind, Sides, TargetKind
from . import approvals
from .items import position_of

KIND = "plan"
CAME = _("%(peer)s送来清单“%(plan)s”，请核对后核定或退回。")
RETURNED = _("清单“%(plan)s”未获核定：%(reason)s")
AGREED = _("清单“%(plan)s”双方均已核定，已经生效。")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _figure(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _tell(plan: Plan, text: str, *, by: Actor, at: datetime, **more: object) -> None:
    """Tell the officers of this node's side."""
    people = hearers.officers(settings.SHUANGCHENG.side, day=at.date())
    message = Message(text, {"plan": plan.name, **more})
    notices.tell(people=people, message=message, kind=KIND, address=reverse("plan", args=[plan.pk]), by=by, at=at)


def _known(body: plan_version.Body, snapshot: Mapping[str, Any], peer: Peer) -> Plan | None:
    """The list as it stands here; refused when it cannot be this node's to send, `Later` while ours is under way."""
    plan = Plan.objects.select_for_update(of=("self",)).filter(pk=body.plan).first()
    if digest_of(dict(snapshot)) != body.digest:
        raise refusal("digest", _("清单内容与所写的摘要不符。"), where="digest")
    if body.snapshot.side != Sides.BOTH or peer.side not in approvals.PARTIES[Sides.BOTH]:
        raise refusal("not_joint", _("只有双方共同的清单才送对方核定。"), where="side")
    if plan is not None and plan.home != peer.authority:
        raise refusal("not_theirs", _("这份清单由本节点维护，不接受对方送来的内容。"), where="plan", why=Why.FORBIDDEN)
    if Plan.objects.filter(name=body.snapshot.name).exclude(pk=body.plan).exists():
        text = _("本节点已有名为“%(name)s”的清单，请改名后再送。")
        raise refusal("name_taken", text, where="name", why=Why.CONFLICT, name=body.snapshot.name)
    if plan is not None and plan.approvals.filter(version=None).exclude(side=peer.side).exists():
        raise Later("our approval of what came before is under way")
    return plan


@transaction.atomic
def receive(*, body: plan_version.Body, snapshot: Mapping[str, Any], peer: Peer, by: Actor, at: datetime) -> Plan:
    """Take in a list as its home sends it, with the home's approval; an older letter than the last changes nothing."""
    plan = _known(body, snapshot, peer)
    if plan is not None and body.number <= plan.heard:
        return plan
    says = body.snapshot
    names = Names.of(says, peer, sent=body.at)
    plan = plan or Plan(id=UUID(body.plan), home=peer.authority, created_at=at, version=0)
    for name in ("name", "side", "field", "first_year", "last_year", "purpose"):
        setattr(plan, name, getattr(says, name))
    plan.field = _term(Field, says.field)
    plan.pinyin, plan.received, plan.heard, plan.returned = pinyin_key(says.name), dict(snapshot), body.number, ""
    plan.policy_version = PolicyVersion.objects.filter(text_sha256=says.policy_sha256 or "-").first()
    plan.version += 1
    plan.updated_at = at
    plan.save()
    _write_items(plan, says.items, names, at=at)
    plan.approvals.filter(version=None).delete()
    PlanApproval.objects.create(plan=plan, side=peer.side, digest=body.digest, by_name=body.by, at=at)
    changes = {"digest": [None, body.digest]}
    audit.record(by=by, at=at, verb="plan.receive", kind=KIND, subject=plan, changes=changes, note=body.by)
    search.refresh("item", [UUID(item.id) for item in says.items])
    _tell(plan, CAME, by=by, at=at, peer=peer.name)
    return plan


def _term(terms: Any, value: str) -> Any:
    if value not in {member.value for member in terms}:
        raise refusal("term", _("本节点不认识“%(value)s”，可能需要升级。"), where=terms.__name__.lower(), value=value)
    return terms(value)


def _write_items(plan: Plan, told: tuple[plan_version.Item, ...], names: Names, *, at: datetime) -> None:
    """Make the items those that were told, the upper ones first; what is told no more goes."""
    rows = {item.pk: item for item in plan.items.all()}
    ids = {UUID(item.id) for item in told}
    if Item.objects.filter(pk__in=ids).exclude(plan=plan).exists():
        raise refusal("not_theirs", _("清单里有编号属于另一份清单的事项。"), where="items", why=Why.FORBIDDEN)
    plan.items.update(parent=None)
    plan.items.exclude(pk__in=ids).delete()
    # Numbers may have been exchanged among items, and each must be there once at any moment.
    plan.items.update(number=Concat(Value("~"), Right(Cast("id", CharField()), 19)))
    placed: dict[str, Item] = {}
    waiting = list(told)
    while waiting:
        ready = [item for item in waiting if item.parent is None or item.parent in placed]
        if not ready:
            raise refusal("parent", _("清单里有事项的上级编号不存在。"), where="items")
        for one in ready:
            row = rows.get(UUID(one.id)) or Item(id=UUID(one.id), plan=plan, created_at=at, version=0)
            placed[one.number] = _write_item(row, one, placed.get(one.parent or ""), names, at=at)
        waiting = [item for item in waiting if item.number not in placed]


def _write_item(row: Item, told: plan_version.Item, parent: Item | None, names: Names, *, at: datetime) -> Item:
    for name in ("number", "title", "text", "action_plan", "office_cq", "office_sc", "partners_text", "money_source"):
        setattr(row, name, getattr(told, name))
    row.parent, row.kind, row.field = parent, _term(ItemKind, told.kind), _term(Field, told.field)
    row.pinyin, row.position = pinyin_key(told.title), position_of(told.number)
    row.clause_label = (told.clause or told.clause_label)[:120]
    row.starts, row.due, row.money_planned = _day(told.starts), _day(told.due), _figure(told.money_planned)
    row.lead_cq, row.lead_sc = names.organisation(told.lead_cq), names.organisation(told.lead_sc)
    row.zone = Zone.objects.filter(name=told.zone).first() if told.zone else None
    row.alliance = Alliance.objects.filter(organisation__name=told.alliance).first() if told.alliance else None
    row.task_force = Body.objects.filter(name=told.task_force).first() if told.task_force else None
    row.version += 1
    row.updated_at = at
    row.save()
    row.partners.set([found for name in told.partners if (found := names.organisation(name))])
    row.divisions.set(Division.objects.filter(name__in=told.divisions, valid_until=None) if told.divisions else [])
    row.targets.exclude(pk__in=[target.id for target in told.targets]).delete()
    for order, target in enumerate(told.targets, start=1):
        _write_target(row, target, order, at=at)
    return row


def _write_target(item: Item, told: plan_version.Target, order: int, *, at: datetime) -> None:
    row = Target.objects.filter(pk=told.id).first() or Target(id=UUID(told.id), item=item, created_at=at, version=0)
    if row.item_id != item.pk:
        raise refusal("not_theirs", _("清单里有编号属于另一事项的目标。"), where="targets", why=Why.FORBIDDEN)
    row.order, row.subject, row.unit, row.updated_at = order, told.subject, told.unit, at
    row.comparator, row.kind, row.side = (
        _term(Comparator, told.comparator), _term(TargetKind, told.kind), _term(Sides, told.side),
    )  # fmt: skip
    row.value, row.value_max, row.baseline = Decimal(told.value), _figure(told.value_max), _figure(told.baseline)
    row.baseline_on, row.deadline = _day(told.baseline_on), _day(told.deadline)
    row.version += 1
    row.save()


@transaction.atomic
def accept(*, body: plan_approval.Body, peer: Peer, by: Actor, at: datetime) -> Plan:
    """Take the other side's approval of what this node keeps and has approved; with it the list is in force."""
    plan = Plan.objects.select_for_update(of=("self",)).filter(pk=body.plan).first()
    if plan is None or plan.home or not plan.shared:
        raise refusal("plan_unknown", _("本节点没有送出过这份清单。"), where="plan", why=Why.CONFLICT)
    own = plan.approvals.filter(side=settings.SHUANGCHENG.side, digest=body.digest, version=None).first()
    snapshot = snapshot_of(plan)
    if own is None or digest_of(snapshot) != body.digest:
        text = _("清单在送出之后已经改动或撤回，请等对方重新送来后再核定。")
        raise refusal("changed", text, where="digest", why=Why.CONFLICT)
    plan.approvals.filter(side=peer.side, version=None).delete()
    PlanApproval.objects.create(plan=plan, side=peer.side, digest=body.digest, by_name=body.by, at=at)
    changes = {"digest": [None, body.digest]}
    audit.record(by=by, at=at, verb="plan.approve", kind=KIND, subject=plan, changes=changes, note=peer.side)
    approvals.complete(plan, snapshot, body.digest, at=at)
    _tell(plan, AGREED, by=by, at=at)
    return plan


@transaction.atomic
def follow(*, plan: Plan, by: Actor, at: datetime) -> Plan:
    """Make the version that the list's home has made, once it says that it took this side's approval."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    assert plan.received is not None, "only a list from elsewhere is followed"
    digest = digest_of(plan.received)
    if approvals.complete(plan, plan.received, digest, at=at):
        changes = {"digest": [None, digest]}
        audit.record(by=by, at=at, verb="plan.approve", kind=KIND, subject=plan, changes=changes, note=plan.home)
        _tell(plan, AGREED, by=by, at=at)
    return plan


@transaction.atomic
def take_return(*, body: plan_return.Body, peer: Peer, by: Actor, at: datetime) -> Plan:
    """Take it that what was sent is not to be approved: withdrawn by its home, or returned to it."""
    plan = Plan.objects.select_for_update(of=("self",)).filter(pk=body.plan).first()
    if plan is None:
        raise Later("the list has not come yet")
    if plan.home not in ("", peer.authority) or not plan.shared:
        raise refusal("not_theirs", _("这份清单与对方无关。"), where="plan", why=Why.FORBIDDEN)
    if body.number <= plan.heard:
        return plan
    plan.heard = body.number
    plan.save(update_fields=["heard"])
    # Ours of a list from elsewhere is under way: its home answers it.
    sides = [peer.side] if plan.home else list(approvals.PARTIES[Sides.BOTH])
    return _drop(plan, sides, digest=body.digest, reason=f"{body.by}：{body.reason}", by=by, at=at)


@transaction.atomic
def drop_own(*, plan: Plan, reason: str, by: Actor, at: datetime) -> Plan:
    """Drop this side's approval that the other node did not take."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    own = plan.approvals.filter(side=settings.SHUANGCHENG.side, version=None).first()
    return _drop(plan, [own.side], digest=own.digest, reason=reason, by=by, at=at) if own else plan


def _drop(plan: Plan, sides: list[str], *, digest: str, reason: str, by: Actor, at: datetime) -> Plan:
    """Drop approvals that came to nothing, and tell the officers why."""
    gone, _kinds = plan.approvals.filter(side__in=sides, digest=digest, version=None).delete()
    if gone:
        plan.returned = reason[:300]
        plan.save(update_fields=["returned"])
        audit.record(by=by, at=at, verb="plan.return", kind=KIND, subject=plan, note=reason)
        _tell(plan, RETURNED, by=by, at=at, reason=reason)
    return plan
