"""What the weekly digest 每周提醒 counts: what the organisations that somebody works for lead and that needs them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from shuangcheng.core.standing import Lines, Standing
from shuangcheng.directory.models.person import Grant
from shuangcheng.directory.terms import WORKERS, Role

from .models import Item

Matters = dict[UUID, str]
"""Items by their id, and why they need somebody: late, risk or soon."""

BADLY = {Standing.LATE: "late", Standing.BLOCKED: "risk", Standing.AT_RISK: "risk"}
MOST_NAMED = 3
"""Organisations that an address can name within its length."""


def week_of(day: date) -> str:
    """The ISO week: 2026-W48."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def by_lead(today: date) -> dict[UUID, Matters]:
    """For each leading organisation, the items of open plans that are late, blocked, at risk or due soon."""
    soon = Q(due__lte=Lines.of(today).soon)
    rows = Item.objects.standing(today).open().filter(soon | Q(standing__in=BADLY), plan__closed=False)
    found: dict[UUID, Matters] = defaultdict(dict)
    for id, standing, *leads in rows.values_list("pk", "standing", "lead_cq", "lead_sc"):  # type: ignore[misc]
        for lead in filter(None, leads):
            found[lead][id] = BADLY.get(standing, "soon")
    return found


def by_person(today: date) -> dict[UUID, tuple[Counter[str], list[UUID]]]:
    """For each officer and worker of a lead: how many items are late, at risk and due soon, and of which leads."""
    matters = by_lead(today)
    grants = Grant.objects.current(today).filter(role__in=[Role.OFFICER, *WORKERS], organisation__in=list(matters))
    leads: dict[UUID, set[UUID]] = defaultdict(set)
    for person, organisation in grants.values_list("person", "organisation"):
        leads[person].add(organisation)
    return {person: (_count(matters[lead] for lead in own), sorted(own)) for person, own in leads.items()}


def _count(matters: Iterable[Matters]) -> Counter[str]:
    """An item that two of somebody's organisations lead counts once."""
    whole: Matters = {}
    for some in matters:
        whole |= some
    return Counter(whole.values())


def address(leads: list[UUID]) -> str:
    """The list of what these organisations lead, the most urgent first."""
    if len(leads) > MOST_NAMED:
        return reverse("items", query={"mine": "1"})
    return reverse("items", query={"lead": [str(lead) for lead in leads]})
