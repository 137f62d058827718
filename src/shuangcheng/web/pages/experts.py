"""Pages of the expert pool."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.passwords import first_password
from shuangcheng.core.text import _
from shuangcheng.directory.actions import experts as actions
from shuangcheng.directory.actions import people
from shuangcheng.directory.inputs import (
    AnswerInput,
    AvoidanceInput,
    ExpertEditInput,
    ExpertInput,
    InvitationInput,
    ServiceResultInput,
)
from shuangcheng.directory.models import Account, Avoidance, Expert, Organisation, Service
from shuangcheng.directory.people_inputs import AccountInput
from shuangcheng.directory.policy import may, require
from shuangcheng.directory.terms import Role

from .. import lists
from ..context import SEES_EXPERTS
from ..fetch import one
from ..forms import Form, attempt, submit
from ..listing import answer
from ..request import Request


def _own(request: Request) -> Organisation | None:
    own = request.actor.organisations(Role.OFFICER, Role.ORGANISATION_ADMIN, Role.ORGANISATION_STAFF)
    return Organisation.objects.filter(id__in=own).first()


def index(request: Request) -> HttpResponse:
    """The experts the reader may see."""
    if not request.actor.signed_in:
        raise refusal("sign_in", _("专家库只对登录用户开放，请先登录。"), why=Why.SIGN_IN)
    if not request.actor.has(*SEES_EXPERTS):
        raise refusal("no_right", _("您的账号不能查看专家库。需要时请联系本单位管理员。"), why=Why.FORBIDDEN)
    rows = Expert.objects.visible_to(request.actor).select_related("person", "employer", "nominated_by")
    return answer(
        lists.EXPERTS,
        rows,
        request,
        tab="experts",
        section="directory",
        nominates=request.actor.has(Role.OFFICER, Role.ORGANISATION_ADMIN),
    )


def _get(request: Request, id: UUID) -> Expert:
    return one(Expert.objects.visible_to(request.actor).select_related("person", "employer", "nominated_by"), id)


def detail(request: Request, id: UUID) -> HttpResponse:
    """One expert: fields, avoidance, service."""
    expert = _get(request, id)
    today = request.at.date()
    avoidances: list[Any] = list(
        Avoidance.objects.visible_to(request.actor).filter(expert=expert).select_related("organisation", "person")
    )
    for row in avoidances:
        row.over = row.valid_until is not None and row.valid_until < today
    services: list[Any] = list(Service.objects.visible_to(request.actor).filter(expert=expert).select_related("host"))
    for service in services:
        service.mine = may(request.actor, "expert.invite", service.host)
    context = {
        "expert": expert,
        "avoidances": avoidances,
        "services": services,
        "accountless": not Account.objects.filter(person=expert.person_id).exists(),
        "hours": sum(row.hours or 0 for row in services),
        "invites": request.actor.has(Role.OFFICER, Role.ORGANISATION_ADMIN, Role.ORGANISATION_STAFF),
        "section": "directory",
        "tab": "experts",
    }
    return render(request, "directory/expert.html", context)


def _page(request: Request, form: Form, expert: Expert | None, **context: object) -> HttpResponse:
    crumbs = [(reverse("experts"), t("专家库"))]
    back = reverse("experts")
    if expert:
        back = reverse("expert", args=[expert.id])
        crumbs.append((back, expert.person.name))
    base = {"form": form, "tab": "experts", "section": "directory", "crumbs": crumbs, "back": back}
    return render(request, "forms/page.html", {**base, **context}, status=422 if form.wrong else 200)


def nominate(request: Request) -> HttpResponse:
    """Nominate a person."""
    own = _own(request)
    if own is None:
        require(request.actor, "expert.nominate", Organisation())
    form = Form(ExpertInput, {"nominated_by": own.name if own else "", "employer": own.name if own else ""})
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.nominate(data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("已推荐，等待主管部门审核。"))
            return redirect("expert", id=made.id)
    return _page(request, form, None, heading=t("推荐专家"), button=t("提交推荐"))


def edit(request: Request, id: UUID) -> HttpResponse:
    """Correct what is known of an expert."""
    expert = _get(request, id)
    require(request.actor, "expert.edit", expert)
    initial = {name: getattr(expert, name) for name in ExpertEditInput.model_fields}
    form = Form(ExpertEditInput, initial, version=expert.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: actions.edit(
            expert=expert, data=data, version=form.version or 0, by=request.actor, at=request.at
        ),
    ):  # fmt: skip
        messages.success(request, t("已保存。"))
        # Whoever has moved the expert to another organisation may no longer see the record.
        return (
            redirect("expert", id=id) if Expert.objects.visible_to(request.actor).filter(pk=id) else redirect("experts")
        )
    return _page(request, form, expert, heading=t("修改专家信息"), button=t("保存"))


@never_cache
def account(request: Request, id: UUID) -> HttpResponse:
    """Open an account for an expert who has none; its first password is shown once."""
    expert = _get(request, id)
    require(request.actor, "person.create", expert.employer)
    form, password = Form(AccountInput), first_password()
    made = request.method == "POST" and submit(
        form,
        request,
        lambda data: people.open_account(
            person=expert.person, data=data, role=Role.EXPERT, organisation=expert.employer, password=password,
            by=request.actor, at=request.at,
        ),
    )  # fmt: skip
    if made:
        back = reverse("expert", args=[id])
        return render(
            request, "people/password.html", {"account": made, "password": password, "back": back, "section": "my"}
        )
    return _page(request, form, expert, heading=t("开通账号"), button=t("开通"))


def avoid(request: Request, id: UUID) -> HttpResponse:
    """Declare a relation of avoidance."""
    expert = _get(request, id)
    require(request.actor, "expert.avoid", expert)
    form = Form(AvoidanceInput)
    if request.method == "POST" and submit(
        form, request, lambda data: actions.avoid(expert=expert, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已登记回避关系。"))
        return redirect("expert", id=id)
    return _page(request, form, expert, heading=t("登记回避关系"), button=t("登记"))


def invite(request: Request, id: UUID) -> HttpResponse:
    """Invite an expert."""
    expert = _get(request, id)
    own = _own(request)
    require(request.actor, "expert.invite", own or expert.employer)
    form = Form(InvitationInput, {"host": own.name if own else ""})
    if request.method == "POST" and submit(
        form, request, lambda data: actions.invite(expert=expert, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("邀请已发出，等待专家答复。"))
        return redirect("expert", id=id)
    return _page(request, form, expert, heading=t("邀请专家"), button=t("发出邀请"))


def served(request: Request, id: UUID, service_id: UUID) -> HttpResponse:
    """Record a service."""
    expert = _get(request, id)
    service = one(Service.objects.visible_to(request.actor).select_related("host", "expert"), service_id, expert=expert)
    require(request.actor, "expert.invite", service.host)
    form = Form(ServiceResultInput)
    if request.method == "POST" and submit(
        form, request, lambda data: actions.record_service(service=service, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已登记服务。"))
        return redirect("expert", id=id)
    return _page(request, form, expert, heading=t("登记服务：%(task)s") % {"task": service.task}, button=t("登记"))


@require_POST
def act(request: Request, id: UUID) -> HttpResponse:
    """One-button actions: vet, retire, answer an invitation or take it back, end an avoidance."""
    expert = _get(request, id)
    by, at, do = request.actor, request.at, request.POST.get("do", "")
    text = request.POST.get("answer", "")[:300]
    if do in ("accept", "refuse"):
        data = AnswerInput(accept=do == "accept", answer=text)
        attempt(request, t("已办理。"), lambda: actions.vet(expert=expert, data=data, by=by, at=at))
    elif do == "retire":
        attempt(request, t("已出库。"), lambda: actions.retire(expert=expert, reason=text, by=by, at=at))
    elif do in ("come", "decline"):
        service = one(Service.objects.visible_to(by), request.POST.get("service"), expert=expert)
        attempt(request, t("已答复。"), lambda: actions.answer(service=service, accept=do == "come", by=by, at=at))
    elif do == "withdraw":
        service = one(Service.objects.visible_to(by).select_related("host"), request.POST.get("service"), expert=expert)
        attempt(request, t("已撤回邀请。"), lambda: actions.withdraw_invitation(service=service, by=by, at=at))
    elif do == "end_avoidance":
        rows = Avoidance.objects.visible_to(by).select_related("expert")
        row = one(rows, request.POST.get("avoidance"), expert=expert)
        attempt(request, t("已解除回避关系。"), lambda: actions.end_avoidance(avoidance=row, by=by, at=at))
    return redirect("expert", id=id)


urlpatterns = [
    path("experts/", index, name="experts"),
    path("experts/new/", nominate, name="expert_new"),
    path("experts/<uuid:id>/", detail, name="expert"),
    path("experts/<uuid:id>/act/", act, name="expert_act"),
    path("experts/<uuid:id>/edit/", edit, name="expert_edit"),
    path("experts/<uuid:id>/account/", account, name="expert_account"),
    path("experts/<uuid:id>/avoid/", avoid, name="expert_avoid"),
    path("experts/<uuid:id>/invite/", invite, name="expert_invite"),
    path("experts/<uuid:id>/services/<uuid:service_id>/", served, name="expert_served"),
]
