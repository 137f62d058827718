"""Data-sharing agreements as they are held and read: what their terms say in words, and which one serves a question."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

from shuangcheng.core.agreement import Agreement, Terms, open_agreement
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.core.wire import canonical
from shuangcheng.exchange import trust
from shuangcheng.exchange.models import Peer

from .models import Sharing
from .terms import SharingState

MOST_FOUND = 50


def register_named(name: str, *, where: str = "register_name") -> Register:
    """A register that this version knows, or `Refused`."""
    found = REGISTERS.get(name)
    if found is None:
        text = _("没有“%(name)s”这种登记簿。")
        raise refusal("register", text, where=where, why=Why.MISSING, name=name[:40])
    return found


def parties(row: Sharing, known: trust.Trust) -> dict[str, Any]:
    """The manifests of both sides."""
    return {name: known.manifest_of(name) for name in (row.provider, row.recipient)}


def opened(row: Sharing, *, at: datetime) -> Agreement:
    """The agreement as both signed it, verified; once in a process while neither side's keys change."""
    known = trust.current(at=at)
    return _open_once(row.pk, bytes(row.document or b""), _Parties(parties(row, known)), row.complete_at or at)


class _Parties:
    """Manifests that compare by their fingerprints."""

    def __init__(self, manifests: Mapping[str, Any]) -> None:
        self.manifests = manifests
        self._key = tuple(sorted(manifest.fingerprint for manifest in manifests.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Parties) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=200)
def _open_once(_id: UUID, raw: bytes, both: _Parties, signed_at: datetime) -> Agreement:
    return open_agreement(raw, parties=both.manifests, signed_at=signed_at)


def complete(row: Sharing, document: bytes, *, at: datetime) -> None:
    """Put a version in force that both have signed, verified, in place of the one before; the caller saves it."""
    open_agreement(document, parties=parties(row, trust.current(at=at)), signed_at=at)
    row.document, row.state, row.complete_at, row.updated_at, row.reason = document, SharingState.IN_FORCE, at, at, ""
    before = Sharing.objects.filter(family=row.family, state=SharingState.IN_FORCE).exclude(pk=row.pk)
    before.update(state=SharingState.REPLACED, ended_at=at, updated_at=at)


def terms_of(row: Sharing) -> Terms:
    """The terms as a form holds them; whether they are signed is told by the state."""
    return read(Terms, row.terms)


def under(peer: Peer, register: str, *, at: datetime) -> Sharing | None:
    """The agreement under which this node asks another about a register now."""
    rows = Sharing.objects.current(at).filter(peer=peer, register=register, recipient=settings.SHUANGCHENG.node)
    return rows.order_by("-complete_at", "-id").first()


def download(row: Sharing) -> bytes:
    """The version as JSON: the terms, their digest, and the signatures where there are any."""
    document = row.document or row.ours or row.theirs
    whole = {"terms": row.terms, "digest": row.digest, "state": row.state}
    return canonical(whole | ({"document": bytes(document).decode()} if document else {}))


def having(digest: str) -> list[Sharing]:
    """The versions that both have signed and whose terms have a digest."""
    return list(Sharing.objects.having(digest).select_related("peer")[:MOST_FOUND])


def nodes() -> list[tuple[str, str]]:
    """The other nodes that letters go to: their authority and name, which are no secret."""
    return list(Peer.objects.active().values_list("authority", "name"))


def asked_under(register: str, *, at: datetime) -> dict[str, Sharing]:
    """The agreements under which this node asks others about a register now, by the authority that is asked."""
    rows = Sharing.objects.current(at).filter(register=register, recipient=settings.SHUANGCHENG.node)
    active = rows.filter(peer__in=Peer.objects.active()).order_by("complete_at", "id")
    return {row.provider: row for row in active}
