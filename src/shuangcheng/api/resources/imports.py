"""Imports of spreadsheets."""

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext
from ninja import File, Form, Query
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.schema import Input
from shuangcheng.core.sheets import forms
from shuangcheng.core.text import _
from shuangcheng.desk.importing import actions, queries
from shuangcheng.desk.importing.registry import table_named, tables
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.fields import YesNo
from shuangcheng.directory.policy import may, require

from ..asked import Asked, say
from ..outputs.imports import ImportError, ImportErrors, ImportOut, ImportPage, TableList, TableOut
from ..paging import Paging, page
from ..section import IMPORT, Section
from .common import made, one

section = Section("Imports", "Spreadsheets on their way in 批量导入: template, upload, check, confirm.")

TableName = Annotated[str, StringConstraints(min_length=1, max_length=40)]


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@section.reads("/tables", TableList, scope=IMPORT, open=False)
def list_tables(request: Asked) -> TableList:
    """List the tables that one may import.

    With their columns and what may stand in them.
    """
    usable = [table for table in tables().values() if may(request.actor, table.right)]
    return TableList(items=[TableOut.each(table) for table in usable])


@section.reads("/tables/{slug:name}/template", bytes, scope=IMPORT, open=False)
def get_table_template(request: Asked, name: str) -> HttpResponse:
    """Download the empty table to fill in.

    An Excel workbook with drop-down lists, an example row and an explanation of every column.
    """
    table = table_named(name)
    require(request.actor, table.right)
    return _workbook(forms.template(table, say=lambda text: gettext(text) if text else ""), name)


class ImportFilters(Paging):
    """Which imports."""

    table: str = Field("", max_length=40, description="Name of the table.")
    state: ImportState | None = Field(None, description="Where they stand.")


def _seen(request: Asked) -> "QuerySet[Import]":
    return Import.objects.visible_to(request.actor)


@section.reads("/imports", ImportPage, scope=IMPORT, open=False)
def list_imports(request: Asked, filters: Query[ImportFilters]) -> ImportPage:
    """List imports.

    The newest first: one's own, for officers those of their side.
    """
    rows = _seen(request)
    if filters.table:
        rows = rows.filter(table=filters.table)
    if filters.state:
        rows = rows.filter(state=filters.state)
    return page(rows, order=("-id",), asked=request, paging=filters, gives=ImportPage, each=ImportOut.each)


@section.writes("/imports", ImportOut, status=201, scope=IMPORT, also=(404,))
def upload_import(request: Asked, table: Form[TableName], file: File[UploadedFile]) -> ImportOut:
    """Upload a spreadsheet.

    As `multipart/form-data` with two parts: `table`, the name of the table, and `file`, an Excel workbook or CSV. It is
    checked in the background; ask for the import again until its state is `checked`.
    """
    data = b"".join(file.chunks())
    item = actions.upload(table=table, name=file.name or "", data=data, by=request.actor, at=request.at)
    made(request, "get_import", item.id)
    return ImportOut.each(item)


@section.reads("/imports/{uuid:id}", ImportOut, scope=IMPORT, open=False)
def get_import(request: Asked, id: UUID) -> ImportOut:
    """Get an import.

    With its state, its progress, and how many rows are new, changed or wrong.
    """
    return ImportOut.each(one(_seen(request), id=id))


@section.reads("/imports/{uuid:id}/errors", ImportErrors, scope=IMPORT, open=False)
def list_import_errors(request: Asked, id: UUID) -> ImportErrors:
    """List the first errors of an import.

    At most 200, by row and column; the report has all.
    """
    item = one(_seen(request), id=id)
    errors = [
        ImportError(row=error.row, column=error.column, value=error.value, code=error.code, detail=say(error.message))
        for error in queries.errors(item)
    ]
    return ImportErrors(items=errors, wrong=item.wrong)


@section.reads("/imports/{uuid:id}/report", bytes, scope=IMPORT, open=False, also=(409,))
def get_import_report(request: Asked, id: UUID) -> HttpResponse:
    """Download the wrong rows.

    An Excel workbook with the reasons; correct the rows in it and upload it.
    """
    item = one(_seen(request), id=id)
    if item.state not in (ImportState.CHECKED, ImportState.DONE):
        raise refusal("import.state", _("检查完成以后才有错误报告。"), why=Why.CONFLICT)
    return _workbook(queries.report(item, say=say), str(item.id))


class ConfirmInput(Input):
    """Which rows to write 确认导入."""

    valid_only: YesNo = Field(False, title=_("只导入正确的行"))


@section.writes("/imports/{uuid:id}/confirm", ImportOut, scope=IMPORT)
def confirm_import(request: Asked, id: UUID, data: ConfirmInput) -> ImportOut:
    """Have a checked import written.

    All of it in one transaction. With wrong rows only when `valid_only` says that the right ones alone are wanted.
    """
    item = one(_seen(request), id=id)
    return ImportOut.each(actions.confirm(item=item, valid_only=data.valid_only, by=request.actor, at=request.at))


@section.writes("/imports/{uuid:id}/cancel", ImportOut, scope=IMPORT)
def cancel_import(request: Asked, id: UUID) -> ImportOut:
    """Give an import up.

    Before it is written.
    """
    return ImportOut.each(actions.cancel(item=one(_seen(request), id=id), by=request.actor, at=request.at))
