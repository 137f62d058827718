"""Writes of the list: items and their targets."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.standing import Comparator
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key
from shuangcheng.directory import audit
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require

from .. import lookup
from ..inputs.items import ItemInput, ReasonInput, TargetInput
from ..locks import held
from ..models import Body, Item, Plan, Target
from ..terms import UNDER, BodyKind, ItemKind

_LISTS = ("partners", "divisions")


def position_of(number: str) -> str:
    """The number as a key: each part padded, so that 3.10 comes after 3.9."""
    parts = number.replace("-", ".").split(".")
    return ".".join(part.zfill(4) for part in parts)[:60]


def _parent(plan: Plan, data: ItemInput, item: Item | None) -> Item | None:
    """The item above; refused when the kinds do not fit or an item would stand under itself."""
    if not data.parent:
        if data.kind == ItemKind.MILESTONE:
            raise refusal("parent.missing", _("节点必须填写上级编号。"), where="parent")
        return None
    above = lookup.item(data.parent, plan=plan, where="parent")
    if above.kind not in UNDER[data.kind]:
        text = _("“%(number)s”是%(kind)s，不能作为%(child)s的上级。")
        kind, child = Message(ItemKind(above.kind).label), Message(data.kind.label)
        raise refusal("parent.kind", text, where="parent", number=above.number, kind=kind, child=child)
    step: Item | None = above
    while step is not None:
        if item is not None and step.pk == item.pk:
            raise refusal("parent.circle", _("事项不能成为自己的下级，请另选上级编号。"), where="parent")
        step = step.parent
    return above


def _children(item: Item | None, kind: ItemKind) -> None:
    """Refuse a kind under which the items below cannot stand."""
    if item is None or kind == item.kind:
        return
    for child in item.children.all():
        if kind not in UNDER[child.kind]:
            text = _("下级“%(number)s”是%(child)s，这一事项不能改为%(kind)s。")
            below, wanted = Message(ItemKind(child.kind).label), Message(kind.label)
            raise refusal("children.kind", text, where="kind", number=child.number, child=below, kind=wanted)


def task_force(key: str) -> Body:
    """The task force that is meant; refused when the body is of another kind."""
    body = lookup.body(key, where="task_force")
    if body.kind != BodyKind.TASK_FORCE:
        text = _("“%(name)s”不是专项工作组。")
        raise refusal("task_force.kind", text, where="task_force", name=body.name)
    return body


def _dates(starts: date | None, due: date | None) -> None:
    if starts and due and due < starts:
        raise refusal("dates_reversed", _("完成期限早于开始日期，请核对。"), where="due")


def _values(plan: Plan, data: ItemInput, item: Item | None) -> dict[str, Any]:
    """The columns of an item; every reference that is not found is told."""
    version = plan.policy_version
    objections: list[Objection] = []
    found: dict[str, Any] = {"clause": None, "clause_label": ""}
    finders: dict[str, Callable[[], object]] = {
        "parent": lambda: _parent(plan, data, item),
        "lead_cq": lambda: directory.organisation(data.lead_cq, where="lead_cq") if data.lead_cq else None,
        "lead_sc": lambda: directory.organisation(data.lead_sc, where="lead_sc") if data.lead_sc else None,
        "zone": lambda: directory.zone(data.zone) if data.zone else None,
        "alliance": lambda: directory.alliance(data.alliance) if data.alliance else None,
        "task_force": lambda: task_force(data.task_force) if data.task_force else None,
        "partners": lambda: directory.all_of(data.partners, directory.organisation, where="partners"),
        "divisions": lambda: directory.all_of(data.divisions, directory.division, where="divisions"),
        "dates": lambda: _dates(data.starts, data.due),
        "below": lambda: _children(item, data.kind),
    }
    if data.clause and version:
        finders["clause"] = lambda: lookup.clause(data.clause, version=version)
    for name, find in finders.items():
        try:
            found[name] = find()
        except Refused as refused:
            objections += refused.objections
    others = Item.objects.filter(plan=plan).exclude(pk__in=[item.pk] if item else [])
    if others.filter(number=data.number).exists():
        text = _("编号“%(number)s”在这份清单里已经用过。")
        objections.append(Objection("number_taken", Message(text, {"number": data.number}), "number"))
    if objections:
        raise Refused(*objections)
    del found["dates"], found["below"]
    if data.clause and not version:
        found["clause_label"] = data.clause[:120]
    given = data.model_dump(exclude={*finders, "clause"})
    return given | found | {"pinyin": pinyin_key(data.title), "position": position_of(data.number)}


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit trail is told of an item."""
    silent = ("pinyin", "position")
    return {name: value for name, value in values.items() if name not in silent}


def _now(item: Item) -> dict[str, Any]:
    fields = {field.name: getattr(item, field.name) for field in Item._meta.concrete_fields}
    return fields | {name: list(getattr(item, name).all()) for name in _LISTS}


def _save(item: Item, values: dict[str, Any], at: datetime) -> None:
    lists = {name: values[name] for name in _LISTS}
    for name, value in values.items():
        if name not in _LISTS:
            setattr(item, name, value)
    item.updated_at = at
    item.save()
    for name, rows in lists.items():
        getattr(item, name).set(rows)


@transaction.atomic
def create(*, plan: Plan, data: ItemInput, by: Actor, at: datetime, source: str = "", id: UUID | None = None) -> Item:
    """Add an item to a plan; `id` where it has one already."""
    require(by, "plan.edit", plan)
    values = _values(plan, data, None)
    item = Item(id=id or uuid7(), plan=plan, created_at=at, source=source)
    _save(item, values, at)
    changes = audit.differences({}, data.model_dump(exclude={"text"}, exclude_defaults=True))
    audit.record(by=by, at=at, verb="item.create", kind="item", subject=item, changes=changes)
    return item


@transaction.atomic
def edit(*, item: Item, data: ItemInput, by: Actor, at: datetime, seen: int | None = None) -> Item:
    """Change the facts of an item; progress is reported, not edited."""
    require(by, "item.edit", item)
    item = held(item, seen=seen)
    values = _values(item.plan, data, item)
    changes = audit.differences(_now(item), _told(values))
    item.version += 1
    _save(item, values, at)
    audit.record(by=by, at=at, verb="item.edit", kind="item", subject=item, changes=changes)
    return item


@transaction.atomic
def remove(*, item: Item, data: ReasonInput, by: Actor, at: datetime) -> None:
    """Take back an item that was entered by mistake; one that has progress or lower items is told as dropped."""
    require(by, "item.edit", item)
    item = held(item, seen=None)
    if item.children.exists() or item.progress.exists() or item.plan.versions.exists():
        text = _("这一事项已有下级、进展或已核定，不能删除。不再实施的，请报告进展并选择“不再实施”。")
        raise refusal("item.used", text, why=Why.CONFLICT)
    gone = Item(pk=item.pk, title=item.title)
    kept = audit.differences({}, {"number": item.number, "kind": item.kind, "due": item.due})
    item.delete()
    audit.record(by=by, at=at, verb="item.remove", kind="item", subject=gone, changes=kept, note=data.reason)


def _target_values(data: TargetInput) -> dict[str, Any]:
    if data.comparator == Comparator.RANGE and (data.value_max is None or data.value_max < data.value):
        raise refusal("range", _("区间的上限没有填写，或小于目标值。"), where="value_max")
    if data.comparator != Comparator.RANGE and data.value_max is not None:
        raise refusal("range.unused", _("只有比较方式为“区间”时才填上限。"), where="value_max")
    return data.model_dump()


@transaction.atomic
def add_target(
    *, item: Item, data: TargetInput, by: Actor, at: datetime, order: int | None = None, id: UUID | None = None
) -> Target:
    """Add a target to an item; `id` where it has one already."""
    require(by, "item.edit", item)
    if order is None:
        order = (item.targets.aggregate(last=Max("order"))["last"] or 0) + 1
    target = Target.objects.create(
        id=id or uuid7(),
        item=item,
        order=order,
        clause=item.clause,
        created_at=at,
        updated_at=at,
        **_target_values(data),
    )
    changes = audit.differences({}, data.model_dump(exclude={"quote"}, exclude_defaults=True))
    audit.record(by=by, at=at, verb="target.create", kind="item", subject=item, changes=changes)
    return target


@transaction.atomic
def edit_target(*, target: Target, data: TargetInput, by: Actor, at: datetime, seen: int | None = None) -> Target:
    """Change a target."""
    require(by, "item.edit", target.item)
    target = held(target, seen=seen)
    values = _target_values(data)
    changes = audit.differences({name: getattr(target, name) for name in values}, values)
    for name, value in values.items():
        setattr(target, name, value)
    target.version += 1
    target.updated_at = at
    target.save()
    audit.record(
        by=by, at=at, verb="target.edit", kind="item", subject=target.item, changes=changes, note=target.subject
    )
    return target


@transaction.atomic
def remove_target(*, target: Target, data: ReasonInput, by: Actor, at: datetime) -> None:
    """Take back a target that was entered by mistake."""
    require(by, "item.edit", target.item)
    item, kept = target.item, audit.differences({}, {"subject": target.subject, "value": target.value})
    target.delete()
    audit.record(by=by, at=at, verb="target.remove", kind="item", subject=item, changes=kept, note=data.reason)
