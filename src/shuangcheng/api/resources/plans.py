"""Plans, their approvals and versions."""

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.policy import require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import approvals
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.models import Plan
from shuangcheng.plan.snapshots import Differences, differences, digest_of, snapshot_of

from ..asked import Asked
from ..outputs.plan_plans import (
    ApprovalOut,
    PlanContent,
    PlanDifferences,
    PlanOut,
    PlanPage,
    PlanVersionDetail,
    PlanVersionList,
    PlanVersionOut,
)
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import one

section = Section(
    "Plans", "Lists 清单 that both sides approve, and what is proposed for them.", read=PLAN_READ, write=PLAN_WRITE
)


class PlanFilters(Paging):
    """Which plans."""

    side: terms.Sides | None = Field(None, description="Whose.")
    field: directory.Field | None = Field(None, description="Field 领域.")
    closed: bool | None = Field(None, description="Whether they are over.")


class ApproveInput(Input):
    """What is approved 核定."""

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$", title=_("内容摘要"))]


def _shown(request: Asked) -> "QuerySet[Plan]":
    seen = Plan.objects.visible_to(request.actor).order_by().values("pk")
    rows = Plan.objects.filter(pk__in=seen).select_related("policy_version__policy")
    return rows.prefetch_related("versions__approvals")


@section.reads("/plans", PlanPage)
def list_plans(request: Asked, filters: Query[PlanFilters]) -> PlanPage:
    """List plans.

    The newest first. Plans that are not approved yet are for officers and for those who work at a named body.
    """
    given = {name: getattr(filters, name) for name in ("side", "field", "closed")}
    rows = _shown(request).filter(**{name: value for name, value in given.items() if value is not None})
    named = request.actor.is_officer
    return page(
        rows,
        order=("-id",),
        asked=request,
        paging=filters,
        gives=PlanPage,
        each=lambda row: PlanOut.of(row, named=named),
    )


@section.reads("/plans/{uuid:id}", PlanOut)
def get_plan(request: Asked, id: UUID) -> PlanOut:
    """Get a plan.

    Its items have an address of their own.
    """
    return PlanOut.of(one(_shown(request), id=id), named=request.actor.is_officer)


@section.reads("/plans/{uuid:id}/content", PlanContent, open=False)
def get_plan_content(request: Asked, id: UUID) -> PlanContent:
    """Get what an approval would fix.

    With its digest, and the approvals that wait for the other side. For those who may approve.
    """
    plan = one(_shown(request), id=id)
    require(request.actor, "plan.approve", plan)
    snapshot = snapshot_of(plan)
    waiting = [ApprovalOut.of(row, named=True) for row in plan.approvals.filter(version=None)]
    return PlanContent(digest=digest_of(snapshot), waiting=waiting, snapshot=snapshot)


@section.writes("/plans/{uuid:id}/approve", PlanOut)
def approve_plan(request: Asked, id: UUID, data: ApproveInput) -> PlanOut:
    """Approve a plan for one's own side.

    Exactly the content that has the digest; refused when the plan has changed meanwhile. When the last side approves,
    it becomes a version.
    """
    approvals.approve(plan=one(_shown(request), id=id), seen=data.digest, by=request.actor, at=request.at)
    return PlanOut.of(one(_shown(request), id=id), named=request.actor.is_officer)


@section.writes("/plans/{uuid:id}/withdraw", PlanOut)
def withdraw_plan_approval(request: Asked, id: UUID) -> PlanOut:
    """Take one's own side's approval back.

    While the other side has not approved.
    """
    approvals.withdraw(plan=one(_shown(request), id=id), by=request.actor, at=request.at)
    return PlanOut.of(one(_shown(request), id=id), named=request.actor.is_officer)


@section.writes("/plans/{uuid:id}/return", PlanOut)
def return_plan(request: Asked, id: UUID, data: ReasonInput) -> PlanOut:
    """Return a plan to the node that sent it.

    With the reason; nothing of it is approved.
    """
    approvals.send_back(plan=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    return PlanOut.of(one(_shown(request), id=id), named=request.actor.is_officer)


@section.reads("/plans/{uuid:id}/versions", PlanVersionList)
def list_plan_versions(request: Asked, id: UUID) -> PlanVersionList:
    """List the approved versions of a plan.

    The newest first.
    """
    named, plan = request.actor.is_officer, one(_shown(request), id=id)
    return PlanVersionList(items=[PlanVersionOut.of(row, named=named) for row in plan.versions.all()])


@section.reads("/plans/{uuid:id}/versions/{int:number}", PlanVersionDetail)
def get_plan_version(request: Asked, id: UUID, number: int) -> PlanVersionDetail:
    """Get an approved version of a plan.

    With the snapshot, whose canonical JSON (RFC 8785) has the digest of the version.
    """
    row = one(one(_shown(request), id=id).versions.all(), number=number)
    shown = PlanVersionOut.of(row, named=request.actor.is_officer)
    return PlanVersionDetail(**shown.model_dump(), snapshot=row.snapshot)


@section.reads("/plans/{uuid:id}/differences", PlanDifferences)
def get_plan_differences(request: Asked, id: UUID) -> PlanDifferences:
    """Say what has changed since the newest approved version.

    Nothing when the plan was never approved.
    """
    plan = one(_shown(request), id=id)
    last = next(iter(plan.versions.all()), None)
    return PlanDifferences.of(differences(last.snapshot, snapshot_of(plan)) if last else Differences())
