"""Letters that were sent and letters that came, and the memory against replays."""

from django.db import models

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import Role

from ..terms import InState, OutState, PeerState
from .trust import Peer


class LetterQuerySet(models.QuerySet[models.Model]):
    """Reads of letters."""

    def visible_to(self, actor: Actor) -> "LetterQuerySet":
        """The outsides, which name no person, are for the node's administrator, officers and auditors."""
        rows = self.exclude(peer__state=PeerState.GUEST)
        return rows if actor.is_officer or actor.has(Role.AUDITOR) else rows.none()


class Outgoing(Identified):
    """A letter to be delivered 发件; its id is the jti. The row's state is the truth, a job only wakes it."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="outgoing")
    type = models.CharField(max_length=45)
    private = models.BooleanField()
    outside = models.JSONField(default=dict, help_text="the rest of the envelope: purpose, legal_basis, …")
    content = models.BinaryField(null=True, help_text="the body with its salt, sealed; none once erased")
    body_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=30, blank=True, help_text="what it is about")
    reference = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=OutState.pairs, default=OutState.WAITING)
    attempts = models.IntegerField(default=0)
    digests = models.JSONField(default=list, help_text="of every attempt: a reply names one of them")
    next_at = models.DateTimeField(null=True, help_text="when it is to be tried again")
    reasons = models.JSONField(default=list, help_text="why it was not taken: code and message")
    reply_type = models.CharField(max_length=45, blank=True)
    reply_content = models.BinaryField(null=True)
    by_name = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True, help_text="when somebody had it sent again: the patience begins anew")
    settled_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["next_at"], name="outgoing_due", condition=models.Q(state="waiting")),
            models.Index(fields=["peer", "state"], name="outgoing_state"),
            models.Index(fields=["reference"], name="outgoing_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Incoming(Identified):
    """A letter that came 收件, once per sender and jti, with the reply that it got."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="incoming")
    jti = models.UUIDField()
    type = models.CharField(max_length=45)
    body_hash = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, help_text="of the first attempt's signed bytes")
    outside = models.JSONField(default=dict)
    content = models.BinaryField(null=True, help_text="the body with its salt, sealed; none once erased")
    state = models.CharField(max_length=10, choices=InState.pairs)
    reasons = models.JSONField(default=list)
    reply_jti = models.UUIDField()
    reply_type = models.CharField(max_length=45)
    reply_content = models.BinaryField(null=True)
    received_at = models.DateTimeField()

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = [models.UniqueConstraint(fields=["peer", "jti"], name="incoming_once")]
        indexes = [models.Index(fields=["state", "-received_at"], name="incoming_state")]

    def __str__(self) -> str:
        return f"{self.type} {self.jti}"


class Nonce(models.Model):
    """A nonce that was used; kept until no letter with it could be in time."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=22)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return self.nonce
