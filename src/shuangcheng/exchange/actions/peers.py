"""The other nodes: introduced by their fingerprint, activated after the gate, suspended with a reason."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from shuangcheng.core.guest import PREFIX
from shuangcheng.core.manifest import LARGEST, Manifest, open_manifest, published_fingerprint
from shuangcheng.core.outcome import Refused, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.directory.versions import locked

from .. import client, trust
from ..models import Peer
from ..terms import PeerState

PATH = "/exchange/manifest"


def published(base_url: str) -> tuple[bytes, str]:
    """What a node says of itself and the fingerprint to compare; nothing of it is believed yet."""
    raw = client.get(base_url.rstrip("/") + PATH, largest=LARGEST)
    return raw, published_fingerprint(raw)


@transaction.atomic
def introduce(*, raw: bytes, fingerprint: str, by: Actor, at: datetime) -> Peer:
    """Know a node by its manifest, whose fingerprint two people have compared; a new one replaces a suspended peer."""
    require(by, "peer.introduce")
    manifest = open_manifest(raw, at=at, fingerprint=fingerprint)
    if manifest.authority == settings.SHUANGCHENG.node:
        raise refusal("own_node", _("这是本节点自己的公告，不需要登记。"), where="base_url")
    if manifest.authority.startswith(PREFIX):
        raise refusal("reserved", _("代号以 gate- 开头的节点只用于检验，不能登记。"), where="base_url")
    known = Peer.objects.select_for_update().filter(authority=manifest.authority).first()
    if known is not None and known.state != PeerState.SUSPENDED:
        text = _("%(name)s 已经登记。要换用重新生成的密钥，请先暂停原有互联。")
        raise refusal("introduced", text, why=Why.CONFLICT, name=known.name)
    peer = known or Peer(authority=manifest.authority, created_at=at)
    _take(peer, manifest, at=at)
    peer.state, peer.introduced_by, peer.gate, peer.gate_at, peer.reason = PeerState.INTRODUCED, by.name, None, None, ""
    peer.version += known is not None
    peer.save()
    changes = audit.differences({}, {"base_url": peer.base_url, "fingerprint": peer.fingerprint})
    audit.record(by=by, at=at, verb="peer.introduce", kind="peer", subject=peer, changes=changes)
    return peer


def _take(peer: Peer, manifest: Manifest, *, at: datetime) -> None:
    trust.check_keys(manifest, at=at)
    says = manifest.statement
    peer.name, peer.base_url, peer.manifest_number = says.name, says.base_url, says.number
    peer.manifest, peer.fingerprint = manifest.raw, manifest.fingerprint
    peer.refreshed_at = peer.updated_at = at


@transaction.atomic
def keep_gate(*, peer: Peer, report: dict[str, Any], by: Actor, at: datetime) -> Peer:
    """Keep what a conformance run found."""
    require(by, "peer.activate", peer)
    peer = Peer.objects.select_for_update().get(pk=peer.pk)
    peer.gate, peer.gate_at, peer.updated_at = report, at, at
    peer.save(update_fields=["gate", "gate_at", "updated_at"])
    changes = {"wrong": [None, report["wrong"]], "letters": [None, len(report["rows"])]}
    audit.record(by=by, at=at, verb="peer.gate", kind="peer", subject=peer, changes=changes)
    return peer


@transaction.atomic
def activate(*, peer: Peer, version: int, by: Actor, at: datetime) -> Peer:
    """Exchange letters with a node from now on; only one whose gate was all right."""
    require(by, "peer.activate", peer)
    peer = locked(Peer.objects.all(), peer, version=version)
    if peer.state == PeerState.ACTIVE:
        raise refusal("active", _("%(name)s 已经启用。"), why=Why.CONFLICT, name=peer.name)
    if not peer.gate or peer.gate["wrong"]:
        text = _("%(name)s 还没有通过检验。请先检验，全部正确后才能启用。")
        raise refusal("gate", text, why=Why.CONFLICT, name=peer.name)
    peer.state, peer.activated_at, peer.reason, peer.updated_at = PeerState.ACTIVE, at, "", at
    peer.save()
    audit.record(by=by, at=at, verb="peer.activate", kind="peer", subject=peer)
    return peer


@transaction.atomic
def suspend(*, peer: Peer, reason: str, version: int, by: Actor, at: datetime) -> Peer:
    """Neither send to a node nor take anything from it until it is activated again."""
    require(by, "peer.suspend", peer)
    peer = locked(Peer.objects.all(), peer, version=version)
    if peer.state == PeerState.SUSPENDED:
        raise refusal("suspended", _("%(name)s 已经暂停。"), why=Why.CONFLICT, name=peer.name)
    peer.state, peer.reason, peer.updated_at = PeerState.SUSPENDED, reason, at
    peer.save()
    audit.record(by=by, at=at, verb="peer.suspend", kind="peer", subject=peer, note=reason)
    return peer


@transaction.atomic
def refresh(*, peer: Peer, by: Actor, at: datetime, raw: bytes | None = None) -> Peer:
    """Take a node's newer manifest, which a key of the one before has signed."""
    require(by, "peer.refresh", peer)
    raw = raw or client.get(peer.base_url + PATH, largest=LARGEST)
    peer = Peer.objects.select_for_update().get(pk=peer.pk)
    if published_fingerprint(raw) == peer.fingerprint:
        Peer.objects.filter(pk=peer.pk).update(refreshed_at=at)
        return peer
    before = open_manifest(bytes(peer.manifest), at=at, fingerprint=peer.fingerprint)
    manifest = open_manifest(raw, at=at, previous=before)
    changes = audit.differences({"number": peer.manifest_number}, {"number": manifest.statement.number})
    _take(peer, manifest, at=at)
    peer.save()
    audit.record(by=by, at=at, verb="peer.refresh", kind="peer", subject=peer, changes=changes)
    return peer


def refresh_all(*, by: Actor, at: datetime) -> int:
    """Refresh every node that letters go to; one that cannot be had is left for the next time."""
    done = 0
    for peer in Peer.objects.exclude(state__in=(PeerState.SUSPENDED, PeerState.GUEST)):
        try:
            refresh(peer=peer, by=by, at=at)
            done += 1
        except Refused as refused:
            Peer.objects.filter(pk=peer.pk).update(failure=str(refused)[:300])
    return done
