"""Writes of consents: taken with the person present or given by the person, signed, withdrawn, told to other nodes."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.consent import (
    Receipt,
    Withdrawals,
    open_withdrawals,
    sign_consent,
    sign_withdrawals,
    subject_of,
)
from shuangcheng.core.identifiers import mask_id_number, mask_name
from shuangcheng.core.letters.withdrawals import Body
from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.text import _
from shuangcheng.core.wire import SKEW, base64url, seconds, sha256
from shuangcheng.directory import audit
from shuangcheng.directory.actions.people import number_digest
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require
from shuangcheng.directory.versions import locked
from shuangcheng.exchange import outbox, trust
from shuangcheng.exchange.handlers import Arrived
from shuangcheng.exchange.models import Peer

from .. import standing, subjects
from ..agreements import register_named
from ..digests import SUBJECTS
from ..inputs.consents import ConsentInput, ScopeInput
from ..models import Consent, WithdrawalList, Withdrawn


@transaction.atomic
def take(*, data: ConsentInput, by: Actor, at: datetime) -> Consent:
    """Take the consent of a person, or of a child's guardian, who is present."""
    require(by, "consent.take")
    where = standing.standing(by, data.organisation)
    register = register_named(data.register_name)
    field, number = _number(register, data.number, at=at)
    child = subjects.is_child(field, number, today=at.date())
    if child != bool(data.guardian):
        text = (
            _("本人不满十四周岁，应由监护人同意，请填写监护人姓名。") if child
            else _("本人已满十四周岁，应由本人同意，不填监护人。")
        )  # fmt: skip
        raise refusal("guardian", text, where="guardian")
    row = Consent(
        name=mask_name(data.name), masked=mask_id_number(number), guardian=data.guardian, taken_by=by.name,
        organisation_id=where.organisation, subject=number_digest(number, SUBJECTS[field]),
    )  # fmt: skip
    return _keep(row, data, register, number, at=at, by=by, verb="consent.take")


@transaction.atomic
def give(*, data: ScopeInput, by: Actor, at: datetime) -> Consent:
    """Give one's own consent, signed in and known by a verified number."""
    require(by, "consent.give")
    register = register_named(data.register_name)
    own = subjects.own(by)
    usable = [each for each in own if subjects.FIELDS[each.kind] in register.fields]
    if not usable:
        text = _("您的账号还没有核验过证件号码，不能在线办理。请持证件到单位办理，或联系节点管理员登记。")
        raise refusal("no_number", text, why=Why.CONFLICT)
    chosen = usable[0]
    if subjects.is_child(subjects.FIELDS[chosen.kind], chosen.number, today=at.date()):
        text = _("您不满十四周岁，应由监护人到学校办理。")
        raise refusal("guardian", text, why=Why.CONFLICT)
    row = Consent(person_id=by.person_id, name=mask_name(by.name), masked=chosen.masked, subject=chosen.digest)
    return _keep(row, data, register, chosen.number, at=at, by=by, verb="consent.give")


def _number(register: Register, text: str, *, at: datetime) -> tuple[str, str]:
    """Which number of a person it is, as it is stored; every reason when it is none that the register knows."""
    reasons: list[Objection] = []
    for field in SUBJECTS:
        if field in register.fields and field in register.checks:
            try:
                return field, register.number(field, text, today=at.date())
            except Refused as refused:
                reasons += refused.objections
    if not reasons:
        text = _("“%(register)s”不涉及个人，查询不需要同意。")
        raise refusal("no_person", text, where="register_name", register=Message(register.title))
    first = reasons[0]
    raise Refused(Objection(first.code, first.message, "number"))


def _keep(
    row: Consent, data: ScopeInput, register: Register, number: str, *, at: datetime, by: Actor, verb: str
) -> Consent:
    basis = LegalBasis.GUARDIAN_CONSENT if row.guardian else LegalBasis.SEPARATE_CONSENT
    fields = _fields(register, data.purpose, data.fields, basis)
    known, salt, ends = trust.current(at=at), base64url(secrets.token_bytes(16)), at + timedelta(days=data.days)
    receipt = Receipt(
        id=str(uuid7()), iss=known.me.authority, subject=subject_of(number, salt=salt), salt=salt,
        guardian=bool(row.guardian), register_name=register.name, purpose=data.purpose, fields=fields,
        recipients=(settings.SHUANGCHENG.node,), given=seconds(at), starts=seconds(at) - SKEW, ends=seconds(ends),
    )  # fmt: skip
    raw = sign_consent(receipt, keys=known.signing(at=at))
    row.id, row.register, row.purpose, row.fields = UUID(receipt.id), register.name, data.purpose, list(fields)
    row.recipients, row.raw, row.digest = list(receipt.recipients), raw, sha256(raw)
    row.given_at = row.starts_at = row.created_at = row.updated_at = at
    row.ends_at = ends
    row.save(force_insert=True)
    changes = audit.differences({}, {"purpose": Purpose(data.purpose).label, "ends": ends.date()})
    audit.record(by=by, at=at, verb=verb, kind="consent", subject=row, title=register.title, changes=changes)
    return row


def _fields(register: Register, purpose: Purpose, asked: Collection[str], basis: LegalBasis) -> tuple[str, ...]:
    grant = register.purposes.get(purpose)
    if grant is None or basis not in grant.bases:
        text = _("“%(register)s”的“%(purpose)s”不以%(basis)s为依据，不需要同意凭证。")
        raise refusal(
            "purpose",
            text,
            where="purpose",
            register=Message(register.title),
            purpose=Message(purpose.label),
            basis=Message(basis.label),
        )
    fields = tuple(name for name in grant.fields if not asked or name in asked)
    if set(asked) - set(grant.fields):
        raise refusal("fields", _("所选用途用不到其中一些数据项，请去掉。"), where="fields")
    return fields


@transaction.atomic
def withdraw(*, consent: Consent, version: int, by: Actor, at: datetime) -> Consent:
    """Withdraw a consent; the other nodes hear of it at once and answer nothing on it any more."""
    require(by, "consent.withdraw", consent)
    row = locked(Consent.objects.all(), consent, version=version)
    if row.withdrawn_at is not None:
        raise refusal("withdrawn", _("这份同意已经撤回。"), why=Why.CONFLICT)
    row.withdrawn_at, row.withdrawn_by, row.updated_at = at, by.name, at
    row.save()
    register = register_named(row.register)
    audit.record(by=by, at=at, verb="consent.withdraw", kind="consent", subject=row, title=register.title)
    _publish(by=by, at=at)
    return row


def _publish(*, by: Actor, at: datetime) -> None:
    """Send the list of what is withdrawn and would still be good to every active node."""
    rows = Consent.objects.filter(withdrawn_at__isnull=False, ends_at__gt=at).order_by("id")
    known = trust.current(at=at)
    ids = tuple(str(id) for id in rows.values_list("pk", flat=True))
    says = Withdrawals(iss=known.me.authority, at=seconds(at), ids=ids)
    document = sign_withdrawals(says, keys=known.signing(at=at)).decode()
    for peer in Peer.objects.active():
        outbox.send(to=peer, type="withdrawals.v1", says={"document": document}, by=by, at=at, kind="consent")


@transaction.atomic
def hear(*, arrived: Arrived, by: Actor, at: datetime) -> None:
    """Take in another node's list of withdrawn consents; one that is older than the list at hand is left aside."""
    peer, body = arrived.peer, arrived.letter.body
    assert isinstance(body, Body)
    held = WithdrawalList.objects.select_for_update().filter(peer=peer).first()
    raw, issuers = body.document.encode(), {peer.authority: trust.current(at=at).peers[peer.authority]}
    try:
        found = open_withdrawals(raw, issuers=issuers, at=at, after=held.at if held else 0)
    except Refused as refused:
        if refused.objections[0].code == "list_old":
            return
        raise
    WithdrawalList.objects.update_or_create(peer=peer, defaults={"raw": raw, "at": found.at})
    rows = [Withdrawn(peer=peer, consent=UUID(id)) for id in found.ids]
    Withdrawn.objects.bulk_create(rows, ignore_conflicts=True)
    changes = {"withdrawn": [None, len(rows)]}
    audit.record(by=by, at=at, verb="consent.hear", kind="peer", subject=peer, changes=changes)
