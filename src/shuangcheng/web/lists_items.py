"""The list 清单 as its pages filter it: every facet with its counts from two light queries, and the download."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as t

from shuangcheng.core.sheets import workbook
from shuangcheng.core.standing import Standing
from shuangcheng.core.text import _
from shuangcheng.core.tokens import MAX_QUERY
from shuangcheng.desk.search import narrow
from shuangcheng.directory.lookup import uuid_or_none
from shuangcheng.directory.terms import ACTION_PLANS, Field, Side
from shuangcheng.plan.models import Item
from shuangcheng.plan.models.items import ItemQuerySet
from shuangcheng.plan.tables.items import ASIDE, ITEMS, JOINT, place
from shuangcheng.plan.terms import ItemKind

from .listing import MOST_DOWNLOADED, PAGE, XLSX, Facet, Listing, Option, Shown
from .request import Request
from .templatetags.plan import amount

Labels = dict[str, str]
CLOSED: dict[str, Labels] = {
    "standing": dict(Standing.pairs()),
    "action_plan": {str(number): f"{number} {name}" for number, name, _field in ACTION_PLANS},
    "field": dict(Field.pairs()),
    "side": {Side.CHONGQING.value: Side.CHONGQING.label, Side.SICHUAN.value: Side.SICHUAN.label},
    "kind": dict(ItemKind.pairs()),
    "disputed": {"1": _("有未解决的分歧")},
    "mine": {"1": _("本单位牵头或参与")},
}
"""Facet -> value -> label, for what has few values that are known beforehand; the others come from the items."""

TITLES = {
    "mine": _("与我有关"), "standing": _("推进状态"), "action_plan": _("行动计划"),
    "field": _("领域"), "side": _("牵头方"),
    "plan": _("所属清单"), "lead": _("牵头单位"), "district": _("所涉区划"), "kind": _("层级"), "disputed": _("分歧"),
    "task_force": _("专项工作组"), "zone": _("结对与试点"), "alliance": _("联盟与共同体"),
}  # fmt: skip
NAMED = ("plan", "lead_cq", "lead_sc", "zone", "alliance", "task_force")
LINKED = {"zone": "zone__name", "task_force": "task_force__name", "plan": "plan__name", "lead_cq": "lead_cq__name",
          "lead_sc": "lead_sc__name", "alliance": "alliance__organisation__name"}  # fmt: skip
HIDDEN = {"clause": "clause", "policy": "plan__policy_version__policy", "under": "parent"}
"""Parameters of links from other pages -> column."""

LIST = Listing(
    name="items",
    title=_("工作清单"),
    template="plan/items.html",
    search="item",
    facets=tuple(Facet(name, title, "", list) for name, title in TITLES.items()),
    columns=(),
    orders={
        "urgent": (_("先看紧急"), ()),
        "number": (_("按编号"), ("plan__first_year", "plan", "position", "id")),
        "due": (_("按期限"), ()),
        "recent": (_("按更新"), ("-updated_at", "id")),
    },
    hidden=dict.fromkeys((*HIDDEN, "organisation", "division", "view", "year", "closed"), ""),
)


class ItemList(Shown):
    """The list as one request asked for it. Each item is marked with its values once; counts come from the marks."""

    all: ItemQuerySet
    put_away = 0
    """Items of closed plans that are left out: only who asks for them, or for their plan, sees them."""

    def __init__(self, request: Request) -> None:
        self.listing, self.request, self.today = LIST, request, request.at.date()
        self.q = request.GET.get("q", "").strip()[:MAX_QUERY]
        rows = Item.objects.visible_to(request.actor)
        for parameter, column in HIDDEN.items():
            if key := uuid_or_none(request.GET.get(parameter, "")):
                rows = rows.filter(**{column: key})
        if key := uuid_or_none(request.GET.get("organisation", "")):
            rows = rows.of([key])
        if path := request.GET.get("division", ""):
            rows = rows.inside(path)
        self.all = narrow(rows, "item", self.q) if self.q else rows
        self.labels: dict[str, Labels] = {name: dict(CLOSED.get(name, {})) for name in TITLES}
        self.marks = self._marked()
        self.chosen = {name: self._asked(name) for name in TITLES}

    def _marked(self) -> dict[UUID, dict[str, set[str]]]:
        """By item, the most urgent first, its values of every facet."""
        columns = (
            "pk",
            "plan__closed",
            "action_plan",
            "field",
            "standing",
            "kind",
            "disputed",
            *NAMED,
            *LINKED.values(),
        )
        marks: dict[UUID, dict[str, set[str]]] = {}
        asked = any(self.request.GET.get(name) for name in ("closed", "plan", *HIDDEN))
        for row in self.all.standing(self.today).urgent_first().values(*columns):
            if row["plan__closed"] and not asked:
                self.put_away += 1
                continue
            mark: dict[str, set[str]] = defaultdict(set)
            for name in ("action_plan", "field", "standing", "kind"):
                mark[name].add(str(row[name]))
            for name in filter(row.get, NAMED):
                facet = "lead" if name.startswith("lead_") else name
                mark[facet].add(str(row[name]))
                self.labels[facet][str(row[name])] = row[LINKED[name]]
            mark["side"] = {side for side in CLOSED["side"] if row[f"lead_{side}"]}
            mark["disputed"] = {"1"} if row["disputed"] else set()
            marks[row["pk"]] = mark
        self._mark_linked(marks)
        return marks

    def _mark_linked(self, marks: dict[UUID, dict[str, set[str]]]) -> None:
        """Districts, and what the reader's organisations have a part in."""
        links = Item.divisions.through.objects.filter(item__in=self.all.values("pk"))
        for item, id, name in links.values_list("item", "division", "division__name"):
            if item in marks:
                marks[item]["district"].add(str(id))
                self.labels["district"][str(id)] = name
        if own := self.request.actor.organisations():
            for item in self.all.of(own).values_list("pk", flat=True):
                if item in marks:
                    marks[item]["mine"] = {"1"}

    def _asked(self, name: str) -> list[str]:
        """What is asked of a facet; a link may name a thing that no item hangs together with."""
        asked = self.request.GET.getlist(name)
        if name not in CLOSED:
            for value in filter(uuid_or_none, asked):
                self.labels[name].setdefault(value, _("没有相关事项"))
        return [value for value in asked if value in self.labels[name]]

    def passing(self, without: str = "") -> list[UUID]:
        """The items that pass every filter but that of the facet `without`, the most urgent first."""
        asked = [(name, set(values)) for name, values in self.chosen.items() if values and name != without]
        return [id for id, mark in self.marks.items() if all(mark[name] & values for name, values in asked)]

    @cached_property
    def ids(self) -> list[UUID]:
        """The items that pass."""
        return self.passing()

    def detailed(self, ids: Iterable[UUID]) -> ItemQuerySet:
        """Items with what their row shows."""
        linked = ("plan", "parent__parent", "clause", "lead_cq", "lead_sc")
        rows = Item.objects.visible_to(self.request.actor).standing(self.today).filter(pk__in=list(ids))
        return rows.select_related(*linked).prefetch_related("targets")

    @cached_property
    def rows(self) -> "QuerySet[Any]":
        """The items in order."""
        rows = self.detailed(self.ids)
        if self.order == "urgent":
            return rows.urgent_first()
        if self.order == "due":
            return rows.order_by(F("due").asc(nulls_last=True), "position", "id")
        return rows.order_by(*self.listing.orders[self.order][1])

    @cached_property
    def page(self) -> "Page[Any]":
        """The page of rows asked for."""
        paginator = Paginator(self.rows, PAGE)
        paginator.count = len(self.ids)  # known, so not asked for
        return paginator.get_page(self.request.GET.get("page"))

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Option]]]:
        """Every facet with the options that occur and their counts."""
        return [(facet, self._options(facet)) for facet in self.listing.facets]

    def _options(self, facet: Facet) -> list[Option]:
        counts = self.counts(facet.name)
        labels, chosen = self.labels[facet.name], self.chosen[facet.name]
        values = [value for value in labels if counts.get(value) or value in chosen]
        if facet.name not in CLOSED:
            values.sort(key=lambda value: (-counts.get(value, 0), labels[value]))
        return [Option(value, _said(labels[value]), counts.get(value, 0), value in chosen) for value in values]

    def counts(self, name: str) -> dict[str, int]:
        """How many items each value of a facet has."""
        counts: dict[str, int] = defaultdict(int)
        for id in self.passing(without=name):
            for value in self.marks[id][name]:
                counts[value] += 1
        return counts

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """What is filtered by, each with the address without it."""
        chips = [(self.q, self._without("q", self.q))] if self.q else []
        for name, values in self.chosen.items():
            for value in values:
                chips.append((_said(self.labels[name][value]), self._without(name, value)))
        return chips


def _said(label: str) -> str:
    """A label in the reader's language; a number before it stays."""
    number, mark, name = label.partition(" ")
    return f"{number} {t(name)}" if mark and number.isdigit() else t(label)


def download(shown: ItemList) -> HttpResponse:
    """The filtered list with every column, titled and written so that the import reads it again."""
    linked = ("plan", "parent", "clause", "lead_cq", "lead_sc", "zone", "alliance__organisation", "task_force")
    rows = shown.rows.select_related(*linked).prefetch_related("partners", "divisions__parent__parent__parent")
    inside = shown.request.actor.is_officer
    note = t("数据截至 %(time)s，由双城平台导出") % {"time": f"{shown.request.at:%Y-%m-%d %H:%M}"}
    content = workbook(
        title=t(LIST.title), columns=[*ITEMS.titles.values(), *ASIDE], note=note,
        rows=([*_facts(row, inside=inside), *_told(row, inside=inside)] for row in rows[:MOST_DOWNLOADED]),
    )  # fmt: skip
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{LIST.name}.xlsx"'
    return response


def _facts(row: Any, *, inside: bool) -> list[object]:
    """What the import reads, in the order of its columns; references by the name that it finds them by."""
    shown: dict[str, object] = {
        "kind": row.get_kind_display(), "parent": row.parent.number if row.parent else "",
        "clause": str(row.clause.anchor if row.clause else row.clause_label), "field": row.get_field_display(),
        "partners": JOINT.join(partner.name for partner in row.partners.all()),
        "divisions": JOINT.join(place(division) for division in row.divisions.all()),
        **{name: str(getattr(row, name) or "") for name in LINKED},
    }  # fmt: skip
    if not inside:
        shown |= {"money_planned": "", "money_source": ""}
    return [shown[name] if name in shown else getattr(row, name) for name in ITEMS.titles]


def _told(row: Any, *, inside: bool) -> list[object]:
    return [
        Standing(row.standing).label, row.get_told_display(), row.told_reason, row.percent, row.reported_on,
        JOINT.join(f"{target.subject} {amount(target)}" for target in row.targets.all()),
        row.money_spent if inside else "", row.disputed,
    ]  # fmt: skip
