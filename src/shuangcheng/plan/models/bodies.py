"""Joint bodies 协作机构: members, numbered sessions, agenda, minutes, resolutions, consultations, reports."""

from django.db import models
from django.db.models import Q

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.alliance import action_plan_choices
from shuangcheng.directory.models.base import Identified, Timed
from shuangcheng.directory.terms import WORKERS, Field, Side

from ..terms import (
    AgendaReason,
    AgendaState,
    BodyKind,
    ConsultationState,
    SeatRole,
    SessionState,
    Sides,
)
from .base import Versioned
from .items import Item
from .plans import Plan


class BodyQuerySet(models.QuerySet["Body"]):
    """Reads of joint bodies."""

    def visible_to(self, actor: Actor) -> "BodyQuerySet":
        """Everybody sees that they exist and who sits in them."""
        return self


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


class SessionQuerySet(models.QuerySet["Session"]):
    """Reads of sessions."""

    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Held sessions are public; one in the making is for officers and those who sit in the body."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        public = Q(state__in=[SessionState.HELD, SessionState.MINUTES, SessionState.CONFIRMED])
        seats = Seat.objects.current().filter(organisation__in=own)
        return self.filter(public | Q(body__in=seats.values("body"))) if own else self.filter(public)


class Session(Versioned):
    """A numbered session of a joint body 第几次会议."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="sessions")
    number = models.IntegerField()
    title = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True)
    on_or_before = models.BooleanField(default=False, help_text="the source only says that it was held by this day")
    place = models.CharField(max_length=120, blank=True)
    host = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SessionState.pairs, default=SessionState.PREPARING)
    minutes = models.TextField(blank=True, help_text="会议纪要")
    source = models.CharField(max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("body", "-number")
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="session_once")]

    def __str__(self) -> str:
        return self.title or f"{self.body.name} {self.number}"


class Attendance(Identified):
    """Who came to a session 出席."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60, blank=True)
    present = models.BooleanField(default=True)
    people = models.SmallIntegerField(default=1)

    class Meta:
        ordering = ("-present", "organisation__pinyin")
        constraints = [models.UniqueConstraint(fields=["session", "organisation", "post"], name="attendance_once")]

    def __str__(self) -> str:
        return self.post


class AgendaEntry(Identified):
    """A matter on the agenda of a session 议题."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="agenda")
    order = models.IntegerField()
    title = models.CharField(max_length=200)
    reason = models.CharField(max_length=10, choices=AgendaReason.pairs)
    detail = models.CharField(max_length=300, blank=True, help_text="such as how many working days late")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="agenda")
    state = models.CharField(max_length=10, choices=AgendaState.pairs, default=AgendaState.PROPOSED)
    drop_reason = models.CharField(max_length=300, blank=True)
    outcome = models.TextField(blank=True, help_text="议定情况")

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title


class Resolution(Identified):
    """What a session decided 议定事项; each becomes an item of the body's plan."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="resolutions")
    number = models.IntegerField()
    text = models.TextField()
    agenda = models.ForeignKey(AgendaEntry, null=True, on_delete=models.SET_NULL, related_name="resolutions")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="resolutions")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="resolution_once")]

    def __str__(self) -> str:
        return self.text[:60]


class MinutesConfirmation(Identified):
    """One side's confirmation of the minutes that have exactly this digest 纪要确认."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="confirmations")
    side = models.CharField(max_length=10, choices=Side.pairs)
    digest = models.CharField(max_length=64)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = [models.UniqueConstraint(fields=["session", "side", "digest"], name="confirmation_once")]

    def __str__(self) -> str:
        return self.side


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
