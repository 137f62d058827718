"""Answers about experts, people and tokens; personal numbers only masked."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.models import ApiToken, Avoidance, Expert, Grant, Person, PersonNumber, Service

from .base import Output, Page, Ref
from .organisations import ref


class ExpertOut(Output):
    """A person of the expert pool 专家库."""

    id: UUID = Field(description="Id in the pool.")
    person_id: UUID = Field(description="Id of the person.")
    name: str = Field(description="The expert's name.")
    employer: Ref = Field(description="Where the expert works.")
    nominated_by: Ref = Field(description="Who nominated the expert.")
    side: terms.Side = Field(description="On whose side.")
    title: str = Field(description="Professional title 职称, or empty.")
    field: terms.Field = Field(description="Field 领域.")
    specialities: str = Field(description="What the expert knows about 专长.")
    state: terms.ExpertState = Field(description="Where the expert stands.")
    answer: str = Field(description="Why it was decided so, or empty.")
    vetted_at: datetime | None = Field(description="When it was decided.")
    term_until: date | None = Field(description="Last day in the pool.")
    version: int = Field(description="Counts its changes; name it when changing it.")

    @classmethod
    def each(cls, row: Expert) -> "ExpertOut":
        """The answer about a row whose person, employer and nominator are at hand."""
        return cls(
            id=row.id, person_id=row.person_id, name=row.person.name, employer=ref(row.employer),
            nominated_by=ref(row.nominated_by), side=row.side, title=row.title, field=row.field,
            specialities=row.specialities, state=row.state, answer=row.answer, vetted_at=row.vetted_at,
            term_until=row.term_until, version=row.version,
        )  # fmt: skip


class ExpertPage(Page[ExpertOut]):
    """A page of experts."""


class AvoidanceOut(Output):
    """A relation that keeps an expert from judging 回避关系."""

    id: UUID = Field(description="Its id.")
    expert_id: UUID = Field(description="The expert.")
    organisation: Ref | None = Field(description="The organisation that the expert keeps away from.")
    person: Ref | None = Field(description="The person that the expert keeps away from.")
    reason: str = Field(description="Why.")
    valid_from: date = Field(description="First day.")
    valid_until: date | None = Field(description="Last day.")

    @classmethod
    def each(cls, row: Avoidance) -> "AvoidanceOut":
        """The answer about a row whose organisation and person are at hand."""
        return cls(
            id=row.id, expert_id=row.expert_id, organisation=ref(row.organisation) if row.organisation else None,
            person=Ref(id=row.person.id, name=row.person.name) if row.person else None, reason=row.reason,
            valid_from=row.valid_from, valid_until=row.valid_until,
        )  # fmt: skip


class AvoidancePage(Page[AvoidanceOut]):
    """A page of relations of avoidance."""


class ServiceOut(Output):
    """An invitation to an expert and what came of it 服务记录."""

    id: UUID = Field(description="Its id.")
    expert_id: UUID = Field(description="The expert.")
    host: Ref = Field(description="Who invites.")
    task: str = Field(description="To what.")
    begins: date = Field(description="First day.")
    ends: date = Field(description="Last day.")
    state: terms.ServiceState = Field(description="Where it stands.")
    hours: float | None = Field(description="Hours of work, once it is done.")
    result: str = Field(description="What was done, or empty.")

    @classmethod
    def each(cls, row: Service) -> "ServiceOut":
        """The answer about a row whose host is at hand."""
        return cls(
            id=row.id, expert_id=row.expert_id, host=ref(row.host), task=row.task, begins=row.begins, ends=row.ends,
            state=row.state, hours=row.hours, result=row.result,
        )  # fmt: skip


class ServicePage(Page[ServiceOut]):
    """A page of services."""


class GrantOut(Output):
    """A role of a person in an organisation 任职."""

    id: UUID = Field(description="Its id.")
    role: terms.Role = Field(description="The role.")
    organisation: Ref | None = Field(description="Where.")
    side: terms.Side = Field(description="On whose side.")
    valid_from: date = Field(description="First day.")
    valid_until: date | None = Field(description="Last day.")

    @classmethod
    def each(cls, row: Grant) -> "GrantOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.id, role=row.role, organisation=ref(row.organisation) if row.organisation else None,
            side=row.side, valid_from=row.valid_from, valid_until=row.valid_until,
        )  # fmt: skip


class NumberOut(Output):
    """A number of a person, masked; the API never gives it whole."""

    kind: terms.NumberKind = Field(description="What number it is.")
    masked: str = Field(description="Its beginning and end.", examples=["999***********1234"])
    valid_until: date | None = Field(description="Last day, if it is no longer valid.")

    @classmethod
    def each(cls, row: PersonNumber) -> "NumberOut":
        """The answer about a row."""
        return cls(kind=row.kind, masked=row.masked, valid_until=row.valid_until)


class PersonOut(Output):
    """A person with roles 人员."""

    id: UUID = Field(description="Id of the person.")
    name: str = Field(description="The name.")
    login: str = Field(description="Login of the account, or empty.")
    active: bool = Field(description="Whether the account is open.")
    invented: bool = Field(description="Whether the person was made up for a demonstration.")
    version: int = Field(description="Counts the changes of the name; name it when correcting it.")
    numbers: list[NumberOut] = Field(description="Numbers, masked.")
    grants: list[GrantOut] = Field(description="Roles, the past ones included.")

    @classmethod
    def each(cls, row: Person) -> "PersonOut":
        """The answer about a row whose account, numbers and grants are at hand."""
        account = getattr(row, "account", None)
        return cls(
            id=row.id, name=row.name, login=account.login if account else "",
            active=bool(account and account.is_active), invented=row.invented, version=row.version,
            numbers=[NumberOut.each(number) for number in row.numbers.all()],
            grants=[GrantOut.each(grant) for grant in row.grants.all()],
        )  # fmt: skip


class PersonPage(Page[PersonOut]):
    """A page of people."""


class PersonFound(Output):
    """Who has a number."""

    id: UUID | None = Field(description="Id of the person; none when nobody one may see has the number.")


class PersonMade(PersonOut):
    """A person that was just entered, with the first password."""

    first_password: str | None = Field(
        description="The first password. Told once: a repeated answer has null here, and only a new one can be set."
    )


class TokenOut(Output):
    """A token for a program 接口令牌."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="What it is for.")
    hint: str = Field(description="Its first characters, to tell tokens apart.")
    scopes: list[str] = Field(description="What it is limited to.")
    created_at: datetime = Field(description="When it was made.")
    expires_at: datetime = Field(description="When it ends.")
    last_used_at: datetime | None = Field(description="When it was last used, to the hour.")
    revoked_at: datetime | None = Field(description="When it was revoked.")

    @classmethod
    def each(cls, row: ApiToken) -> "TokenOut":
        """The answer about a row."""
        return cls(
            id=row.id, name=row.name, hint=row.hint, scopes=row.scopes, created_at=row.created_at,
            expires_at=row.expires_at, last_used_at=row.last_used_at, revoked_at=row.revoked_at,
        )  # fmt: skip


class TokenPage(Page[TokenOut]):
    """A page of tokens."""


class TokenMade(TokenOut):
    """A token that was just made."""

    token: str | None = Field(
        description="The token itself. Told once: a repeated answer has null here; then revoke it and make another."
    )
