"""Joint cases 联办事项: the list, opening one, looking at one and moving it on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t

from shuangcheng.cases.actions import cases as actions
from shuangcheng.cases.actions.cases import Paper
from shuangcheng.cases.inputs import OpenInput, StepInput
from shuangcheng.cases.models import Case
from shuangcheng.cases.terms import EXTEND, OPEN, way_title
from shuangcheng.core import procedure
from shuangcheng.core.registers import REGISTERS
from shuangcheng.desk import attachments
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.exchange.own import own_authority

from ...attached import max_bytes
from ...fetch import one
from ...forms import CHOICES, Form, attempt, submit, version_read
from ...listing import answer
from ...lists_cases import CASES, authorities, registers
from ...request import Request

PLACE: dict[str, Any] = {"section": "cases"}
CHOICES["authority"] = authorities
CHOICES["register"] = registers


def _rows(request: Request) -> Any:
    return Case.objects.visible_to(request.actor).select_related("peer")


def _papers(request: Request, documents: dict[str, str]) -> list[Paper]:
    """What was written or uploaded for each document."""
    found = []
    for name in documents:
        text = request.POST.get(f"text-{name}", "").strip()[:20_000]
        files = request.FILES.getlist(f"file-{name}")
        found += [Paper(name, text if not number else "", file.name or name, file.read())
                  for number, file in enumerate(files)]  # fmt: skip
        if text and not files:
            found.append(Paper(name, text))
    return found


def index(request: Request) -> HttpResponse:
    """The cases, those whose deadline comes first at the top."""
    require(request.actor, "case.open")
    mine = _rows(request).turn_of(own_authority()).count()
    return answer(CASES, _rows(request), request, today=request.at.date(), mine=mine, own=own_authority(), **PLACE)


def new(request: Request) -> HttpResponse:
    """Say what is wrong with a record."""
    require(request.actor, "case.open")
    given = {"register_name": "register", "holder": "node", "person": "person", "title": "title"}
    initial = {name: request.GET.get(key, "")[:200] for name, key in given.items()}
    form = Form(OpenInput, {name: value for name, value in initial.items() if value})

    def act(data: OpenInput) -> Case:
        papers = _papers(request, {"evidence": ""})
        return actions.open_case(data=data, by=request.actor, at=request.at, papers=papers)

    if request.method == "POST" and (made := submit(form, request, act)):
        messages.success(
            request, t("已提出，事项号 %(number)s。对方受理后会通知您。") % {"number": made.number}, extra_tags="ok"
        )
        return redirect("case", id=made.id)
    context = {"form": form, "max_bytes": max_bytes(), "files": bool(request.FILES), **PLACE}
    return render(request, "cases/new.html", context, status=422 if form.wrong else 200)


def _history(case: Case) -> list[dict[str, Any]]:
    """The steps with their files, the newest first."""
    steps = list(case.history.all())
    files: dict[Any, list[Any]] = {}
    for file in attachments.Attachment.objects.filter(subject_kind="case_step", subject_id__in=[s.pk for s in steps]):
        files.setdefault(file.subject_id, []).append(file)
    return [
        {"step": step, "title": way_title(case.procedure, step.at_step, step.way), "files": files.get(step.pk, []),
         "papers": [paper for paper in step.documents if paper["text"]], "to": case.declared.steps[step.to_step].title}
        for step in reversed(steps)
    ]  # fmt: skip


def detail(request: Request, id: UUID) -> HttpResponse:
    """One case: what is wrong, where it stands, what was done, and what can be done now."""
    case = one(_rows(request), id)
    acts = may(request.actor, "case.act", case)
    ways = [
        {"name": name, "title": way.title, "documents": {each: case.declared.documents[each] for each in way.documents}}
        for name, way in case.now.ways.items()
    ]
    context = {
        "case": case, "acts": acts, "ways": ways if acts else [], "history": _history(case),
        "left": procedure.days_left(case.state, today=request.at.date()), "own": own_authority(),
        "extends": acts and case.now.extension and not case.extended,
        "register": REGISTERS.get(case.register), "names": dict(authorities()), "max_bytes": max_bytes(),
        "numbered": bool(case.masked) and may(request.actor, "case.number", case),
        "changes": AuditLine.objects.told_of("case", id, to=request.actor)[:10] if request.actor.is_officer else [],
        "open_word": OPEN, **PLACE,
    }  # fmt: skip
    return render(request, "cases/case.html", context)


def step(request: Request, id: UUID) -> HttpResponse:
    """Choose a way out of the step."""
    case = one(_rows(request), id)
    require(request.actor, "case.act", case)
    if request.method != "POST":
        return redirect("case", id=id)
    way = request.POST.get("way", "")
    known = case.now.ways.get(way)
    documents = dict.fromkeys(known.documents, "") if known else {}

    def act() -> None:
        data = StepInput(way=way or "?", remark=request.POST.get("remark", "")[:2000])
        actions.step(case=case, data=data, version=version_read(request), by=request.actor, at=request.at,
                     papers=_papers(request, documents))  # fmt: skip

    attempt(request, t("期限已延长。") if way == EXTEND else t("已办理。"), act)
    return redirect("case", id=id)


def number(request: Request, id: UUID) -> HttpResponse:
    """Show the person's number to the officer who verifies the record; asked for by POST, never kept by browsers."""
    case = one(_rows(request), id)
    if request.method != "POST":
        return redirect("case", id=id)
    response = render(
        request,
        "cases/number.html",
        {"number": actions.reveal_number(case=case, by=request.actor, at=request.at), "case": case},
    )
    response["Cache-Control"] = "no-store"
    return response


def file(request: Request, id: UUID, file_id: UUID) -> FileResponse:
    """A file that was handed in."""
    row = actions.attachment_of(one(_rows(request), id), file_id)
    if row is None:
        raise Http404
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name,
                            content_type="application/octet-stream")  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("cases/", index, name="cases"),
    path("cases/new/", new, name="case_new"),
    path("cases/<uuid:id>/", detail, name="case"),
    path("cases/<uuid:id>/step/", step, name="case_step"),
    path("cases/<uuid:id>/number/", number, name="case_number"),
    path("cases/<uuid:id>/files/<uuid:file_id>/", file, name="case_file"),
]
