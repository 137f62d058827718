"""How the demonstration's two nodes come to know each other: what two operators do on the telephone, done by files."""

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from shuangcheng.site import story

if TYPE_CHECKING:
    from shuangcheng.exchange.models import Peer

PATIENCE = 900.0
TICK = 0.5
NAME = "manifest.jws"
ACTOR = "演示"


def manifest_of(folder: Path) -> Path:
    """Where a node of the demonstration leaves its manifest for the other: only this machine's user can."""
    return folder / NAME


def leave_manifest(folder: Path) -> None:
    """Leave the node's manifest, whole or not at all."""
    from shuangcheng.exchange.models import OwnManifest

    draft = folder / f"{NAME}.new"
    draft.write_bytes(bytes(OwnManifest.objects.all()[0].raw))
    os.replace(draft, manifest_of(folder))


def begin(partner: Path) -> None:
    """Meet the other node in a thread of its own, since it may take its time to load."""
    threading.Thread(target=_meet, args=(partner,), daemon=True).start()


def _meet(partner: Path) -> None:
    from django.db import connections

    logger = structlog.stdlib.get_logger("shuangcheng.node")
    try:
        if (authority := _introduce(partner)) is not None:
            story.play(authority)
    except Exception:
        logger.exception("nodes_have_not_met")
    finally:
        connections.close_all()


def _introduce(partner: Path) -> str | None:
    """Introduce, test and activate the other node once it answers; one that is active is only refreshed.

    Returns its authority once letters go both ways.
    """
    from django.utils import timezone

    from shuangcheng.core.manifest import open_manifest, published_fingerprint
    from shuangcheng.directory.actor import system
    from shuangcheng.exchange.actions import peers
    from shuangcheng.exchange.models import Peer
    from shuangcheng.exchange.terms import PeerState

    by = system(ACTOR)
    left = _wait(partner)
    if left is None:
        return None
    fingerprint = published_fingerprint(left)
    says = open_manifest(left, at=timezone.localtime(), fingerprint=fingerprint).statement
    raw = _published(says.base_url)
    if raw is None:
        return None
    peer = Peer.objects.filter(authority=says.authority).first()
    if peer is not None and peer.fingerprint == fingerprint and peer.state == PeerState.ACTIVE:
        return says.authority
    at = timezone.localtime()
    if peer is not None and peer.state == PeerState.ACTIVE:
        peers.refresh(peer=peer, by=by, at=at, raw=raw)
        return says.authority
    if peer is None:
        peer = peers.introduce(raw=raw, fingerprint=fingerprint, by=by, at=at)
    if not _examined(peer):
        return None
    peer.refresh_from_db()
    peers.activate(peer=peer, version=peer.version, by=by, at=timezone.localtime())
    return says.authority


def _examined(peer: "Peer") -> bool:
    """Run the gate as soon as the other node has introduced this one, whose guest comes; whether all was right."""
    from django.utils import timezone

    from shuangcheng.core.outcome import Refused
    from shuangcheng.directory.actor import system
    from shuangcheng.exchange import gate

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            report = gate.examine(peer=peer, by=system(ACTOR), at=timezone.localtime())
        except Refused:
            if time.monotonic() > deadline:
                raise
            time.sleep(TICK)
            continue
        return not report["wrong"]


def _wait(partner: Path) -> bytes | None:
    """What the other node has left, once it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if manifest_of(partner).exists():
            return manifest_of(partner).read_bytes()
        time.sleep(TICK)
    return None


def _published(base_url: str) -> bytes | None:
    """What the other node publishes, once it serves."""
    from shuangcheng.core.outcome import Refused
    from shuangcheng.exchange.actions import peers

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return peers.published(base_url)[0]
        except Refused:
            time.sleep(TICK)
    return None
