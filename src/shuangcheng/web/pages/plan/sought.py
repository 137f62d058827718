"""Pages of what both sides seek from above 共同争取事项."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t

from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import sought as actions
from shuangcheng.plan.inputs.ledger import SoughtAnswerInput, SoughtInput
from shuangcheng.plan.models import Sought
from shuangcheng.plan.terms import SoughtState

from ...fetch import one
from ...forms import Form, submit
from ...listing import answer
from ...lists_ledger import SOUGHT
from ...request import Request

PLACE: dict[str, Any] = {"section": "plan", "tab": "sought"}
OPEN = (SoughtState.PREPARING, SoughtState.SUBMITTED)


def _rows(request: Request) -> Any:
    return Sought.objects.visible_to(request.actor).select_related("lead_cq", "lead_sc", "item")


def index(request: Request) -> HttpResponse:
    """What is sought, and what came of it."""
    creates = may(request.actor, "sought.edit")
    return answer(SOUGHT, _rows(request), request, creates=creates, today=request.at.date(), **PLACE)


def detail(request: Request, id: UUID) -> HttpResponse:
    """One matter, with the answer or the form for it."""
    row = one(_rows(request), id)
    form = Form(SoughtAnswerInput, {"answered_on": request.at.date()})
    by, at = request.actor, request.at
    if request.method == "POST":
        require(by, "sought.edit")
        if submit(form, request, lambda data: actions.answer(row=row, data=data, by=by, at=at)):
            messages.success(request, t("已登记答复。"), extra_tags="ok")
            return redirect("sought", id=id)
    answers = [member.value for member in actions.ANSWERS]
    form.boxes["state"].choices = [pair for pair in form.boxes["state"].choices if pair[0] in answers]
    context = {
        "row": row,
        "form": form,
        "answerable": may(by, "sought.edit"),
        "open": row.state in OPEN,
        "today": at.date(),
        "changes": AuditLine.objects.told_of("sought", id, to=by)[:10],
        **PLACE,
    }
    return render(request, "plan/sought.html", context, status=422 if form.wrong else 200)


def edit(request: Request, id: UUID | None = None) -> HttpResponse:
    """Enter or change a matter."""
    row = one(_rows(request), id) if id else None
    require(request.actor, "sought.edit")
    initial: dict[str, Any] = {}
    if row:
        initial = {name: getattr(row, name) for name in SoughtInput.model_fields}
        initial |= {
            "lead_cq": str(row.lead_cq or ""),
            "lead_sc": str(row.lead_sc or ""),
            "item": str(row.item_id or ""),
        }
    form = Form(SoughtInput, initial, version=row.version if row else None)

    def act(data: SoughtInput) -> Sought:
        return actions.save(data=data, by=request.actor, at=request.at, row=row, seen=form.version)

    if request.method == "POST" and (saved := submit(form, request, act)):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("sought", id=saved.id)
    context = {
        "form": form,
        "crumbs": [(reverse("sought_list"), t("共同争取事项"))],
        "back": reverse("sought", args=[id]) if id else reverse("sought_list"),
        "heading": t("修改争取事项") if row else t("登记争取事项"),
        "button": t("保存"),
        **PLACE,
    }
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


urlpatterns = [
    path("plan/sought/", index, name="sought_list"),
    path("plan/sought/new/", edit, name="sought_new"),
    path("plan/sought/<uuid:id>/", detail, name="sought"),
    path("plan/sought/<uuid:id>/edit/", edit, name="sought_edit"),
]
