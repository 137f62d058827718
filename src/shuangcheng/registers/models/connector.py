"""Where a register is really kept, when it is not kept here."""

from django.db import models

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Versioned

from .holdings import keeps_registers


class ConnectorQuerySet(models.QuerySet["Connector"]):
    """Reads of connectors."""

    def visible_to(self, actor: Actor) -> "ConnectorQuerySet":
        """Those who keep the registers."""
        return self if keeps_registers(actor) else self.none()


class Connector(Versioned):
    """The existing system that answers for a register 上游接口; while it is on, holdings are not asked."""

    register = models.CharField(max_length=30, unique=True)
    enabled = models.BooleanField()
    url = models.CharField(max_length=300)
    names = models.JSONField(help_text="field of the register -> what the other system calls it")
    within = models.CharField(max_length=100, blank=True, help_text="where the record stands in its answer")
    header = models.CharField(max_length=60, blank=True)
    sealed = models.BinaryField(null=True, help_text="the header's value, sealed with the identity key")
    seconds = models.FloatField(help_text="how long an answer may take")

    objects = ConnectorQuerySet.as_manager()

    class Meta:
        ordering = ("register",)

    def __str__(self) -> str:
        return self.register
