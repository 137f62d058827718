"""Pages of graduates' destinations in numbers 毕业生去向统计."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache

from shuangcheng.core.sheets import workbook
from shuangcheng.core.suppression import LEAST
from shuangcheng.directory.policy import require
from shuangcheng.registers import agreements, asking, employment, standing
from shuangcheng.registers.actions import counting
from shuangcheng.registers.employment import DIMENSIONS, REGISTER
from shuangcheng.registers.inputs.employment import CountInput

from ...forms import Form, submit
from ...listing import XLSX
from ...registers import field_title, node_names, value_shown
from ...request import Request

PLACE: dict[str, Any] = {"section": "registers", "tab": "employment"}


def _form(request: Request) -> Form[CountInput]:
    year, names = request.at.year, node_names()
    nodes = [settings.SHUANGCHENG.node, *agreements.asked_under(REGISTER.name, at=request.at)]
    form = Form(CountInput, {"first": year - 1, "last": year - 1, "by": ["destination"], "node": nodes[0]})
    form.boxes["node"].choices = [(name, names.get(name, name)) for name in nodes]
    form.boxes["by"].choices = [(name, field_title(REGISTER, name)) for name in DIMENSIONS]
    whos = standing.standings(request.actor)
    form.boxes["organisation"].choices = [(str(one.organisation), one.name) for one in whos]
    if len(whos) == 1:
        del form.boxes["organisation"]
    return form


@never_cache
def index(request: Request) -> HttpResponse:
    """Count in the own register at once, or ask another node."""
    require(request.actor, "employment.count")
    form = _form(request)
    by, at = request.actor, request.at
    context: dict[str, Any] = {"form": form, "least": LEAST, **PLACE}

    def act(data: CountInput) -> Any:
        if data.node != settings.SHUANGCHENG.node:
            return asking.ask_counts(data=data, by=by, at=at)
        cells = counting.count(data=data, by=by, at=at)
        return ("year", *data.by), [(cell.values, cell.count) for cell in cells]

    if request.method == "POST" and (done := submit(form, request, act)):
        if not isinstance(done, tuple):
            return redirect("employment_told", id=done.pk)
        if "xlsx" in request.POST:
            return _download(*done)
        context |= _shown(*done) | {"own": True}
    return render(request, "registers/employment.html", context, status=422 if form.wrong else 200)


def _shown(by: Any, cells: Any) -> dict[str, Any]:
    rows = [([value_shown(REGISTER, name, value) for name, value in zip(by, values, strict=True)], count)
            for values, count in cells]  # fmt: skip
    return {"heads": [field_title(REGISTER, name) for name in by], "rows": rows, "counted": True}


def _download(by: Any, cells: Any) -> HttpResponse:
    shown = _shown(by, cells)
    hidden = t("不足公布人数")
    rows = ([*values, hidden if count is None else count] for values, count in shown["rows"])
    content = workbook(title=t("毕业生去向统计"), columns=[*shown["heads"], t("人数")], rows=rows)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="employment.xlsx"'
    return response


@never_cache
def told(request: Request, id: UUID) -> HttpResponse:
    """What another node counted."""
    require(request.actor, "employment.count")
    letter = asking.counts_asked(id, by=request.actor)
    if letter is None:
        raise Http404
    body = employment.told_in(letter)
    cells = [(cell.values, cell.count) for cell in body.cells] if body else []
    if body and request.GET.get("format") == "xlsx":
        return _download(body.by, cells)
    context = {"form": _form(request), "letter": letter, "least": LEAST, **PLACE}
    if body:
        context |= _shown(body.by, cells)
    return render(request, "registers/employment.html", context)


urlpatterns = [
    path("employment/", index, name="employment"),
    path("employment/<uuid:id>/", told, name="employment_told"),
]
