"""Answers about plans, their approvals and versions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.models import Plan, PlanApproval, PlanVersion
from shuangcheng.plan.snapshots import Differences

from .base import Output, Page, Ref


class ApprovalOut(Output):
    """One side's approval 核定."""

    side: directory.Side = Field(description="The side.")
    digest: str = Field(description="SHA-256 of the content that it approved.")
    by: str = Field(description="Who approved; for officers.")
    at: datetime = Field(description="When.")

    @classmethod
    def of(cls, row: PlanApproval, *, named: bool) -> "ApprovalOut":
        """The answer about a row."""
        return cls(side=row.side, digest=row.digest, by=row.by_name if named else "", at=row.at)


class PlanVersionOut(Output):
    """A plan as both sides approved it; never changed."""

    number: int = Field(description="1 for the first.")
    digest: str = Field(description="SHA-256 of the canonical JSON (RFC 8785) of the snapshot.")
    approved_at: datetime = Field(description="When the last side approved.")
    approvals: list[ApprovalOut] = Field(description="Who approved.")

    @classmethod
    def of(cls, row: PlanVersion, *, named: bool) -> "PlanVersionOut":
        """The answer about a row whose approvals are at hand."""
        approvals = [ApprovalOut.of(one, named=named) for one in row.approvals.all()]
        return cls(number=row.number, digest=row.digest, approved_at=row.approved_at, approvals=approvals)


class PlanOut(Output):
    """A list 清单 of measures, projects and milestones."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    side: terms.Sides = Field(description="Whose plan it is: both sides must approve a joint one.")
    field: directory.Field = Field(description="Its field 领域.")
    first_year: int = Field(description="The first year it covers.")
    last_year: int = Field(description="The last year it covers.")
    purpose: str = Field(description="What it is for.")
    policy: Ref | None = Field(description="The document it is made from.")
    closed: bool = Field(description="Whether it is over.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")
    home: str = Field(description="The authority whose node keeps it; empty: this one.")
    returned: str = Field(description="Why the other side did not approve it last; for officers.")
    version: int = Field(description="Give it back when changing the plan.")
    approved: PlanVersionOut | None = Field(description="The newest approved version.")

    @classmethod
    def of(cls, row: Plan, *, named: bool) -> "PlanOut":
        """The answer about a row whose versions with approvals and document are at hand."""
        policy = row.policy_version.policy if row.policy_version else None
        last = next(iter(row.versions.all()), None)
        return cls(
            id=row.id, name=row.name, side=row.side, field=row.field, first_year=row.first_year,
            last_year=row.last_year, purpose=row.purpose, home=row.home,
            returned=row.returned if named else "", closed=row.closed, invented=row.invented,
            policy=Ref(id=policy.id, name=policy.title) if policy else None, version=row.version,
            approved=PlanVersionOut.of(last, named=named) if last else None,
        )  # fmt: skip


class PlanPage(Page[PlanOut]):
    """A page of plans."""


class PlanContent(Output):
    """What an approval of a plan would fix now."""

    digest: str = Field(description="SHA-256 of the canonical JSON (RFC 8785) of the snapshot; give it when approving.")
    waiting: list[ApprovalOut] = Field(description="Approvals that wait for the other side.")
    snapshot: dict[str, Any] = Field(description="The plan's facts, items and targets, by names.")


class PlanVersionDetail(PlanVersionOut):
    """An approved version with its snapshot."""

    snapshot: dict[str, Any] = Field(description="What was approved. Its canonical JSON has the digest.")


class PlanVersionList(Output):
    """The approved versions of a plan, the newest first."""

    items: list[PlanVersionOut] = Field(description="The versions.")


class FactChange(Output):
    """A fact before and now."""

    field: str = Field(description="Name of the fact.")
    before: Any = Field(description="What was approved.")
    after: Any = Field(description="What stands now.")


class ItemChange(Output):
    """An item that was approved with other facts."""

    id: UUID = Field(description="Its id.")
    number: str = Field(description="Its number 编号.")
    title: str = Field(description="Its title.")
    facts: list[FactChange] = Field(description="What changed.")


class PlanDifferences(Output):
    """What has changed since the newest approved version."""

    facts: list[FactChange] = Field(description="Of the plan itself.")
    added: list[Ref] = Field(description="Items that were not there.")
    removed: list[Ref] = Field(description="Items that are gone.")
    changed: list[ItemChange] = Field(description="Items with other facts or targets.")

    @classmethod
    def of(cls, found: Differences) -> "PlanDifferences":
        """The answer about differences."""
        return cls(
            facts=_changes(found.facts),
            added=[Ref(id=row["id"], name=row["title"]) for row in found.added],
            removed=[Ref(id=row["id"], name=row["title"]) for row in found.removed],
            changed=[
                ItemChange(id=UUID(row.id), number=row.number, title=row.title, facts=_changes(row.facts))
                for row in found.changed
            ],
        )


def _changes(facts: Any) -> list[FactChange]:
    return [FactChange(field=name, before=pair[0], after=pair[1]) for name, pair in facts.items()]
