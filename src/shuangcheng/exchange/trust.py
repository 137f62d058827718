"""Whom this node trusts and as whom it speaks, kept in each process until something about it changes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from shuangcheng.core.checkpoint import Signer, Verifier
from shuangcheng.core.keys import PrivateKey, PublicKey, Use
from shuangcheng.core.manifest import Manifest, open_manifest
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .models import OwnKey, OwnManifest, Peer
from .vault import unseal_key


@dataclass(frozen=True)
class Trust:
    """This node's manifest and keys, and the manifests of the others by authority."""

    me: Manifest
    private: tuple[PrivateKey, ...] = field(repr=False)
    peers: Mapping[str, Manifest]
    states: Mapping[str, str]

    @cached_property
    def opening(self) -> tuple[PrivateKey, ...]:
        """The keys that open what is encrypted to this node; a revoked one opens nothing."""
        return tuple(key for key in self.private if key.use == Use.ENCRYPT and self._listed(key).revoked is None)

    def _listed(self, key: PrivateKey) -> PublicKey:
        public = self.me.key(key.kid)
        assert public is not None, "every kept key is in the manifest"
        return public

    def signing(self, *, at: datetime) -> tuple[PrivateKey, ...]:
        """The keys that sign: the newest of Ed25519, and of SM2 where there is one."""
        wanted = [self.me.usable(use, at=at) for use in (Use.SIGN, Use.SIGN_SM2)]
        kids = [public.kid for public in wanted if public is not None]
        return tuple(key for kid in kids for key in self.private if key.kid == kid)

    def signing_for(self, authority: str, *, at: datetime) -> tuple[PrivateKey, ...]:
        """The keys that sign what goes to a node: SM2 too, where that node has such a key."""
        keys = self.signing(at=at)
        both = self.peers[authority].usable(Use.SIGN_SM2, at=at) is not None
        return keys if both else tuple(key for key in keys if key.use == Use.SIGN)

    def receiver(self, authority: str, *, at: datetime) -> PublicKey:
        """The key to which a private body for a node is encrypted."""
        key = self.peers[authority].usable(Use.ENCRYPT, at=at)
        if key is None:
            text = _("%(name)s 没有可用的加密密钥。请对方更新公告。")
            raise refusal("no_key", text, name=self.peers[authority].statement.name)
        return key

    def log_signer(self, year: int, *, at: datetime) -> Signer:
        """The key under the name with which this node signs the log of a year."""
        key = next(key for key in self.signing(at=at) if key.use == Use.SIGN)
        return Signer(log_name(self.me, year), Ed25519PrivateKey.from_private_bytes(key.raw))

    def manifest_of(self, authority: str) -> Manifest:
        """The manifest of another node or of this one."""
        return self.me if authority == self.me.authority else self.peers[authority]


def check_keys(manifest: Manifest, *, at: datetime) -> None:
    """Refuse a manifest that lists a key of another node: letters signed with it would count as this one's."""
    known = current(at=at)
    for other in (known.me, *known.peers.values()):
        for key in manifest.statement.keys:
            if other.authority != manifest.authority and other.key(key.kid) is not None:
                text = _("公告里的密钥 %(kid)s 属于 %(name)s，不予采用。")
                raise refusal("key_taken", text, where="keys", kid=key.kid[:8], name=other.statement.name)


def log_name(manifest: Manifest, year: int) -> str:
    """What the log of a node and a year is called in checkpoints: its address without the scheme."""
    return f"{manifest.statement.base_url.split('://', 1)[1]}/log/{year}"


def log_verifiers(manifest: Manifest, year: int) -> list[Verifier]:
    """The keys with which a node may have signed its log; one that was revoked proves nothing any more."""
    keys = [key for key in manifest.statement.keys if key.use == Use.SIGN and key.revoked is None]
    return [Verifier(log_name(manifest, year), key.raw) for key in keys]


STANDING = (
    "(SELECT '', '', fingerprint FROM exchange_ownmanifest ORDER BY number DESC LIMIT 1)"
    " UNION ALL SELECT authority, state, fingerprint FROM exchange_peer"
)
"""What tells whether anything about trust has changed."""
_kept: tuple[object, Trust] | None = None
_lock = Lock()


_held: ContextVar[Trust | None] = ContextVar("held", default=None)


@contextmanager
def held(*, at: datetime) -> Iterator[Trust]:
    """The trust as it stands at the beginning, for all that is done inside."""
    token = _held.set(current(at=at))
    try:
        yield current(at=at)
    finally:
        _held.reset(token)


def current(*, at: datetime) -> Trust:
    """The trust as it stands; one small query while nothing has changed."""
    global _kept
    if (held := _held.get()) is not None:
        return held
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        key = tuple(sorted(cursor.fetchall()))
    kept = _kept
    if kept is not None and kept[0] == key:
        return kept[1]
    with _lock:
        trust = _load(at=at)
        _kept = (key, trust)
    return trust


def _load(*, at: datetime) -> Trust:
    own = OwnManifest.objects.first()
    if own is None:
        raise refusal("no_manifest", _("本节点还没有密钥和公告。请重新启动节点。"), why=Why.CONFLICT)
    peers = list(Peer.objects.all())
    return Trust(
        me=_opened(own, at=at),
        private=tuple(unseal_key(row) for row in OwnKey.objects.all()),
        peers={peer.authority: _opened(peer, at=at) for peer in peers},
        states={peer.authority: peer.state for peer in peers},
    )


def _opened(row: OwnManifest | Peer, *, at: datetime) -> Manifest:
    """A manifest that was verified when it was stored, verified again."""
    raw = row.raw if isinstance(row, OwnManifest) else row.manifest
    return open_manifest(bytes(raw), at=at, fingerprint=row.fingerprint)
