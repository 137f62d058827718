"""Administrative divisions 行政区划."""

from datetime import date

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import DivisionLevel
from .base import Identified


class DivisionQuerySet(models.QuerySet["Division"]):
    """Reads of divisions."""

    def newest_first(self) -> "DivisionQuerySet":
        """A code that was used twice means the later division; one whose beginning is not known was there before."""
        return self.order_by(models.F("valid_from").desc(nulls_last=True))

    def visible_to(self, actor: Actor) -> "DivisionQuerySet":
        """Everybody sees the divisions."""
        return self

    def valid_on(self, day: date) -> "DivisionQuerySet":
        """Divisions whose code is valid on `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )

    def within(self, division: "Division") -> "DivisionQuerySet":
        """The division and everything below it."""
        return self.filter(path__startswith=division.path)


class Division(Identified):
    """A division of one code and name for as long as it was valid; 江北区 ends in 2025, 两江新区 begins."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=DivisionLevel.pairs)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=60, help_text="codes from the province down, each followed by a slash")
    pinyin = models.CharField(max_length=200)
    valid_from = models.DateField(null=True, help_text="first day; 1 January when only the year is known")
    valid_until = models.DateField(null=True, help_text="last day; 31 December when only the year is known")
    successor_code = models.CharField(max_length=12, blank=True)
    document = models.CharField(max_length=100, blank=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_code_once", nulls_distinct=False)
        ]
        indexes = [
            models.Index(fields=["path"], name="division_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["parent", "code"], name="division_children"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def province_code(self) -> str:
        """Code of the province it lies in."""
        return self.path[:6]

    @property
    def ended(self) -> bool:
        """Whether the division has an end."""
        return self.valid_until is not None

    @property
    def years(self) -> str:
        """The years of validity as people write them, empty when it has always been."""
        if not (self.valid_from or self.valid_until):
            return ""
        return f"{self.valid_from.year if self.valid_from else ''}—{self.valid_until.year if self.valid_until else ''}"
