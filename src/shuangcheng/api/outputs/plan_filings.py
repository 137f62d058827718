"""Answers about progress filing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.plan import terms
from shuangcheng.plan.models import Filing, Period

from .base import Output, Page, Ref
from .organisations import ref
from .plan_ledger import AttachmentOut


class PeriodOut(Output):
    """A period in which progress is filed 报送期."""

    id: UUID = Field(description="Its id.")
    title: str = Field(description="Its title.")
    plan: Ref = Field(description="The plan whose items are reported on.")
    side: terms.Sides = Field(description="Whose organisations file.")
    covers_from: date = Field(description="First day that is reported on.")
    covers_to: date = Field(description="Last day that is reported on.")
    due: date = Field(description="Last day for filing 截止日期.")
    note: str = Field(description="What is asked 填报要求.")
    state: terms.PeriodState = Field(description="Whether something can be filed.")
    filings: int = Field(description="How many organisations are asked.")
    missing: int = Field(description="How many have not filed, or must again.")
    filed: int = Field(description="How many wait to be decided.")
    accepted: int = Field(description="How many were accepted.")
    version: int = Field(description="Give it back when changing the period.")

    @classmethod
    def each(cls, row: Any) -> "PeriodOut":
        """The answer about a counted row whose plan is at hand."""
        period: Period = row
        return cls(
            id=period.id, title=period.title, plan=Ref(id=period.plan.id, name=period.plan.name), side=period.side,
            covers_from=period.covers_from, covers_to=period.covers_to, due=period.due, note=period.note,
            state=period.state, filings=row.all, missing=row.missing, filed=row.filed, accepted=row.accepted,
            version=period.version,
        )  # fmt: skip


class PeriodPage(Page[PeriodOut]):
    """A page of periods."""


class FilingOut(Output):
    """What one organisation files in a period 报送件."""

    id: UUID = Field(description="Its id.")
    period: Ref = Field(description="The period.")
    organisation: Ref = Field(description="Who files.")
    state: terms.FilingState = Field(description="Where it stands.")
    summary: str = Field(description="The situation as a whole 总体情况.")
    answer: str = Field(description="Why it was returned 退回意见.")
    filed_at: datetime | None = Field(description="When it was filed last.")
    filed_by: str = Field(description="Who filed it.")
    late: bool = Field(description="Whether it was filed after the last day.")
    decided_at: datetime | None = Field(description="When it was accepted or returned.")
    decided_by: str = Field(description="Who decided.")
    reminded_at: datetime | None = Field(description="When the organisation was reminded last.")
    version: int = Field(description="Give it back when saving, filing or deciding.")

    @classmethod
    def each(cls, row: Filing) -> "FilingOut":
        """The answer about a row whose period and organisation are at hand."""
        return cls(
            id=row.id, period=Ref(id=row.period.id, name=row.period.title), organisation=ref(row.organisation),
            state=row.state, summary=row.summary, answer=row.answer, filed_at=row.filed_at, filed_by=row.filed_by,
            late=row.late, decided_at=row.decided_at, decided_by=row.decided_by, reminded_at=row.reminded_at,
            version=row.version,
        )  # fmt: skip


class FilingPage(Page[FilingOut]):
    """A page of filings."""


class FilingTarget(Output):
    """A target of an item, and the value that is filed."""

    id: UUID = Field(description="Its id; the key under which a value is given.")
    subject: str = Field(description="What is counted.")
    unit: str = Field(description="In what.")
    observed: Decimal | None = Field(description="The newest value that counts.")
    filed: Decimal | None = Field(description="The value in this filing.")


class FilingLine(Output):
    """What is said of one item; an item of which nothing is said yet shows what the list tells of it."""

    item: Ref = Field(description="The item.")
    number: str = Field(description="Its number in the plan 编号.")
    written: bool = Field(description="Whether something is said of it in this filing.")
    told: terms.Told = Field(description="State 状态.")
    percent: int = Field(description="Percent done 完成进度.")
    reason: str = Field(description="Why it is at risk, blocked or dropped.")
    text: str = Field(description="What was done 进展情况.")
    money_spent: Decimal | None = Field(description="Money spent so far, in 万元.")
    targets: list[FilingTarget] = Field(description="Its targets.")
    files: list[AttachmentOut] = Field(description="Evidence 佐证材料.")
    counts: bool = Field(description="Whether it counts in the list: its filing is accepted.")


class FilingEvent(Output):
    """Something that happened to a filing."""

    what: str = Field(description="filed, returned or accepted.")
    at: datetime = Field(description="When.")
    by: str = Field(description="By whom.")
    answer: str = Field(description="The comment with which it was returned.")


class FilingDetail(FilingOut):
    """A filing with its lines and its past."""

    lines: list[FilingLine] = Field(description="Item by item.")
    history: list[FilingEvent] = Field(description="What happened to it, the oldest first.")


class FilingList(Output):
    """Filings that were decided on or reminded together."""

    items: list[FilingOut] = Field(description="The filings.")
