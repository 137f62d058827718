"""Writes of people, accounts, roles and numbers."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction

from shuangcheng.core import seal
from shuangcheng.core.identifiers import mask_id_number, parse_id_card
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..models import Account, Expert, Grant, Organisation, Person, PersonNumber
from ..people_inputs import AccountInput, GrantInput, MailInput, NameInput, PersonInput
from ..policy import require
from ..terms import NumberKind, Role
from ..versions import locked

NODE_ROLES = (Role.NODE_ADMIN, Role.AUDITOR)


@transaction.atomic
def create(*, data: PersonInput, password: str | None, by: Actor, at: datetime, invented: bool = False) -> Account:
    """Enter a person with an account and a first role; without a password they sign in by single sign-on."""
    organisation = lookup.organisation(data.organisation)
    require(by, "person.create", organisation)
    _may_give(by, data.role)
    person = Person.objects.create(
        name=data.name, pinyin=pinyin_key(data.name), invented=invented, created_at=at, updated_at=at
    )
    account = _account(person, data.login, password)
    if data.id_number:
        _add_number(person, NumberKind.ID_CARD, parse_id_card(data.id_number, today=at.date()).number)
    audit.record(by=by, at=at, verb="person.create", kind="person", subject=person, note=data.login)
    _grant(person, data.role, organisation, valid_until=None, by=by, at=at)
    return account


@transaction.atomic
def open_account(
    *,
    person: Person,
    data: AccountInput,
    role: Role,
    organisation: Organisation,
    password: str,
    by: Actor,
    at: datetime,
) -> Account:
    """Give a person who was entered without one an account, with a role in an organisation."""
    require(by, "person.create", organisation)
    _may_give(by, role)
    if Account.objects.filter(person=person).exists():
        raise refusal("account_there", _("此人已有账号，不必再开通。"), why=Why.CONFLICT)
    account = _account(person, data.login, password)
    audit.record(by=by, at=at, verb="account.create", kind="person", subject=person, note=account.login)
    _grant(person, role, organisation, valid_until=None, by=by, at=at)
    return account


def _account(person: Person, login: str, password: str | None) -> Account:
    if Account.objects.filter(login__iexact=login).exists():
        raise refusal("login_taken", _("登录名已有人使用，请换一个。"), where="login", why=Why.CONFLICT)
    account = Account(login=login.lower(), person=person)
    account.set_password(password)
    account.save()
    return account


def _may_give(by: Actor, role: Role) -> None:
    """Only the node's administrator gives the roles that see everything; only officers make officers."""
    if by.kind == "system" or by.has(Role.NODE_ADMIN):
        return
    if role in NODE_ROLES or (role == Role.OFFICER and not by.has(Role.OFFICER)):
        text = _("您不能授予“%(role)s”角色，请联系节点管理员。")
        raise refusal("role_too_high", text, where="role", why=Why.FORBIDDEN, role=role.label)


@transaction.atomic
def grant(*, person: Person, data: GrantInput, by: Actor, at: datetime) -> Grant:
    """Give a person a role in an organisation."""
    organisation = lookup.organisation(data.organisation)
    require(by, "person.grant", organisation)
    _may_give(by, data.role)
    if person.grants.current(at.date()).filter(role=data.role, organisation=organisation).exists():
        raise refusal("grant_there", _("此人在该单位已有这个角色。"), where="role", why=Why.CONFLICT)
    return _grant(person, data.role, organisation, valid_until=data.valid_until, by=by, at=at)


def _role_in(role: Role, organisation: Organisation | None) -> Message:
    return Message(_("%(title)s：%(text)s"), {"title": Message(role.label), "text": str(organisation)})


def _grant(
    person: Person, role: Role, organisation: Organisation, *, valid_until: date | None, by: Actor, at: datetime
) -> Grant:
    given = Grant.objects.create(
        person=person,
        role=role,
        organisation=organisation,
        side=organisation.side,
        valid_from=at.date(),
        valid_until=valid_until,
    )
    note = _role_in(role, organisation)
    audit.record(by=by, at=at, verb="person.grant", kind="person", subject=person, note=note)
    return given


@transaction.atomic
def end_grant(*, grant: Grant, by: Actor, at: datetime) -> Grant:
    """Take a role away from today on; it stays on record."""
    require(by, "person.grant", grant.organisation)
    _may_give(by, Role(grant.role))
    if grant.person_id == by.person_id and grant.role == Role.NODE_ADMIN:
        raise refusal("last_admin", _("不能撤销自己的节点管理员角色，请由另一位管理员办理。"), why=Why.CONFLICT)
    if grant.valid_until and grant.valid_until < at.date():
        raise refusal("grant_over", _("这个角色早已收回，不必再办。"), why=Why.CONFLICT)
    grant.valid_until = at.date() - timedelta(days=1)
    grant.save(update_fields=["valid_until"])
    note = _role_in(Role(grant.role), grant.organisation)
    audit.record(by=by, at=at, verb="person.grant_end", kind="person", subject=grant.person, note=note)
    return grant


@transaction.atomic
def correct_name(*, person: Person, data: NameInput, version: int, by: Actor, at: datetime) -> Person:
    """Correct a person's name; the audit trail keeps the old one and the reason."""
    _manages(by, person, at)
    person = locked(Person.objects.all(), person, version=version)
    if data.name == person.name:
        raise refusal("same_name", _("新名称与现名称相同。"), where="name")
    changes = {"name": [person.name, data.name]}
    person.name, person.pinyin, person.updated_at = data.name, pinyin_key(data.name), at
    person.save(update_fields=["name", "pinyin", "version", "updated_at"])
    expert = Expert.objects.filter(person=person).first()
    for kind, subject in (("person", person), ("expert", expert)):
        if subject:
            audit.record(
                by=by, at=at, verb="person.name", kind=kind, subject=subject, changes=changes, note=data.basis
            )  # fmt: skip
    return person


def _manages(by: Actor, person: Person, at: datetime) -> None:
    """Whoever takes an account over gets all its roles, so he must be allowed to give every one of them."""
    grants = list(person.grants.current(at.date()).select_related("organisation"))
    if not grants:
        require(by, "person.number", person)
    for grant in grants:
        require(by, "person.create", grant.organisation)
        _may_give(by, Role(grant.role))


@transaction.atomic
def set_password(*, account: Account, password: str, by: Actor, at: datetime) -> Account:
    """Give an account a new first password, and end its tokens; its holder changes it after signing in."""
    _manages(by, account.person, at)
    account.set_password(password)
    account.save(update_fields=["password"])
    account.tokens.filter(revoked_at__isnull=True).update(revoked_at=at)
    audit.record(by=by, at=at, verb="account.password", kind="person", subject=account.person)
    return account


@transaction.atomic
def reset_second_factor(*, account: Account, by: Actor, at: datetime) -> Account:
    """Take a lost second factor off an account 重置动态口令; its holder sets up a new one at the next sign-in."""
    require(by, "account.second_factor", account)
    if account.person_id == by.person_id:
        raise refusal("own_account", _("请在“账号与安全”里停用自己的动态口令。"), why=Why.CONFLICT)
    if not Authenticator.objects.filter(user=account).exists():
        raise refusal("no_second_factor", _("这个账号没有启用动态口令。"), why=Why.CONFLICT)
    Authenticator.objects.filter(user=account).delete()
    audit.record(by=by, at=at, verb="account.second_factor_reset", kind="person", subject=account.person)
    return account


@transaction.atomic
def set_active(*, account: Account, active: bool, by: Actor, at: datetime) -> Account:
    """Close an account or open it again."""
    _manages(by, account.person, at)
    if account.person_id == by.person_id:
        raise refusal("own_account", _("不能停用自己的账号。"), why=Why.CONFLICT)
    account.is_active = active
    account.save(update_fields=["is_active"])
    verb = "account.open" if active else "account.close"
    audit.record(by=by, at=at, verb=verb, kind="person", subject=account.person)
    return account


@transaction.atomic
def set_mail(*, account: Account, data: MailInput, by: Actor, at: datetime) -> Account:
    """Say where one's own reminders go, and whether they come by e-mail at all."""
    require(by, "account.mail", account)
    changes = audit.differences({"wants_mail": account.wants_mail}, {"wants_mail": data.wants_mail})
    account.email, account.wants_mail = data.email, data.wants_mail
    account.save(update_fields=["email", "wants_mail"])
    audit.record(by=by, at=at, verb="account.mail", kind="person", subject=account.person, changes=changes)
    return account


def _bound_to(row_id: UUID, kind: str) -> str:
    return f"{row_id}/{kind}"


def number_digest(number: str, kind: NumberKind) -> bytes:
    """The keyed digest by which a number is looked up on this node."""
    return seal.digest(number, key=settings.DIGEST_KEY, kind=str(kind))


def _add_number(person: Person, kind: NumberKind, number: str) -> PersonNumber:
    row = PersonNumber(person=person, kind=kind, digest=number_digest(number, kind), masked=mask_id_number(number))
    row.sealed = seal.seal(
        number, key=settings.IDENTITY_KEY, bound_to=_bound_to(row.id, str(kind)), nonce=secrets.token_bytes(12)
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        text = _("这个证件号码已登记在另一人名下。请先查找此人，不要重复登记。")
        raise refusal("number_taken", text, where="id_number", why=Why.CONFLICT) from error
    return row


@transaction.atomic
def find_by_number(*, number: str, by: Actor, at: datetime) -> Person | None:
    """The person with an id card number, among those the actor may see; the look-up is kept, the number is not."""
    require(by, "person.find")
    digest = number_digest(parse_id_card(number, today=at.date()).number, NumberKind.ID_CARD)
    current = PersonNumber.objects.filter(digest=digest, valid_until__isnull=True)
    person = Person.objects.visible_to(by).filter(pk__in=current.values("person")).first()
    audit.record(by=by, at=at, verb="person.find", kind="person", subject=person)
    return person


@transaction.atomic
def reveal_number(*, number: PersonNumber, reason: str, by: Actor, at: datetime) -> str:
    """The number in clear, for a stated reason that is kept."""
    require(by, "person.number", number.person)
    if len(reason.strip()) < 4:
        raise refusal("reason_missing", _("请写明查看完整号码的理由。"), where="reason")
    plain = own_number(number)
    audit.record(by=by, at=at, verb="person.number", kind="person", subject=number.person, note=reason.strip())
    return plain


def own_number(number: PersonNumber) -> str:
    """The number in clear, for what its owner does with it himself."""
    return seal.unseal(bytes(number.sealed), key=settings.IDENTITY_KEY, bound_to=_bound_to(number.id, number.kind))
