"""Alliances: members, council votes and yearly reports."""

from datetime import date

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import (
    ACTION_PLANS,
    WORKERS,
    AllianceKind,
    BallotKind,
    BallotState,
    Field,
    MemberRole,
    MemberState,
    ReportState,
    VoteChoice,
)
from .base import Identified, Timed, Versioned
from .organisation import Organisation


def action_plan_choices() -> list[tuple[int, str]]:
    """Number and short name of the ten action plans."""
    return [(number, name) for number, name, _field in ACTION_PLANS]


class AllianceQuerySet(models.QuerySet["Alliance"]):
    """Reads of alliances."""

    def visible_to(self, actor: Actor) -> "AllianceQuerySet":
        """Everybody sees the alliances."""
        return self


class Alliance(Versioned):
    """An alliance, group, union, community or studio; its name, place and side are those of its organisation row."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="alliance")
    kind = models.CharField(max_length=32, choices=AllianceKind.pairs)
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    founded = models.DateField(null=True)
    founded_year_only = models.BooleanField(default=False)
    purpose = models.TextField(blank=True, help_text="宗旨")
    charter = models.TextField(blank=True, help_text="章程")
    charter_version = models.IntegerField(default=0)
    reported = models.JSONField(default=list, help_text="figures that a source reports: text, value, source")
    quorum_percent = models.IntegerField(default=67, help_text="part of the council that must vote")
    majority_percent = models.IntegerField(
        default=50, help_text="part of the votes for or against that must be exceeded"
    )
    voting_days = models.IntegerField(default=14)
    open_to_join = models.BooleanField(default=True)

    objects = AllianceQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__pinyin",)
        indexes = [models.Index(fields=["kind"], name="alliance_kind")]

    def __str__(self) -> str:
        return self.organisation.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def current(self) -> "MembershipQuerySet":
        """Members in good standing."""
        return self.filter(state=MemberState.ADMITTED)

    def visible_to(self, actor: Actor) -> "MembershipQuerySet":
        """Members are public; applications are for officers and for those who work at the applicant or a member."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        council = Membership.objects.filter(organisation__in=own, state=MemberState.ADMITTED).values("alliance")
        public = Q(state__in=[MemberState.ADMITTED, MemberState.LEFT])
        return self.filter(public | Q(organisation__in=own) | Q(alliance__in=council)) if own else self.filter(public)


class Membership(Timed):
    """An organisation's application to join an alliance and, once admitted, its membership."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=MemberRole.pairs, default=MemberRole.MEMBER)
    state = models.CharField(max_length=10, choices=MemberState.pairs)
    joined = models.DateField(null=True)
    left = models.DateField(null=True)
    statement = models.TextField(blank=True, help_text="申请理由")
    answer = models.TextField(blank=True, help_text="why it was returned or refused")
    source = models.CharField(max_length=100, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("organisation__pinyin",)
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "organisation"],
                condition=Q(state__in=["applied", "returned", "admitted"]),
                name="membership_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"

    @property
    def standing(self) -> bool:
        """Whether it is a member or asks to be."""
        return self.state in (MemberState.APPLIED, MemberState.RETURNED, MemberState.ADMITTED)


class BallotQuerySet(models.QuerySet["Ballot"]):
    """Reads of council votes."""

    def visible_to(self, actor: Actor) -> "BallotQuerySet":
        """Officers, and those who work at a member or at the applicant whose admission is voted on."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        member = Q(alliance__memberships__organisation__in=own, alliance__memberships__state=MemberState.ADMITTED)
        return self.filter(member | Q(membership__organisation__in=own)).distinct() if own else self.none()


class Ballot(Timed):
    """A vote of an alliance's council 理事会表决."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="ballots")
    kind = models.CharField(max_length=12, choices=BallotKind.pairs)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    membership = models.ForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="ballots")
    role = models.CharField(max_length=20, choices=MemberRole.pairs, blank=True, help_text="拟任职务 of the member")
    closes_on = models.DateField()
    state = models.CharField(max_length=10, choices=BallotState.pairs, default=BallotState.OPEN)
    council = models.JSONField(default=list, help_text="ids of the organisations that could vote when it opened")
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    said = models.JSONField(null=True, help_text="the reason as a packed message")

    objects = BallotQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.title

    def overdue(self, today: date) -> bool:
        """Whether the vote should have been closed."""
        return self.state == BallotState.OPEN and self.closes_on < today


class Vote(Identified):
    """The vote of one council member; it may be changed while the ballot is open."""

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="votes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10, choices=VoteChoice.pairs)
    comment = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "organisation"], name="vote_once")]

    def __str__(self) -> str:
        return self.choice


class YearlyReportQuerySet(models.QuerySet["YearlyReport"]):
    """Reads of yearly reports."""

    def visible_to(self, actor: Actor) -> "YearlyReportQuerySet":
        """Accepted reports are public; the rest is for officers and those who work at a member."""
        if actor.is_officer:
            return self
        own = Membership.objects.filter(organisation__in=actor.organisations(*WORKERS), state=MemberState.ADMITTED)
        return self.filter(Q(state=ReportState.ACCEPTED) | Q(alliance__in=own.values("alliance")))


class YearlyReport(Versioned):
    """What an alliance did in a year 年度报告: filed by its lead, accepted or returned by the authority."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="reports")
    year = models.IntegerField()
    summary = models.TextField()
    activities = models.IntegerField(help_text="活动次数")
    participants = models.IntegerField(null=True, help_text="参与人次")
    plans = models.TextField(blank=True, help_text="下一年打算")
    state = models.CharField(max_length=10, choices=ReportState.pairs)
    answer = models.TextField(blank=True)

    objects = YearlyReportQuerySet.as_manager()

    class Meta:
        ordering = ("-year",)
        constraints = [models.UniqueConstraint(fields=["alliance", "year"], name="yearly_report_once")]

    def __str__(self) -> str:
        return str(self.year)
