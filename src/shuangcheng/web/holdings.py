"""What the directory and the list hold, for the home page: by action plan, by field, and in all."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as t

from shuangcheng.core.standing import Standing
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Agreement, Alliance, Membership, Organisation, Programme, Zone
from shuangcheng.directory.terms import ACTION_PLANS, MemberState, OrganisationType
from shuangcheng.plan.matters import TROUBLED
from shuangcheng.plan.models import Item as PlanItem

from .matter import Item


@dataclass
class Plan:
    """One of the ten action plans with what there is of it, and the item that moved last."""

    number: int
    name: str
    area: str
    counts: dict[str, int]
    moved: date | None = None
    newest: str = ""
    late: int = 0


@dataclass(frozen=True)
class Tally:
    """How many things of a group one field and action plan has, and when the last of them changed."""

    group: str
    field: str
    plan: int | None
    n: int
    moved: datetime
    done: int
    late: int
    troubled: int
    """Late, blocked or at risk."""


def tallies(actor: Actor, *, today: date) -> list[Tally]:
    """What there is, in one query; items of a plan that is over are late no more."""
    open_ = Q(plan__closed=False)
    items = PlanItem.objects.visible_to(actor).standing(today)
    standing = {
        "done": Count("pk", filter=Q(standing=Standing.DONE)),
        "late": Count("pk", filter=Q(standing=Standing.LATE) & open_),
        "troubled": Count("pk", filter=Q(standing__in=TROUBLED) & open_),
    }
    none = dict.fromkeys(standing, Value(0))
    groups: dict[str, QuerySet[Any]] = {
        "alliances": Alliance.objects.visible_to(actor),
        "zones": Zone.objects.visible_to(actor),
        "agreements": Agreement.objects.visible_to(actor),
        "items": items,
    }
    first, *rest = (
        rows.order_by()
        .values_list(Value(group), "field", "action_plan")
        .annotate(n=Count("pk"), moved=Max("updated_at"), **(standing if group == "items" else none))
        for group, rows in groups.items()
    )
    return [Tally(*row) for row in first.union(*rest, all=True)]


def plans(held: list[Tally], others: list[Item], moved: Mapping[int, str]) -> list[Plan]:
    """The ten action plans; `others` are what is late beside items, `moved` the items that did last."""
    overdue = Counter(item.plan for item in others if item.tone == "bad")
    found = []
    for number, name, area in ACTION_PLANS:
        own = [tally for tally in held if tally.plan == number]
        counts: Counter[str] = Counter()
        for tally in own:
            counts[tally.group] += tally.n
        last = max((timezone.localtime(tally.moved).date() for tally in own), default=None)
        late = overdue[number] + sum(tally.late for tally in own)
        found.append(Plan(number, name, area, counts, last, moved.get(number, ""), late))
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
        sizes["done"] += tally.done
        sizes["late"] += tally.late
    listing, items = reverse("organisations"), reverse("items")
    return [
        (sizes["items"], t("清单事项"), items),
        (sizes["late"], t("逾期事项"), f"{items}?standing=late"),
        (sizes["done"], t("已完成事项"), f"{items}?standing=done"),
        (sizes["organisations"], t("机构在册"), listing),
        (sizes["home"], t("川渝高校"), f"{listing}?side=cq&side=sc&type=university&type=college"),
        (sizes["alliances"], t("联盟与共同体"), reverse("alliances")),
        (sizes["members"], t("成员单位"), reverse("map") + "?layer=alliances"),
        (sizes["zones"], t("结对与试点"), reverse("zones")),
        (sizes["agreements"], t("协议"), reverse("agreements")),
        (sizes["programmes"], t("专业点"), reverse("programmes")),
    ]
