"""The page that the forms about items share."""

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
    base = {"form": form, "section": "plan", "tab": "items", "crumbs": crumbs, "item": item}
    return render(request, template, base | more, status=422 if form.wrong else 200)
