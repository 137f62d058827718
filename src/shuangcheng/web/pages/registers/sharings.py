"""Pages of data-sharing agreements 数据共享协议."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused
from shuangcheng.core.register import Register
from shuangcheng.core.schema import read
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.registers import agreements
from shuangcheng.registers.actions import sharings as actions
from shuangcheng.registers.inputs.sharings import ScopeInput, SharingReasonInput, TermsInput
from shuangcheng.registers.models import Sharing

from ...fetch import one
from ...forms import Form, attempt, submit, version_read
from ...listing import answer
from ...lists_registers import SHARINGS, register_of
from ...registers import field_pairs, in_words, member_pairs, node_names, register_pairs
from ...request import Request

PLACE: dict[str, Any] = {"section": "registers", "tab": "sharings"}


def _rows(request: Request) -> Any:
    return Sharing.objects.visible_to(request.actor).select_related("peer")


@login_required
def index(request: Request) -> HttpResponse:
    """Every version, the newest change first."""
    keeps = may(request.actor, "sharing.keep")
    return answer(SHARINGS, _rows(request), request, keeps=keeps, names=node_names(), **PLACE)


@login_required
def detail(request: Request, id: UUID) -> HttpResponse:
    """What an agreement allows in words, its versions, and what may be done with it."""
    row = one(_rows(request), id)
    form = Form(SharingReasonInput)
    context = {
        "row": row,
        "title": register_of(row),
        "terms": agreements.terms_of(row),
        "words": in_words(agreements.terms_of(row)),
        "names": node_names(),
        "versions": _rows(request).filter(family=row.family).order_by("-number"),
        "last_day": row.ends_at - timedelta(seconds=1),
        "over": row.ends_at <= request.at,
        "early": row.starts_at > request.at,
        "keeps": may(request.actor, "sharing.keep"),
        "form": form,
        "changes": AuditLine.objects.told_of("sharing", id, to=request.actor)[:10],
        **PLACE,
    }
    return render(request, "registers/sharing.html", context)


def new(request: Request) -> HttpResponse:
    """With whom, about which register, which way; then the terms."""
    require(request.actor, "sharing.keep")
    asked = {name: request.GET[name] for name in ScopeInput.model_fields if name in request.GET}
    form = Form(ScopeInput, asked)
    form.boxes["peer"].choices = agreements.nodes()
    form.boxes["register_name"].choices = [(name, t(title)) for name, title in register_pairs()]
    if (asked and request.method == "GET") or request.GET.get("part"):
        try:
            scope = read(ScopeInput, asked)
            return _terms(request, agreements.register_named(scope.register_name), scope=scope)
        except Refused as refused:
            form.refuse(refused)
    elif request.method == "POST" and (scope := submit(form, request, lambda data: data)):
        return redirect(f"{reverse('sharing_new')}?{urlencode(scope.model_dump(mode='json'))}")
    context = {
        "form": form, "heading": t("起草数据共享协议"), "button": t("下一步"), "back": reverse("sharings"),
        "crumbs": [(reverse("sharings"), t("数据共享协议"))],
        "lede": t("一份协议写明一个登记簿、由谁提供、由谁查询；双方都要查询的，各立一份。"), **PLACE,
    }  # fmt: skip
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


def _narrowed(form: Form[TermsInput], register: Register) -> None:
    """Offer what the register's declaration allows, and nothing else."""
    grants = register.purposes.values()
    form.boxes["purposes"].choices = member_pairs(register.purposes)
    form.boxes["bases"].choices = member_pairs(dict.fromkeys(basis for grant in grants for basis in grant.bases))
    form.boxes["askers"].choices = member_pairs(dict.fromkeys(asker for grant in grants for asker in grant.askers))
    form.boxes["fields"].choices = field_pairs(register, {name for grant in grants for name in grant.fields})


def _terms(
    request: Request, register: Register, *, scope: ScopeInput | None = None, row: Sharing | None = None,
    revises: bool = False,
) -> HttpResponse:  # fmt: skip
    """The form of the terms: of a new agreement, of a draft, or of a new version."""
    by, at = request.actor, request.at
    form = Form(TermsInput, _initial(row, request), version=row.version if row and not revises else None)
    _narrowed(form, register)

    def act(data: TermsInput) -> Sharing:
        if scope is not None:
            return actions.draft(scope=scope, data=data, by=by, at=at)
        assert row is not None, "a draft or a version to replace"
        if revises:
            return actions.revise(sharing=row, data=data, by=by, at=at)
        return actions.edit(sharing=row, data=data, version=form.version or 0, by=by, at=at)

    if request.method == "POST" and (saved := submit(form, request, act)):
        messages.success(request, t("草稿已保存。核对无误后签署。"), extra_tags="ok")
        return redirect("sharing", id=saved.pk)
    title = t(register.title)
    heading = t("起草新版本：%(title)s") if revises else t("共享协议条款：%(title)s")
    back = reverse("sharing", args=[row.pk]) if row else reverse("sharing_new")
    context = {
        "form": form, "heading": heading % {"title": title}, "button": t("保存草稿"), "back": back,
        "crumbs": [(reverse("sharings"), t("数据共享协议"))],
        "lede": t("可选项来自登记簿的规定，用途用不到的数据项不能约定。查询时只提供所问、所约、所需三者都有的数据项。"),
        **PLACE,
    }  # fmt: skip
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


def _initial(row: Sharing | None, request: Request) -> dict[str, Any]:
    if row is None:
        today = request.at.date()
        return {"starts": today, "ends": today.replace(year=today.year + 1, day=min(today.day, 28))}
    told = {name: row.terms[name] for name in TermsInput.model_fields if name in row.terms}
    last = timezone.localtime(row.ends_at) - timedelta(seconds=1)
    return told | {"starts": timezone.localtime(row.starts_at).date(), "ends": last.date()}


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change a draft."""
    require(request.actor, "sharing.keep")
    row = one(_rows(request), id)
    return _terms(request, agreements.register_named(row.register), row=row)


def revise(request: Request, id: UUID) -> HttpResponse:
    """Draft a new version."""
    require(request.actor, "sharing.keep")
    row = one(_rows(request), id)
    return _terms(request, agreements.register_named(row.register), row=row, revises=True)


@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Sign, delete, hand back or end."""
    row, by, at = one(_rows(request), id), request.actor, request.at
    version, do = version_read(request), request.POST.get("do", "")
    require(by, "sharing.keep")
    if do == "sign":
        attempt(
            request, t("已签署，正在送交对方节点。"), lambda: actions.sign(sharing=row, version=version, by=by, at=at)
        )
    elif do == "discard":
        if attempt(request, t("草稿已删除。"), lambda: actions.discard(sharing=row, version=version, by=by, at=at)):
            return redirect("sharings")
    elif do in ("return", "end"):
        act, said = (
            (actions.give_back, t("已退回对方。"))
            if do == "return"
            else (actions.end, t("协议已终止，对方节点将收到通知。"))
        )

        def run() -> object:
            data = read(SharingReasonInput, {"reason": request.POST.get("reason", "")})
            return act(sharing=row, data=data, version=version, by=by, at=at)

        attempt(request, said, run)
    return redirect("sharing", id=id)


@login_required
def download(request: Request, id: UUID) -> HttpResponse:
    """The version as JSON, with the signatures."""
    row = one(_rows(request), id)
    response = HttpResponse(agreements.download(row), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="sharing-{row.register}-v{row.number}.json"'
    return response


urlpatterns = [
    path("sharing/", index, name="sharings"),
    path("sharing/new/", new, name="sharing_new"),
    path("sharing/<uuid:id>/", detail, name="sharing"),
    path("sharing/<uuid:id>/edit/", edit, name="sharing_edit"),
    path("sharing/<uuid:id>/revise/", revise, name="sharing_revise"),
    path("sharing/<uuid:id>/decide/", decide, name="sharing_decide"),
    path("sharing/<uuid:id>/agreement.json", download, name="sharing_download"),
]
