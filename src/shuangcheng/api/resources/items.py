"""Items of the list: one, many, changed, removed."""

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field, StringConstraints

from shuangcheng.core.standing import Standing
from shuangcheng.core.text import _
from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup as directory
from shuangcheng.directory import terms
from shuangcheng.directory.policy import may, require
from shuangcheng.plan import lookup
from shuangcheng.plan.actions import bulk, items
from shuangcheng.plan.inputs.items import BulkInput, ItemInput, PlanItemInput, ReasonInput
from shuangcheng.plan.models import Item, Plan
from shuangcheng.plan.models.items import ItemQuerySet
from shuangcheng.plan.terms import ItemKind

from ..asked import Asked, say
from ..outputs.plan_items import BulkChange, BulkOut, ItemDetail, ItemOut, ItemPage
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import ActionPlan, Read, Words, made, one, version_read
from .removals import Gone

section = Section(
    "Items",
    "Measures 举措, projects 项目, milestones 节点, their targets and progress.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)

Key = Annotated[str, StringConstraints(max_length=200)]


class ItemFilters(Paging):
    """Which items."""

    plan: Key = Field("", description="Id or name of the plan.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    field: terms.Field | None = Field(None, description="Field 领域.")
    kind: ItemKind | None = Field(None, description="Measure, project or milestone.")
    standing: Standing | None = Field(None, description="Where it stands today.")
    lead: Key = Field("", description="Id, code or name of an organisation that leads.")
    organisation: Key = Field("", description="Id, code or name of an organisation that leads or takes part.")
    division: Key = Field("", description="Code of a division where it is done, or of one above it.")
    zone: Key = Field("", description="Id or name of a pair, zone or pilot.")
    alliance: Key = Field("", description="Id or name of an alliance.")
    task_force: Key = Field("", description="Id or name of a task force.")
    parent: UUID | None = Field(None, description="Id of the item above.")
    disputed: bool | None = Field(None, description="Whether a dispute is open.")
    q: Words = Field("", description="Words, pinyin or initials of the title.")


def shown(request: Asked) -> ItemQuerySet:
    """The visible items with what an answer about them needs."""
    rows = Item.objects.visible_to(request.actor).standing(request.at.date())
    return rows.select_related("plan", "parent", "clause", "lead_cq", "lead_sc")


def found(request: Asked, id: UUID) -> Item:
    """The item that an address means."""
    rows = Item.objects.visible_to(request.actor).select_related("plan__policy_version", "lead_cq", "lead_sc")
    return one(rows, id=id)


def inside(request: Asked, item: Item) -> bool:
    """Whether the asker has a part in the item, and so sees its money and its discussion."""
    return request.actor.is_officer or (request.actor.signed_in and may(request.actor, "item.discuss", item))


def detail(request: Asked, id: UUID) -> ItemDetail:
    """The answer about one item."""
    lists = ("partners", "divisions", "targets")
    rows = shown(request).select_related("zone", "alliance__organisation", "task_force").prefetch_related(*lists)
    row = one(rows, id=id)
    request.version = row.version
    return ItemDetail.of(row, inside=inside(request, row))


def _filtered(rows: ItemQuerySet, asked: ItemFilters) -> "QuerySet[Item]":
    names = ("action_plan", "field", "kind", "standing", "parent", "disputed")
    rows = rows.filter(**{name: value for name in names if (value := getattr(asked, name)) is not None})
    if asked.plan:
        rows = rows.filter(plan=lookup.plan(asked.plan))
    if asked.lead:
        lead = directory.organisation(asked.lead, where="lead")
        rows = rows.filter(lead_cq=lead) | rows.filter(lead_sc=lead)
    if asked.organisation:
        rows = rows.of([directory.organisation(asked.organisation, where="organisation").pk])
    if asked.division:
        path = directory.division(asked.division).path
        rows = rows.filter(pk__in=Item.divisions.through.objects.filter(division__path__startswith=path).values("item"))
    if asked.zone:
        rows = rows.filter(zone=directory.zone(asked.zone))
    if asked.alliance:
        rows = rows.filter(alliance=directory.alliance(asked.alliance))
    if asked.task_force:
        rows = rows.filter(task_force=lookup.body(asked.task_force, where="task_force"))
    return narrow(rows, "item", asked.q)


@section.reads("/plan/items", ItemPage)
def list_items(request: Asked, filters: Query[ItemFilters]) -> ItemPage:
    """List items.

    By plan and number. The public sees those of approved plans.
    """
    rows = _filtered(shown(request), filters)
    return page(
        rows, order=("plan_id", "position", "id"), asked=request, paging=filters, gives=ItemPage, each=ItemOut.each
    )  # fmt: skip


@section.reads("/plan/items/{uuid:id}", ItemDetail)
def get_item(request: Asked, id: UUID) -> ItemDetail:
    """Get an item.

    With its targets; `version` is named when changing it.
    """
    return detail(request, id)


@section.writes("/plan/items", ItemDetail, status=201)
def create_item(request: Asked, data: PlanItemInput) -> ItemDetail:
    """Add an item to a plan.

    References are ids, codes or names; `parent` is the number of the item above, `clause` an anchor or a number.
    """
    plan = lookup.plan(data.plan)
    one(Plan.objects.visible_to(request.actor), id=plan.pk)
    row = items.create(plan=plan, data=data.item, by=request.actor, at=request.at)
    made(request, "get_item", row.pk)
    return detail(request, row.pk)


@section.writes("/plan/items/{uuid:id}", ItemDetail, method="PUT", also=(412, 428))
def edit_item(request: Asked, id: UUID, data: ItemInput, read: Query[Read]) -> ItemDetail:
    """Change an item.

    Give all its facts and name the version that was read, by `If-Match` with the `ETag` (412 when somebody has changed
    it since) or by `version` (409). Progress is reported instead.
    """
    row = found(request, id)
    items.edit(item=row, data=data, by=request.actor, at=request.at, seen=version_read(request, row, read))
    return detail(request, id)


@section.writes("/plan/items/{uuid:id}", Gone, method="DELETE")
def remove_item(request: Asked, id: UUID, data: ReasonInput) -> Gone:
    """Take back an item.

    For one that was entered by mistake; one with progress or lower items is reported as dropped instead.
    """
    row = found(request, id)
    gone = Gone(id=id, title=row.title)
    items.remove(item=row, data=data, by=request.actor, at=request.at)
    return gone


class ManyInput(BulkInput):
    """Items and what is changed in them 批量修改."""

    items: tuple[UUID, ...] = Field(title=_("事项"), min_length=1, max_length=bulk.MOST)
    preview: bool = Field(False, title=_("只预览"))


@section.writes("/plan/items/bulk", BulkOut, also=(404,))
def edit_items(request: Asked, data: ManyInput) -> BulkOut:
    """Change several items.

    All of them, or none when one refuses. With `preview`, only say what would become of each.
    """
    require(request.actor, "plan.edit")
    wanted = set(data.items)
    rows = list(shown(request).filter(pk__in=wanted).prefetch_related("partners"))
    if len(rows) < len(wanted):
        one(shown(request), id=next(iter(wanted - {row.pk for row in rows})))
    change = BulkInput.model_construct(**{name: getattr(data, name) for name in BulkInput.model_fields})
    told = [
        BulkChange(
            id=looked.item.pk, number=looked.item.number, changes=looked.changes,
            refusals=[say(objection.message) for objection in looked.objections],
        )
        for looked in bulk.look(rows, change, author=request.actor, at=request.at)
    ]  # fmt: skip
    if not data.preview:
        bulk.edit_many(items=rows, data=change, by=request.actor, at=request.at)
    return BulkOut(written=not data.preview, items=told)
