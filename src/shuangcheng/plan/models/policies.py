"""Policy documents, their versions and clauses, and how documents hang together."""

from django.db import models

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import Identified, Timed
from shuangcheng.directory.terms import Field

from ..terms import LinkKind, PolicyState, Sides
from .base import Versioned


class PolicyQuerySet(models.QuerySet["Policy"]):
    """Reads of policies."""

    def visible_to(self, actor: Actor) -> "PolicyQuerySet":
        """What is in force or was is public; drafts for comment are for officers."""
        return self if actor.is_officer else self.exclude(state=PolicyState.DRAFT)


class Policy(Versioned):
    """A policy document 政策文件; its text stands in its versions."""

    title = models.CharField(max_length=300)
    pinyin = models.CharField(max_length=400)
    issuers = models.JSONField(default=list, help_text="发文机关: names as printed")
    doc_number = models.CharField(max_length=80, blank=True, help_text="发文字号")
    issued = models.DateField(null=True, help_text="成文日期")
    published = models.DateField(null=True, help_text="公开日期")
    state = models.CharField(max_length=10, choices=PolicyState.pairs, default=PolicyState.IN_FORCE)
    lapses = models.DateField(null=True, help_text="有效期至")
    side = models.CharField(max_length=4, choices=Sides.pairs, default=Sides.BOTH)
    field = models.CharField(max_length=12, choices=Field.pairs)
    remark = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("-issued", "pinyin")

    def __str__(self) -> str:
        return self.title


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Reads of versions."""

    def visible_to(self, actor: Actor) -> "PolicyVersionQuerySet":
        """Whoever sees the document."""
        return self if actor.is_officer else self.exclude(policy__state=PolicyState.DRAFT)


class PolicyVersion(Identified):
    """The text of a document as it was taken in; never changed afterwards."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64, unique=True)
    file = models.FileField(upload_to="policies/", null=True)
    file_name = models.CharField(max_length=200, blank=True)
    reading = models.JSONField(default=dict, help_text="what the reader found: core.policy.Document as JSON")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=100)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"v{self.number}"


class ClauseQuerySet(models.QuerySet["Clause"]):
    """Reads of clauses."""

    def visible_to(self, actor: Actor) -> "ClauseQuerySet":
        """Whoever sees the document."""
        return self if actor.is_officer else self.exclude(version__policy__state=PolicyState.DRAFT)


class Clause(Identified):
    """A clause 条款 of a version; its anchor, the path of its numbers, means the same in a later version."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="clauses")
    order = models.IntegerField()
    anchor = models.CharField(max_length=60, help_text="such as 3.2, from the numbers of the headings above it")
    level = models.SmallIntegerField()
    number = models.CharField(max_length=40, blank=True, help_text="as printed, such as （三）")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="what stands under the heading, without that of lower clauses")
    start = models.IntegerField(help_text="offset of the clause in the version's text")
    end = models.IntegerField()

    objects = ClauseQuerySet.as_manager()

    class Meta:
        ordering = ("order",)
        constraints = [models.UniqueConstraint(fields=["version", "anchor"], name="clause_anchor_once")]

    def __str__(self) -> str:
        return f"{self.number}{self.title}"


class PolicyLink(Identified):
    """One document cites, implements or replaces another, which may not be in the library."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12, choices=LinkKind.pairs)
    other = models.ForeignKey(Policy, null=True, on_delete=models.SET_NULL, related_name="linked_from")
    title = models.CharField(max_length=300, help_text="as the document writes it")
    doc_number = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("kind", "title")
        constraints = [models.UniqueConstraint(fields=["policy", "kind", "title"], name="policy_link_once")]

    def __str__(self) -> str:
        return self.title


class IntakeQuerySet(models.QuerySet["Intake"]):
    """Reads of intakes."""

    def visible_to(self, actor: Actor) -> "IntakeQuerySet":
        """Officers, who take documents in."""
        return self if actor.is_officer else self.none()

    def open(self) -> "IntakeQuerySet":
        """Those of which something may still be taken in."""
        return self.filter(closed=False)


class Intake(Timed):
    """A file or text that was handed in 待收录文本, what was read in it, and what was made of each document in it."""

    name = models.CharField(max_length=200, help_text="name of the file, or the first words of a pasted text")
    file = models.FileField(upload_to="policies/", null=True)
    text = models.TextField()
    readings = models.JSONField(default=list, help_text="core.policy.Document as JSON, one for each document in it")
    digests = models.JSONField(default=list, help_text="digest of the text of each document")
    taken = models.JSONField(default=dict, help_text="index of a document -> id of the policy it became")
    warnings = models.JSONField(default=list, help_text="what the file's reader warns of, as messages")
    renews = models.ForeignKey(
        Policy, null=True, on_delete=models.SET_NULL, related_name="+", help_text="the document it is a newer text of"
    )
    closed = models.BooleanField(default=False, help_text="taken in as a whole, or given up")
    by_name = models.CharField(max_length=100)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name
