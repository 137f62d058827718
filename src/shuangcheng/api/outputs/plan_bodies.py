"""Answers about joint bodies, their members, consultations and reports."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.models import Body, BodyReport, Consultation, Item, Remark, Seat

from .alliances import figures
from .base import Figure, Output, Page, Ref
from .organisations import ref


def item_ref(item: Item | None) -> Ref | None:
    """An item that is pointed at."""
    return Ref(id=item.id, name=f"{item.number} {item.title}") if item else None


class BodyOut(Output):
    """A joint meeting 联席会议, joint office 联合办公室 or task force 专项工作组."""

    id: UUID = Field(description="Its id.")
    version: int = Field(description="Grows with each change.")
    name: str = Field(description="Its name.")
    kind: terms.BodyKind = Field(description="Its kind.")
    side: terms.Sides = Field(description="Whose it is; the minutes of a joint one are confirmed by both sides.")
    field: directory.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划 it belongs to, 1 to 10.")
    mandate: str = Field(description="Its mandate 职责.")
    founded: date | None = Field(description="Day of its founding.")
    months_between: int | None = Field(description="It meets, or a task force reports, every so many months.")
    last_on: date | None = Field(description="Day of the last session or report.")
    next_due: date | None = Field(description="By when the next one is due.")
    held: int = Field(description="How many sessions were held.")
    plan: Ref | None = Field(description="The list that its resolutions go to.")
    ended: date | None = Field(description="Day of its end.")
    reported: list[Figure] = Field(description="Figures that sources report about it.")

    @classmethod
    def each(cls, row: Body) -> "BodyOut":
        """The answer about a row as `resources.bodies.shown` fetches it."""
        return cls(
            id=row.id, version=row.version, name=row.name, kind=row.kind, side=row.side, field=row.field,
            action_plan=row.action_plan, mandate=row.mandate, founded=row.founded, months_between=row.months_between,
            last_on=row.last_on, next_due=row.next_due, held=row.held,  # type: ignore[attr-defined]
            plan=Ref(id=row.plan.id, name=row.plan.name) if row.plan else None, ended=row.ended,
            reported=figures(row.reported),
        )  # fmt: skip


class BodyPage(Page[BodyOut]):
    """A page of joint bodies."""


class SeatOut(Output):
    """A member of a joint body; people are not named."""

    id: UUID = Field(description="Its id.")
    organisation: Ref = Field(description="The member.")
    post: str = Field(description="The post that represents it 代表职务, or empty.")
    role: terms.SeatRole = Field(description="Its role.")
    joined: date | None = Field(description="Day on which it joined.")
    left: date | None = Field(description="Day on which it left.")

    @classmethod
    def each(cls, row: Seat) -> "SeatOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.id, organisation=ref(row.organisation), post=row.post, role=row.role, joined=row.joined,
            left=row.left,
        )  # fmt: skip


class SeatList(Output):
    """The members of a body, former ones included."""

    items: list[SeatOut] = Field(description="The members.")


class BodyReportOut(Output):
    """A regular report of a task force 定期报告."""

    id: UUID = Field(description="Its id.")
    body: Ref = Field(description="The task force.")
    covers_to: date = Field(description="The last day that it covers.")
    title: str = Field(description="Its title.")
    done: str = Field(description="What was done 工作进展.")
    problems: str = Field(description="Problems 存在问题, or empty.")
    next_steps: str = Field(description="Next steps 下一步安排, or empty.")
    by: str = Field(description="Who filed it.")
    at: datetime = Field(description="When.")

    @classmethod
    def each(cls, row: BodyReport) -> "BodyReportOut":
        """The answer about a row whose body is at hand."""
        return cls(
            id=row.id, body=Ref(id=row.body.id, name=row.body.name), covers_to=row.covers_to, title=row.title,
            done=row.done, problems=row.problems, next_steps=row.next_steps, by=row.by_name, at=row.created_at,
        )  # fmt: skip


class BodyReportPage(Page[BodyReportOut]):
    """A page of reports."""


class OpinionOut(Output):
    """An opinion in a consultation."""

    text: str = Field(description="What was said.")
    side: str = Field(description="The side of whoever said it.")
    by: str = Field(description="Who said it.")
    at: datetime = Field(description="When.")

    @classmethod
    def each(cls, row: Remark) -> "OpinionOut":
        """The answer about a row."""
        return cls(text=row.text, side=row.side, by=row.by_name, at=row.at)


class ConsultationOut(Output):
    """A matter talked over between sessions 会商."""

    id: UUID = Field(description="Its id.")
    body: Ref = Field(description="The body.")
    topic: str = Field(description="Its topic.")
    text: str = Field(description="What it is about.")
    item: Ref | None = Field(description="The item it is about.")
    answer_by: date | None = Field(description="By when answers are asked for.")
    state: terms.ConsultationState = Field(description="Where it stands.")
    conclusion: str = Field(description="How it ended, or empty.")
    side: str = Field(description="The side that began it.")
    by: str = Field(description="Who began it.")
    at: datetime = Field(description="When.")
    opinions: list[OpinionOut] = Field(description="What was said.")

    @classmethod
    def each(cls, row: Consultation) -> "ConsultationOut":
        """The answer about a row whose body, item and remarks are at hand."""
        return cls(
            id=row.id, body=Ref(id=row.body.id, name=row.body.name), topic=row.topic, text=row.text,
            item=item_ref(row.item), answer_by=row.answer_by, state=row.state, conclusion=row.conclusion,
            side=row.side, by=row.by_name, at=row.created_at,
            opinions=[OpinionOut.each(remark) for remark in row.remarks.all()],
        )  # fmt: skip


class ConsultationPage(Page[ConsultationOut]):
    """A page of consultations."""
