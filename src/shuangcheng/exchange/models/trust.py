"""Keys of this node, what it publishes of itself, and the nodes that it knows."""

from django.db import models

from shuangcheng.core.keys import Use
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified, Versioned
from shuangcheng.directory.terms import Role, Side

from ..terms import PeerState


class OwnKey(Identified):
    """A private key of this node, sealed with the identity key."""

    kid = models.CharField(max_length=43, unique=True)
    use = models.CharField(max_length=10, choices=Use.pairs)
    sealed = models.BinaryField()
    not_before = models.BigIntegerField(help_text="POSIX seconds")
    not_after = models.BigIntegerField(help_text="POSIX seconds")
    revoked = models.BigIntegerField(null=True, help_text="POSIX seconds")

    class Meta:
        ordering = ("not_before", "kid")

    def __str__(self) -> str:
        return self.kid[:8]


class OwnManifest(Identified):
    """What this node said of itself 节点公告; the one with the largest number is in force."""

    number = models.IntegerField(unique=True)
    raw = models.BinaryField()
    fingerprint = models.CharField(max_length=60)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number}"


class PeerQuerySet(models.QuerySet["Peer"]):
    """Reads of the other nodes."""

    def visible_to(self, actor: Actor) -> "PeerQuerySet":
        """Officers, auditors and the node's administrator; guests of the gate are nobody's business."""
        rows = self.exclude(state=PeerState.GUEST)
        return rows if actor.is_officer or actor.has(Role.AUDITOR) else rows.none()

    def active(self) -> "PeerQuerySet":
        """Those that letters go to."""
        return self.filter(state=PeerState.ACTIVE)


class Peer(Versioned):
    """Another authority's node 互联节点, known by its manifest."""

    authority = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PeerState.pairs, default=PeerState.INTRODUCED)
    manifest = models.BinaryField()
    manifest_number = models.IntegerField()
    fingerprint = models.CharField(max_length=60)
    introduced_by = models.CharField(max_length=100)
    gate = models.JSONField(null=True, help_text="what the last conformance run found")
    gate_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was suspended")
    heard_at = models.DateTimeField(null=True, help_text="when its last letter came")
    reached_at = models.DateTimeField(null=True, help_text="when it last answered")
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    refreshed_at = models.DateTimeField(null=True, help_text="when its manifest was last fetched")
    feed_cursor = models.BigIntegerField(default=0, help_text="how far its feed was read")
    feed_at = models.DateTimeField(null=True)
    guest_of = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="guests")
    expires_at = models.DateTimeField(null=True, help_text="of a guest of the gate")

    objects = PeerQuerySet.as_manager()

    class Meta:
        ordering = ("authority",)

    def __str__(self) -> str:
        return self.name

    @property
    def side(self) -> str:
        """The side that the authority stands for."""
        return self.authority if self.authority in list(Side) else Side.OTHER.value
