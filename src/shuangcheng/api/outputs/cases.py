"""Answers about joint cases."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.cases.models import Case, CaseStep
from shuangcheng.core.procedure import Side

from .base import Output, Page


class CaseOut(Output):
    """A joint case 联办事项."""

    id: UUID = Field(description="Its id, the same on both nodes.")
    number: str = Field(description="Its number 事项号.")
    procedure: str = Field(description="The procedure that it follows.")
    title: str = Field(description="What it is about.")
    register_name: str = Field(description="The register whose record it is about.")
    asker: str = Field(description="The authority that opened it.")
    holder: str = Field(description="The authority that holds the record.")
    step: str = Field(description="The step that it is in.")
    turn: Side = Field(description="Whose turn it is.")
    ways: list[str] = Field(description="The ways out of the step.")
    due: date | None = Field(description="The last working day of the step; null once it is closed.")
    provisional: bool = Field(description="Whether the day may move when holidays are announced.")
    opened_at: datetime = Field(description="When it was opened.")
    closed_at: datetime | None = Field(description="When it was closed.")
    trouble: str = Field(description="Why the other side did not take the last letter; empty when it did.")
    version: int = Field(description="Give it back when moving it on.")

    @classmethod
    def each(cls, row: Case) -> "CaseOut":
        """The answer about a row."""
        return cls(
            id=row.id, number=row.number, procedure=row.procedure, title=row.title, register_name=row.register,
            asker=row.asker, holder=row.holder, step=row.step, turn=Side(row.turn), ways=list(row.now.ways),
            due=row.due, provisional=row.provisional, opened_at=row.opened_at, closed_at=row.closed_at,
            trouble=row.trouble, version=row.version,
        )  # fmt: skip


class CasePage(Page[CaseOut]):
    """A page of cases."""


class StepOut(Output):
    """Something that was done in a case."""

    authority: str = Field(description="Who did it.")
    way: str = Field(description="The way that was chosen.")
    at_step: str = Field(description="The step in which it was done.")
    to_step: str = Field(description="The step to which it led.")
    remark: str = Field(description="What was said with it.")
    by_name: str = Field(description="By whom.")
    at: datetime = Field(description="When.")

    @classmethod
    def each(cls, row: CaseStep) -> "StepOut":
        """The answer about a row."""
        return cls(
            authority=row.authority, way=row.way, at_step=row.at_step, to_step=row.to_step, remark=row.remark,
            by_name=row.by_name, at=row.at,
        )  # fmt: skip


class CaseDetail(CaseOut):
    """A case with what is wrong and what was done."""

    person: str = Field(description="The person whom the record is about.")
    masked: str = Field(description="The person's number, masked.")
    told: str = Field(description="What is wrong.")
    wanted: str = Field(description="What it should be.")
    history: list[StepOut] = Field(description="What was done, the oldest first.")

    @classmethod
    def each(cls, row: Case) -> "CaseDetail":
        """The answer about a row with its history."""
        return cls(
            **CaseOut.each(row).model_dump(), person=row.person, masked=row.masked, told=row.told, wanted=row.wanted,
            history=[StepOut.each(step) for step in row.history.all()],
        )  # fmt: skip
