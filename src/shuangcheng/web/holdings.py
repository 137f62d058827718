"""What the directory holds, for the home page: by action plan, by field, and in all."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as t

from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Agreement, Alliance, Membership, Organisation, Programme, Zone
from shuangcheng.directory.terms import ACTION_PLANS, MemberState, OrganisationType

from .overview import Item


@dataclass
class Plan:
    """One of the ten action plans with what the directory holds of it."""

    number: int
    name: str
    area: str
    counts: dict[str, int]
    moved: date | None = None
    late: int = 0


@dataclass(frozen=True)
class Tally:
    """How many things of a group one field and action plan has, and when the last of them changed."""

    group: str
    field: str
    plan: int | None
    n: int
    moved: datetime


def tallies(actor: Actor) -> list[Tally]:
    """What the directory holds, in one query."""
    groups: dict[str, QuerySet[Any]] = {
        "alliances": Alliance.objects.visible_to(actor),
        "zones": Zone.objects.visible_to(actor),
        "agreements": Agreement.objects.visible_to(actor),
    }
    first, *rest = (
        rows.order_by()
        .values_list(Value(group), "field", "action_plan")
        .annotate(n=Count("pk"), moved=Max("updated_at"))
        for group, rows in groups.items()
    )
    return [Tally(*row) for row in first.union(*rest, all=True)]


def plans(held: list[Tally], late: list[Item]) -> list[Plan]:
    """The ten action plans."""
    overdue = Counter(item.plan for item in late if item.tone == "bad")
    found = []
    for number, name, area in ACTION_PLANS:
        own = [tally for tally in held if tally.plan == number]
        counts: Counter[str] = Counter()
        for tally in own:
            counts[tally.group] += tally.n
        moved = max((timezone.localtime(tally.moved).date() for tally in own), default=None)
        found.append(Plan(number, name, area, counts, moved, overdue[number]))
    return found


def fields(held: list[Tally]) -> Counter[str]:
    """How much there is in each field."""
    total: Counter[str] = Counter()
    for tally in held:
        total[tally.field] += tally.n
    return total


def _sizes(**results: "QuerySet[Any]") -> Counter[str]:
    """How many rows each of several results has, in one query."""
    first, *rest = (rows.order_by().values_list(Value(name)).annotate(n=Count("pk")) for name, rows in results.items())
    return Counter(dict(first.union(*rest, all=True)))


def numbers(actor: Actor, held: list[Tally]) -> list[tuple[int, str, str]]:
    """Live numbers with the page behind each."""
    organisations = Organisation.objects.visible_to(actor).exclude(type=OrganisationType.ALLIANCE)
    members = Membership.objects.filter(state=MemberState.ADMITTED)
    sizes = _sizes(
        organisations=organisations,
        home=organisations.filter(
            side__in=["cq", "sc"], type__in=[OrganisationType.UNIVERSITY, OrganisationType.COLLEGE]
        ),
        members=Organisation.objects.visible_to(actor).filter(pk__in=members.values("organisation")),
        programmes=Programme.objects.all(),
    )
    for tally in held:
        sizes[tally.group] += tally.n
    listing = reverse("organisations")
    return [
        (sizes["organisations"], t("机构在册"), listing),
        (sizes["home"], t("川渝高校"), f"{listing}?side=cq&side=sc&type=university&type=college"),
        (sizes["alliances"], t("联盟与共同体"), reverse("alliances")),
        (sizes["members"], t("成员单位"), reverse("map") + "?layer=alliances"),
        (sizes["zones"], t("结对与试点"), reverse("zones")),
        (sizes["agreements"], t("协议"), reverse("agreements")),
        (sizes["programmes"], t("专业点"), reverse("programmes")),
    ]
