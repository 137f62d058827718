"""Pages of consents: taken with the person present, printed, withdrawn."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.basis import Purpose
from shuangcheng.core.registers import REGISTERS
from shuangcheng.directory.policy import may, require
from shuangcheng.registers import standing
from shuangcheng.registers.actions import consents as actions
from shuangcheng.registers.inputs.consents import ConsentInput, ScopeInput
from shuangcheng.registers.models import Consent

from ...fetch import one
from ...forms import Form, attempt, submit, version_read
from ...listing import answer
from ...lists_registers import CONSENTS, register_of
from ...registers import field_pairs, member_pairs, node_names
from ...request import Request

PLACE: dict[str, Any] = {"section": "registers", "tab": "consents"}


def consentable() -> list[str]:
    """The registers that may be asked on consent."""
    return [
        name
        for name, register in REGISTERS.items()
        if any(basis.needs_consent for grant in register.purposes.values() for basis in grant.bases)
    ]


def narrowed(form: Form[Any], register_name: str) -> None:
    """Offer what consent can be given to; the purposes and fields of a register once it is chosen."""
    form.boxes["register_name"].choices = [(name, t(REGISTERS[name].title)) for name in consentable()]
    chosen = [REGISTERS[register_name]] if register_name in REGISTERS else [REGISTERS[name] for name in consentable()]
    grants = {
        purpose: grant for register in chosen for purpose, grant in register.purposes.items()
        if any(basis.needs_consent for basis in grant.bases) and purpose != Purpose.OWN_RECORD
    }  # fmt: skip
    form.boxes["purpose"].choices = member_pairs(grants)
    if register_name in REGISTERS:
        fields = {name for grant in grants.values() for name in grant.fields}
        form.boxes["fields"].choices = field_pairs(chosen[0], fields)
    else:
        del form.boxes["fields"]


@login_required
def index(request: Request) -> HttpResponse:
    """The consents that were taken here."""
    rows = Consent.objects.visible_to(request.actor).select_related("organisation")
    return answer(CONSENTS, rows, request, takes=may(request.actor, "consent.take"), **PLACE)


def _form(request: Request, model: type[Any]) -> Form[Any]:
    register = request.POST.get("register_name") or request.GET.get("register_name", "")
    form = Form(model, {"register_name": register})
    narrowed(form, register)
    return form


@never_cache
def new(request: Request) -> HttpResponse:
    """Take a consent with the person, or the guardian, present."""
    require(request.actor, "consent.take")
    form = _form(request, ConsentInput)
    whos = standing.standings(request.actor)
    form.boxes["organisation"].choices = [(str(each.organisation), each.name) for each in whos]
    if len(whos) == 1:
        del form.boxes["organisation"]
    by, at = request.actor, request.at
    if request.method == "POST" and (row := submit(form, request, lambda data: actions.take(data=data, by=by, at=at))):
        messages.success(request, t("同意凭证已办理。请打印后请本人签字留存。"), extra_tags="ok")
        return redirect("consent", id=row.pk)
    context = {
        "form": form, "heading": t("办理同意凭证"), "button": t("确认本人在场并同意"), "back": reverse("consents"),
        "crumbs": [(reverse("consents"), t("同意凭证"))],
        "lede": t("向本人（不满十四周岁为监护人）逐项说明查什么、为什么查、提供给谁、多长时间，本人同意后办理。"),
        **PLACE,
    }  # fmt: skip
    return render(request, "registers/form.html", context, status=422 if form.wrong else 200)


@login_required
def detail(request: Request, id: UUID) -> HttpResponse:
    """A consent, to print and to withdraw."""
    row = one(Consent.objects.visible_to(request.actor).select_related("organisation"), id)
    context = {
        "row": row, "title": register_of(row), "names": node_names(), "over": row.ends_at <= request.at,
        "withdraws": row.withdrawn_at is None and may(request.actor, "consent.withdraw", row), **PLACE,
    }  # fmt: skip
    return render(request, "registers/consent.html", context)


@require_POST
def withdraw(request: Request, id: UUID) -> HttpResponse:
    """Withdraw a consent."""
    row, by, at = one(Consent.objects.visible_to(request.actor), id), request.actor, request.at
    version = version_read(request)
    said = t("同意已撤回，对方节点将收到通知。")
    attempt(request, said, lambda: actions.withdraw(consent=row, version=version, by=by, at=at))
    return redirect("consent", id=id)


@login_required
def mine(request: Request) -> HttpResponse:
    """One's own consents."""
    rows = Consent.objects.visible_to(request.actor).filter(person=request.actor.person_id)
    return render(request, "registers/my_consents.html", {"rows": rows[:200], "section": "my", "names": node_names()})


@login_required
@never_cache
def give(request: Request) -> HttpResponse:
    """Give one's own consent."""
    form = _form(request, ScopeInput)
    by, at = request.actor, request.at
    if request.method == "POST" and (row := submit(form, request, lambda data: actions.give(data=data, by=by, at=at))):
        messages.success(request, t("您的同意已登记，可随时撤回。"), extra_tags="ok")
        return redirect("consent", id=row.pk)
    context = {
        "form": form, "heading": t("同意查询我的记录"), "button": t("同意"), "back": reverse("my_consents"),
        "crumbs": [(reverse("my_consents"), t("我的同意"))],
        "lede": t("同意后，本节点的学校和教育行政部门可以为所选用途向登记簿持有方查询您的记录。您可以随时撤回。"),
        "section": "my",
    }  # fmt: skip
    return render(request, "registers/form.html", context, status=422 if form.wrong else 200)


urlpatterns = [
    path("consents/", index, name="consents"),
    path("consents/new/", new, name="consent_new"),
    path("consents/<uuid:id>/", detail, name="consent"),
    path("consents/<uuid:id>/withdraw/", withdraw, name="consent_withdraw"),
    path("my/consents/", mine, name="my_consents"),
    path("my/consents/new/", give, name="consent_give"),
]
