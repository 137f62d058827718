"""Letters in: opened, held against replays, handled once by the room that knows their type, answered with a receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from shuangcheng.core.letter import LIFETIME, Draft, Envelope, Letter, open_content, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.outcome import Objection, Refused, Why, refusal
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.core.wire import SKEW, sha256
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7

from . import handlers, log, trust
from .handlers import Arrived, Later, Reply
from .models import Entry, Incoming, Nonce, Peer
from .outbox import nonce
from .terms import Direction, InState, PeerState
from .vault import seal_text, unseal_text

REMEMBERED = timedelta(seconds=LIFETIME + 2 * SKEW + 60)
"""How long a nonce is kept: longer than any letter with it could be in time."""


@dataclass(frozen=True)
class Answered:
    """What goes back: a sealed letter, and whether it says that the letter was refused."""

    raw: bytes
    refused: bool = False


def as_peer(peer: Peer) -> Actor:
    """Another node as an actor: it has no rights of its own but what the handler of its letter grants."""
    return Actor(kind="peer", name=peer.name, door="exchange")


def receive(raw: bytes, *, at: datetime) -> Answered:
    """Take in a letter, or raise `Refused` when it cannot be believed, `Later` when it came too early."""
    with trust.held(at=at) as known:
        return _received(raw, known, at=at)


def _received(raw: bytes, known: trust.Trust, *, at: datetime) -> Answered:
    peers = {name: known.peers[name] for name, state in known.states.items() if state != PeerState.SUSPENDED}
    letter = open_letter(raw, me=known.me, peers=peers, keys=known.opening, types=LETTERS, at=at)
    peer = Peer.objects.get(authority=letter.envelope.iss)
    _check_peer(peer, at=at)
    try:
        with transaction.atomic():
            _remember(letter, peer, at=at)
            return _answer(letter, peer, known, at=at)
    except IntegrityError as error:
        raise Later("another attempt of this letter is being handled") from error


def _answer(letter: Letter, peer: Peer, known: trust.Trust, *, at: datetime) -> Answered:
    row = Incoming.objects.filter(peer=peer, jti=letter.envelope.jti).first()
    if row is not None and row.body_hash != letter.envelope.body_hash:
        text = _("信件编号 %(jti)s 已用于另一封内容不同的信。请换用新的编号。")
        raise refusal("jti_taken", text, where="jti", why=Why.CONFLICT, jti=letter.envelope.jti)
    reply = _stored(row) if row is not None else _take_in(letter, peer, at=at)
    draft = _draft(reply, letter, peer, known)
    receiver = known.receiver(peer.authority, at=at) if draft.private else None
    keys = known.signing_for(peer.authority, at=at)
    sealed = seal(draft, nonce=nonce(), at=at, keys=keys, receiver=receiver)
    if row is None or not Entry.objects.filter(jti=draft.jti).exists():
        outside = {"iss": draft.iss, "aud": draft.aud, "jti": draft.jti, "type": draft.type}
        outside["body_hash"] = sha256(draft.content)
        log.append_letter(direction=Direction.OUT, outside=outside, digest=sealed.digest, at=at)
    return Answered(sealed.raw, reply.refused)


def _check_peer(peer: Peer, *, at: datetime) -> None:
    if peer.state == PeerState.INTRODUCED:
        text = _("%(name)s 已登记，但尚未通过检验并启用，暂不收信。")
        raise refusal("peer_not_active", text, why=Why.FORBIDDEN, name=peer.name)
    if peer.expires_at is not None and peer.expires_at <= at:
        raise refusal("guest_over", _("检验已经结束，请重新开始。"), why=Why.FORBIDDEN)


def _remember(letter: Letter, peer: Peer, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_nonce (peer_id, nonce, until) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [peer.pk, letter.envelope.nonce, at + REMEMBERED],
        )
        new = cursor.rowcount == 1
    if not new:
        text = _("这封信已经收到过，重放无效。若未收到回执，请重新签发后再发。")
        raise refusal("replayed", text, where="nonce", why=Why.CONFLICT)


@dataclass(frozen=True)
class _Reply:
    jti: str
    type: str
    content: str
    refused: bool
    outside: Mapping[str, Any]


def _take_in(letter: Letter, peer: Peer, *, at: datetime) -> _Reply:
    """Handle a letter that is new, and keep what was answered."""
    outside, jti = log.outside_of(letter), uuid7()
    row = Incoming(
        peer=peer, jti=letter.envelope.jti, type=letter.envelope.type, body_hash=letter.envelope.body_hash,
        digest=letter.digest, outside=outside, state=InState.HANDLED, reply_jti=jti, received_at=at,
    )  # fmt: skip
    row.content = seal_text(letter.content.decode(), bound_to=f"incoming:{row.pk}")
    entry = log.append_letter(direction=Direction.IN, outside=outside, digest=letter.digest, at=at)
    reply, content = _keep_reply(row, _handled(letter, peer, row, at=at), entry, outside)
    row.save(force_insert=True)
    if peer.heard_at is None or peer.heard_at < at - timedelta(minutes=1):
        Peer.objects.filter(pk=peer.pk).update(heard_at=at)
    return _Reply(str(jti), reply.type, content, row.state == InState.REFUSED, reply.outside)


def _keep_reply(row: Incoming, reply: Reply | None, entry: Entry | None, outside: dict[str, Any]) -> tuple[Reply, str]:
    """What is answered, a receipt where the handler says nothing, kept with the letter."""
    if reply is None:
        says: dict[str, Any] = {"standing": row.state, "reasons": row.reasons}
        reply = Reply("receipt.v1", says | ({"leaf": log.leaf_hash(entry)} if entry else {}))
    content = _content(reply.says)
    row.reply_type, row.reply_content = reply.type, seal_text(content, bound_to=f"answer:{row.pk}")
    row.outside = outside | {"reply": dict(reply.outside)} if reply.outside else outside
    return reply, content


def handle_parked(row: Incoming, *, at: datetime) -> None:
    """Handle a letter that was parked, in the caller's transaction; who sent it gets the outcome when it asks again."""
    known = LETTERS.get(row.type)
    if known is None or row.type not in handlers.HANDLERS:
        text = _("本节点还不认识“%(type)s”类信件。请升级节点后再办理。")
        raise refusal("type_unknown", text, why=Why.CONFLICT, type=row.type)
    if row.content is None:
        raise refusal("erased", _("信件内容已按期限删除，不能再办理。"), why=Why.CONFLICT)
    content = unseal_text(row.content, bound_to=f"incoming:{row.pk}").encode()
    outside = {name: value for name, value in row.outside.items() if name != "reply"}
    envelope = read(Envelope, outside | {"body": content.decode()})
    letter = open_content(envelope, content, known, digest=row.digest)
    row.state, row.reply_jti = InState.HANDLED, uuid7()
    entry = Entry.objects.filter(jti=row.jti, direction=Direction.IN).first()
    _keep_reply(row, _handled(letter, row.peer, row, at=at), entry, outside)
    row.save()


def _content(says: Mapping[str, Any]) -> str:
    return Draft(iss="", aud="", jti="", type="", body=says, salt=nonce()).content.decode()


def _handled(letter: Letter, peer: Peer, row: Incoming, *, at: datetime) -> Reply | None:
    """What the handler answers; its refusal undoes what it did and nothing else.

    What is unavailable is no answer: the letter counts as not received, and the sender tries again.
    """
    handler = handlers.HANDLERS.get(letter.envelope.type)
    guest = peer.state == PeerState.GUEST and letter.envelope.type not in handlers.FOR_GUESTS
    if letter.body is None or (handler is None and not guest):
        row.state = InState.PARKED
        return None
    if guest or handler is None:
        return None
    try:
        with transaction.atomic():
            return handler(Arrived(letter=letter, peer=peer, incoming=row, by=as_peer(peer), at=at))
    except Refused as refused:
        if refused.why is Why.UNAVAILABLE:
            raise
        row.state, row.reasons = InState.REFUSED, [_reason(each) for each in refused.objections[:20]]
        return None


def _reason(objection: Objection) -> dict[str, str]:
    return {"code": objection.code, "message": str(objection.message)[:500]}


def _stored(row: Incoming) -> _Reply:
    """The reply that the letter got the first time."""
    if row.reply_content is None:
        raise refusal("erased", _("这封信早已办结，回信已按期限删除。"), why=Why.CONFLICT)
    content = unseal_text(row.reply_content, bound_to=f"answer:{row.pk}")
    refused = row.state == InState.REFUSED
    return _Reply(str(row.reply_jti), row.reply_type, content, refused, row.outside.get("reply", {}))


def _draft(reply: _Reply, letter: Letter, peer: Peer, known: trust.Trust) -> Draft:
    """The reply as an answer to this attempt."""
    content = json.loads(reply.content)
    return Draft(
        iss=known.me.authority, aud=peer.authority, jti=reply.jti, type=reply.type, body=content["says"],
        salt=content["salt"], private=LETTERS[reply.type].private,
        outside={**reply.outside, "in_reply_to": letter.digest},
    )  # fmt: skip


def forget_nonces(*, at: datetime) -> int:
    """Drop the nonces with which no letter can be in time any more."""
    return Nonce.objects.filter(until__lt=at).delete()[0]
