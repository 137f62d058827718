"""An item changed in its row of the list: in place, or on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t

from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import bulk
from shuangcheng.plan.inputs.items import RowInput
from shuangcheng.plan.models import Item

from ...forms import Form, submit
from ...request import Request
from .item import get
from .item_form import page

TOLD = ("told", "reason")
"""What only those change who may report."""


def _row(request: Request, item: Item) -> HttpResponse:
    """The row as it is now."""
    return render(request, "plan/item_row.html", {"row": item, "creates": True, "swapped": True})


def change(request: Request, id: UUID) -> HttpResponse:
    """Change the state, the day and the leads of an item."""
    item = get(request, id)
    require(request.actor, "item.edit", item)
    if request.htmx and request.GET.get("as") == "row":
        return _row(request, item)
    stored: dict[str, Any] = {
        "told": item.told, "reason": item.told_reason, "due": item.due, "lead_cq": str(item.lead_cq or ""),
        "lead_sc": str(item.lead_sc or ""),
    }  # fmt: skip
    hide = () if may(request.actor, "item.report", item) else TOLD
    form = Form(RowInput, stored, hide=hide, version=item.version)

    def act(data: RowInput) -> Item:
        return bulk.edit_row(item=item, data=data, by=request.actor, at=request.at, seen=form.version)

    if request.method == "POST" and submit(form, request, act, **{name: stored[name] for name in hide}):
        if request.htmx:
            return _row(request, get(request, id))
        messages.success(request, t("已保存。"))
        return redirect("item", id=id)
    if request.htmx:
        return render(request, "plan/item_row_edit.html", {"form": form, "item": item})
    return page(request, form, heading=t("修改事项"), button=t("保存"), item=item, back=reverse("items"))


urlpatterns = [path("plan/items/<uuid:id>/row/", change, name="item_row")]
