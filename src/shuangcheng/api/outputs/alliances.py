"""Answers about alliances, their members, votes and yearly reports."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.core.ballot import Count
from shuangcheng.directory import terms
from shuangcheng.directory.models import Alliance, Ballot, Membership, Vote, YearlyReport

from ..asked import say_kept
from .base import Figure, Output, Page, Ref
from .organisations import ref
from .places import Place


class AllianceOut(Output):
    """An alliance 联盟, vocational group 职教集团, union 产教联合体 or another of its kind."""

    id: UUID = Field(description="Its id.")
    organisation_id: UUID = Field(description="Id of the organisation that it is in the directory.")
    name: str = Field(description="Its name.")
    kind: terms.AllianceKind = Field(description="Its kind.")
    field: terms.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划 it belongs to, 1 to 10.")
    division: Place | None = Field(description="Where its secretariat 秘书处 is.")
    side: terms.Side = Field(description="On whose territory the secretariat is.")
    leads: list[Ref] = Field(description="Its leading members 牵头单位.")
    members: int = Field(description="How many members it has, the leading ones included.")
    founded: date | None = Field(description="Day of its founding.")
    founded_year_only: bool = Field(description="Whether only the year of its founding is known.")

    @classmethod
    def each(cls, row: Alliance) -> "AllianceOut":
        """The answer about a row as `resources.alliances.shown` fetches it."""
        return cls(**_facts(row))


def _facts(row: Alliance) -> dict[str, object]:
    return {
        "id": row.id, "organisation_id": row.organisation_id, "name": row.organisation.name, "kind": row.kind,
        "field": row.field, "action_plan": row.action_plan, "division": Place.of(row.organisation.division),
        "side": row.organisation.side,
        "leads": [ref(lead.organisation) for lead in row.leading],  # type: ignore[attr-defined]
        "members": row.members,  # type: ignore[attr-defined]
        "founded": row.founded, "founded_year_only": row.founded_year_only,
    }  # fmt: skip


class AlliancePage(Page[AllianceOut]):
    """A page of alliances."""


class AllianceDetail(AllianceOut):
    """An alliance with its charter and rules."""

    purpose: str = Field(description="Its purpose 宗旨.")
    charter: str = Field(description="Its charter 章程, in force.")
    charter_version: int = Field(description="Counts the charters; 0 when there is none.")
    quorum_percent: int = Field(description="Part of the council that must vote.")
    majority_percent: int = Field(description="Part of the votes for and against that must be exceeded.")
    voting_days: int = Field(description="Days for which a vote is open.")
    open_to_join: bool = Field(description="Whether it takes applications.")
    reported: list[Figure] = Field(description="Figures that sources report about it.")
    source: str = Field(description="Where the facts come from, with the date.")
    version: int = Field(description="Counts its changes; name it when changing or deciding.")

    @classmethod
    def each(cls, row: Alliance) -> "AllianceDetail":
        """The answer about a row as `resources.alliances.shown` fetches it."""
        return cls(
            **_facts(row), purpose=row.purpose, charter=row.charter, charter_version=row.charter_version,
            quorum_percent=row.quorum_percent, majority_percent=row.majority_percent, voting_days=row.voting_days,
            open_to_join=row.open_to_join, reported=figures(row.reported), source=row.organisation.source,
            version=row.version,
        )  # fmt: skip


def figures(reported: list[dict[str, object]]) -> list[Figure]:
    """Reported figures as they are kept."""
    return [Figure(**{name: str(line.get(name, "")) for name in Figure.model_fields}) for line in reported]


class MemberOut(Output):
    """A member of an alliance 成员."""

    id: UUID = Field(description="Id of the membership.")
    organisation: Ref = Field(description="The member.")
    role: terms.MemberRole = Field(description="Its role; those of the council vote.")
    state: terms.MemberState = Field(description="Whether it is a member still.")
    joined: date | None = Field(description="Day on which it joined.")
    left: date | None = Field(description="Day on which it left.")
    source: str = Field(description="Where the fact comes from, or empty.")

    @classmethod
    def each(cls, row: Membership) -> "MemberOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.id, organisation=ref(row.organisation), role=row.role, state=row.state, joined=row.joined,
            left=row.left, source=row.source,
        )  # fmt: skip


class MemberPage(Page[MemberOut]):
    """A page of members."""


class ApplicationOut(Output):
    """An application to join 入会申请."""

    id: UUID = Field(description="Id of the application, which is that of the membership it may become.")
    organisation: Ref = Field(description="The applicant.")
    state: terms.MemberState = Field(description="Where the application stands.")
    statement: str = Field(description="Why the applicant wants to join.")
    answer: str = Field(description="Why it was returned or decided so, or empty.")
    created_at: datetime = Field(description="When it was handed in.")
    updated_at: datetime = Field(description="When it last changed.")

    @classmethod
    def each(cls, row: Membership) -> "ApplicationOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.id, organisation=ref(row.organisation), state=row.state, statement=row.statement,
            answer=row.answer, created_at=row.created_at, updated_at=row.updated_at,
        )  # fmt: skip


class ApplicationPage(Page[ApplicationOut]):
    """A page of applications."""


class VoteOut(Output):
    """The vote of a council member."""

    organisation: Ref = Field(description="The council member.")
    choice: terms.VoteChoice = Field(description="How it votes.")
    comment: str = Field(description="Its comment, or empty.")
    by_name: str = Field(description="Who voted for it.")
    at: datetime = Field(description="When.")

    @classmethod
    def each(cls, row: Vote) -> "VoteOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            organisation=ref(row.organisation), choice=row.choice, comment=row.comment, by_name=row.by_name, at=row.at
        )


class CountOut(Output):
    """The votes so far, by the rule of the charter."""

    council: int = Field(description="Members of the council when the vote was opened.")
    needed: int = Field(description="Votes needed for the quorum.")
    cast: int = Field(description="Votes handed in.")
    yes: int = Field(description="Votes for.")
    no: int = Field(description="Votes against.")
    abstained: int = Field(description="Abstentions.")


class BallotOut(Output):
    """A vote of an alliance's council 理事会表决."""

    id: UUID = Field(description="Its id.")
    alliance_id: UUID = Field(description="Id of the alliance.")
    kind: terms.BallotKind = Field(description="What is voted on.")
    title: str = Field(description="Its title.")
    text: str = Field(description="What is proposed.")
    application_id: UUID | None = Field(description="The application or the membership that is voted on.")
    role: terms.MemberRole | None = Field(description="The role that the member is to have 拟任职务.")
    closes_on: date = Field(description="Last day for voting.")
    state: terms.BallotState = Field(description="Where it stands.")
    reason: str = Field(description="How it was counted, once it is closed.")
    council: list[UUID] = Field(description="Ids of the organisations that may vote.")
    count: CountOut = Field(description="The votes so far.")
    votes: list[VoteOut] = Field(description="The votes, in the order of their coming.")
    created_at: datetime = Field(description="When it was opened.")
    closed_at: datetime | None = Field(description="When it was closed.")

    @classmethod
    def each(cls, row: Ballot) -> "BallotOut":
        """The answer about a row whose alliance and votes are at hand."""
        votes = sorted(row.votes.all(), key=lambda vote: (vote.at, vote.id))
        return cls(
            id=row.id, alliance_id=row.alliance_id, kind=row.kind, title=row.title, text=row.text,
            application_id=row.membership_id, role=row.role or None,
            closes_on=row.closes_on, state=row.state, reason=say_kept(row.said, row.reason),
            council=row.council, count=_count(row, [vote.choice for vote in votes]),
            votes=[VoteOut.each(vote) for vote in votes], created_at=row.created_at, closed_at=row.closed_at,
        )  # fmt: skip


def _count(row: Ballot, choices: list[str]) -> CountOut:
    counted = Count(
        council=len(row.council), yes=choices.count("for"), no=choices.count("against"),
        abstained=choices.count("abstain"), quorum_percent=row.alliance.quorum_percent,
        majority_percent=row.alliance.majority_percent,
    )  # fmt: skip
    return CountOut(
        council=counted.council, needed=counted.needed, cast=counted.cast, yes=counted.yes, no=counted.no,
        abstained=counted.abstained,
    )  # fmt: skip


class BallotPage(Page[BallotOut]):
    """A page of votes."""


class ReportOut(Output):
    """A yearly report of an alliance 年度报告."""

    id: UUID = Field(description="Its id.")
    alliance_id: UUID = Field(description="Id of the alliance.")
    year: int = Field(description="The year it is about.")
    activities: int = Field(description="How many activities there were.")
    participants: int | None = Field(description="How many took part in them.")
    summary: str = Field(description="What was done.")
    plans: str = Field(description="What is planned for the next year.")
    state: terms.ReportState = Field(description="Where it stands.")
    answer: str = Field(description="Why it was returned, or empty.")
    version: int = Field(description="Counts its changes; name it when changing or deciding.")

    @classmethod
    def each(cls, row: YearlyReport) -> "ReportOut":
        """The answer about a row."""
        return cls(
            id=row.id, alliance_id=row.alliance_id, year=row.year, activities=row.activities,
            participants=row.participants, summary=row.summary, plans=row.plans, state=row.state, answer=row.answer,
            version=row.version,
        )  # fmt: skip


class ReportPage(Page[ReportOut]):
    """A page of yearly reports."""
