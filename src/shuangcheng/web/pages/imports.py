"""Pages of bulk entry: template, upload, progress, preview, errors, confirmation."""

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.sheets import forms as sheets
from shuangcheng.core.text import _
from shuangcheng.desk.importing import actions, keeping, queries
from shuangcheng.desk.importing.registry import table_named, tables
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.policy import may, require

from ..fetch import one
from ..forms import attempt
from ..listing import XLSX, Column, Facet, Listing, answer
from ..request import Request
from ..say import say


def _titles() -> list[tuple[str, str]]:
    return [(table.name, table.title) for table in tables().values()]


IMPORTS = Listing(
    name="imports",
    title=_("批量导入"),
    template="imports/imports.html",
    facets=(
        Facet("table", _("导入表"), "table", _titles),
        Facet("state", _("状态"), "state", ImportState.pairs),
    ),
    columns=(
        Column(_("文件"), lambda row: row.file_name),
        Column(_("导入表"), lambda row: t(dict(_titles()).get(row.table, row.table))),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("办理人"), lambda row: row.by_name),
        Column(_("上传时间"), lambda row: row.created_at),
        Column(_("行数"), lambda row: row.rows),
        Column(_("新增"), lambda row: row.new),
        Column(_("改动"), lambda row: row.changed),
        Column(_("不变"), lambda row: row.same),
        Column(_("错误"), lambda row: row.wrong),
        Column(_("文件摘要（SHA-256）"), lambda row: row.sha256),
    ),
    orders={"recent": (_("按时间"), ("-created_at", "id"))},
)


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@login_required
@never_cache
def index(request: Request) -> HttpResponse:
    """The imports that the reader may see, and what may be imported."""
    usable = [table for table in tables().values() if may(request.actor, table.right)]
    return answer(
        IMPORTS,
        Import.objects.visible_to(request.actor),
        request,
        tables=usable,
        titles=dict(_titles()),
        section="my",
    )


@never_cache
def new(request: Request, table: str) -> HttpResponse:
    """Choose a file and upload it."""
    declared = table_named(table)
    require(request.actor, declared.right)
    reasons: list[str] = []
    status = 200
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None:
            reasons, status = [t("请先选择文件。")], 422
        else:
            try:
                item = actions.upload(
                    table=table, name=sent.name or "", data=sent.read(), by=request.actor, at=request.at
                )
                return redirect("import_detail", id=item.id)
            except Refused as refused:
                reasons = [say(objection.message) for objection in refused.objections]
                status = 413 if refused.why == Why.TOO_LARGE else 422
    limit = settings.SHUANGCHENG.max_upload_mb
    context = {
        "table": declared,
        "reasons": reasons,
        "limit": limit,
        "max_bytes": limit * 1024 * 1024,
        "section": "my",
    }
    return render(request, "imports/new.html", context, status=status)


def template(request: Request, table: str) -> HttpResponse:
    """The empty table to fill in."""
    declared = table_named(table)
    require(request.actor, declared.right)
    name = t("%(title)s导入模板") % {"title": t(declared.title)}
    return _workbook(sheets.template(declared, say=t), f"{name}.xlsx")


def _get(request: Request, id: UUID) -> Import:
    return one(Import.objects.visible_to(request.actor), id)


@login_required
@never_cache
def detail(request: Request, id: UUID) -> HttpResponse:
    """How far an import is; then what it will do and what is wrong; then what it did."""
    item = _get(request, id)
    declared = table_named(item.table)
    if request.htmx and not item.running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "item": item,
        "table": declared,
        "notes": [say(note) for note in queries.notes(item)],
        "sample": queries.sample(item) if item.state == ImportState.CHECKED else [],
        "errors": queries.errors(item),
        "reported": bool(item.wrong) and item.state in (ImportState.CHECKED, ImportState.DONE) and keeping.there(item),
        "decides": item.state == ImportState.CHECKED and may(request.actor, declared.right),
        "stops": item.state in actions.CANCELLABLE and may(request.actor, declared.right),
        "section": "my",
    }
    return render(request, "imports/progress.html" if request.htmx else "imports/import.html", context)


@login_required
def errors(request: Request, id: UUID) -> HttpResponse:
    """The wrong rows to correct and send again."""
    item = _get(request, id)
    name = t("%(title)s导入错误") % {"title": t(table_named(item.table).title)}
    return _workbook(queries.report(item, say=say), f"{name}.xlsx")


@login_required
@require_POST
def confirm(request: Request, id: UUID) -> HttpResponse:
    """Have the checked rows written."""
    item = _get(request, id)
    valid_only = request.POST.get("valid_only") == "1"
    attempt(
        request,
        t("已确认，正在写入。"),
        lambda: actions.confirm(item=item, valid_only=valid_only, by=request.actor, at=request.at),
    )
    return redirect("import_detail", id=id)


@login_required
@require_POST
def cancel(request: Request, id: UUID) -> HttpResponse:
    """Give an import up."""
    item = _get(request, id)
    attempt(
        request,
        t("已取消，没有写入任何内容。"),
        lambda: actions.cancel(item=item, by=request.actor, at=request.at),
    )
    return redirect("import_detail", id=id)


urlpatterns = [
    path("imports/", index, name="imports"),
    path("imports/new/<slug:table>/", new, name="import_new"),
    path("imports/template/<slug:table>.xlsx", template, name="import_template"),
    path("imports/<uuid:id>/", detail, name="import_detail"),
    path("imports/<uuid:id>/errors.xlsx", errors, name="import_errors"),
    path("imports/<uuid:id>/confirm/", confirm, name="import_confirm"),
    path("imports/<uuid:id>/cancel/", cancel, name="import_cancel"),
]
