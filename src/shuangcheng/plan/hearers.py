"""Who hears of what a joint body does."""

from datetime import date
from uuid import UUID

from shuangcheng.directory.models.person import Grant
from shuangcheng.directory.terms import WORKERS, Role

from .models import Body


def of_body(body: Body, *, day: date) -> set[UUID]:
    """The officers of the authorities that sit in a body, and who works at its other members."""
    seats = body.seats.current().values("organisation")
    grants = Grant.objects.current(day).filter(role__in=[Role.OFFICER, *WORKERS], organisation__in=seats)
    return set(grants.values_list("person", flat=True))


def of_organisation(organisation: UUID, *, day: date) -> set[UUID]:
    """Who works at an organisation, an authority's officers too."""
    grants = Grant.objects.current(day).filter(role__in=[Role.OFFICER, *WORKERS], organisation=organisation)
    return set(grants.values_list("person", flat=True))


def officers(side: str, *, day: date) -> set[UUID]:
    """The officers of a side."""
    return Grant.objects.people(Role.OFFICER, side=side, day=day)
