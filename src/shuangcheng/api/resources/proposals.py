"""Plans begun from documents, and what is proposed for them: correct, split, merge, drop, restore, confirm."""

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.directory.fields import YesNo
from shuangcheng.directory.policy import require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import adoption, plans, proposals
from shuangcheng.plan.inputs.items import ItemInput, TargetInput
from shuangcheng.plan.inputs.plans import DropInput, PlanInput, ProposedTargetInput, SplitInput
from shuangcheng.plan.models import Item, Plan, Proposal

from ..asked import Asked
from ..outputs.plan_items import ItemDetail
from ..outputs.plan_plans import PlanOut
from ..outputs.plan_proposals import ProposalList, ProposalOut, ProposalPage
from ..paging import Paging, page
from ..problems import not_found
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import Read, made, one, version_read
from .items import detail
from .plans import get_plan
from .policies import found, text_of

section = Section(
    "Proposals", "From a document to a list: what the reader proposes, and what officers make of it.",
    read=PLAN_READ, write=PLAN_WRITE,
)  # fmt: skip


class ProposeInput(Input):
    """The document that is read into a plan 读取文件."""

    policy: UUID | None = Field(
        None, title=_("依据文件"), description="Id of the document; the plan's own unless named."
    )


class AdoptInput(Input):
    """The newer text that a plan adopts 改依新文本."""

    number: Annotated[int, Field(ge=1, le=10_000)] = Field(title=_("文本版本"))


class CloseInput(Input):
    """Whether a plan is over 结束清单."""

    closed: YesNo = Field(True, title=_("已结束"))


class MergeProposalsInput(Input):
    """Measures that become one 合并."""

    proposals: tuple[UUID, ...] = Field(title=_("举措"), min_length=2, max_length=50)


class ProposalFilters(Paging):
    """Which proposals."""

    state: terms.ProposalState | None = Field(None, description="What became of them.")
    kind: terms.ProposalKind | None = Field(None, description="Measures or targets.")
    doubtful: bool = Field(False, description="Only those with doubts.")


def _plan(request: Asked, id: UUID) -> Plan:
    return one(Plan.objects.visible_to(request.actor).select_related("policy_version__policy"), id=id)


def _shown(request: Asked) -> "QuerySet[Proposal]":
    rows = Proposal.objects.visible_to(request.actor)
    return rows.select_related("clause", "plan", "policy_version__policy", "under__item", "item", "target")


def _one(request: Asked, id: UUID) -> ProposalOut:
    row = one(_shown(request), id=id)
    request.version = row.version
    return ProposalOut.each(row)


@section.writes("/plans", PlanOut, status=201, also=(404,))
def create_plan(request: Asked, data: PlanInput) -> PlanOut:
    """Begin a plan.

    `policy` is the id, title or number of the document it rests on; its newest text is taken. Officers do this.
    """
    row = plans.create(data=data, by=request.actor, at=request.at)
    made(request, "get_plan", row.id)
    return get_plan(request, row.id)


@section.writes("/plans/{uuid:id}", PlanOut, method="PUT", also=(412, 428))
def edit_plan(request: Asked, id: UUID, data: PlanInput, read: Query[Read]) -> PlanOut:
    """Change the facts of a plan.

    Give all of them and name the version that was read, by `If-Match` or by `version`. The document cannot be changed
    once items rest on it.
    """
    row = _plan(request, id)
    plans.edit(plan=row, data=data, by=request.actor, at=request.at, seen=version_read(request, row, read))
    return get_plan(request, id)


@section.writes("/plans/{uuid:id}/close", PlanOut)
def close_plan(request: Asked, id: UUID, data: CloseInput) -> PlanOut:
    """End a plan, or take it up again.

    An ended plan is kept for reading.
    """
    plans.close(plan=_plan(request, id), closed=data.closed, by=request.actor, at=request.at)
    return get_plan(request, id)


@section.writes("/plans/{uuid:id}/read", ProposalList)
def read_into_plan(request: Asked, id: UUID, data: ProposeInput) -> ProposalList:
    """Read the document into the plan.

    Gives what is newly proposed; what was proposed before, in the same words, is not proposed again.
    """
    plan = _plan(request, id)
    require(request.actor, "proposal.decide", plan)
    version = text_of(request, found(request, data.policy)) if data.policy else plan.policy_version
    if version is None:
        raise not_found()
    rows = proposals.read(plan=plan, version=version, by=request.actor, at=request.at)
    return ProposalList(items=[ProposalOut.each(row) for row in rows])


@section.writes("/plans/{uuid:id}/adopt", PlanOut)
def adopt_text(request: Asked, id: UUID, data: AdoptInput) -> PlanOut:
    """Bring a plan to a newer text of its document.

    Items follow their clauses; those whose clause was changed or removed are marked, and what is new is proposed.
    """
    plan = _plan(request, id)
    require(request.actor, "plan.edit", plan)
    if plan.policy_version is None:
        raise not_found()
    version = text_of(request, plan.policy_version.policy, data.number)
    adoption.adopt(plan=plan, version=version, by=request.actor, at=request.at)
    return get_plan(request, id)


@section.writes("/plan/items/{uuid:id}/settle", ItemDetail)
def settle_item(request: Asked, id: UUID) -> ItemDetail:
    """Say that an item was looked at after its clause had changed.

    Its `clause_fate` says what a newer text did to the clause.
    """
    item = one(Item.objects.visible_to(request.actor).select_related("plan"), id=id)
    adoption.settle(item=item, by=request.actor, at=request.at)
    return detail(request, id)


@section.reads("/plans/{uuid:id}/proposals", ProposalPage, open=False)
def list_proposals(request: Asked, id: UUID, filters: Query[ProposalFilters]) -> ProposalPage:
    """List what is proposed for a plan.

    In the order of the document; for officers.
    """
    rows = _shown(request).filter(plan=_plan(request, id))
    given = {name: getattr(filters, name) for name in ("state", "kind")}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.doubtful:
        rows = rows.exclude(doubts=[])
    return page(
        rows, order=("order", "id"), asked=request, paging=filters, gives=ProposalPage, each=ProposalOut.each
    )  # fmt: skip


@section.reads("/proposals/{uuid:id}", ProposalOut, open=False)
def get_proposal(request: Asked, id: UUID) -> ProposalOut:
    """Get a proposal.

    `found` is what was read, `data` what it is now; `version` is named when deciding.
    """
    return _one(request, id)


@section.writes("/proposals/{uuid:id}/measure", ProposalOut, method="PUT", also=(412, 428))
def correct_measure(request: Asked, id: UUID, data: ItemInput, read: Query[Read]) -> ProposalOut:
    """Correct a proposed measure.

    Give all its facts and name the version that was read.
    """
    row = one(_shown(request).filter(kind=terms.ProposalKind.MEASURE), id=id)
    seen = version_read(request, row, read)
    proposals.correct(proposal=row, data=data, by=request.actor, at=request.at, seen=seen)
    return _one(request, id)


@section.writes("/proposals/{uuid:id}/target", ProposalOut, method="PUT", also=(412, 428))
def correct_target(request: Asked, id: UUID, data: ProposedTargetInput, read: Query[Read]) -> ProposalOut:
    """Correct a proposed target.

    Give all its facts and name the version that was read; `under` is the number of the measure it belongs to.
    """
    row = one(_shown(request).filter(kind=terms.ProposalKind.TARGET), id=id)
    seen = version_read(request, row, read)
    facts = TargetInput.model_construct(**{name: getattr(data, name) for name in TargetInput.model_fields})
    proposals.correct(proposal=row, data=facts, under=data.under, by=request.actor, at=request.at, seen=seen)
    return _one(request, id)


@section.writes("/proposals/{uuid:id}/split", ProposalList)
def split_proposal(request: Asked, id: UUID, data: SplitInput, read: Query[Read]) -> ProposalList:
    """Split a proposal.

    Into parts with these texts; its targets go to the part that holds their words. Gives the parts.
    """
    row = one(_shown(request), id=id)
    parts = proposals.split(proposal=row, data=data, by=request.actor, at=request.at, seen=read.version)
    return ProposalList(items=[ProposalOut.each(part) for part in parts])


@section.writes("/plans/{uuid:id}/proposals/merge", ProposalOut)
def merge_proposals(request: Asked, id: UUID, data: MergeProposalsInput) -> ProposalOut:
    """Merge proposed measures.

    Into a new proposal; each of them stays as it was found, and says what it became.
    """
    require(request.actor, "proposal.decide", _plan(request, id))
    rows = list(_shown(request).filter(plan=id, pk__in=data.proposals))
    if len(rows) < len(set(data.proposals)):
        raise not_found()
    return _one(request, proposals.merge(proposals=rows, by=request.actor, at=request.at).pk)


@section.writes("/proposals/{uuid:id}/drop", ProposalOut)
def drop_proposal(request: Asked, id: UUID, data: DropInput, read: Query[Read]) -> ProposalOut:
    """Leave a proposal out of the list.

    With the reason; the targets of a measure go with it.
    """
    row = one(_shown(request), id=id)
    proposals.drop(proposal=row, data=data, by=request.actor, at=request.at, seen=read.version)
    return _one(request, id)


@section.writes("/proposals/{uuid:id}/restore", ProposalOut)
def restore_proposal(request: Asked, id: UUID) -> ProposalOut:
    """Put a proposal back among those to decide.

    Undoes a drop, a split or a merger whose results were not decided yet.
    """
    proposals.restore(proposal=one(_shown(request), id=id), by=request.actor, at=request.at)
    return _one(request, id)


@section.writes("/proposals/{uuid:id}/confirm", ProposalOut)
def confirm_proposal(request: Asked, id: UUID, read: Query[Read]) -> ProposalOut:
    """Take a proposal into the list.

    A measure becomes an item with its targets; a target joins the item of its measure.
    """
    row = one(_shown(request), id=id)
    proposals.confirm(proposal=row, by=request.actor, at=request.at, seen=read.version)
    return _one(request, id)
