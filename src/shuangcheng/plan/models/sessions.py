"""Numbered sessions 会议 of joint bodies: agenda, attendance, minutes, resolutions, confirmations."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from shuangcheng.core.official import counted
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import WORKERS, Side

from ..terms import AgendaReason, AgendaState, SessionState
from .base import Versioned
from .bodies import HELD, Body, Seat
from .items import Item


class SessionQuerySet(models.QuerySet["Session"]):
    """Reads of sessions."""

    def visible_to(self, actor: Actor) -> "SessionQuerySet":
        """Held sessions are public; one in the making is for officers and those who sit in the body."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        public = Q(state__in=HELD)
        seats = Seat.objects.current().filter(organisation__in=own)
        return self.filter(public | Q(body__in=seats.values("body"))) if own else self.filter(public)

    def having(self, digest: str) -> "SessionQuerySet":
        """Those whose confirmed minutes have a digest."""
        confirmed = MinutesConfirmation.objects.filter(digest=digest)
        return self.filter(state=SessionState.CONFIRMED, pk__in=confirmed.values("session"))


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
    agenda_sent_at = models.DateTimeField(null=True, help_text="when the agenda last went to the members")
    minutes = models.TextField(blank=True, help_text="会议纪要")
    snapshot = models.JSONField(null=True, help_text="the minutes as all sides confirmed them")
    source = models.CharField(max_length=200, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("body", "-number")
        constraints = [models.UniqueConstraint(fields=["body", "number"], name="session_once")]

    def __str__(self) -> str:
        return self.title or f"{self.body.name}第{counted(self.number)}次会议"

    @property
    def took_place(self) -> bool:
        """Whether it was held."""
        return self.state in HELD

    @property
    def being_recorded(self) -> bool:
        """Whether its minutes can be written: held, and not yet confirmed by all sides."""
        return self.state in (SessionState.HELD, SessionState.MINUTES)


Q_ = TypeVar("Q_", bound="models.QuerySet[Any]")


def _of_sessions(rows: Q_, actor: Actor, also: Q | None = None) -> Q_:
    """What belongs to sessions: for officers and those who sit in the body, for all once the minutes are confirmed."""
    if actor.is_officer:
        return rows
    own = actor.organisations(*WORKERS)
    public = Q(session__state=SessionState.CONFIRMED) & (also or Q())
    seats = Seat.objects.current().filter(organisation__in=own)
    return rows.filter(public | Q(session__body__in=seats.values("body"))) if own else rows.filter(public)


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Reads of attendance."""

    def visible_to(self, actor: Actor) -> "AttendanceQuerySet":
        """Those concerned with the body; everybody once the minutes are confirmed."""
        return _of_sessions(self, actor)


class Attendance(Identified):
    """Who came to a session 出席."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=60, blank=True)
    present = models.BooleanField(default=True)
    people = models.SmallIntegerField(default=1)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ("-present", "organisation__pinyin")
        constraints = [models.UniqueConstraint(fields=["session", "organisation", "post"], name="attendance_once")]

    def __str__(self) -> str:
        return self.post


class AgendaEntryQuerySet(models.QuerySet["AgendaEntry"]):
    """Reads of the agenda."""

    def visible_to(self, actor: Actor) -> "AgendaEntryQuerySet":
        """Those concerned with the body; everybody once the minutes are confirmed."""
        return _of_sessions(self, actor, Q(state=AgendaState.ACCEPTED))


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
    consultation = models.ForeignKey(
        "plan.Consultation", null=True, on_delete=models.SET_NULL, related_name="agenda", help_text="that was referred"
    )

    objects = AgendaEntryQuerySet.as_manager()

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title


class ResolutionQuerySet(models.QuerySet["Resolution"]):
    """Reads of resolutions."""

    def visible_to(self, actor: Actor) -> "ResolutionQuerySet":
        """Those concerned with the body; everybody once the minutes are confirmed."""
        return _of_sessions(self, actor)


class Resolution(Identified):
    """What a session decided 议定事项; each becomes an item of the body's plan."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="resolutions")
    number = models.IntegerField()
    text = models.TextField()
    agenda = models.ForeignKey(AgendaEntry, null=True, on_delete=models.SET_NULL, related_name="resolutions")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="resolutions")
    lead_cq = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    lead_sc = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField(null=True, help_text="as the session decided; the item may move later")

    objects = ResolutionQuerySet.as_manager()

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
