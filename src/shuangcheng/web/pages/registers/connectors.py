"""Pages of the systems that keep registers elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused
from shuangcheng.core.register import Register
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import require
from shuangcheng.registers import upstream
from shuangcheng.registers.actions import connectors as actions
from shuangcheng.registers.inputs.connectors import ConnectorInput
from shuangcheng.registers.models import Connector

from ...fetch import one
from ...forms import Form, submit
from ...registers import field_title
from ...request import Request
from ...say import say
from .holdings import PLACE, named


def _row(request: Request, name: str) -> Connector | None:
    return Connector.objects.visible_to(request.actor).filter(register=name).first()


def _initial(row: Connector | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = "\n".join(f"{ours}={theirs}" for ours, theirs in row.names.items() if ours != theirs)
    return {field: getattr(row, field) for field in actions.KEPT if field != "names"} | {
        "names": names,
        "seconds": int(row.seconds),
    }


def _page(request: Request, register: Register, form: Form[Any], row: Connector | None, **more: Any) -> HttpResponse:
    context = {
        "register": register, "form": form, "row": row, "circuit": upstream.circuit(row).value if row else "",
        "questions": [
            {"place": place, "fields": [(name, field_title(register, name)) for name in asked]}
            for place, asked in enumerate(register.questions)
        ],
        "changes": AuditLine.objects.told_of("connector", row.pk, to=request.actor)[:10] if row else [],
        **more, **PLACE,
    }  # fmt: skip
    wrong = form.wrong or bool(more.get("reasons"))
    return render(request, "registers/connector.html", context, status=422 if wrong else 200)


@never_cache
def edit(request: Request, name: str) -> HttpResponse:
    """Say which system answers for a register, and how it is asked."""
    register, by, at = named(name), request.actor, request.at
    require(by, "connector.keep")
    row = _row(request, name)
    form = Form(ConnectorInput, _initial(row), version=row.version if row else 0)

    def act(data: ConnectorInput) -> Connector:
        return actions.save(register=register, data=data, by=by, at=at, seen=form.version or 0)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("connector", name=name)
    form.boxes["secret"].values = []
    return _page(request, register, form, row)


@require_POST
@never_cache
def test(request: Request, name: str) -> HttpResponse:
    """Ask the system one question, and say how it went; the record itself is not shown."""
    register, by, at = named(name), request.actor, request.at
    require(by, "connector.keep")
    row = one(Connector.objects.visible_to(by).filter(register=name), request.POST.get("id"))
    place = request.POST.get("question", "")
    asked = register.questions[int(place)] if place in map(str, range(len(register.questions))) else ()
    question = {field: request.POST.get(field, "") for field in asked}
    form = Form(ConnectorInput, _initial(row), version=row.version)
    try:
        missed = actions.test(connector=row, register=register, question=question, by=by, at=at)
    except Refused as refused:
        return _page(request, register, form, row, reasons=[say(each.message) for each in refused.objections])
    told = t("对方系统回答了：没有相符的记录。") if missed else t("对方系统回答了一条合格的记录。")
    return _page(request, register, form, row, told=told)


urlpatterns = [
    path("registers/<slug:name>/connector/", edit, name="connector"),
    path("registers/<slug:name>/connector/test/", test, name="connector_test"),
]
