"""Pages of look-ups: asking, waiting, results."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache

from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.outcome import Message, Objection, Refused, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.sheets import forms as sheet_forms
from shuangcheng.core.sheets import workbook
from shuangcheng.core.text import _
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.registers import asking, keeping
from shuangcheng.registers.agreements import register_named
from shuangcheng.registers.models import LookUp
from shuangcheng.registers.sheets import question_model, read_sheet, table
from shuangcheng.registers.terms import LookUpState

from ...attached import max_bytes
from ...fetch import one
from ...forms import Form
from ...listing import XLSX, answer
from ...lists_registers import LOOKUPS, register_of
from ...registers import field_title, node_names, record_shown, value_shown
from ...request import Request
from ...ways import PLACE, Way

ON_A_PAGE = 50
SHOWN_FLAWS = 200


def _rows(request: Request) -> Any:
    return LookUp.objects.visible_to(request.actor).select_related("peer", "sharing")


@login_required
def index(request: Request) -> HttpResponse:
    """The look-ups that the reader may know of."""
    context = {"asks": may(request.actor, "lookup.ask"), "names": node_names(), **PLACE}
    return answer(LOOKUPS, _rows(request), request, **context)


def choose(request: Request) -> HttpResponse:
    """Which register to ask."""
    require(request.actor, "lookup.ask")
    return render(request, "registers/choose.html", {"registers": REGISTERS.values(), **PLACE})


def _at_its_box(refused: Refused) -> Refused:
    """The refusal of one row, told at the fields of the question."""
    found = (Objection(each.code, each.message, each.where.rpartition(".")[2]) for each in refused.objections)
    return Refused(*found, why=refused.why)


@never_cache
def new(request: Request, name: str) -> HttpResponse:
    """Ask for one record."""
    require(request.actor, "lookup.ask")
    way = Way(request, register_named(name))
    question: Form[Any] = Form(question_model(name, way.place))
    if request.method == "POST":
        try:
            by = question.read(request)
            return redirect("lookup", id=way.ask([{"by": by.model_dump()}]).pk)
        except Refused as refused:
            if not (question.wrong or way.form.wrong):
                told = _at_its_box(refused)
                (question if any(each.where in question.boxes for each in told.objections) else way.form).refuse(told)
    wrong = question.wrong or way.form.wrong
    context = {"question": question, "form": way.form, "wrong": wrong, **way.context}
    name = "registers/ask_form.html" if request.htmx else "registers/ask.html"
    return render(request, name, context, status=422 if wrong else 200)


@never_cache
def batch(request: Request, name: str) -> HttpResponse:
    """Ask for the rows of a spreadsheet."""
    require(request.actor, "lookup.ask")
    way = Way(request, register_named(name))
    flaws: list[Any] = []
    wrong = False
    if request.method == "POST":
        try:
            found = _sheet(request, way)
            flaws = found.flaws
            if not flaws:
                return redirect("lookup", id=way.ask([row.model_dump() for row in found.rows]).pk)
        except Refused as refused:
            if not way.form.wrong:
                way.form.refuse(_by_row(refused))
        wrong = True
    context = {
        "form": way.form, "wrong": wrong, "flaws": flaws[:SHOWN_FLAWS], "flaw_count": len(flaws),
        "max_bytes": max_bytes(), **way.context,
    }  # fmt: skip
    return render(request, "registers/batch.html", context, status=422 if wrong else 200)


def _sheet(request: Request, way: Way) -> Any:
    sent = request.FILES.get("file")
    if sent is None:
        raise refusal("file", _("请先选择文件。"))
    return read_sheet(
        register=way.register.name, place=way.place, name=sent.name or "", data=sent.read(), today=request.at.date()
    )


def _by_row(refused: Refused) -> Refused:
    """Objections to rows, each naming its row."""
    found = []
    for each in refused.objections:
        _rows, dot, rest = each.where.partition(".")
        number = rest.partition(".")[0]
        if dot and number.isdigit():
            message = Message(_("第 %(row)d 条：%(text)s"), {"row": int(number) + 1, "text": each.message})
            found.append(Objection(each.code, message))
        else:
            found.append(each)
    return Refused(*found, why=refused.why)


def template(request: Request, name: str, place: int) -> HttpResponse:
    """The empty spreadsheet of a batch."""
    require(request.actor, "lookup.ask")
    register = register_named(name)
    if place >= len(register.questions):
        raise refusal("question", _("没有这种查询方式。"))
    response = HttpResponse(sheet_forms.template(table(name, place), say=t), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="lookup-{name}-{place}.xlsx"'
    return response


@login_required
@never_cache
def detail(request: Request, id: UUID) -> HttpResponse:
    """How a look-up went, and what came of it."""
    row = one(_rows(request), id)
    waiting = row.state == LookUpState.WAITING
    if request.htmx and not waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    register = REGISTERS[row.register]
    reads = may(request.actor, "lookup.read", row)
    context = {
        "row": row, "title": register_of(row), "register": register, "reads": reads, "waiting": waiting,
        "names": node_names(), "why": asking.why_waiting(row) if waiting else "",
        "results": _page(request, row) if reads else None,
        "no_match": t(register.no_match),
        "changes": AuditLine.objects.visible_to(request.actor).filter(subject_kind="lookup", subject_id=str(id))[:5],
        **PLACE,
    }  # fmt: skip
    return render(request, "registers/waiting.html" if request.htmx else "registers/lookup.html", context)


def _page(request: Request, row: LookUp) -> Any:
    register = REGISTERS[row.register]
    answers = {each["ref"]: each for each in keeping.answers(row)}
    page = Paginator(keeping.questions(row), ON_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = [_shown(register, asked, answers.get(asked["ref"])) for asked in page.object_list]
    return page


def _shown(register: Register, asked: dict[str, Any], told: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "ref": asked["ref"],
        "by": record_shown(register, asked["by"]),
        "outcome": told["outcome"] if told else "",
        "record": record_shown(register, told["record"]) if told and told.get("record") else [],
        "reasons": told.get("reasons", ()) if told else (),
    }


@login_required
def results(request: Request, id: UUID) -> HttpResponse:
    """All rows with what was asked and answered, as Excel."""
    row = one(_rows(request), id)
    require(request.actor, "lookup.read", row)
    register = REGISTERS[row.register]
    answers = {each["ref"]: each for each in keeping.answers(row)}
    asked = keeping.questions(row)
    names = [name for name in register.fields if asked and name in asked[0]["by"]]

    def cells(each: dict[str, Any]) -> list[str]:
        told = answers.get(each["ref"], {})
        outcome = t(Outcome(told["outcome"]).label) if told else ""
        record = told.get("record", {})
        shown = [value_shown(register, name, record.get(name, "")) for name in row.told]
        return [each["ref"], *(each["by"].get(name, "") for name in names), outcome, *shown]

    titles = [t("行号"), *(field_title(register, name) for name in names), t("查询结果")]
    titles += [field_title(register, name) for name in row.told]
    note = t("%(time)s 查询，用途：%(purpose)s") % {
        "time": f"{row.at:%Y-%m-%d %H:%M}",
        "purpose": t(row.get_purpose_display()),
    }
    content = workbook(title=t("查询结果"), columns=titles, rows=(cells(each) for each in asked), note=note)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="lookup.xlsx"'
    return response


urlpatterns = [
    path("lookups/", index, name="lookups"),
    path("lookups/new/", choose, name="lookup_choose"),
    path("lookups/new/<slug:name>/", new, name="lookup_new"),
    path("lookups/batch/<slug:name>/", batch, name="lookup_batch"),
    path("lookups/template/<slug:name>/<int:place>.xlsx", template, name="lookup_template"),
    path("lookups/<uuid:id>/", detail, name="lookup"),
    path("lookups/<uuid:id>/results.xlsx", results, name="lookup_results"),
]
