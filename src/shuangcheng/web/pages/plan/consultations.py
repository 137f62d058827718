"""Pages of consultations 会商 between sessions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t

from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import consultations as actions
from shuangcheng.plan.inputs.bodies import ConclusionInput, ConsultationInput, OpinionInput
from shuangcheng.plan.models import AgendaEntry, Consultation
from shuangcheng.plan.terms import ConsultationState

from ...fetch import one
from ...forms import Form, submit
from ...request import Request
from .bodies import crumb, get, page


def begin(request: Request, id: UUID) -> HttpResponse:
    """Begin to talk a matter over."""
    body = get(request, id)
    require(request.actor, "body.consult", body)
    form = Form(ConsultationInput, {"item": request.GET.get("item", "")})
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.begin(body=body, data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已发起会商，并通知了各成员单位。"))
            return redirect("consultation", id=made.pk)
    lede = t("各成员单位会收到通知，可以在页面上发表意见。")
    return page(request, form, crumb(body), heading=t("发起会商"), button=t("发起"), lede=lede)


def detail(request: Request, id: UUID) -> HttpResponse:
    """One consultation: what is said, and how it ends."""
    rows = Consultation.objects.visible_to(request.actor).select_related("body", "item")
    row = one(rows, id)
    opinion, ending = Form(OpinionInput), Form(ConclusionInput, {"state": ConsultationState.AGREED})
    ending.boxes["state"].choices = [pair for pair in ending.boxes["state"].choices if pair[0] != row.state]
    if request.method == "POST":
        by, at = request.actor, request.at
        if request.POST.get("do") == "conclude":
            done = submit(
                ending, request, lambda data: actions.conclude(consultation=row, data=data, by=by, at=at)
            )  # fmt: skip
        else:
            done = submit(opinion, request, lambda data: actions.say(consultation=row, data=data, by=by, at=at))
        if done:
            messages.success(request, t("已保存。"))
            return redirect("consultation", id=id)
    context = {
        "row": row,
        "remarks": row.remarks.all(),
        "opinion": opinion,
        "ending": ending,
        "entries": AgendaEntry.objects.visible_to(request.actor).filter(consultation=row).select_related("session"),
        "late": bool(row.state == ConsultationState.OPEN and row.answer_by and row.answer_by < request.at.date()),
        "changes": AuditLine.objects.told_of("consultation", id, to=request.actor)[:8],
        "section": "plan",
        "tab": "bodies",
    }
    status = 422 if opinion.wrong or ending.wrong else 200
    return render(request, "plan/consultation.html", context, status=status)


urlpatterns = [
    path("plan/bodies/<uuid:id>/consultations/new/", begin, name="consultation_new"),
    path("plan/consultations/<uuid:id>/", detail, name="consultation"),
]
