"""Keys of this node: made at the first start, replaced with overlap, revoked; each change is a new manifest."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from shuangcheng.core.keys import SIGNING, Use
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Statement, open_manifest, published_fingerprint, sign_manifest
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.text import _
from shuangcheng.core.wire import seconds
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..models import OwnKey, OwnManifest
from ..vault import fresh_key, seal_key, unseal_key

LASTS = timedelta(days=365)
OVERLAP = timedelta(days=30)
"""How long a replaced key stays good, so that letters under way still open."""
KEPT = timedelta(days=366 * 4)
"""How long a key that has ended stays listed: consents and checkpoints it signed are still read."""
_LOCK = 0x5C_0001


def _uses() -> list[Use]:
    return [use for use in Use if use != Use.SIGN_SM2 or settings.SHUANGCHENG.sm2]


def _make(use: Use, *, at: datetime) -> OwnKey:
    key = fresh_key(use)
    # A minute back, so that a peer whose clock is behind does not find the key early.
    return OwnKey.objects.create(
        kid=key.kid, use=use, sealed=seal_key(key),
        not_before=seconds(at - timedelta(minutes=1)), not_after=seconds(at + LASTS),
    )  # fmt: skip


def _publish(*, at: datetime) -> OwnManifest:
    """Say anew what this node is; signed by every signing key that is not revoked."""
    node = settings.SHUANGCHENG
    rows = [row for row in OwnKey.objects.all() if row.not_after > seconds(at - KEPT)]
    keys = [unseal_key(row) for row in rows]
    last = OwnManifest.objects.first()
    statement = Statement(
        authority=node.node, name=node.node_title, base_url=node.url, number=last.number + 1 if last else 1,
        issued=seconds(at),
        keys=tuple(
            key.published(not_before=row.not_before, not_after=row.not_after).model_copy(
                update={"revoked": row.revoked}
            )
            for row, key in zip(rows, keys, strict=True)
        ),
        registers=tuple(sorted(REGISTERS)), letters=tuple(sorted(LETTERS)),
    )  # fmt: skip
    signing = [key for row, key in zip(rows, keys, strict=True) if key.use in SIGNING and row.revoked is None]
    raw = sign_manifest(statement, keys=signing)
    manifest = open_manifest(raw, at=at, fingerprint=published_fingerprint(raw))
    return OwnManifest.objects.create(number=statement.number, raw=raw, fingerprint=manifest.fingerprint, issued_at=at)


def _stale(manifest: OwnManifest) -> bool:
    """Whether the manifest no longer says what this node is."""
    node = settings.SHUANGCHENG
    says = open_manifest(bytes(manifest.raw), at=manifest.issued_at, fingerprint=manifest.fingerprint).statement
    now = (node.node, node.node_title, node.url, tuple(sorted(REGISTERS)), tuple(sorted(LETTERS)))
    return (says.authority, says.name, says.base_url, says.registers, says.letters) != now


def _locked() -> None:
    """One publisher at a time, in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def ensure(*, by: Actor, at: datetime) -> OwnManifest:
    """Make the node's first keys, replace those that soon end, and publish anew when the node says something new."""
    _locked()
    manifest = OwnManifest.objects.first()
    soon = seconds(at + OVERLAP)
    good = set(OwnKey.objects.filter(revoked=None, not_after__gt=soon).values_list("use", flat=True))
    made = [_make(use, at=at) for use in _uses() if use.value not in good]
    if manifest is not None and not made and not _stale(manifest):
        return manifest
    manifest = _publish(at=at)
    audit.record(by=by, at=at, verb="key.publish", kind="manifest", subject=manifest, changes=_told(made, manifest))
    return manifest


@transaction.atomic
def rotate(*, by: Actor, at: datetime) -> OwnManifest:
    """Replace the keys 轮换: the old ones stay good for the overlap, and sign the new manifest too."""
    require(by, "key.rotate")
    _locked()
    ends = seconds(at + OVERLAP)
    OwnKey.objects.filter(revoked=None, not_after__gt=ends).update(not_after=ends)
    made = [_make(use, at=at) for use in _uses()]
    manifest = _publish(at=at)
    audit.record(by=by, at=at, verb="key.rotate", kind="manifest", subject=manifest, changes=_told(made, manifest))
    return manifest


@transaction.atomic
def revoke(*, key: OwnKey, by: Actor, at: datetime) -> OwnManifest:
    """Revoke a key 吊销 that others may have; another takes its place at once where it was the last of its use."""
    require(by, "key.revoke")
    _locked()
    key.refresh_from_db()
    if key.revoked is not None:
        raise refusal("revoked", _("密钥 %(kid)s 已经吊销。"), why=Why.CONFLICT, kid=key.kid[:8])
    use, now = Use(key.use), seconds(at)
    others = OwnKey.objects.filter(use=key.use, revoked=None, not_before__lte=now, not_after__gt=now).exclude(pk=key.pk)
    made = [] if others.exists() else [_make(use, at=at)]
    key.revoked = now
    key.save(update_fields=["revoked"])
    manifest = _publish(at=at)
    changes = {"revoked": [None, key.kid]} | _told(made, manifest)
    audit.record(by=by, at=at, verb="key.revoke", kind="manifest", subject=manifest, changes=changes)
    return manifest


def _told(made: Iterable[OwnKey], manifest: OwnManifest) -> dict[str, list[object]]:
    changes: dict[str, list[object]] = {"number": [None, manifest.number]}
    if kids := [key.kid for key in made]:
        changes["keys"] = [None, "、".join(kids)]
    return changes
