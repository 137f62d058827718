"""The log 日志: entries, the trees over them, and checkpoints of this node and of others."""

from django.db import models

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import Role

from ..terms import Direction
from .trust import Peer


class Tree(models.Model):
    """The Merkle tree of a year, as far as its sequencer has come."""

    year = models.IntegerField(primary_key=True)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes, help_text="hashes of the full subtrees, the largest first")
    root = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("year",)

    def __str__(self) -> str:
        return f"{self.year}: {self.size}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads of the log."""

    def visible_to(self, actor: Actor) -> "EntryQuerySet":
        """Entries name no person; they are for the node's administrator, officers and auditors."""
        return self if actor.is_officer or actor.has(Role.AUDITOR) else self.none()


class Entry(Identified):
    """One line of the log. `data` names letters by digests of salted bodies, so that erasing a body erases it here."""

    year = models.IntegerField()
    index = models.BigIntegerField(null=True, help_text="its place in the tree; none before it is sequenced")
    data = models.BinaryField(help_text="canonical JSON: what the leaf's hash covers")
    at = models.DateTimeField()
    direction = models.CharField(max_length=4, choices=Direction.pairs)
    type = models.CharField(max_length=45)
    jti = models.UUIDField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("year", "index")
        constraints = [models.UniqueConstraint(fields=["year", "index"], name="entry_place_once")]
        indexes = [
            models.Index(fields=["id"], name="entry_pending", condition=models.Q(index=None)),
            models.Index(fields=["jti"], name="entry_letter"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.index}"


class Node(models.Model):
    """The hash of a full subtree; leaves are level 0."""

    year = models.IntegerField()
    level = models.SmallIntegerField()
    place = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "level", "place"], name="log_node_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.level} {self.place}"


class Checkpoint(Identified):
    """What this node has said of its log, and who has cosigned it."""

    year = models.IntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    cosigned = models.JSONField(default=dict, help_text="authority -> POSIX seconds")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-year", "-size")
        constraints = [models.UniqueConstraint(fields=["year", "size"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.size}"


class Witnessed(Identified):
    """The newest checkpoint of another node's log that this node has cosigned."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="witnessed")
    year = models.IntegerField()
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-year",)
        constraints = [models.UniqueConstraint(fields=["peer", "year"], name="witnessed_once")]

    def __str__(self) -> str:
        return f"{self.peer} {self.year}: {self.size}"
