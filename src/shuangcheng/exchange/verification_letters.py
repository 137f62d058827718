"""Checking letters against the log: each has its entry, and what is kept of its body is what the entry says."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangcheng.core.seal import SealBroken
from shuangcheng.core.text import _
from shuangcheng.core.wire import sha256

from . import log
from .models import Entry, Incoming, Outgoing
from .terms import Direction, PeerState
from .vault import unseal_text
from .verification import BATCH, Wrong

KEPT_DIGESTS = 20
"""How many attempts a letter remembers; the entry names the first."""

Said = dict[tuple[str, UUID], list[tuple[Entry, dict[str, Any]]]]


def verify_letters(*, year: int | None = None) -> int:
    """Check every letter, or those of a year; returns how many. Raises `Wrong`."""
    out = Outgoing.objects.filter(attempts__gt=0).exclude(type__in=log.UNLOGGED).select_related("peer")
    came = Incoming.objects.exclude(type__in=log.UNLOGGED).exclude(peer__state=PeerState.GUEST).select_related("peer")
    if year is not None:
        out, came = out.filter(created_at__year=year), came.filter(received_at__year=year)
    count = 0
    for letters in _batches(out.order_by("created_at", "id")):
        said = _said([row.pk for row in letters])
        for row in letters:
            _check_out(row, said)
        count += len(letters)
    for letters in _batches(came.order_by("received_at", "id")):
        said = _said([id for row in letters for id in (row.jti, row.reply_jti)])
        for row in letters:
            _check_in(row, said)
        count += len(letters)
    return count


def _batches(rows: "QuerySet[Any]") -> Iterator[list[Any]]:
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield batch


def _said(ids: list[UUID]) -> Said:
    """What the log says of letters, by direction and number."""
    said: Said = {}
    for entry in Entry.objects.filter(jti__in=ids):
        assert entry.jti is not None, "it was found by it"
        said.setdefault((entry.direction, entry.jti), []).append((entry, log.read(entry)))
    return said


def _check_out(row: Outgoing, said: Said) -> None:
    found = [
        (entry, told) for entry, told in said.get((Direction.OUT, row.pk), []) if told["aud"] == row.peer.authority
    ]
    entry, told = _one(row, row.created_at.year, row.pk, found)
    known = told["digest"] in row.digests or row.attempts > KEPT_DIGESTS
    if (told["type"], told["body_hash"]) != (row.type, row.body_hash) or not known:
        raise _differs(entry, row.pk)
    _check_content(entry, row.pk, row.content, f"outgoing:{row.pk}", row.body_hash)


def _check_in(row: Incoming, said: Said) -> None:
    found = [
        (entry, told) for entry, told in said.get((Direction.IN, row.jti), []) if told["iss"] == row.peer.authority
    ]
    entry, told = _one(row, row.received_at.year, row.jti, found)
    if (told["type"], told["body_hash"], told["digest"]) != (row.type, row.body_hash, row.digest):
        raise _differs(entry, row.jti)
    _check_content(entry, row.jti, row.content, f"incoming:{row.pk}", row.body_hash)
    for answer, answered in said.get((Direction.OUT, row.reply_jti), []):
        _check_content(answer, row.reply_jti, row.reply_content, f"answer:{row.pk}", answered["body_hash"])


def _one(
    row: Outgoing | Incoming, year: int, jti: UUID, found: list[tuple[Entry, dict[str, Any]]]
) -> tuple[Entry, dict[str, Any]]:
    if not found:
        raise Wrong(_("信件 %(jti)s 没有日志记录。"), year=year, jti=jti)
    return found[0]


def _differs(entry: Entry, jti: UUID) -> Wrong:
    text = _("信件 %(jti)s 的类型或摘要与日志记录不符。")
    return Wrong(text, year=entry.year, index=entry.index, jti=jti)


def _check_content(entry: Entry, jti: UUID, sealed: bytes | memoryview | None, bound_to: str, body_hash: str) -> None:
    """What is kept of a body is what its entry says; one that was erased is nobody's any more."""
    if sealed is None:
        return
    try:
        right = sha256(unseal_text(sealed, bound_to=bound_to).encode()) == body_hash
    except SealBroken:
        right = False
    if not right:
        text = _("信件 %(jti)s 保存的内容被改动过，与日志里的摘要不符。")
        raise Wrong(text, year=entry.year, index=entry.index, jti=jti)
