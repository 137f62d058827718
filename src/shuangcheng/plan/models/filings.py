"""Progress from below 推进情况报送: periods, and what each organisation files."""

from datetime import date

from django.db import models
from django.db.models import Q

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.base import Timed
from shuangcheng.directory.terms import WORKERS

from ..terms import FilingState, PeriodState, Sides
from .plans import Plan


class PeriodQuerySet(models.QuerySet["Period"]):
    """Reads of periods."""

    def visible_to(self, actor: Actor) -> "PeriodQuerySet":
        """Officers, and those who work at an organisation that files."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        return self.filter(pk__in=Filing.objects.filter(organisation__in=own).values("period")) if own else self.none()


class Period(Timed):
    """A period in which progress is filed 报送期."""

    title = models.CharField(max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="periods")
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH, help_text="whose organisations file")
    covers_from = models.DateField()
    covers_to = models.DateField()
    due = models.DateField(help_text="截止日期")
    note = models.TextField(blank=True, help_text="填报要求")
    state = models.CharField(max_length=8, choices=PeriodState.pairs, default=PeriodState.OPEN)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("-covers_to", "-created_at")

    def __str__(self) -> str:
        return self.title

    def overdue(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.due < today


class FilingQuerySet(models.QuerySet["Filing"]):
    """Reads of filings."""

    def visible_to(self, actor: Actor) -> "FilingQuerySet":
        """Officers of both sides; an organisation's workers see their own."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        return self.filter(organisation__in=own) if own else self.none()

    def missing(self) -> "FilingQuerySet":
        """Who has not filed, or must again."""
        return self.filter(state__in=[FilingState.DUE, FilingState.DRAFT, FilingState.RETURNED])


class Filing(Timed):
    """What one organisation files in a period 报送件; its lines are progress reports."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="filings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="filings")
    state = models.CharField(max_length=10, choices=FilingState.pairs, default=FilingState.DUE)
    summary = models.TextField(blank=True, help_text="总体情况")
    answer = models.TextField(blank=True, help_text="退回或通过意见")
    filed_at = models.DateTimeField(null=True)
    filed_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)
    reminded_at = models.DateTimeField(null=True)

    objects = FilingQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__pinyin",)
        constraints = [
            models.UniqueConstraint(fields=["period", "organisation"], name="filing_once"),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=False) | Q(state__in=["due", "draft"]), name="filing_filed_when"
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name
