"""Plans: lists that both sides approve, and what the reader proposes for them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified
from shuangcheng.directory.terms import WORKERS, Field, Side

from ..terms import ProposalKind, ProposalState, Sides
from .base import Versioned
from .policies import Clause, PolicyVersion


class PlanQuerySet(models.QuerySet["Plan"]):
    """Reads of plans."""

    def visible_to(self, actor: Actor) -> "PlanQuerySet":
        """Approved plans are public; one in the making is for officers and for those who work at a named body."""
        if actor.is_officer:
            return self
        own = actor.organisations(*WORKERS)
        seen = Q(pk__in=PlanVersion.objects.values("plan"))
        if own:
            named = Q(items__lead_cq__in=own) | Q(items__lead_sc__in=own) | Q(items__partners__in=own)
            seen |= Q(pk__in=Plan.objects.filter(named).values("pk"))
        return self.filter(seen)


class Plan(Versioned):
    """A list 清单 of measures, projects and milestones with their targets, mostly made from one document."""

    name = models.CharField(max_length=200, unique=True)
    pinyin = models.CharField(max_length=300)
    policy_version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.SET_NULL, related_name="plans")
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH)
    field = models.CharField(max_length=12, choices=Field.pairs)
    first_year = models.IntegerField()
    last_year = models.IntegerField()
    purpose = models.TextField(blank=True)
    closed = models.BooleanField(default=False, help_text="over: kept for reading")
    invented = models.BooleanField(default=False)
    home = models.CharField(max_length=20, blank=True, help_text="the authority whose node keeps it; blank: this one")
    received = models.JSONField(null=True, help_text="of one that is kept elsewhere: its content as it came last")
    sent = models.IntegerField(default=0, help_text="letters that told the other node of its content or its return")
    heard = models.IntegerField(default=0, help_text="number of the newest such letter that came")
    returned = models.CharField(max_length=300, blank=True, help_text="why the other side returned or withdrew it last")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ("closed", "-first_year", "pinyin")

    def __str__(self) -> str:
        return self.name

    @property
    def shared(self) -> bool:
        """Whether it stands on both nodes."""
        return bool(self.sent or self.heard)


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Reads of approved versions."""

    def visible_to(self, actor: Actor) -> "PlanVersionQuerySet":
        """Everybody: what was approved is public."""
        return self

    def having(self, digest: str) -> "PlanVersionQuerySet":
        """Those with a digest, each marked with `later` when a later version was approved."""
        later = PlanVersion.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
        return self.filter(digest=digest).annotate(later=Exists(later))


class PlanVersion(Identified):
    """A plan as both sides approved it; never changed afterwards."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    snapshot = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical snapshot (RFC 8785)")
    approved_at = models.DateTimeField(help_text="when the second side approved")

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"v{self.number}"


class PlanApproval(Identified):
    """One side's approval of a plan with exactly the content that has the digest."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="approvals")
    side = models.CharField(max_length=10, choices=Side.pairs)
    digest = models.CharField(max_length=64)
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.CASCADE, related_name="approvals")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "side"], condition=models.Q(version=None), name="plan_approval_waiting_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.digest[:8]}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Reads of proposals."""

    def visible_to(self, actor: Actor) -> "ProposalQuerySet":
        """Officers, who decide them."""
        return self if actor.is_officer else self.none()


class Proposal(Versioned):
    """A measure or target that the reader found in a document, and what an officer made of it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="proposals")
    clause = models.ForeignKey(Clause, null=True, on_delete=models.SET_NULL, related_name="proposals")
    order = models.IntegerField()
    kind = models.CharField(max_length=8, choices=ProposalKind.pairs)
    state = models.CharField(max_length=10, choices=ProposalState.pairs, default=ProposalState.PENDING)
    quote = models.TextField(help_text="as the document says it")
    start = models.IntegerField()
    end = models.IntegerField()
    found = models.JSONField(default=dict, help_text="as the reader found it; never changed")
    data = models.JSONField(default=dict, help_text="as the officer corrected it: an ItemInput or TargetInput")
    doubts = models.JSONField(default=list, help_text="what the reader was not certain of, as messages")
    under = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="proposed_targets",
        help_text="the measure that a target belongs to",
    )
    part_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="parts", help_text="the proposal it was split from"
    )
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    item = models.ForeignKey("plan.Item", null=True, on_delete=models.SET_NULL, related_name="proposals")
    target = models.ForeignKey("plan.Target", null=True, on_delete=models.SET_NULL, related_name="proposals")
    reason = models.CharField(max_length=300, blank=True, help_text="why it was dropped")
    by_name = models.CharField(max_length=100, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title[:60]

    @property
    def title(self) -> str:
        """What it is called as it stands now."""
        return str(self.data.get("title") or self.data.get("subject") or self.quote)
