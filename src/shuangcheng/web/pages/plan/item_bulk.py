"""Several items changed at once: chosen in the list, looked at, then written."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t

from shuangcheng.core.outcome import Refused
from shuangcheng.directory.lookup import uuid_or_none
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import bulk
from shuangcheng.plan.inputs.items import BulkInput
from shuangcheng.plan.models import Item

from ...forms import Form
from ...history import changed
from ...lists_items import ItemList
from ...request import Request
from ...say import say
from .item import visible


def _chosen(request: Request) -> dict[UUID, int | None]:
    """The chosen items with the versions that were looked at; all that pass the filters with `all`."""
    if request.method == "GET" and request.GET.get("all"):
        return dict.fromkeys(ItemList(request).ids[: bulk.MOST + 1])
    sent = request.POST.getlist("item") if request.method == "POST" else request.GET.getlist("item")
    chosen: dict[UUID, int | None] = {}
    for text in sent[: bulk.MOST + 1]:
        id, _mark, version = text.partition(":")
        if key := uuid_or_none(id):
            chosen[key] = int(version) if version.isdecimal() and len(version) < 10 else None
    return chosen


def change(request: Request) -> HttpResponse:
    """Say what to change; see what becomes of each item; then change all of them, or none."""
    require(request.actor, "plan.edit")
    chosen = _chosen(request)
    items = list(visible(request).filter(pk__in=chosen).prefetch_related("partners").order_by("plan", "position"))
    if not items:
        messages.error(request, t("请先在清单里勾选要修改的事项。"), extra_tags="bad")
        return redirect("items")
    form = Form(BulkInput)
    changes: list[bulk.Change] = []
    looked_at = ""
    if request.method == "POST":
        try:
            data = form.read(request)
            looked_at = data.model_dump_json()
            changes = bulk.look(items, data, author=request.actor, at=request.at)
            agreed = request.POST.get("do") == "write" and request.POST.get("looked") == data.model_dump_json()
            if agreed and _write(request, form, items, data, chosen):
                return redirect("items")
        except Refused as refused:
            if not form.wrong:
                form.refuse(refused)
    looked = {row.item.pk: row for row in changes}
    rows = [
        (item, changed(looked[item.pk].changes) if item.pk in looked else [], _reasons(looked.get(item.pk)))
        for item in items
    ]
    context = {
        "form": form, "rows": rows, "looked": bool(changes), "looked_at": looked_at,
        "refused": any(reasons for _i, _c, reasons in rows),
        "too_many": len(items) > bulk.MOST, "most": bulk.MOST, "section": "plan", "tab": "items",
    }  # fmt: skip
    return render(request, "plan/bulk.html", context, status=422 if form.wrong else 200)


def _reasons(change: bulk.Change | None) -> list[str]:
    return [say(objection.message) for objection in change.objections] if change else []


def _write(
    request: Request, form: "Form[Any]", items: list[Item], data: BulkInput, chosen: dict[UUID, int | None]
) -> bool:
    seen = {id: version for id, version in chosen.items() if version is not None}
    try:
        done = bulk.edit_many(items=items, data=data, by=request.actor, at=request.at, seen=seen)
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, t("已修改 %(n)d 个事项。") % {"n": len(done)}, extra_tags="ok")
    return True


urlpatterns = [path("plan/bulk/", change, name="items_bulk")]
