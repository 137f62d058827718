"""Writes of plans: a list is begun, its facts are changed, it ends; approval is in approvals.py."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require

from .. import lookup
from ..inputs.plans import PlanInput
from ..locks import held
from ..models import Plan, PolicyVersion


def _basis(data: PlanInput, plan: Plan | None) -> PolicyVersion | None:
    """The text that a list rests on: the newest of the document named, or the one it already rests on."""
    now = plan.policy_version if plan else None
    found = lookup.policy(data.policy) if data.policy else None
    if now and found and now.policy_id == found.id:
        return now
    if plan and now and (plan.items.exists() or plan.proposals.exists()):
        text = _("这份清单已有事项依据《%(title)s》，不能改换依据文件。请另编一份清单。")
        raise refusal("basis.used", text, where="policy", why=Why.CONFLICT, title=now.policy.title)
    return found.versions.first() if found else None


def _values(data: PlanInput, plan: Plan | None) -> dict[str, Any]:
    objections: list[Objection] = []
    basis: PolicyVersion | None = None
    try:
        basis = _basis(data, plan)
    except Refused as refused:
        objections += refused.objections
    if data.last_year < data.first_year:
        objections.append(Objection("dates_reversed", Message(_("终止年份早于起始年份，请核对。")), "last_year"))
    if Plan.objects.filter(name=data.name).exclude(pk__in=[plan.pk] if plan else []).exists():
        text = Message(_("已有名为“%(name)s”的清单。"), {"name": data.name})
        objections.append(Objection("name_taken", text, "name"))
    if objections:
        raise Refused(*objections)
    return data.model_dump(exclude={"policy"}) | {"policy_version": basis, "pinyin": pinyin_key(data.name)}


@transaction.atomic
def create(*, data: PlanInput, by: Actor, at: datetime, id: UUID | None = None) -> Plan:
    """Begin a list; `id` where it has one already."""
    require(by, "plan.edit", Plan(side=data.side))
    plan = Plan.objects.create(id=id or uuid7(), created_at=at, updated_at=at, **_values(data, None))
    changes = audit.differences({}, data.model_dump(exclude={"purpose"}, exclude_defaults=True))
    audit.record(by=by, at=at, verb="plan.create", kind="plan", subject=plan, changes=changes)
    return plan


@transaction.atomic
def edit(*, plan: Plan, data: PlanInput, by: Actor, at: datetime, seen: int | None = None) -> Plan:
    """Change the facts of a list."""
    require(by, "plan.edit", plan)
    require(by, "plan.edit", Plan(side=data.side))
    plan = held(plan, seen=seen)
    values = _values(data, plan)
    told = {name: value for name, value in values.items() if name != "pinyin"}
    changes = audit.differences({name: getattr(plan, name) for name in told}, told)
    for name, value in values.items():
        setattr(plan, name, value)
    plan.version += 1
    plan.updated_at = at
    plan.save()
    audit.record(by=by, at=at, verb="plan.edit", kind="plan", subject=plan, changes=changes)
    return plan


@transaction.atomic
def close(*, plan: Plan, by: Actor, at: datetime, closed: bool = True) -> Plan:
    """End a list, which is kept for reading, or take it up again."""
    require(by, "plan.edit", plan)
    plan = held(plan, seen=None)
    if plan.closed == closed:
        raise refusal("plan.state", _("清单的状态已经是这样，没有改动。"), why=Why.CONFLICT)
    plan.closed = closed
    plan.version += 1
    plan.updated_at = at
    plan.save()
    changes = audit.differences({"closed": not closed}, {"closed": closed})
    audit.record(by=by, at=at, verb="plan.close", kind="plan", subject=plan, changes=changes)
    return plan
