"""The activity ledger 活动台账, and what is sought from above 共同争取事项."""

from django.db import models

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Alliance, Division, Organisation, Zone
from shuangcheng.directory.models.alliance import action_plan_choices
from shuangcheng.directory.terms import Field

from ..terms import ActivityKind, Sides, SoughtKind, SoughtState
from .base import Versioned
from .items import Item


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Reads of activities."""

    def visible_to(self, actor: Actor) -> "ActivityQuerySet":
        """Everybody sees the ledger."""
        return self


class Activity(Versioned):
    """A joint meeting, activity, project or piece of work 台账记录."""

    kind = models.CharField(max_length=8, choices=ActivityKind.pairs)
    title = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=300)
    on = models.DateField()
    until = models.DateField(null=True)
    quantity = models.IntegerField(default=1, help_text="次数: one row may stand for several that a source only counts")
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH)
    hosts = models.ManyToManyField(Organisation, related_name="activities")
    hosts_text = models.CharField(max_length=300, blank=True, help_text="hosts that are no organisations here")
    place = models.CharField(max_length=120, blank=True)
    division = models.ForeignKey(Division, null=True, on_delete=models.SET_NULL, related_name="activities")
    people = models.IntegerField(null=True, help_text="参与人数")
    result = models.TextField(blank=True, help_text="成果")
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.SET_NULL, related_name="activities")
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL, related_name="activities")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="activities")
    session = models.ForeignKey("plan.Session", null=True, on_delete=models.SET_NULL, related_name="activities")
    source = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ("-on", "-created_at")
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["on", "kind"], name="activity_on")]

    def __str__(self) -> str:
        return self.title


class SoughtQuerySet(models.QuerySet["Sought"]):
    """Reads of what is sought."""

    def visible_to(self, actor: Actor) -> "SoughtQuerySet":
        """Officers; what was granted is public."""
        return self if actor.is_officer else self.filter(state__in=[SoughtState.GRANTED, SoughtState.PARTLY])


class Sought(Versioned):
    """Something that both sides seek from above together 共同争取事项."""

    kind = models.CharField(max_length=10, choices=SoughtKind.pairs)
    title = models.CharField(max_length=200)
    pinyin = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    channel = models.CharField(max_length=200, blank=True, help_text="争取渠道: asked of whom, and how")
    field = models.CharField(max_length=12, choices=Field.pairs)
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    lead_cq = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    lead_sc = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="sought")
    state = models.CharField(max_length=10, choices=SoughtState.pairs, default=SoughtState.PREPARING)
    asked_on = models.DateField(null=True)
    expected = models.DateField(null=True, help_text="预计答复")
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    source = models.CharField(max_length=200, blank=True)

    objects = SoughtQuerySet.as_manager()

    class Meta:
        ordering = ("state", "pinyin")
        verbose_name_plural = "sought"

    def __str__(self) -> str:
        return self.title
