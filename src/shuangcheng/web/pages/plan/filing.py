"""The page of a filing: filled in and saved as one goes, filed, by Excel too; read, returned, accepted by officers."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused
from shuangcheng.core.sheets import forms as sheets
from shuangcheng.desk.importing import actions as importing
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import decisions, evidence
from shuangcheng.plan.inputs.filings import ReturnedInput
from shuangcheng.plan.models import Filing, Progress
from shuangcheng.plan.tables.filings import TABLE, rows_of

from ...attached import max_bytes
from ...fetch import one
from ...filing_sheet import Sheet
from ...forms import Form, attempt, submit, version_read
from ...listing import XLSX
from ...request import Request

PLACE: dict[str, Any] = {"section": "plan", "tab": "filings"}


def visible(request: Request, id: UUID) -> Filing:
    """A filing that the reader sees."""
    return one(Filing.objects.visible_to(request.actor).select_related("period__plan", "organisation"), id)


def _fills_in(request: Request, filing: Filing) -> bool:
    """Whether the page is a form: for those who work there, and for an officer who says that he fills it in."""
    if not filing.writable or not may(request.actor, "filing.file", filing):
        return False
    return filing.organisation_id in request.actor.organisations() or "fill" in request.GET


@login_required
def detail(request: Request, id: UUID) -> HttpResponse:
    """What an organisation reports, to be filled in or to be read."""
    filing = visible(request, id)
    sheet = Sheet(request, filing)
    if request.method == "POST":
        require(request.actor, "filing.file", filing)
        return _sent(request, filing, sheet)
    return _show(request, filing, sheet, version=filing.version, fills=_fills_in(request, filing))


def _sent(request: Request, filing: Filing, sheet: Sheet) -> HttpResponse:
    """Save what can be saved; then file the whole, when that is wanted and nothing is in the way."""
    seen = version_read(request)
    saved = sheet.save(seen=seen)
    if request.htmx:
        version = sheet.filing.version if saved else seen
        return render(request, "plan/filing_saved.html", {"sheet": sheet, "version": version, "saved": saved})
    if not saved:
        return _show(request, filing, sheet, version=filing.version, fills=True)
    do, _space, file = request.POST.get("do", "").partition(" ")
    sheet.take_files()
    said = t("草稿已保存。")
    if do == "remove":
        said = t("附件已删除，草稿已保存。")
        _remove(request, filing, sheet, file)
    elif do == "file" and not sheet.wrong:
        said = t("已报送，等待审核。")
        sheet.file()
    if sheet.wrong:
        return _show(request, filing, sheet, version=visible(request, filing.pk).version, fills=True)
    messages.success(request, said, extra_tags="ok")
    return redirect(_again(request, filing))


def _remove(request: Request, filing: Filing, sheet: Sheet, key: str) -> None:
    file = one(Attachment.objects.filter(subject_kind="progress"), key)
    lines = Progress.objects.visible_to(request.actor).filter(filing=filing).select_related("filing__period")
    row = one(lines, file.subject_id)
    try:
        evidence.remove(attachment=file, subject=row, by=request.actor, at=request.at)
    except Refused as refused:
        sheet.refuse(refused)


def _again(request: Request, filing: Filing) -> str:
    own = filing.organisation_id in request.actor.organisations()
    return reverse("filing", args=[filing.pk]) + ("" if own else "?fill")


def _show(
    request: Request,
    filing: Filing,
    sheet: Sheet,
    *,
    version: int,
    fills: bool = False,
    answer: "Form[Any] | None" = None,
) -> HttpResponse:
    actor = request.actor
    decides = may(actor, "filing.decide", filing)
    limit = settings.SHUANGCHENG.max_upload_mb
    context = {
        "filing": filing, "period": filing.period, "sheet": sheet, "version": version, "decides": decides,
        "fills": fills, "may_fill": filing.writable and may(actor, "filing.file", filing),
        "answer": answer or Form(ReturnedInput), "today": request.at.date(),
        "past": list(reversed(filing.history)), "limit": limit, "max_bytes": max_bytes(), **PLACE,
    }  # fmt: skip
    wrong = sheet.wrong or (answer is not None and answer.wrong)
    return render(request, "plan/filing.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Accept what was seen, or return it with a comment; remind who has not filed."""
    filing = visible(request, id)
    by, at = request.actor, request.at
    seen = version_read(request)
    do = request.POST.get("do", "")
    if do == "accept":
        attempt(
            request, t("已通过，所报进展计入清单。"),
            lambda: decisions.accept(filings=[filing], by=by, at=at, seen={filing.pk: seen}),
        )  # fmt: skip
    elif do == "remind":
        attempt(request, t("已催报。"), lambda: decisions.remind(filings=[filing], by=by, at=at))
    elif do == "return":
        require(by, "filing.decide", filing)
        form = Form(ReturnedInput)
        done = submit(
            form, request, lambda data: decisions.send_back(filing=filing, data=data, by=by, at=at, seen=seen)
        )
        if not done:
            return _show(request, filing, Sheet(request, filing), version=seen, answer=form)
        messages.success(request, t("已退回，并通知报送单位。"), extra_tags="ok")
    return redirect("filing", id=id)


@login_required
def workbook(request: Request, id: UUID) -> HttpResponse:
    """The filing as a table to fill in, with what is known already."""
    filing = visible(request, id)
    require(request.actor, "filing.file", filing)
    content = sheets.template(TABLE, say=t, rows=rows_of(filing))
    response = HttpResponse(content, content_type=XLSX)
    name = quote(f"{filing.period.title}-{filing.organisation.name}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@login_required
@require_POST
def upload(request: Request, id: UUID) -> HttpResponse:
    """Take a filled-in table; its check, preview and errors are those of every import."""
    filing = visible(request, id)
    require(request.actor, "filing.file", filing)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
        return redirect("filing", id=id)
    made: list[UUID] = []

    def act() -> None:
        name, data = sent.name or "", sent.read()
        made.append(importing.upload(table=TABLE.name, name=name, data=data, by=request.actor, at=request.at).id)

    attempt(request, t("已上传，正在检查。确认导入后，内容存为草稿，请回到报送页面核对并报送。"), act)
    return redirect("import_detail", id=made[0]) if made else redirect("filing", id=id)


FILING = "plan/filings/<uuid:id>"
urlpatterns = [
    path(f"{FILING}/", detail, name="filing"),
    path(f"{FILING}/decide/", decide, name="filing_decide"),
    path(f"{FILING}/workbook/", workbook, name="filing_workbook"),
    path(f"{FILING}/upload/", upload, name="filing_upload"),
]
