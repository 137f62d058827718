"""Public data that other nodes pull, and what was pulled from them."""

from django.db import models

from shuangcheng.directory.models.base import Identified

from .trust import Peer


class Change(models.Model):
    """A thing that has changed and is not yet in the feed; written in the transaction that changed it."""

    kind = models.CharField(max_length=30)
    ref = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class FeedItem(models.Model):
    """The newest public state of a thing at its place in the feed; without a body it is gone."""

    cursor = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=30)
    ref = models.UUIDField()
    body = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("cursor",)
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="feed_item_once")]

    def __str__(self) -> str:
        return f"{self.cursor} {self.kind} {self.ref}"


class Mirror(Identified):
    """A public thing of another node as its feed told it."""

    peer = models.ForeignKey(Peer, on_delete=models.CASCADE, related_name="mirrored")
    kind = models.CharField(max_length=30)
    ref = models.UUIDField()
    title = models.CharField(max_length=200)
    body = models.JSONField(null=True)
    cursor = models.BigIntegerField()
    at = models.DateTimeField(help_text="when it was pulled")

    class Meta:
        ordering = ("kind", "title")
        constraints = [models.UniqueConstraint(fields=["peer", "kind", "ref"], name="mirror_once")]

    def __str__(self) -> str:
        return self.title
