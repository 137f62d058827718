"""The expert pool 专家库."""

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import WORKERS, ExpertState, Field, Role, ServiceState, Side
from .base import Identified, Timed, Versioned
from .organisation import Organisation
from .person import Person


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Reads of the expert pool."""

    def visible_to(self, actor: Actor) -> "ExpertQuerySet":
        """Officers and auditors see all; organisations see the vetted and their own; the public sees none."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        own = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
        staff = actor.organisations(Role.ORGANISATION_ADMIN, Role.ORGANISATION_STAFF)
        if staff:
            own |= Q(state=ExpertState.VETTED) | Q(employer__in=staff) | Q(nominated_by__in=staff)
        return self.filter(own)


class Expert(Versioned):
    """A person in the pool: nominated, vetted, with fields, avoidance and service."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="expert")
    employer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="experts")
    nominated_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="nominations")
    side = models.CharField(max_length=10, choices=Side.pairs)
    title = models.CharField(max_length=60, blank=True, help_text="职称")
    field = models.CharField(max_length=12, choices=Field.pairs)
    specialities = models.CharField(max_length=200, help_text="专长")
    state = models.CharField(max_length=10, choices=ExpertState.pairs)
    answer = models.CharField(max_length=300, blank=True)
    vetted_at = models.DateTimeField(null=True)
    term_until = models.DateField(null=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ("person__pinyin",)

    def __str__(self) -> str:
        return self.person.name


def _kept_by(actor: Actor) -> Q:
    """The experts whose record the actor keeps: their own, and those their organisation employs or nominated."""
    keeps = Q(expert__person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    if own := actor.organisations(Role.ORGANISATION_ADMIN):
        keeps |= Q(expert__employer__in=own) | Q(expert__nominated_by__in=own)
    return keeps


class AvoidanceQuerySet(models.QuerySet["Avoidance"]):
    """Reads of relations of avoidance."""

    def visible_to(self, actor: Actor) -> "AvoidanceQuerySet":
        """Officers, auditors, the expert, and the organisations that keep the expert's record."""
        return self if actor.is_officer or actor.has(Role.AUDITOR) else self.filter(_kept_by(actor))


class Avoidance(Identified):
    """A relation that keeps an expert from judging 回避关系: an organisation or another person."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="avoidances")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects = AvoidanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
                name="avoidance_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class ServiceQuerySet(models.QuerySet["Service"]):
    """Reads of the record of service."""

    def visible_to(self, actor: Actor) -> "ServiceQuerySet":
        """Officers, auditors, the expert, the host, and the organisations that keep the expert's record."""
        if actor.is_officer or actor.has(Role.AUDITOR):
            return self
        return self.filter(_kept_by(actor) | Q(host__in=actor.organisations(*WORKERS)))


class Service(Timed):
    """An invitation to an expert and what came of it 服务记录."""

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="services")
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=200)
    begins = models.DateField()
    ends = models.DateField()
    state = models.CharField(max_length=10, choices=ServiceState.pairs)
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    result = models.TextField(blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ("-begins",)

    def __str__(self) -> str:
        return self.task
