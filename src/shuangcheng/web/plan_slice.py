"""What the list and the ledger hold of one thing: a zone, an alliance, a division, an organisation, an action plan."""

from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Window
from django.urls import reverse

from shuangcheng.plan.models import Activity, Item
from shuangcheng.plan.models.items import ItemQuerySet

from .request import Request

ITEMS, ACTIVITIES = 8, 6


def with_column(request: Request, **column: Any) -> dict[str, Any]:
    """The slice of a thing that items and activities name in the same column, which is a parameter of both lists."""
    return _slice(request, _items(request).filter(**column), _activities(request).filter(**column), column)


def of_organisation(request: Request, id: UUID) -> dict[str, Any]:
    """What an organisation leads, takes part in or is the host of."""
    link = {"organisation": id}
    return _slice(request, _items(request).of([id]), _activities(request).filter(hosts=id), link)


def inside(request: Request, path: str) -> dict[str, Any]:
    """What concerns a division, and what organisations there are hosts of; also below it."""
    hosts = Activity.hosts.through.objects.filter(organisation__division__path__startswith=path)
    activities = _activities(request).filter(pk__in=hosts.values("activity"))
    return _slice(request, _items(request).inside(path), activities, {"division": path})


def _items(request: Request) -> ItemQuerySet:
    return Item.objects.visible_to(request.actor).standing(request.at.date())


def _activities(request: Request) -> "QuerySet[Activity]":
    return Activity.objects.visible_to(request.actor)


def _slice(request: Request, items: Any, activities: Any, link: dict[str, Any]) -> dict[str, Any]:
    """The most urgent items and the newest activities, how many there are, and the addresses of all; two queries."""
    rows = items.select_related("lead_cq", "lead_sc").annotate(whole=Window(Count("pk"))).urgent_first()
    return {
        "items": rows[:ITEMS],
        "items_address": reverse("items", query=link),
        "activities": activities.annotate(whole=Window(Count("pk")))[:ACTIVITIES],
        "activities_address": reverse("activities", query=link),
    }
