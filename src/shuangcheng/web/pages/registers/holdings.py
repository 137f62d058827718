"""Pages of the registers themselves: what they hold, who may ask for what, records and imports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import Input
from shuangcheng.desk.models import Import
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.registers import overview, records
from shuangcheng.registers.actions import holdings as actions
from shuangcheng.registers.models import Holding
from shuangcheng.registers.tables import masked

from ...fetch import one
from ...forms import Form, attempt, submit
from ...registers import allowed, declared, field_title
from ...request import Request
from ...say import say

PLACE: dict[str, Any] = {"section": "registers", "tab": "registers"}


def named(name: str) -> Register:
    """The register of an address."""
    if name not in REGISTERS:
        raise Http404
    return REGISTERS[name]


@login_required
def index(request: Request) -> HttpResponse:
    """Every register: what it holds, and who may ask."""
    context = {"held": overview.of(request.actor), "keeps": may(request.actor, "holding.keep"), **PLACE}
    return render(request, "registers/registers.html", context)


@login_required
@never_cache
def detail(request: Request, name: str) -> HttpResponse:
    """A register: its fields, who may ask for what; for those who keep it a search by number, and the imports."""
    register, actor = named(name), request.actor
    reasons: list[str] = []
    if request.method == "POST":
        number = request.POST.get("number", "")
        try:
            row = actions.find(register=register, number=number, by=actor, at=request.at)
            if row is not None:
                return redirect("holding", name=name, id=row.pk)
            reasons = [t("没有这个号码的记录。")]
        except Refused as refused:
            require(actor, "holding.keep")
            reasons = [say(objection.message) for objection in refused.objections]
    context = {
        "register": register, "key_title": field_title(register, register.key), "reasons": reasons,
        "fields": declared(register), "allowed": allowed(register),
        "held": next(row for row in overview.of(actor) if row.register is register),
        "imports": Import.objects.visible_to(actor).filter(table=name)[:5], "keeps": may(actor, "holding.keep"),
        "connects": may(actor, "connector.keep"), **PLACE,
    }  # fmt: skip
    return render(request, "registers/register.html", context, status=422 if reasons else 200)


def _holding(request: Request, register: Register, id: UUID) -> Holding:
    return one(Holding.objects.visible_to(request.actor), id, register=register.name)


@login_required
@never_cache
def holding(request: Request, name: str, id: UUID) -> HttpResponse:
    """One record, numbers masked."""
    register = named(name)
    row = _holding(request, register, id)
    shown = masked(register, records.opened(register, records.of_holding(row)))
    titles = [field_title(register, field) for field in register.fields]
    context = {
        "register": register, "row": row, "facts": list(zip(titles, shown, strict=True)),
        "changes": AuditLine.objects.told_of("holding", id, to=request.actor)[:10], **PLACE,
    }  # fmt: skip
    return render(request, "registers/holding.html", context)


def _crumbs(register: Register) -> list[tuple[str, str]]:
    return [
        (reverse("registers"), t("登记簿")),
        (reverse("register", args=[register.name]), t(register.title)),
    ]


def _form_page(request: Request, register: Register, form: Form[Any], heading: str, back: str) -> HttpResponse:
    context = {
        "form": form, "heading": heading, "button": t("保存"), "back": back, "crumbs": _crumbs(register), **PLACE,
    }  # fmt: skip
    return render(request, "registers/form.html", context, status=422 if form.wrong else 200)


@never_cache
def new(request: Request, name: str) -> HttpResponse:
    """Enter one record."""
    register, by, at = named(name), request.actor, request.at
    require(by, "holding.keep")
    form: Form[Input] = Form(register.record)

    def act(data: Input) -> Holding:
        return actions.put(register=register, values=data.model_dump(), source=by.name, by=by, at=at)

    if request.method == "POST" and (row := submit(form, request, act)):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("holding", name=name, id=row.pk)
    return _form_page(request, register, form, t("录入记录"), reverse("register", args=[name]))


@never_cache
def edit(request: Request, name: str, id: UUID) -> HttpResponse:
    """Correct a record; its numbers stay as they are."""
    register, by, at = named(name), request.actor, request.at
    require(by, "holding.keep")
    row = _holding(request, register, id)
    known = records.opened(register, records.of_holding(row))
    fixed = {field: known[field] for field in (*register.secret, register.key)}
    form: Form[Input] = Form(register.record, known, hide=tuple(fixed), version=row.version)

    def act(data: Input) -> Holding:
        return actions.put(
            register=register, values=data.model_dump(), source=by.name, by=by, at=at, seen=row,
            version=form.version or 0,
        )  # fmt: skip

    if request.method == "POST" and submit(form, request, act, **fixed):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("holding", name=name, id=id)
    return _form_page(request, register, form, t("更正记录"), reverse("holding", args=[name, id]))


@require_POST
def remove(request: Request, name: str, id: UUID) -> HttpResponse:
    """Take a record out of its register."""
    row, reason = _holding(request, named(name), id), request.POST.get("reason", "")
    by, at = request.actor, request.at
    done = attempt(request, t("已删除。"), lambda: actions.remove(holding=row, reason=reason, by=by, at=at))
    return redirect("register", name=name) if done else redirect("holding", name=name, id=id)


urlpatterns = [
    path("registers/", index, name="registers"),
    path("registers/<slug:name>/", detail, name="register"),
    path("registers/<slug:name>/new/", new, name="holding_new"),
    path("registers/<slug:name>/records/<uuid:id>/", holding, name="holding"),
    path("registers/<slug:name>/records/<uuid:id>/edit/", edit, name="holding_edit"),
    path("registers/<slug:name>/records/<uuid:id>/remove/", remove, name="holding_remove"),
]
