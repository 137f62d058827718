"""People, their roles, and tokens for programs."""

import secrets
from uuid import UUID

from django.db.models import Q, QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.directory import terms
from shuangcheng.directory.actions import people, tokens
from shuangcheng.directory.models import Account, ApiToken, Grant, Person
from shuangcheng.directory.people_inputs import GrantInput, NameInput, PersonInput, TokenInput

from ..asked import Asked
from ..outputs.people import (
    GrantOut,
    PersonFound,
    PersonMade,
    PersonOut,
    PersonPage,
    TokenMade,
    TokenOut,
    TokenPage,
)
from ..paging import Paging, page
from ..section import Section
from .common import Read, Words, made, one, version_read

section = Section("People and tokens", "People with roles 人员与任职, numbers masked; one's own tokens 接口令牌.")


class PersonFilters(Paging):
    """Which people."""

    role: terms.Role | None = Field(None, description="Those who hold this role today.")
    q: Words = Field("", description="Part of the name or login, or the beginning of the pinyin.")


def _shown(request: Asked) -> "QuerySet[Person]":
    """The visible people; a subquery, because joins for the rights may repeat rows."""
    seen = Person.objects.visible_to(request.actor).order_by().values("pk")
    rows = Person.objects.filter(pk__in=seen).select_related("account")
    return rows.prefetch_related("numbers", "grants__organisation")


@section.reads("/people", PersonPage, open=False)
def list_people(request: Asked, filters: Query[PersonFilters]) -> PersonPage:
    """List people.

    In the order of the pinyin of their names: oneself, and for administrators and officers the people of their
    organisation or side.
    """
    rows = _shown(request)
    if filters.role:
        holders = Grant.objects.current(request.at.date()).filter(role=filters.role).values("person")
        rows = rows.filter(pk__in=holders)
    if filters.q:
        words = filters.q.lower()
        rows = rows.filter(
            Q(name__contains=filters.q) | Q(account__login__contains=words) | Q(pinyin__startswith=words)
        )
    return page(
        rows, order=("pinyin", "id"), asked=request, paging=filters, gives=PersonPage, each=PersonOut.each
    )  # fmt: skip


@section.reads("/people/{uuid:id}", PersonOut, open=False)
def get_person(request: Asked, id: UUID) -> PersonOut:
    """Get a person.

    With roles, the past ones included. Numbers are masked, always.
    """
    return PersonOut.each(one(_shown(request), id=id))


class NumberInput(Input):
    """A number to look for; in the body, because addresses are logged."""

    number: str = Field(
        min_length=1, max_length=24, title=_("居民身份证号"), description="Id card number, 18 characters."
    )


@section.writes("/people/find", PersonFound)
def find_person(request: Asked, data: NumberInput) -> PersonFound:
    """Find the person with an id card number.

    Among the people one may see. The look-up is kept in the audit trail, the number is not.
    """
    person = people.find_by_number(number=data.number, by=request.actor, at=request.at)
    return PersonFound(id=person.pk if person else None)


@section.writes("/people", PersonMade, status=201)
def create_person(request: Asked, data: PersonInput) -> PersonMade:
    """Enter a person.

    With an account and a first role. The first password is told once; its holder changes it after signing in.
    """
    password = secrets.token_urlsafe(12)
    account = people.create(data=data, password=password, by=request.actor, at=request.at)
    made(request, "get_person", account.person_id)
    # Read past the rights: whoever has just entered a person may be told so.
    row = Person.objects.select_related("account").get(pk=account.person_id)
    return PersonMade(**PersonOut.each(row).model_dump(), first_password=password)


@section.writes("/people/{uuid:id}/name", PersonOut, method="PUT", also=(412, 428))
def correct_name(request: Asked, id: UUID, data: NameInput, read: Query[Read]) -> PersonOut:
    """Correct a person's name.

    Name the version that was read. By whoever may give every role the person has; the audit trail keeps the old name
    and the reason.
    """
    row = one(_shown(request), id=id)
    stated = version_read(request, row, read)
    people.correct_name(person=row, data=data, version=stated, by=request.actor, at=request.at)
    return PersonOut.each(one(_shown(request), id=id))


@section.writes("/people/{uuid:id}/grants", GrantOut, status=201)
def grant_role(request: Asked, id: UUID, data: GrantInput) -> GrantOut:
    """Give a person a role.

    In an organisation that one administers, or whose officer one is.
    """
    row = people.grant(person=one(_shown(request), id=id), data=data, by=request.actor, at=request.at)
    return GrantOut.each(row)


@section.writes("/grants/{uuid:id}/end", GrantOut)
def end_grant(request: Asked, id: UUID) -> GrantOut:
    """Take a role away.

    From today on; it stays on record.
    """
    seen = Person.objects.visible_to(request.actor).order_by().values("pk")
    row = one(Grant.objects.filter(person__in=seen).select_related("organisation", "person"), id=id)
    return GrantOut.each(people.end_grant(grant=row, by=request.actor, at=request.at))


def _own(request: Asked) -> "QuerySet[ApiToken]":
    return ApiToken.objects.visible_to(request.actor)


@section.reads("/tokens", TokenPage, open=False)
def list_tokens(request: Asked, filters: Query[Paging]) -> TokenPage:
    """List one's own tokens.

    The newest first, those that were revoked or have ended included.
    """
    return page(
        _own(request), order=("-id",), asked=request, paging=filters, gives=TokenPage, each=TokenOut.each
    )  # fmt: skip


@section.writes("/tokens", TokenMade, status=201)
def create_token(request: Asked, data: TokenInput) -> TokenMade:
    """Make a token.

    For one's own account, with no scope that the token in use lacks. It is told once.
    """
    account = one(Account.objects.all(), id=request.actor.account_id)
    row, clear = tokens.create_token(account=account, data=data, by=request.actor, at=request.at)
    return TokenMade(**TokenOut.each(row).model_dump(), token=clear)


@section.writes("/tokens/{uuid:id}", TokenOut, method="DELETE")
def revoke_token(request: Asked, id: UUID) -> TokenOut:
    """Revoke a token.

    From now on it is refused; it stays on record.
    """
    return TokenOut.each(tokens.revoke_token(token=one(_own(request), id=id), by=request.actor, at=request.at))
