"""The list 清单: items, their targets and observed values, progress and discussion."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Case, CharField, F, Q, Value, When

from shuangcheng.core.standing import ENOUGH, Comparator, Lines, Standing
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Alliance, Division, Organisation, Zone
from shuangcheng.directory.models.alliance import action_plan_choices
from shuangcheng.directory.models.base import Identified, Timed
from shuangcheng.directory.terms import WORKERS, Field

from ..terms import ClauseFate, ItemKind, RemarkKind, Sides, TargetKind, Told
from .base import Versioned
from .plans import Plan
from .policies import Clause

STANDING_ORDER = {standing.value: number for number, standing in enumerate(Standing)}


class ItemQuerySet(models.QuerySet["Item"]):
    """Reads of items."""

    def visible_to(self, actor: Actor) -> "ItemQuerySet":
        """Whoever sees the plan."""
        return self if actor.is_officer else self.filter(plan__in=Plan.objects.visible_to(actor))

    def standing(self, today: date) -> "ItemQuerySet":
        """With `standing` and `standing_order` as `core.standing.standing` gives them for `today`."""
        lines = Lines.of(today)
        settled = Q(told__in=[Told.DONE, Told.DROPPED])
        near = Q(due__lte=lines.soon, percent__lt=ENOUGH)
        overslept = Q(told=Told.NOT_STARTED, starts__lte=lines.late)
        return self.annotate(
            standing=Case(
                When(settled, then=F("told")),
                When(due__lte=lines.late, then=Value(Standing.LATE.value)),
                When(told__in=[Told.BLOCKED, Told.AT_RISK], then=F("told")),
                When(near | overslept, then=Value(Standing.AT_RISK.value)),
                default=F("told"),
                output_field=CharField(),
            ),
            standing_order=Case(
                *(When(standing=name, then=Value(number)) for name, number in STANDING_ORDER.items()),
                default=Value(len(STANDING_ORDER)),
                output_field=models.IntegerField(),
            ),
        )

    def open(self) -> "ItemQuerySet":
        """What is still to be done."""
        return self.exclude(told__in=[Told.DONE, Told.DROPPED])

    def of(self, organisations: list[UUID]) -> "ItemQuerySet":
        """What organisations lead or take part in."""
        partner = Item.partners.through.objects.filter(organisation__in=organisations).values("item")
        return self.filter(Q(lead_cq__in=organisations) | Q(lead_sc__in=organisations) | Q(pk__in=partner))

    def inside(self, path: str) -> "ItemQuerySet":
        """What concerns a division or one below it, by the division's path."""
        places = Item.divisions.through.objects.filter(division__path__startswith=path)
        return self.filter(pk__in=places.values("item"))

    def urgent_first(self) -> "ItemQuerySet":
        """Late, blocked and at risk before the rest; needs `standing`."""
        return self.order_by("standing_order", F("due").asc(nulls_last=True), "position", "id")


class Item(Versioned):
    """A measure 举措, project 项目 or milestone 节点 of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = models.CharField(max_length=10, choices=ItemKind.pairs)
    number = models.CharField(max_length=20, help_text="编号, such as 3.2.1; once in a plan")
    position = models.CharField(max_length=60, help_text="the number as a key for ordering")
    title = models.CharField(max_length=300)
    pinyin = models.CharField(max_length=400)
    text = models.TextField(blank=True)
    clause = models.ForeignKey(Clause, null=True, on_delete=models.SET_NULL, related_name="items")
    clause_label = models.CharField(max_length=120, blank=True, help_text="条款 as written, when no clause is linked")
    clause_fate = models.CharField(
        max_length=8,
        choices=ClauseFate.pairs,
        blank=True,
        help_text="what a newer text did to the clause; blank: nothing to see to",
    )
    action_plan = models.IntegerField(null=True, choices=action_plan_choices)
    field = models.CharField(max_length=12, choices=Field.pairs)
    lead_cq = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="items_led_cq")
    office_cq = models.CharField(max_length=60, blank=True, help_text="重庆责任处室")
    lead_sc = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="items_led_sc")
    office_sc = models.CharField(max_length=60, blank=True, help_text="四川责任处室")
    partners = models.ManyToManyField(Organisation, related_name="items_joined")
    partners_text = models.CharField(max_length=300, blank=True, help_text="partners that are no organisations here")
    divisions = models.ManyToManyField(Division, related_name="items")
    zone = models.ForeignKey(Zone, null=True, on_delete=models.SET_NULL, related_name="items")
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.SET_NULL, related_name="items")
    task_force = models.ForeignKey("plan.Body", null=True, on_delete=models.SET_NULL, related_name="items")
    starts = models.DateField(null=True)
    due = models.DateField(null=True)
    told = models.CharField(max_length=12, choices=Told.pairs, default=Told.NOT_STARTED)
    told_reason = models.CharField(max_length=300, blank=True)
    percent = models.SmallIntegerField(default=0)
    reported_on = models.DateField(null=True, help_text="day of the newest progress report")
    disputed = models.BooleanField(default=False)
    money_planned = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="万元")
    money_spent = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="万元")
    money_source = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("plan", "position")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="item_number_once")]
        indexes = [
            models.Index(fields=["due"], name="item_due"),
            models.Index(fields=["plan", "position"], name="item_position"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def leads(self) -> "list[UUID]":
        """The organisations that lead, at most one on each side."""
        return [id for id in (self.lead_cq_id, self.lead_sc_id) if id]


class Target(Versioned):
    """A figure that a measure or project promises 目标."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="targets")
    order = models.IntegerField(default=0)
    subject = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    value_max = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=30, blank=True)
    comparator = models.CharField(max_length=6, choices=Comparator.pairs, default=Comparator.AT_LEAST)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    baseline_on = models.DateField(null=True)
    deadline = models.DateField(null=True)
    kind = models.CharField(max_length=4, choices=TargetKind.pairs, default=TargetKind.GOAL)
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH)
    clause = models.ForeignKey(Clause, null=True, on_delete=models.SET_NULL, related_name="targets")
    quote = models.TextField(blank=True)
    observed = models.DecimalField(max_digits=18, decimal_places=4, null=True, help_text="the newest observed value")
    observed_on = models.DateField(null=True)

    class Meta:
        ordering = ("item", "order", "id")

    def __str__(self) -> str:
        return self.subject


class Observation(Identified):
    """An observed value of a target 观测值; a later one on the same day replaces it."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="observations")
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=200, blank=True)
    progress = models.ForeignKey("plan.Progress", null=True, on_delete=models.SET_NULL, related_name="observations")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-at")
        constraints = [models.UniqueConstraint(fields=["target", "on"], name="observation_once")]

    def __str__(self) -> str:
        return str(self.value)


class ProgressQuerySet(models.QuerySet["Progress"]):
    """Reads of progress reports."""

    def visible_to(self, actor: Actor) -> "ProgressQuerySet":
        """What counts is seen with its item; what is still being filed by officers and those who file.

        What the other node took back is seen by nobody.
        """
        rows = self.exclude(~Q(origin=""), counts=False)
        if actor.is_officer:
            return rows
        seen = Q(counts=True, item__in=Item.objects.visible_to(actor))
        own = actor.organisations(*WORKERS)
        return rows.filter(seen | Q(organisation__in=own)) if own else rows.filter(seen)

    def leading(self, item: Item) -> "ProgressQuerySet":
        """The reports of an item that say where it stands, as `Progress.leads` tells."""
        rows = self.filter(item=item)
        return rows.filter(Q(organisation=None) | Q(organisation__in=item.leads)) if item.leads else rows


class Progress(Timed):
    """A report of progress on an item 进展, by an officer or, in a filing, by an organisation."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="progress")
    filing = models.ForeignKey("plan.Filing", null=True, on_delete=models.CASCADE, related_name="lines")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    told = models.CharField(max_length=12, choices=Told.pairs)
    reason = models.CharField(max_length=300, blank=True)
    percent = models.SmallIntegerField()
    text = models.TextField()
    figures = models.JSONField(default=list, help_text="observed values: target id, value as text")
    money_spent = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="万元")
    counts = models.BooleanField(default=True, help_text="false while its filing is not accepted")
    counted_at = models.DateTimeField(null=True, help_text="since when it counts: of two on one day the later tells")
    origin = models.CharField(max_length=20, blank=True, help_text="the authority on whose node it was reported")
    told_times = models.IntegerField(default=0, help_text="letters about it that went or came; an older one is late")
    evidence = models.JSONField(default=list, help_text="files that stay on the other node: name, sha256, size")
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=100)
    side = models.CharField(max_length=10, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        ordering = ("-on", F("counted_at").desc(nulls_last=True), "-created_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "item"], condition=Q(filing__isnull=False), name="progress_once_in_filing"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def leads(self) -> bool:
        """Whether it says where the item stands: an officer's or a lead's word, anybody's when nobody leads."""
        leads = self.item.leads
        return not leads or self.organisation_id is None or self.organisation_id in leads


class Remark(Identified):
    """A contribution to the discussion of an item or a consultation 讨论."""

    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="remarks")
    consultation = models.ForeignKey("plan.Consultation", null=True, on_delete=models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=8, choices=RemarkKind.pairs, default=RemarkKind.REMARK)
    text = models.TextField()
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=100)
    side = models.CharField(max_length=10, blank=True)
    origin = models.CharField(max_length=20, blank=True, help_text="the authority on whose node it was said")
    told = models.BooleanField(default=False, help_text="whether a letter about it went to the other node")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False) ^ Q(consultation__isnull=False), name="remark_on_one_thing"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
