"""Writes of data-sharing agreements: drafted by one side, signed by both, handed back or ended by either."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shuangcheng.core.agreement import Terms, digest_of, join, sign_agreement
from shuangcheng.core.outcome import Message, Objection, Refused, Why, listed, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read, title_of
from shuangcheng.core.text import _
from shuangcheng.core.wire import seconds
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require
from shuangcheng.directory.versions import locked
from shuangcheng.exchange import outbox, trust
from shuangcheng.exchange.models import Peer

from ..agreements import complete, register_named
from ..inputs.sharings import Part, ScopeInput, SharingReasonInput, TermsInput
from ..models import Sharing
from ..terms import SharingState

OPEN = (SharingState.DRAFT, SharingState.OFFERED, SharingState.RECEIVED)
ENDABLE = (SharingState.IN_FORCE, SharingState.OFFERED)


@transaction.atomic
def draft(*, scope: ScopeInput, data: TermsInput, by: Actor, at: datetime) -> Sharing:
    """Begin an agreement with another authority about one register."""
    require(by, "sharing.keep")
    peer = Peer.objects.active().filter(authority=scope.peer).first()
    if peer is None:
        raise refusal("peer", _("没有已互联的节点“%(name)s”。"), where="peer", name=scope.peer)
    me, there = settings.SHUANGCHENG.node, peer.authority
    provider, recipient = (me, there) if scope.part == Part.PROVIDER else (there, me)
    row = Sharing(family=uuid7(), number=1, peer=peer, provider=provider, recipient=recipient, created_at=at)
    row.register, row.drafted_by = register_named(scope.register_name).name, by.name
    return _keep(row, data, verb="sharing.draft", by=by, at=at)


@transaction.atomic
def revise(*, sharing: Sharing, data: TermsInput, by: Actor, at: datetime) -> Sharing:
    """Draft a new version, which replaces the one in force once both have signed it."""
    require(by, "sharing.keep")
    versions = Sharing.objects.select_for_update(of=("self",)).filter(family=sharing.family)
    newest = versions.order_by("-number").first()
    if newest is None or newest.state in OPEN:
        text = _("这份协议已有一个未办完的版本，请先办完或删去。")
        raise refusal("version_open", text, why=Why.CONFLICT)
    row = Sharing(
        family=sharing.family, number=newest.number + 1, peer=sharing.peer, provider=sharing.provider,
        recipient=sharing.recipient, register=sharing.register, drafted_by=by.name, created_at=at,
    )  # fmt: skip
    return _keep(row, data, verb="sharing.revise", by=by, at=at)


@transaction.atomic
def edit(*, sharing: Sharing, data: TermsInput, version: int, by: Actor, at: datetime) -> Sharing:
    """Change a draft that nobody has signed."""
    require(by, "sharing.keep")
    row = locked(Sharing.objects.all(), sharing, version=version)
    _must_be(row, SharingState.DRAFT)
    return _keep(row, data, verb="sharing.edit", by=by, at=at)


@transaction.atomic
def discard(*, sharing: Sharing, version: int, by: Actor, at: datetime) -> None:
    """Delete a draft that nobody has signed."""
    require(by, "sharing.keep")
    row = locked(Sharing.objects.all(), sharing, version=version)
    _must_be(row, SharingState.DRAFT)
    audit.record(by=by, at=at, verb="sharing.discard", kind="sharing", subject=row, title=title(row))
    row.delete()


@transaction.atomic
def sign(*, sharing: Sharing, version: int, by: Actor, at: datetime) -> Sharing:
    """Sign for this side: an own draft goes to the other side, what the other has signed is in force."""
    require(by, "sharing.keep")
    row = locked(Sharing.objects.select_related("peer"), sharing, version=version)
    _must_be(row, SharingState.DRAFT, SharingState.RECEIVED)
    if row.ends_at <= at:
        raise refusal("over", _("协议的失效日期已过，不能再签署。"), where="ends", why=Why.CONFLICT)
    known = trust.current(at=at)
    row.ours = sign_agreement(read(Terms, row.terms), keys=known.signing(at=at))
    row.signed_by, row.signed_at, row.updated_at = by.name, at, at
    if row.state == SharingState.RECEIVED:
        complete(row, join(bytes(row.theirs or b""), row.ours), at=at)
    else:
        row.state = SharingState.OFFERED
    row.save()
    document = bytes(row.document or row.ours).decode()
    outbox.send(
        to=row.peer, type="agreement.v1", says={"document": document}, by=by, at=at, kind="sharing", reference=row.pk
    )
    changes = {"state": [sharing.state, row.state], "digest": [None, row.digest]}
    audit.record(by=by, at=at, verb="sharing.sign", kind="sharing", subject=row, title=title(row), changes=changes)
    return row


@transaction.atomic
def give_back(*, sharing: Sharing, data: SharingReasonInput, version: int, by: Actor, at: datetime) -> Sharing:
    """Hand back unsigned what the other side has signed, with a reason."""
    require(by, "sharing.keep")
    row = locked(Sharing.objects.select_related("peer"), sharing, version=version)
    _must_be(row, SharingState.RECEIVED)
    row.state, row.reason, row.updated_at = SharingState.RETURNED, data.reason, at
    row.save()
    _tell(row, "return", data.reason, by=by, at=at)
    audit.record(
        by=by, at=at, verb="sharing.return", kind="sharing", subject=row, title=title(row), note=data.reason
    )  # fmt: skip
    return row


@transaction.atomic
def end(*, sharing: Sharing, data: SharingReasonInput, version: int, by: Actor, at: datetime) -> Sharing:
    """End an agreement early, or take back one that the other side has not signed yet; nothing is answered any more."""
    require(by, "sharing.keep")
    row = locked(Sharing.objects.select_related("peer"), sharing, version=version)
    _must_be(row, *ENDABLE)
    row.state, row.reason, row.ended_at, row.updated_at = SharingState.ENDED, data.reason, at, at
    row.save()
    _tell(row, "end", data.reason, by=by, at=at)
    audit.record(by=by, at=at, verb="sharing.end", kind="sharing", subject=row, title=title(row), note=data.reason)
    return row


def title(row: Sharing) -> str:
    """What the audit trail calls a version."""
    return f"{register_named(row.register).title} {row.provider} → {row.recipient} v{row.number}"


def _tell(row: Sharing, act: str, reason: str, *, by: Actor, at: datetime) -> None:
    says = {"agreement": str(row.family), "version": row.number, "digest": row.digest, "act": act, "reason": reason}
    outbox.send(to=row.peer, type="agreement_notice.v1", says=says, by=by, at=at, kind="sharing", reference=row.pk)


def _must_be(row: Sharing, *states: SharingState) -> None:
    if row.state not in states:
        text = _("协议现在是“%(state)s”，不能这样办理。请刷新页面核对。")
        raise refusal("state", text, why=Why.CONFLICT, state=Message(SharingState(row.state).label))


def _keep(row: Sharing, data: TermsInput, *, verb: str, by: Actor, at: datetime) -> Sharing:
    register = register_named(row.register)
    if found := _objections(register, data):
        raise Refused(*found)
    before = dict(row.terms or {})
    starts, ends = _midnight(data.starts), _midnight(data.ends + timedelta(days=1))
    terms = read(Terms, {
        "id": str(row.family), "version": row.number, "provider": row.provider, "recipient": row.recipient,
        "register_name": row.register, "purposes": data.purposes, "bases": data.bases, "askers": data.askers,
        "fields": tuple(name for name in register.fields if name in data.fields),
        "rows_a_letter": data.rows_a_letter, "rows_a_day": data.rows_a_day,
        "starts": seconds(starts), "ends": seconds(ends),
    })  # fmt: skip
    row.terms, row.digest = terms.model_dump(mode="json"), digest_of(terms)
    row.starts_at, row.ends_at, row.updated_at = starts, ends, at
    row.save()
    changes = audit.differences(before, row.terms)
    audit.record(by=by, at=at, verb=verb, kind="sharing", subject=row, title=title(row), changes=changes)
    return row


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _objections(register: Register, data: TermsInput) -> list[Objection]:
    """What the register's declaration does not allow, and what in the terms could never be asked."""
    found: list[Objection] = []

    def object_to(code: str, where: str, text: str, **values: Any) -> None:
        found.append(Objection(code, Message(text, values), where))

    grants = {purpose: register.purposes[purpose] for purpose in data.purposes if purpose in register.purposes}
    if unknown := [purpose.label for purpose in data.purposes if purpose not in grants]:
        text = _("“%(register)s”不为这些用途提供查询：%(which)s。")
        object_to("purposes", "purposes", text, register=Message(register.title), which=listed(unknown))
    needed = {name for grant in grants.values() for name in grant.fields}
    if beyond := [name for name in data.fields if name not in needed]:
        text = _("所选用途用不到这些数据项：%(which)s。请去掉，只提供必要的。")
        object_to("fields", "fields", text, which=_titles(register, beyond))
    for purpose, grant in grants.items():
        usable = set(grant.bases) & set(data.bases) and set(grant.askers) & set(data.askers)
        if not usable or not set(grant.fields) & set(data.fields):
            text = _("“%(purpose)s”没有可用的法律依据、查询主体或数据项。请补选，或去掉这项用途。")
            object_to("purpose_empty", "purposes", text, purpose=Message(purpose.label))
    if data.starts > data.ends:
        object_to("ends", "ends", _("失效日期早于生效日期。"))
    return found


def _titles(register: Register, names: Sequence[str]) -> Message:
    known = [str(title_of(register.record, name)) for name in names]
    return listed(known)


def of_family(family: UUID, number: int) -> Sharing | None:
    """A version of an agreement under its lock."""
    rows = Sharing.objects.select_for_update(of=("self",)).select_related("peer")
    return rows.filter(family=family, number=number).first()
