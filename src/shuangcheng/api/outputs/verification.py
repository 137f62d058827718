"""Answers about digests: what has one."""

from datetime import date

from pydantic import Field

from shuangcheng.plan.models import PlanVersion, Session

from .agreements import Match
from .base import Output, Ref
from .plan_plans import PlanVersionOut
from .registers import SharingMatch


class PlanMatch(Output):
    """An approved version of a plan 清单 that has the digest asked for."""

    plan: Ref = Field(description="The plan, by its name when it was approved.")
    version: PlanVersionOut = Field(description="The approved version.")
    newest: bool = Field(description="Whether no later version was approved.")

    @classmethod
    def each(cls, row: PlanVersion) -> "PlanMatch":
        """The answer about a version that `later` marks."""
        plan = Ref(id=row.plan_id, name=row.snapshot.get("name", row.plan.name))
        return cls(plan=plan, version=PlanVersionOut.of(row, named=False), newest=not row.later)  # type: ignore[attr-defined]


class MinutesMatch(Output):
    """Minutes of a session 会议纪要 that have the digest asked for, as all sides confirmed them."""

    session: Ref = Field(description="The session.")
    body: Ref = Field(description="The joint body that met.")
    on: date | None = Field(description="When it met.")

    @classmethod
    def each(cls, row: Session) -> "MinutesMatch":
        """The answer about a session whose body is at hand."""
        return cls(session=Ref(id=row.id, name=str(row)), body=Ref(id=row.body_id, name=row.body.name), on=row.on)


class Verification(Output):
    """What has a SHA-256; empty lists mean: nothing on this node."""

    digest: str = Field(description="The SHA-256 asked for.")
    matches: list[Match] = Field(description="The approved versions of agreements that have it.")
    plans: list[PlanMatch] = Field(description="The approved versions of plans that have it.")
    minutes: list[MinutesMatch] = Field(description="The confirmed minutes that have it.")
    sharings: list[SharingMatch] = Field(description="The data-sharing agreements signed by both that have it.")
