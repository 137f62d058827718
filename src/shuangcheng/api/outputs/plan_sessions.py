"""Answers about sessions: agenda, attendance, minutes, resolutions, confirmations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.models import AgendaEntry, Attendance, MinutesConfirmation, Resolution, Session

from .base import Output, Page, Ref
from .organisations import ref
from .plan_bodies import item_ref
from .plan_ledger import AttachmentOut


class SessionOut(Output):
    """A numbered session 会议."""

    id: UUID = Field(description="Its id.")
    version: int = Field(description="Grows with each change.")
    body: Ref = Field(description="The body.")
    number: int = Field(description="Its number.")
    title: str = Field(description="Its name.")
    on: date | None = Field(description="Its day.")
    on_or_before: bool = Field(description="Whether the source only says that it was held by this day.")
    place: str = Field(description="Its place, or empty.")
    host: Ref | None = Field(description="The host 承办单位.")
    state: terms.SessionState = Field(description="Where it stands.")
    agenda_sent_at: datetime | None = Field(description="When the agenda last went to the members.")
    source: str = Field(description="Where the facts come from, or empty.")

    @classmethod
    def each(cls, row: Session) -> "SessionOut":
        """The answer about a row whose body and host are at hand."""
        return cls(**_facts(row))


def _facts(row: Session) -> dict[str, Any]:
    return {
        "id": row.id, "version": row.version, "body": Ref(id=row.body.id, name=row.body.name), "number": row.number,
        "title": str(row), "on": row.on, "on_or_before": row.on_or_before, "place": row.place,
        "host": ref(row.host) if row.host else None, "state": row.state, "agenda_sent_at": row.agenda_sent_at,
        "source": row.source,
    }  # fmt: skip


class SessionPage(Page[SessionOut]):
    """A page of sessions."""


class AgendaOut(Output):
    """A matter on the agenda or proposed for it 议题."""

    id: UUID = Field(description="Its id.")
    order: int = Field(description="Lower comes first.")
    title: str = Field(description="The matter.")
    reason: terms.AgendaReason = Field(description="Why it is there.")
    detail: str = Field(description="In words, such as how many working days late; for those concerned.")
    item: Ref | None = Field(description="The item it is about.")
    state: terms.AgendaState = Field(description="Whether it was accepted.")
    drop_reason: str = Field(description="Why it was dropped, or empty.")
    outcome: str = Field(description="What was decided 议定情况, or empty.")

    @classmethod
    def of(cls, row: AgendaEntry, *, inside: bool) -> "AgendaOut":
        """The answer about a row whose item is at hand."""
        return cls(
            id=row.id, order=row.order, title=row.title, reason=row.reason,
            detail=row.detail if inside else "",
            item=item_ref(row.item), state=row.state, drop_reason=row.drop_reason, outcome=row.outcome,
        )  # fmt: skip


class AttendanceOut(Output):
    """Whether an organisation came 出席."""

    organisation: Ref = Field(description="The organisation.")
    post: str = Field(description="The post that represents it, or empty.")
    present: bool = Field(description="Whether it came.")
    people: int = Field(description="With how many people.")

    @classmethod
    def each(cls, row: Attendance) -> "AttendanceOut":
        """The answer about a row whose organisation is at hand."""
        return cls(organisation=ref(row.organisation), post=row.post, present=row.present, people=row.people)


class ResolutionOut(Output):
    """What a session decided 议定事项."""

    id: UUID = Field(description="Its id.")
    number: int = Field(description="Its number in the session.")
    text: str = Field(description="Its text.")
    lead_cq: Ref | None = Field(description="Who leads in Chongqing.")
    lead_sc: Ref | None = Field(description="Who leads in Sichuan.")
    due: date | None = Field(description="By when, as the session decided.")
    item: Ref | None = Field(description="The item of the list that it became.")

    @classmethod
    def each(cls, row: Resolution) -> "ResolutionOut":
        """The answer about a row whose leads and item are at hand."""
        return cls(
            id=row.id, number=row.number, text=row.text, due=row.due, item=item_ref(row.item),
            lead_cq=ref(row.lead_cq) if row.lead_cq else None, lead_sc=ref(row.lead_sc) if row.lead_sc else None,
        )  # fmt: skip


class ConfirmationOut(Output):
    """One side's confirmation of the minutes 纪要确认."""

    side: directory.Side = Field(description="The side.")
    digest: str | None = Field(description="What it last confirmed; null when nothing yet.")
    at: datetime | None = Field(description="When.")
    holds: bool = Field(description="Whether it confirmed the minutes as they are now.")

    @classmethod
    def each(cls, side: str, row: MinutesConfirmation | None, holds: bool) -> "ConfirmationOut":
        """The answer about one side."""
        return cls(
            side=directory.Side(side), digest=row.digest if row else None, at=row.at if row else None, holds=holds
        )


class SessionDetail(SessionOut):
    """A session with what the reader may see of its agenda, attendance and resolutions."""

    agenda: list[AgendaOut] = Field(description="The agenda; proposals and dropped matters for those concerned.")
    attendance: list[AttendanceOut] = Field(description="Who came.")
    resolutions: list[ResolutionOut] = Field(description="What was decided.")

    @classmethod
    def of(
        cls,
        row: Session,
        *,
        agenda: list[AgendaEntry],
        attendance: list[Attendance],
        resolutions: list[Resolution],
        inside: bool,
    ) -> "SessionDetail":
        """The answer about a row and what belongs to it."""
        return cls(
            **_facts(row),
            agenda=[AgendaOut.of(entry, inside=inside) for entry in agenda],
            attendance=[AttendanceOut.each(line) for line in attendance],
            resolutions=[ResolutionOut.each(line) for line in resolutions],
        )


class MinutesOut(Output):
    """Minutes 会议纪要 and who confirmed them."""

    digest: str = Field(description="SHA-256 of the canonical JSON (RFC 8785) of the content; name it when confirming.")
    content: dict[str, Any] = Field(
        description="What is confirmed: body, number, title, on, place, host, attendance, agenda, minutes, resolutions."
    )
    confirmations: list[ConfirmationOut] = Field(description="One for each side whose confirmation is needed.")


class PaperList(Output):
    """The papers of a session."""

    items: list[AttachmentOut] = Field(description="The oldest first.")


class Proposed(Output):
    """An agenda with new proposals."""

    session: SessionDetail = Field(description="The session.")
    waiting: int = Field(description="How many less urgent items were not proposed yet.")
