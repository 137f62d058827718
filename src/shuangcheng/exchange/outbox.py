"""Letters out: written with what they tell of in one transaction, delivered at least once, settled once.

Each attempt seals the same body anew. A fault of the network or of the other node is tried again, later each time; what
the other node refuses is final. Nothing is ever dropped: a letter that was given up stays, with the reason.
"""

import json
import random
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from shuangcheng.core.letter import Draft, Letter, Sealed, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.strict_json import read_object
from shuangcheng.core.text import _
from shuangcheng.core.wire import base64url, sha256
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7

from . import client, handlers, log, trust
from .models import Outgoing, Peer
from .own import own_authority
from .terms import Direction, OutState, PeerState
from .vault import seal_text, unseal_text

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
LEASE = timedelta(seconds=120)
"""How long an attempt may take before another may begin: longer than the time-outs of HTTP."""
GIVEN_UP = timedelta(days=14)
AGAIN = frozenset({408, 425, 429})
"""Statuses of refusals that are not final."""
AGAIN_CODES = frozenset({"clock_off", "peer_not_active", "replayed"})
"""Codes of such: a copy of an attempt may arrive before it, and the other node may activate this one a little later."""
PATH = "/exchange/letters"

log_ = structlog.get_logger(__name__)


def nonce() -> str:
    """Sixteen fresh bytes in base64url."""
    return base64url(secrets.token_bytes(16))


def send(
    *, to: Peer, type: str, says: Mapping[str, Any], by: Actor, at: datetime, kind: str = "",
    reference: UUID | None = None, outside: Mapping[str, Any] | None = None,
) -> Outgoing:  # fmt: skip
    """Put a letter into the outbox, in the caller's transaction; a job delivers it once that is committed."""
    row = _written(
        to=to, type=type, says=says, by=by, at=at, kind=kind, reference=reference, outside=outside
    )  # fmt: skip
    row.next_at = at
    row.save(force_insert=True)
    wake(row, at=None)
    return row


def send_at_once(
    *, to: Peer, type: str, says: Mapping[str, Any], by: Actor, at: datetime, kind: str = "",
    reference: UUID | None = None, outside: Mapping[str, Any] | None = None,
) -> tuple[Outgoing, Sealed]:  # fmt: skip
    """Put a letter into the outbox with its first attempt begun, which the caller finishes after the commit."""
    row = _written(
        to=to, type=type, says=says, by=by, at=at, kind=kind, reference=reference, outside=outside
    )  # fmt: skip
    sealed = _begun(row, at=at)
    row.save(force_insert=True)
    return row, sealed


def _written(
    *, to: Peer, type: str, says: Mapping[str, Any], by: Actor, at: datetime, kind: str, reference: UUID | None,
    outside: Mapping[str, Any] | None,
) -> Outgoing:  # fmt: skip
    """A letter's row, not saved."""
    if to.state not in (PeerState.ACTIVE, PeerState.INTRODUCED):
        text = _("与%(name)s的互联%(state)s，不能发信。")
        raise refusal("peer_not_active", text, name=to.name, state=PeerState(to.state).label)
    declared, me = LETTERS[type], own_authority()
    draft = Draft(
        iss=me, aud=to.authority, jti=str(uuid7()), type=type, body=says, salt=nonce(), private=declared.private,
        outside=dict(outside or {}),
    )  # fmt: skip
    content = draft.content
    return Outgoing(
        id=UUID(draft.jti), peer=to, type=type, private=declared.private, outside=draft.outside,
        content=seal_text(content.decode(), bound_to=f"outgoing:{draft.jti}"), body_hash=sha256(content), kind=kind,
        reference=reference, by_name=by.name, created_at=at,
    )  # fmt: skip


def wake(row: Outgoing, *, at: datetime | None) -> None:
    """Have a job deliver a letter, now or later."""
    app.configure_task("exchange.deliver", queue="exchange", schedule_at=at).defer(letter=str(row.pk))


def due(*, at: datetime) -> list[UUID]:
    """The letters that wait for an attempt."""
    return list(Outgoing.objects.filter(state=OutState.WAITING, next_at__lte=at).values_list("pk", flat=True))


def deliver(id: UUID, *, at: datetime) -> Outgoing | None:
    """Try to deliver a letter that is due; None when it is not, or somebody else is at it."""
    with transaction.atomic():
        ready = Q(state=OutState.WAITING, next_at__lte=at)
        rows = Outgoing.objects.select_for_update(of=("self",), skip_locked=True).select_related("peer")
        row = rows.filter(ready, pk=id).first()
        sealed = begin(row, at=at) if row else None
    return finish(row, sealed, at=at) if row and sealed else None


def begin(row: Outgoing, *, at: datetime) -> Sealed:
    """Seal an attempt and remember it, in the caller's transaction; it is nobody else's until the lease ends."""
    sealed = _begun(row, at=at)
    row.save(update_fields=["attempts", "digests", "next_at"])
    return sealed


def _begun(row: Outgoing, *, at: datetime) -> Sealed:
    """Seal an attempt, note it in the log and in the row, which the caller saves."""
    known = trust.current(at=at)
    sealed = _sealed(row, known, at=at)
    if not row.attempts:
        outside = {"iss": known.me.authority, "aud": row.peer.authority, "jti": str(row.pk), "type": row.type}
        outside["body_hash"] = row.body_hash
        log.append_letter(direction=Direction.OUT, outside=outside, digest=sealed.digest, at=at)
    row.attempts += 1
    row.digests = [*row.digests[-19:], sealed.digest]
    row.next_at = at + LEASE
    return sealed


def _sealed(row: Outgoing, known: trust.Trust, *, at: datetime) -> Sealed:
    if row.content is None:
        raise refusal("erased", _("信件内容已按期限删除，不能再发送。"))
    content = json.loads(unseal_text(row.content, bound_to=f"outgoing:{row.pk}"))
    draft = Draft(
        iss=known.me.authority, aud=row.peer.authority, jti=str(row.pk), type=row.type, body=content["says"],
        salt=content["salt"], private=row.private, outside=row.outside,
    )  # fmt: skip
    authority = row.peer.authority
    keys = known.signing_for(authority, at=at)
    receiver = known.receiver(authority, at=at) if row.private else None
    return seal(draft, nonce=nonce(), at=at, keys=keys, receiver=receiver)


def finish(row: Outgoing, sealed: Sealed, *, at: datetime) -> Outgoing:
    """Send the sealed attempt and settle what came of it."""
    try:
        answer = client.post(row.peer.base_url + PATH, sealed.raw)
    except client.Unreachable as error:
        return _postpone(row, code="unreachable", message=str(error), at=at)
    if answer.media_type == client.SEALED and answer.status in (200, 422):
        return _answered(row, answer.raw, at=at)
    code, message = problem_of(answer)
    if not 400 <= answer.status < 500 or answer.status in AGAIN or code in AGAIN_CODES:
        return _postpone(row, code=code, message=message, at=at)
    return _refused(row, [{"code": code, "message": message}], at=at)


def _answered(row: Outgoing, raw: bytes, *, at: datetime) -> Outgoing:
    """Open a signed answer, which must be one to an attempt of ours."""
    known = trust.current(at=at)
    try:
        letter = open_letter(
            raw, me=known.me, peers={row.peer.authority: known.peers[row.peer.authority]}, keys=known.opening,
            types=LETTERS, at=at, in_reply_to=row.digests,
        )  # fmt: skip
    except Refused as refused:
        return _postpone(row, code=refused.objections[0].code, message=str(refused), at=at)
    if letter.envelope.type == "receipt.v1" and letter.says["standing"] == "refused":
        return _refused(row, list(letter.says.get("reasons", [])), at=at, letter=letter)
    parked = letter.envelope.type == "receipt.v1" and letter.says["standing"] == "parked"
    return _settle(row, OutState.PARKED if parked else OutState.DELIVERED, at=at, letter=letter)


def _refused(row: Outgoing, reasons: list[dict[str, str]], *, at: datetime, letter: Letter | None = None) -> Outgoing:
    return _settle(row, OutState.REFUSED, at=at, letter=letter, reasons=reasons)


@transaction.atomic
def _settle(
    row: Outgoing, state: OutState, *, at: datetime, letter: Letter | None = None,
    reasons: list[dict[str, str]] | None = None,
) -> Outgoing:  # fmt: skip
    """The end of a letter's way, once: who waits for it hears, in the same transaction."""
    row = Outgoing.objects.select_for_update(of=("self",)).select_related("peer").get(pk=row.pk)
    if row.state != OutState.WAITING:
        return row
    row.state, row.reasons, row.next_at, row.settled_at = state, reasons or [], None, at
    if letter is not None:
        row.reply_type = letter.envelope.type
        row.reply_content = seal_text(letter.content.decode(), bound_to=f"reply:{row.pk}")
        log.append_letter(direction=Direction.IN, outside=log.outside_of(letter), digest=letter.digest, at=at)
    row.save()
    if letter is not None:
        _reached(row.peer, at=at)
    if state == OutState.DELIVERED and letter is not None and (take := handlers.ANSWERS.get(row.type)):
        take(row, letter, at)
    if state in (OutState.REFUSED, OutState.DEAD) and (hear := handlers.FAILURES.get(row.type)):
        hear(row, at)
    return row


def _reached(peer: Peer, *, at: datetime) -> None:
    """The peer answered; told once a minute at most, so that letters do not wait for each other here."""
    stale = peer.reached_at is None or peer.reached_at < at - timedelta(minutes=1)
    if stale or peer.failing_since is not None:
        Peer.objects.filter(pk=peer.pk).update(reached_at=at, failing_since=None, failure="")


@transaction.atomic
def _postpone(row: Outgoing, *, code: str, message: str, at: datetime) -> Outgoing:
    """Try again later, each time about twice as late; after two weeks nobody tries any more."""
    if at - (row.again_at or row.created_at) > GIVEN_UP:
        return _settle(row, OutState.DEAD, at=at, reasons=[{"code": code, "message": message}])
    row = Outgoing.objects.select_for_update(of=("self",)).select_related("peer").get(pk=row.pk)
    if row.state != OutState.WAITING:
        return row
    row.next_at = at + wait(row.attempts)
    row.reasons = [{"code": code, "message": message[:500]}]
    row.save(update_fields=["next_at", "reasons"])
    Peer.objects.filter(pk=row.peer_id, failing_since=None).update(failing_since=at)
    Peer.objects.filter(pk=row.peer_id).update(failure=f"{code}: {message}"[:300])
    log_.warning("letter_postponed", letter=str(row.pk), type=row.type, code=code, attempts=row.attempts)
    wake(row, at=row.next_at)
    return row


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, up to an hour, give or take a half."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 16))
    return longest * random.uniform(0.5, 1.5)  # noqa: S311 spreads the load, hides nothing


def problem_of(answer: client.Answer) -> tuple[str, str]:
    """Code and sentence of an unsigned refusal: good for trying again, proof of nothing."""
    try:
        errors = read_object(answer.raw[:65_536]).get("errors")
    except Refused:
        errors = None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code, detail = first.get("code"), first.get("detail")
    return str(code or f"http_{answer.status}")[:40], str(detail or f"HTTP {answer.status}")[:500]
