"""谁查过我: who looked at a person's records, by the digests of his numbers, at this node and at the others."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from shuangcheng.core.letters.accesses import Body as Asked
from shuangcheng.core.letters.accesses_reply import MOST, Body, Line, Proof, Relation
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.core.wire import base64url, seconds
from shuangcheng.directory import audit
from shuangcheng.directory.actions.people import number_digest
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.terms import NumberKind
from shuangcheng.exchange import log
from shuangcheng.exchange.handlers import Arrived, Reply
from shuangcheng.exchange.models import Entry, Outgoing, Peer
from shuangcheng.exchange.terms import OutState, PeerState
from shuangcheng.exchange.vault import unseal_text

from . import subjects
from .models import Access, LookUp

TYPE = "accesses.v1"


def here(digests: Iterable[bytes]) -> tuple[list[LookUp], bool]:
    """The look-ups that concerned a person, each with its `outcome`, the newest first; and whether there are more."""
    found: dict[UUID, LookUp] = {}
    lines = list(Access.objects.of_subjects(list(digests))[: 2 * MOST + 1])
    for line in lines:
        row = found.setdefault(line.lookup_id, line.lookup)
        row.outcome = line.outcome  # type: ignore[attr-defined]
    return list(found.values())[:MOST], len(lines) > 2 * MOST


def line_of(row: LookUp, proof: Proof | None = None) -> Line:
    """A look-up as the person is told of it, here and in letters."""
    me = settings.SHUANGCHENG.node
    relation = Relation(row.direction)
    values: dict[str, Any] = {
        "relation": relation, "jti": str(row.letter or row.pk), "at": seconds(row.at), "register_name": row.register,
        "purpose": row.purpose, "legal_basis": row.basis, "asker": row.asker, "organisation": row.organisation_name,
        "authority": row.peer.authority if relation == Relation.ANSWERED and row.peer else me,
        "fields": tuple(row.told), "outcome": getattr(row, "outcome", "") or None, "proof": proof,
    }  # fmt: skip
    return Line.model_validate(values)


def entry_of(row: LookUp) -> Entry | None:
    """The log's entry of a look-up."""
    if row.letter is None:
        return Entry.objects.filter(pk=row.entry).first() if row.entry else None
    return Entry.objects.filter(jti=row.letter, type="lookup.v1").order_by("id").first()


def proof_of(row: LookUp, *, at: datetime) -> Proof | None:
    """That a look-up stands in this node's log."""
    entry = entry_of(row)
    if entry is None:
        return None
    proof = log.prove(entry, at=at)
    return Proof(
        data=base64url(proof.data), index=proof.index, size=proof.size, root=proof.root.hex(),
        proof=tuple(each.hex() for each in proof.hashes), checkpoint=proof.note,
    )  # fmt: skip


def answer(arrived: Arrived) -> Reply:
    """Tell a person of the other side who looked at his records here; a guest of the gate has none."""
    body = arrived.letter.body
    assert isinstance(body, Asked)
    if arrived.peer.state == PeerState.GUEST:
        return Reply("accesses_reply.v1", {"lines": [], "more": False})
    digests = {number_digest(each.number, NumberKind(each.kind.value)) for each in body.numbers}
    rows, more = here(digests)
    if body.prove:
        rows = [row for row in rows if str(row.letter or row.pk) == body.prove]
        lines = [line_of(row, proof_of(row, at=arrived.at)) for row in rows]
    else:
        lines = [line_of(row) for row in rows]
    audit.record(
        by=arrived.by, at=arrived.at, verb="access.answer", kind="peer", subject=arrived.peer,
        changes={"lines": [None, len(lines)]},
    )  # fmt: skip
    says = {"lines": [line.model_dump(mode="json", exclude_none=True) for line in lines], "more": more}
    return Reply("accesses_reply.v1", says)


@dataclass(frozen=True)
class There:
    """What another node told of a person's records, and when it was asked."""

    peer: Peer
    asked_at: datetime | None
    waiting: bool
    lines: tuple[Line, ...]
    more: bool


def there(by: Actor) -> list[There]:
    """What every active node told last of the records of whoever asks."""
    found = []
    for peer in Peer.objects.active():
        rows = Outgoing.objects.filter(peer=peer, kind="accesses", reference=by.person_id).order_by("-created_at")
        newest, told = (
            rows.first(),
            rows.filter(state=OutState.DELIVERED, reply_type="accesses_reply.v1", reply_content__isnull=False).first(),
        )
        body = _read(told) if told else Body()
        waiting = newest is not None and newest.state == OutState.WAITING
        found.append(There(peer, told.created_at if told else None, waiting, body.lines, body.more))
    return found


def told_in(letter: Outgoing) -> tuple[Line, ...]:
    """The lines of the answer to a letter that was delivered."""
    letter.refresh_from_db()
    return _read(letter).lines if letter.reply_content and letter.reply_type == "accesses_reply.v1" else ()


def _read(letter: Outgoing) -> Body:
    content = unseal_text(letter.reply_content or b"", bound_to=f"reply:{letter.pk}")
    says: Mapping[str, Any] = json.loads(content)["says"]
    return read(Body, says)


def mine(by: Actor) -> tuple[list[LookUp], bool]:
    """The look-ups at this node that concerned whoever asks."""
    own = subjects.own(by)
    if not own:
        text = _("您的账号还没有核验过证件号码，查不到与您有关的记录。请联系节点管理员登记。")
        raise refusal("no_number", text, why=Why.CONFLICT)
    return here(each.digest for each in own)


def one_of_mine(by: Actor, id: UUID) -> LookUp | None:
    """One of the look-ups that concerned whoever asks, by its own id or its letter's."""
    return next((row for row in mine(by)[0] if id in (row.pk, row.letter)), None)
