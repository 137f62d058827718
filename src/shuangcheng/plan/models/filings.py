"""Progress from below 推进情况报送: periods, and what each organisation files."""

from datetime import date

from django.db import models
from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.terms import WORKERS

from ..terms import FilingState, PeriodState, Sides
from .base import Versioned
from .items import Item, ItemQuerySet
from .plans import Plan

MISSING = (FilingState.RETURNED, FilingState.DUE, FilingState.DRAFT)
"""Where a filing stands while its organisation has something to do."""
ORDER = {state: number for number, state in enumerate((*MISSING, FilingState.FILED, FilingState.ACCEPTED))}
BY_TURN = ("turn", "organisation__side", "organisation__pinyin", "id")


class PeriodQuerySet(models.QuerySet["Period"]):
    """Reads of periods."""

    def visible_to(self, actor: Actor) -> "PeriodQuerySet":
        """Officers, and those who work at an organisation that files."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        return self.filter(pk__in=Filing.objects.filter(organisation__in=own).values("period")) if own else self.none()

    def counted(self) -> "PeriodQuerySet":
        """With the number of filings: all, missing, to decide, accepted."""
        states = {"missing": MISSING, "filed": [FilingState.FILED], "accepted": [FilingState.ACCEPTED]}
        parts = {name: Count("filings", filter=Q(filings__state__in=of)) for name, of in states.items()}
        return self.annotate(all=Count("filings"), **parts)


class Period(Versioned):
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

    @property
    def open(self) -> bool:
        """Whether something can be filed."""
        return self.state == PeriodState.OPEN


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
        return self.filter(state__in=MISSING)

    def turned(self) -> "FilingQuerySet":
        """With `turn`, by which who has something to do stands before those to decide, and `told`: items told of."""
        turn = Case(*(When(state=state, then=Value(place)) for state, place in ORDER.items()))
        return self.annotate(turn=turn, told=Count("lines", filter=~Q(lines__text="")))

    def missing_first(self) -> "FilingQuerySet":
        """Who has something to do first, the accepted last."""
        return self.turned().order_by(*BY_TURN)


class Filing(Versioned):
    """What one organisation files in a period 报送件; its lines are progress reports."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="filings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="filings")
    state = models.CharField(max_length=10, choices=FilingState.pairs, default=FilingState.DUE)
    summary = models.TextField(blank=True, help_text="总体情况")
    answer = models.TextField(blank=True, help_text="退回或通过意见")
    history = models.JSONField(default=list, help_text="each filing with what it said, each return and acceptance")
    saved_by = models.CharField(max_length=100, blank=True, help_text="who wrote in it last")
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

    @property
    def missing(self) -> bool:
        """Whether its organisation has something to do."""
        return self.state in MISSING

    @property
    def writable(self) -> bool:
        """Whether it can be filled in."""
        return self.missing and self.period.open

    @property
    def late(self) -> bool:
        """Whether it was filed after the last day."""
        return self.filed_at is not None and timezone.localdate(self.filed_at) > self.period.due

    def items(self, *, whole: bool = False) -> ItemQuerySet:
        """What it has lines on and, while it can be filled in or as a `whole`, all that is open and names it."""
        wanted = Q(pk__in=self.lines.values("item"))
        if self.writable or whole:
            named = Item.objects.filter(plan=self.period.plan_id).open().of([self.organisation_id])
            wanted |= Q(pk__in=named.values("pk"))
        return Item.objects.filter(wanted).order_by("position", "id")
