"""Answers about the ledger and about what is sought."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.desk.models import Attachment
from shuangcheng.directory import terms as directory
from shuangcheng.plan import terms
from shuangcheng.plan.models import Activity, Sought

from .base import Output, Page, Ref
from .organisations import ref


class AttachmentOut(Output):
    """A file of a thing 附件."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    media_type: str = Field(description="Its media type.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="SHA-256 of the bytes.")
    at: datetime = Field(description="When it was uploaded.")

    @classmethod
    def each(cls, row: Attachment) -> "AttachmentOut":
        """The answer about a row."""
        return cls(
            id=row.id, name=row.name, media_type=row.media_type, size=row.size, sha256=row.sha256, at=row.at
        )  # fmt: skip


class ActivityOut(Output):
    """A joint meeting, activity, project or piece of work 台账记录."""

    id: UUID = Field(description="Its id.")
    kind: terms.ActivityKind = Field(description="What it is counted as.")
    title: str = Field(description="Its title.")
    on: date = Field(description="The day, or the first day.")
    until: date | None = Field(description="The last day.")
    quantity: int = Field(description="How many it stands for; more than one where a source only counts.")
    side: terms.Sides = Field(description="Whose activity.")
    hosts: list[Ref] = Field(description="Who held it.")
    hosts_text: str = Field(description="Hosts that are no organisations here.")
    place: str = Field(description="Where.")
    people: int | None = Field(description="How many took part.")
    result: str = Field(description="What came of it 成果.")
    field: directory.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划, 1 to 10.")
    alliance: Ref | None = Field(description="The alliance it belongs to.")
    zone: Ref | None = Field(description="The zone it belongs to.")
    item: Ref | None = Field(description="The item of a list it belongs to.")
    source: str = Field(description="Where the facts come from.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")
    version: int = Field(description="Give it back when changing the entry.")

    @classmethod
    def each(cls, row: Activity) -> "ActivityOut":
        """The answer about a row whose hosts, alliance, zone and item are at hand."""
        return cls(
            id=row.id, kind=row.kind, title=row.title, on=row.on, until=row.until, quantity=row.quantity,
            side=row.side, hosts=[ref(host) for host in row.hosts.all()], hosts_text=row.hosts_text, place=row.place,
            people=row.people, result=row.result, field=row.field, action_plan=row.action_plan,
            alliance=Ref(id=row.alliance.id, name=str(row.alliance)) if row.alliance else None,
            zone=Ref(id=row.zone.id, name=row.zone.name) if row.zone else None,
            item=Ref(id=row.item.id, name=row.item.title) if row.item else None, source=row.source,
            invented=row.invented, version=row.version,
        )  # fmt: skip


class ActivityPage(Page[ActivityOut]):
    """A page of the ledger."""


class ActivityDetail(ActivityOut):
    """An entry with its files."""

    files: list[AttachmentOut] = Field(description="Pictures and papers.")


class YearCount(Output):
    """How many there were in a year."""

    year: int = Field(description="The year.")
    meeting: int = Field(description="Meetings 重要会议.")
    event: int = Field(description="Activities 重要活动.")
    project: int = Field(description="Projects 重要项目.")
    work: int = Field(description="Pieces of work 重要工作.")


class YearCounts(Output):
    """The counts of the ledger by year."""

    items: list[YearCount] = Field(description="The newest year first.")


class SoughtOut(Output):
    """Something sought from above together 共同争取事项."""

    id: UUID = Field(description="Its id.")
    kind: terms.SoughtKind = Field(description="What is sought.")
    title: str = Field(description="Its title.")
    text: str = Field(description="What exactly and why.")
    channel: str = Field(description="Of whom it is asked, and how 争取渠道.")
    field: directory.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划, 1 to 10.")
    lead_cq: Ref | None = Field(description="Who leads in Chongqing.")
    lead_sc: Ref | None = Field(description="Who leads in Sichuan.")
    item: Ref | None = Field(description="The item of a list it belongs to.")
    state: terms.SoughtState = Field(description="Where it stands.")
    asked_on: date | None = Field(description="When it was asked for.")
    expected: date | None = Field(description="When an answer is expected.")
    answer: str = Field(description="The answer.")
    answered_on: date | None = Field(description="When it was answered.")
    version: int = Field(description="Give it back when changing it.")

    @classmethod
    def each(cls, row: Sought) -> "SoughtOut":
        """The answer about a row whose leads and item are at hand."""
        return cls(
            id=row.id, kind=row.kind, title=row.title, text=row.text, channel=row.channel, field=row.field,
            action_plan=row.action_plan, lead_cq=ref(row.lead_cq) if row.lead_cq else None,
            lead_sc=ref(row.lead_sc) if row.lead_sc else None,
            item=Ref(id=row.item.id, name=row.item.title) if row.item else None, state=row.state,
            asked_on=row.asked_on, expected=row.expected, answer=row.answer, answered_on=row.answered_on,
            version=row.version,
        )  # fmt: skip


class SoughtPage(Page[SoughtOut]):
    """A page of what is sought."""
