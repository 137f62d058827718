"""People, their numbers and their roles."""

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Q

from ..actor import Actor
from ..terms import NumberKind, Role, Side
from .base import Identified, Versioned
from .organisation import Organisation


class PersonQuerySet(models.QuerySet["Person"]):
    """Reads of people."""

    def visible_to(self, actor: Actor) -> "PersonQuerySet":
        """Oneself; who has a role today there for administrators and officers; all for the node's own."""
        if actor.has(Role.NODE_ADMIN):
            return self
        seen = Q(id=actor.person_id) if actor.person_id else Q(pk__in=[])
        today = Grant.objects.current(actor.day)
        if actor.has(Role.OFFICER):
            seen |= Q(pk__in=today.filter(organisation__side=actor.side).values("person"))
        if own := actor.organisations(Role.ORGANISATION_ADMIN):
            seen |= Q(pk__in=today.filter(organisation__in=own).values("person"))
        return self.filter(seen)


class Person(Versioned):
    """A person; `invented` marks the people of the demonstration."""

    name = models.CharField(max_length=60)
    pinyin = models.CharField(max_length=200)
    invented = models.BooleanField(default=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("pinyin", "id")

    def __str__(self) -> str:
        return self.name


class PersonNumber(Identified):
    """A number by which a person is known, encrypted, beside a keyed digest for look-up, valid from–until."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="numbers")
    kind = models.CharField(max_length=10, choices=NumberKind.pairs)
    sealed = models.BinaryField(help_text="AES-GCM: nonce and ciphertext, bound to the row's id and kind")
    digest = models.BinaryField(max_length=32, help_text="HMAC-SHA-256 of kind and number")
    masked = models.CharField(max_length=30)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=Q(valid_until__isnull=True), name="person_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.masked


class GrantQuerySet(models.QuerySet["Grant"]):
    """Reads of roles."""

    def current(self, day: date) -> "GrantQuerySet":
        """Roles in force on `day`."""
        return self.filter(Q(valid_from__lte=day), Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def people(self, role: Role, *, side: str, day: date) -> set[UUID]:
        """Who holds a role on a side on `day`."""
        return set(self.current(day).filter(role=role, side=side).values_list("person", flat=True))


class Grant(Identified):
    """A role of a person in an organisation 任职, from–until."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.pairs)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="grants")
    side = models.CharField(max_length=10, choices=Side.pairs)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ("valid_from",)

    def __str__(self) -> str:
        return Role(self.role).label
