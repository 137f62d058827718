"""Pages for beginning a list, with or without a document, and for changing its facts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import plans as actions
from shuangcheng.plan.actions import proposals
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Plan, Policy

from ...fetch import one
from ...forms import Form, attempt, submit
from ...request import Request
from .library import shown_version


def _page(request: Request, form: Form[PlanInput], **context: Any) -> HttpResponse:
    base = {"form": form, "section": "plan", "tab": "plans", "button": t("保存")}
    return render(request, "forms/page.html", base | context, status=422 if form.wrong else 200)


def create(request: Request) -> HttpResponse:
    """Begin a list."""
    require(request.actor, "plan.edit", None)
    form = Form(PlanInput, {"first_year": request.at.year, "last_year": request.at.year})
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.create(data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已编制清单“%(name)s”。") % {"name": made.name}, extra_tags="ok")
            return redirect("plan", id=made.id)
    crumbs = [(reverse("plans"), t("清单核定"))]
    return _page(request, form, heading=t("编制清单"), back=reverse("plans"), crumbs=crumbs)


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change the facts of a list."""
    plan = one(Plan.objects.visible_to(request.actor).select_related("policy_version__policy"), id)
    require(request.actor, "plan.edit", plan)
    initial = {name: getattr(plan, name, None) for name in PlanInput.model_fields}
    initial["policy"] = plan.policy_version.policy.title if plan.policy_version else ""
    form = Form(PlanInput, initial, version=plan.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: actions.edit(plan=plan, data=data, by=request.actor, at=request.at, seen=form.version),
    ):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("plan", id=id)
    crumbs = [(reverse("plans"), t("清单核定")), (reverse("plan", args=[id]), plan.name)]
    back = reverse("plan", args=[id])
    return _page(request, form, heading=t("修改清单"), back=back, crumbs=crumbs)


@require_POST
def close(request: Request, id: UUID) -> HttpResponse:
    """End a list, or take it up again."""
    plan = one(Plan.objects.visible_to(request.actor), id)
    require(request.actor, "plan.edit", plan)
    closed = request.POST.get("do") != "reopen"
    said = t("清单已结束。") if closed else t("清单已恢复。")
    attempt(request, said, lambda: actions.close(plan=plan, by=request.actor, at=request.at, closed=closed))
    return redirect("plan", id=id)


def start(request: Request) -> HttpResponse:
    """Choose the list that a document is read into, or begin one."""
    require(request.actor, "plan.edit", None)
    policy = one(Policy.objects.visible_to(request.actor), request.POST.get("policy_id") or request.GET.get("policy"))
    version = shown_version(request, policy)
    year = policy.issued.year if policy.issued else request.at.year
    form = Form(
        PlanInput,
        {
            "name": t("%(title)s工作清单") % {"title": policy.title},
            "policy": str(policy.title),
            "side": policy.side,
            "field": policy.field,
            "first_year": year,
            "last_year": year + 4,
        },
    )

    def read(plan: Plan) -> Plan:
        found = proposals.read(plan=plan, version=plan.policy_version or version, by=request.actor, at=request.at)
        _tell(request, len(found))
        return plan

    def begin(data: PlanInput) -> Plan:
        with transaction.atomic():
            given = data.model_copy(update={"policy": str(policy.id)})
            return read(actions.create(data=given, by=request.actor, at=request.at))

    if request.method == "POST" and request.POST.get("plan"):
        plan = one(Plan.objects.visible_to(request.actor).select_related("policy_version"), request.POST["plan"])
        attempt(request, t("已读取。"), lambda: read(plan))
        return redirect("reading", id=plan.id)
    if request.method == "POST" and (made := submit(form, request, begin)):
        return redirect("reading", id=made.id)
    fitting = Q(policy_version__policy=policy) | Q(policy_version=None)
    rows = Plan.objects.visible_to(request.actor).filter(fitting, closed=False).select_related("policy_version")
    context = {
        "policy": policy,
        "plans": [plan for plan in rows if may(request.actor, "plan.edit", plan)],
        "form": form,
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "plan/reading_new.html", context, status=422 if form.wrong else 200)


def _tell(request: Request, found: int) -> None:
    """Say what the reading brought."""
    if found:
        text = ngettext("读到 %(n)d 项举措和目标，待您核定。", "读到 %(n)d 项举措和目标，待您核定。", found)
        messages.success(request, text % {"n": found}, extra_tags="ok")
    else:
        text = t("没有读到新的举措或目标：可能已经读取过，也可能这是一篇报道。可以在清单里直接增加事项。")
        messages.warning(request, text, extra_tags="warn")


urlpatterns = [
    path("plan/plans/new/", create, name="plan_new"),
    path("plan/plans/<uuid:id>/edit/", edit, name="plan_edit"),
    path("plan/plans/<uuid:id>/close/", close, name="plan_close"),
    path("plan/reading/new/", start, name="reading_new"),
]
