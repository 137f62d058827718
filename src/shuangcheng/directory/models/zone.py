"""Pairs, border zones, experimental zones and pilots."""

from datetime import date

from django.db import models

from ..actor import Actor
from ..terms import Field, Level, ZoneKind
from .alliance import action_plan_choices
from .base import Versioned
from .division import Division
from .organisation import Organisation


class ZoneQuerySet(models.QuerySet["Zone"]):
    """Reads of zones."""

    def visible_to(self, actor: Actor) -> "ZoneQuerySet":
        """Everybody sees the zones."""
        return self


class Zone(Versioned):
    """A pair 结对, border zone 毗邻地区, 试验区, 示范区 or 试点 with its places, level and term."""

    name = models.CharField(max_length=120, unique=True)
    pinyin = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=ZoneKind.pairs)
    level = models.CharField(max_length=12, choices=Level.pairs)
    aims_at = models.CharField(max_length=12, choices=Level.pairs, blank=True, help_text="拟升级别")
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    divisions = models.ManyToManyField(Division, related_name="zones")
    leads = models.ManyToManyField(Organisation, related_name="zones_led")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    tasks = models.TextField(blank=True, help_text="主要任务")
    reported = models.JSONField(default=list)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        ordering = ("pinyin",)

    def __str__(self) -> str:
        return self.name

    def ended(self, today: date) -> bool:
        """Whether its term is over."""
        return self.valid_until is not None and self.valid_until < today
