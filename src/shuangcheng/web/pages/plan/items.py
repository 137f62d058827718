"""Pages of the list: table, board, timetable; entering, changing and removing an item."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.standing import OPEN, Standing
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import items as actions
from shuangcheng.plan.inputs.items import ItemInput, ReasonInput
from shuangcheng.plan.models import Item, Plan
from shuangcheng.plan.tables.items import place

from ...fetch import one
from ...forms import Form, attempt, submit
from ...lists_items import LIST, ItemList, download
from ...request import Request
from ...timetable import draw
from . import item, item_bulk, item_row, item_work
from .item_form import page

ON_BOARD, ON_TIMETABLE = 15, 300


@dataclass(frozen=True)
class Pillar:
    """A column of the board."""

    value: str
    label: str
    count: int
    rows: list[Any]

    @property
    def more(self) -> bool:
        """Whether not all of its items are shown."""
        return self.count > len(self.rows)


def _board(shown: ItemList) -> list[Pillar]:
    """The items by standing, the first few of each."""
    ids = {
        value: [id for id in shown.ids if value in shown.marks[id]["standing"]] for value, _label in Standing.pairs()
    }
    first = [id for found in ids.values() for id in found[:ON_BOARD]]
    rows = {row.pk: row for row in shown.detailed(first)}
    return [
        Pillar(value, label, len(ids[value]), [rows[id] for id in ids[value][:ON_BOARD]])
        for value, label in Standing.pairs()
        if ids[value] or value in OPEN
    ]


def index(request: Request) -> HttpResponse:
    """The list as a table, a board or a timetable of what passes the filters."""
    shown = ItemList(request)
    if request.GET.get("format") == "xlsx":
        return download(shown)
    views = [("table", t("表格")), ("board", t("看板")), ("timetable", t("实施进程表"))]
    view = request.GET.get("view", "")
    view = view if view in dict(views) else "table"
    counts = shown.counts("standing")
    context: dict[str, Any] = {
        "shown": shown, "listing": LIST, "q": shown.q, "views": views, "view": view, "section": "plan", "tab": "items",
        "creates": may(request.actor, "plan.edit"),
        "standings": [(value, t(label), counts[value]) for value, label in Standing.pairs() if counts.get(value)],
    }  # fmt: skip
    if view == "board":
        context["board"] = _board(shown)
    elif view == "timetable":
        year = request.GET.get("year", "")
        rows = list(shown.detailed(shown.ids[:ON_TIMETABLE]))
        context |= {
            "timetable": draw(rows, today=shown.today, year=int(year) if year.isdecimal() and len(year) == 4 else None),
            "cut": ON_TIMETABLE if len(shown.ids) > ON_TIMETABLE else 0,
        }
    return render(request, LIST.template, context)


def create(request: Request) -> HttpResponse:
    """Add an item: first the plan is chosen, then the item is filled in."""
    require(request.actor, "plan.edit")
    if not request.GET.get("plan"):
        plans = [plan for plan in Plan.objects.visible_to(request.actor) if may(request.actor, "plan.edit", plan)]
        open_ones = [plan for plan in plans if not plan.closed]
        return render(request, "plan/choose_plan.html", {"plans": open_ones, "section": "plan", "tab": "items"})
    plan = one(Plan.objects.visible_to(request.actor).select_related("policy_version"), request.GET["plan"])
    require(request.actor, "plan.edit", plan)
    parent = request.GET.get("parent", "")[:20]
    kind = {"kind": "project", "parent": parent} if parent else {}
    form = Form(ItemInput, {"field": plan.field} | kind)
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.create(plan=plan, data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已增加“%(name)s”。") % {"name": made.title})
            return redirect("item", id=made.id)
    return page(request, form, heading=t("增加事项"), button=t("增加"), back=reverse("items"), lede=plan.name)


def initial(row: Item) -> dict[str, Any]:
    """An item as its form holds it."""
    values = {name: getattr(row, name) for name in ItemInput.model_fields}
    return values | {
        "parent": row.parent.number if row.parent else "",
        "clause": row.clause.anchor if row.clause else row.clause_label,
        "partners": [partner.name for partner in row.partners.all()],
        "divisions": [place(division) for division in row.divisions.all()],
        **{name: str(values[name] or "") for name in ("lead_cq", "lead_sc", "zone", "alliance", "task_force")},
    }


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change an item; of two who do so at once the second sees what the first has saved beside his own text."""
    row = item.get(request, id)
    require(request.actor, "item.edit", row)
    form = Form(ItemInput, initial(row), version=row.version)
    if request.method == "POST":
        changed = submit(
            form, request,
            lambda data: actions.edit(item=row, data=data, by=request.actor, at=request.at, seen=form.version),
        )  # fmt: skip
        if changed:
            messages.success(request, t("已保存。"))
            return redirect("item", id=id)
    return page(request, form, heading=t("修改事项"), button=t("保存"), item=row)


@require_POST
def remove(request: Request, id: UUID) -> HttpResponse:
    """Take back an item that was entered by mistake."""
    row = item.get(request, id)
    require(request.actor, "item.edit", row)
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        messages.error(request, t("请填写删除的理由。"), extra_tags="bad")
        return redirect("item", id=id)
    data = ReasonInput(reason=reason)
    gone = attempt(
        request, t("已删除“%(name)s”。") % {"name": row.title},
        lambda: actions.remove(item=row, data=data, by=request.actor, at=request.at),
    )  # fmt: skip
    return redirect("items") if gone else redirect("item", id=id)


urlpatterns = [
    path("plan/", index, name="items"),
    path("plan/items/new/", create, name="item_new"),
    path("plan/items/<uuid:id>/edit/", edit, name="item_edit"),
    path("plan/items/<uuid:id>/remove/", remove, name="item_remove"),
    *item.urlpatterns,
    *item_work.urlpatterns,
    *item_bulk.urlpatterns,
    *item_row.urlpatterns,
]
