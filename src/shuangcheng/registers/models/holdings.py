"""What this authority's registers hold."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import Role

MOST_QUESTIONS = 3
"""How many sets of fields a register may be asked by; each has a column of digests."""


def keeps_registers(actor: Actor) -> bool:
    """The node's administrator and the officers of the authority that the node serves."""
    own = any(held.role == Role.OFFICER and held.side == settings.SHUANGCHENG.side for held in actor.held)
    return actor.kind == "system" or actor.has(Role.NODE_ADMIN) or own


class HoldingQuerySet(models.QuerySet["Holding"]):
    """Reads of holdings."""

    def visible_to(self, actor: Actor) -> "HoldingQuerySet":
        """Those who keep the registers; everybody else asks by a look-up."""
        return self if keeps_registers(actor) else self.none()


class Holding(Identified):
    """One record of a register 登记簿记录: what is no secret in clear, the rest sealed beside keyed digests.

    Every digest names its register, so one index serves them all; a question is one equality on all its fields at once,
    and nothing tells which of them was wrong.
    """

    register = models.CharField(max_length=30)
    key = models.BinaryField(max_length=16, unique=True, help_text="digest of the field that names the record")
    q1 = models.BinaryField(max_length=16, null=True, help_text="digest of the first question's fields")
    q2 = models.BinaryField(max_length=16, null=True)
    q3 = models.BinaryField(max_length=16, null=True)
    subject = models.BinaryField(max_length=32, null=True, help_text="digest of the person's number in the directory")
    content = models.BinaryField(max_length=16, help_text="digest of the whole record: whether importing changes it")
    record = models.JSONField(help_text="the fields that are no secret, as text")
    sealed = models.BinaryField(null=True, help_text="the secret fields as JSON, sealed and bound to the key")
    updated_at = models.DateTimeField()
    source = models.CharField(max_length=200)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ("register", "-updated_at", "-id")
        indexes = [
            models.Index(fields=["register", "updated_at"], name="holding_register"),
            models.Index(fields=["q1"], name="holding_q1", condition=Q(q1__isnull=False)),
            models.Index(fields=["q2"], name="holding_q2", condition=Q(q2__isnull=False)),
            models.Index(fields=["q3"], name="holding_q3", condition=Q(q3__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.register

    @property
    def version(self) -> int:
        """Tells whether the record has changed, for forms; from the digest of its content."""
        return int.from_bytes(bytes(self.content)[:3], "big")
