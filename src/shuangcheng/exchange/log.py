"""The log: every letter that came or went and every act that touches a person's record, each one leaf of a year's tree.

An entry is written in the transaction of what it tells, without a place; the sequencer gives it its place later, so
that no two transactions wait for each other. Whoever needs a proof runs the sequencer first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from shuangcheng.core import merkle
from shuangcheng.core.checkpoint import sign_checkpoint
from shuangcheng.core.letter import Letter
from shuangcheng.core.wire import base64url, canonical, seconds

from . import trust
from .models import Checkpoint, Entry, Node, Tree
from .terms import Direction

BATCH = 5_000
UNLOGGED = frozenset({"checkpoint.v1", "cosignature.v1"})
"""Letters about the log itself: logging them would make the log grow because it grew."""


@dataclass(frozen=True)
class Proof:
    """That an entry stands in a signed tree: anybody can check it with the node's public key."""

    data: bytes
    index: int
    size: int
    hashes: tuple[bytes, ...]
    root: bytes
    note: str
    cosigned: Mapping[str, int]

    def told(self) -> dict[str, Any]:
        """The proof as JSON; `data` is base64url of the bytes that the leaf's hash covers, hashes are hexadecimal."""
        return {
            "data": base64url(self.data), "says": json.loads(self.data), "index": self.index, "size": self.size,
            "proof": [hash.hex() for hash in self.hashes], "root": self.root.hex(), "checkpoint": self.note,
        }  # fmt: skip


def year_of(at: datetime) -> int:
    """The year of the log, in the node's time zone."""
    return timezone.localtime(at).year


def append(*, direction: Direction, type: str, at: datetime, jti: UUID | None = None, says: Mapping[str, Any]) -> Entry:
    """Write an entry in the caller's transaction; `says` names no person but by a salted digest."""
    data = canonical({"at": seconds(at), "direction": direction.value, "type": type, **says})
    return Entry.objects.create(year=year_of(at), data=data, at=at, direction=direction, type=type, jti=jti)


def append_letter(*, direction: Direction, outside: Mapping[str, Any], digest: str, at: datetime) -> Entry | None:
    """Write the entry of a letter; its body stands in it by its salted digest only."""
    if outside["type"] in UNLOGGED:
        return None
    says = {name: outside[name] for name in ("iss", "aud", "jti", "body_hash")} | {"digest": digest}
    return append(direction=direction, type=outside["type"], at=at, jti=UUID(outside["jti"]), says=says)


def outside_of(letter: Letter) -> dict[str, Any]:
    """The envelope of a letter without its body."""
    return letter.envelope.model_dump(mode="json", exclude_none=True, exclude={"body", "sealed_body"})


def leaf_hash(entry: Entry) -> str:
    """The hash of an entry's leaf in hexadecimal digits, known before the entry has its place."""
    return merkle.leaf_hash(bytes(entry.data)).hex()


def sequence(*, at: datetime) -> int:
    """Give every entry that waits its place, and sign the trees that grew; returns how many got one."""
    count = 0
    for year in sorted(set(Entry.objects.filter(index=None).values_list("year", flat=True))):
        while done := _sequence_batch(year, at=at):
            count += done
    return count


@transaction.atomic
def _sequence_batch(year: int, *, at: datetime) -> int:
    Tree.objects.get_or_create(year=year)
    tree = Tree.objects.select_for_update().get(year=year)
    waiting = list(Entry.objects.filter(year=year, index=None).order_by("id").values_list("id", "data")[:BATCH])
    if not waiting:
        return 0
    hashes = bytes(tree.frontier)
    frontier = merkle.Frontier(tree.size, (hashes[at : at + 32] for at in range(0, len(hashes), 32)))
    made = [node for _id, data in waiting for node in frontier.append(merkle.leaf_hash(bytes(data)))]
    _place([id for id, _data in waiting], first=tree.size)
    _keep(year, made)
    tree.size, tree.root, tree.frontier = frontier.size, frontier.root(), b"".join(frontier.hashes)
    tree.save()
    signer = trust.current(at=at).log_signer(year, at=at)
    note = sign_checkpoint(size=tree.size, root=tree.root, signer=signer)
    Checkpoint.objects.create(year=year, size=tree.size, root=tree.root, note=note, at=at)
    return len(waiting)


def _place(ids: list[UUID], *, first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE exchange_entry SET index = place.at + %s - 1"
            " FROM unnest(%s::uuid[]) WITH ORDINALITY AS place(id, at) WHERE exchange_entry.id = place.id",
            [first, ids],
        )


def _keep(year: int, nodes: list[merkle.Node]) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY exchange_node (year, level, place, hash) FROM STDIN") as copy:
        for level, place, hash in nodes:
            copy.write_row((year, level, place, hash))


def node(year: int) -> merkle.Get:
    """Reads the hashes of full subtrees of a year's tree."""
    return lambda level, place: bytes(
        Node.objects.values_list("hash", flat=True).get(year=year, level=level, place=place)
    )


def prove(entry: Entry, *, at: datetime) -> Proof:
    """Proof that an entry stands in the newest tree, sequencing first where it waits."""
    if entry.index is None:
        sequence(at=at)
        entry.refresh_from_db()
    assert entry.index is not None, "the sequencer leaves none"
    checkpoints = Checkpoint.objects.filter(year=entry.year, size__gt=entry.index)
    chosen = checkpoints.exclude(cosigned={}).last() or checkpoints.first()
    assert chosen is not None, "a tree that grew is signed"
    hashes = merkle.inclusion_proof(index=entry.index, size=chosen.size, get=node(entry.year))
    return Proof(
        bytes(entry.data), entry.index, chosen.size, tuple(hashes), bytes(chosen.root), chosen.note, chosen.cosigned
    )


def read(entry: Entry) -> dict[str, Any]:
    """What an entry says."""
    said: dict[str, Any] = json.loads(bytes(entry.data))
    return said
