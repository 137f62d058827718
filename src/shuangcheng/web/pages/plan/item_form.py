"""What the forms about items share: the page, the version that was seen, and what somebody else has saved meanwhile."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as t

from shuangcheng.plan.models import Item

from ...forms import Form
from ...request import Request


def page(
    request: Request, form: "Form[Any]", *, item: Item | None = None, template: str = "forms/page.html", **more: Any
) -> HttpResponse:
    """A form, 422 when something in it was refused."""
    crumbs = [(reverse("items"), t("工作清单"))]
    if item:
        address = reverse("item", args=[item.pk])
        crumbs.append((address, f"{item.number} {item.title}"[:40]))
        more.setdefault("back", address)
        more.setdefault("lede", item.title)
    base = {"form": form, "section": "plan", "tab": "items", "version": None, "crumbs": crumbs, "item": item}
    return render(request, template, base | more, status=422 if form.wrong else 200)


def seen(request: Request, now: int) -> int:
    """The version that the form was filled in against; a form without one was filled in against none."""
    if request.method != "POST":
        return now
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


def tell_the_newest(form: "Form[Any]", stored: "Form[Any]", version: int) -> int:
    """Say under each field that differs what is stored now; the version against which the next try is made."""
    for box, newest in zip(form, stored, strict=True):
        if box.values != newest.values:
            box.help = t("最新内容：%(text)s") % {"text": "、".join(newest.values)[:200] or t("（空）")}
    return version
