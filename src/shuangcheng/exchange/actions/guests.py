"""Guests of the gate: admitted on the word of a known node, heard for ten minutes, gone without a trace but the log."""

from datetime import datetime, timedelta

from django.db import transaction

from shuangcheng.core.guest import LARGEST, open_guest
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor

from .. import trust
from ..models import Incoming, Peer
from ..terms import PeerState

__all__ = ["LARGEST", "admit", "purge"]
STAYS = timedelta(minutes=10)
MOST = 5
"""Guests of one host at a time."""


@transaction.atomic
def admit(*, raw: bytes, by: Actor, at: datetime) -> Peer:
    """Admit the guest that a node introduces with its signature."""
    known = trust.current(at=at)
    trusted = (PeerState.INTRODUCED, PeerState.ACTIVE)
    hosts = {name: known.peers[name] for name, state in known.states.items() if state in trusted}
    guest = open_guest(raw, me=known.me, hosts=hosts, at=at)
    host = Peer.objects.select_for_update().get(authority=guest.host)
    authority, says = guest.manifest.authority, guest.manifest.statement
    if Peer.objects.filter(authority=authority).exists():
        text = _("检验身份 %(name)s 已经登记过。请换用新的身份。")
        raise refusal("guest_known", text, why=Why.CONFLICT, name=authority)
    if host.guests.filter(expires_at__gt=at).count() >= MOST:
        text = _("%(name)s 同时进行的检验太多。请等 %(minutes)d 分钟再试。")
        raise refusal("too_many_guests", text, why=Why.CONFLICT, name=host.name, minutes=STAYS.seconds // 60)
    trust.check_keys(guest.manifest, at=at)
    peer = Peer.objects.create(
        authority=authority, name=says.name, base_url=says.base_url, state=PeerState.GUEST,
        manifest=guest.manifest.raw, manifest_number=says.number, fingerprint=guest.manifest.fingerprint,
        introduced_by=host.name, guest_of=host, expires_at=at + STAYS, created_at=at, updated_at=at,
    )  # fmt: skip
    audit.record(by=by, at=at, verb="guest.admit", kind="peer", subject=host, note=authority)
    return peer


@transaction.atomic
def purge(*, by: Actor, at: datetime) -> int:
    """Forget the guests whose time is over, with their letters; what they sent stays in the log."""
    over = list(Peer.objects.select_for_update().filter(state=PeerState.GUEST, expires_at__lte=at))
    for guest in over:
        Incoming.objects.filter(peer=guest).delete()
        audit.record(by=by, at=at, verb="guest.end", kind="peer", subject=guest.guest_of, note=guest.authority)
        guest.delete()
    return len(over)
