"""Organisations, their names, programmes and designations."""

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import DivisionLevel, Level, OrganisationStatus, OrganisationType, ProgrammeState, Side
from .base import Identified, Versioned
from .catalogue import CatalogueEntry
from .division import Division


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations."""

    def visible_to(self, actor: Actor) -> "OrganisationQuerySet":
        """Everybody sees the directory of organisations."""
        return self

    def in_order(self) -> "OrganisationQuerySet":
        """By pinyin, which is how people look names up."""
        return self.order_by("pinyin", "id")


class Organisation(Versioned):
    """A school, authority, firm or other body 机构."""

    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=200)
    type = models.CharField(max_length=24, choices=OrganisationType.pairs)
    code = models.CharField(max_length=20, blank=True, help_text="学校标识码")
    credit_code = models.CharField(max_length=18, blank=True, help_text="统一社会信用代码")
    authority = models.CharField(max_length=120, blank=True, help_text="主管部门")
    division = models.ForeignKey(Division, null=True, on_delete=models.PROTECT, related_name="organisations")
    side = models.CharField(max_length=10, choices=Side.pairs)
    level = models.CharField(max_length=20, blank=True, help_text="办学层次")
    private = models.BooleanField(default=False, help_text="民办")
    status = models.CharField(max_length=12, choices=OrganisationStatus.pairs, default=OrganisationStatus.ACTIVE)
    # Nearly all are empty, so the index below holds the others only.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged", db_index=False)
    website = models.CharField(max_length=200, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=100, blank=True, help_text="where the facts come from, with the date")
    origin = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="the authority from whose node it came; blank: here",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ("pinyin", "id")
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="organisation_code_once"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="organisation_credit_code_once"
            ),
        ]
        indexes = [
            models.Index(fields=["pinyin", "id"], name="organisation_order"),
            models.Index(fields=["side", "type", "pinyin", "id"], name="organisation_facets"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="organisation_merged_into"
            ),
            models.Index(fields=["name"], name="organisation_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def county_unknown(self) -> bool:
        """Whether a university's or college's place is known to its city only; others may belong to a city."""
        place = self.division
        kinds = (OrganisationType.UNIVERSITY, OrganisationType.COLLEGE)
        return self.type in kinds and place is not None and place.level in (DivisionLevel.PROVINCE, DivisionLevel.CITY)


class OrganisationName(Identified):
    """A name an organisation has or had 曾用名, so that it is found by either."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("valid_until", "name")
        indexes = [models.Index(fields=["name"], name="former_name")]

    def __str__(self) -> str:
        return self.name


class Programme(Versioned):
    """A programme an organisation runs 专业点, coded by a national catalogue."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="programmes")
    entry = models.ForeignKey(CatalogueEntry, on_delete=models.PROTECT, related_name="programmes")
    direction = models.CharField(max_length=100, blank=True, help_text="专业方向")
    years = models.DecimalField(max_digits=3, decimal_places=1, null=True, help_text="学制（年）")
    opened = models.IntegerField(null=True, help_text="开办年份")
    quota = models.IntegerField(null=True, help_text="年度招生计划（人）")
    state = models.CharField(max_length=10, choices=ProgrammeState.pairs, default=ProgrammeState.OPEN)
    invented = models.BooleanField(default=False)

    class Meta:
        ordering = ("entry__code",)
        constraints = [models.UniqueConstraint(fields=["organisation", "entry", "direction"], name="programme_once")]

    def __str__(self) -> str:
        return self.entry.name


class Designation(Versioned):
    """A title an organisation holds for a term 称号与认定, such as 产教融合型企业."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="designations")
    title = models.CharField(max_length=100)
    level = models.CharField(max_length=12, choices=Level.pairs)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    incentives = models.TextField(blank=True, help_text="激励政策")
    invented = models.BooleanField(default=False)

    class Meta:
        ordering = ("title",)
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title", "valid_from"], name="designation_once", nulls_distinct=False
            )
        ]
        indexes = [models.Index(fields=["title"], name="designation_title")]

    def __str__(self) -> str:
        return self.title
