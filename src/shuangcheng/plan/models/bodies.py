"""Joint bodies 协作机构: members, consultations, reports."""

from datetime import date

from django.db import models
from django.db.models import Count, Max, Q
from django.db.models.functions import Greatest

from shuangcheng.core.calendar import months_later
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.alliance import action_plan_choices
from shuangcheng.directory.models.base import Identified, Timed
from shuangcheng.directory.terms import WORKERS, Field, Side

from ..terms import BodyKind, ConsultationState, SeatRole, SessionState, Sides
from .base import Versioned
from .items import Item
from .plans import Plan

HELD = (SessionState.HELD, SessionState.MINUTES, SessionState.CONFIRMED)
"""States of a session that has taken place."""


class BodyQuerySet(models.QuerySet["Body"]):
    """Reads of joint bodies."""

    def visible_to(self, actor: Actor) -> "BodyQuerySet":
        """Everybody sees that they exist and who sits in them."""
        return self

    def with_last(self) -> "BodyQuerySet":
        """With `held`, how many sessions were held, and `last_on`, the day of the last session or report."""
        return self.annotate(
            held=Count("sessions", filter=Q(sessions__state__in=HELD), distinct=True),
            last_on=Greatest(Max("sessions__on", filter=Q(sessions__state__in=HELD)), Max("reports__covers_to")),
        )


class Body(Versioned):
    """A joint meeting 联席会议, joint office 联合办公室 or task force 专项工作组."""

    kind = models.CharField(max_length=14, choices=BodyKind.pairs)
    name = models.CharField(max_length=120, unique=True)
    pinyin = models.CharField(max_length=200)
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH)
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    mandate = models.TextField(blank=True, help_text="职责")
    founded = models.DateField(null=True)
    months_between = models.SmallIntegerField(null=True, help_text="a session or report every so many months")
    plan = models.ForeignKey(
        Plan,
        null=True,
        on_delete=models.SET_NULL,
        related_name="bodies",
        help_text="the list that its resolutions go to",
    )
    reported = models.JSONField(default=list, help_text="figures that a source reports: text, value, source")
    ended = models.DateField(null=True)
    invented = models.BooleanField(default=False)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "pinyin")
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.name

    @property
    def is_task_force(self) -> bool:
        """Whether it reports regularly instead of meeting."""
        return self.kind == BodyKind.TASK_FORCE

    @property
    def sides(self) -> tuple[str, ...]:
        """Whose officers confirm its minutes."""
        return (Side.CHONGQING, Side.SICHUAN) if self.side == Sides.BOTH else (self.side,)

    @property
    def next_due(self) -> date | None:
        """By when the next session or report is due; needs `with_last`."""
        last = getattr(self, "last_on", None) or self.founded
        return months_later(last, self.months_between) if last and self.months_between and not self.ended else None


class SeatQuerySet(models.QuerySet["Seat"]):
    """Reads of seats."""

    def current(self) -> "SeatQuerySet":
        """Those who sit now."""
        return self.filter(left__isnull=True)


class Seat(Identified):
    """A member of a joint body: an organisation, and the post that represents it; people are not named."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seats")
    post = models.CharField(max_length=60, blank=True, help_text="职务, such as 分管负责人")
    role = models.CharField(max_length=8, choices=SeatRole.pairs, default=SeatRole.MEMBER)
    joined = models.DateField(null=True)
    left = models.DateField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ("role", "organisation__pinyin")
        constraints = [
            models.UniqueConstraint(
                fields=["body", "organisation", "post"], condition=Q(left__isnull=True), name="seat_once"
            )
        ]

    def __str__(self) -> str:
        return self.post


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """Reads of consultations."""

    def visible_to(self, actor: Actor) -> "ConsultationQuerySet":
        """Officers, and those who sit in the body."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        return self.filter(body__in=Seat.objects.current().filter(organisation__in=own).values("body"))


class Consultation(Timed):
    """A matter talked over between sessions 会商."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="consultations")
    topic = models.CharField(max_length=200)
    text = models.TextField()
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="consultations")
    answer_by = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=ConsultationState.pairs, default=ConsultationState.OPEN)
    conclusion = models.TextField(blank=True)
    side = models.CharField(max_length=10, choices=Side.pairs, help_text="who began it")
    by_name = models.CharField(max_length=100)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.topic


class BodyReportQuerySet(models.QuerySet["BodyReport"]):
    """Reads of reports."""

    def visible_to(self, actor: Actor) -> "BodyReportQuerySet":
        """Officers, and those who sit in the body."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        return self.filter(body__in=Seat.objects.current().filter(organisation__in=own).values("body"))


class BodyReport(Timed):
    """A regular report of a task force 工作组定期报告."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="reports")
    covers_to = models.DateField()
    title = models.CharField(max_length=120)
    done = models.TextField(help_text="工作进展")
    problems = models.TextField(blank=True, help_text="存在问题")
    next_steps = models.TextField(blank=True, help_text="下一步安排")
    by_name = models.CharField(max_length=100)

    objects = BodyReportQuerySet.as_manager()

    class Meta:
        ordering = ("-covers_to",)
        constraints = [models.UniqueConstraint(fields=["body", "covers_to"], name="body_report_once")]

    def __str__(self) -> str:
        return self.title
