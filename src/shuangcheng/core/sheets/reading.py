"""Bytes to a grid of cells. What the parser would pass over in silence is found in the bytes before it."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ..files import Inspected, Kind, decode_text
from ..outcome import Message, Refused, Why, refusal
from ..text import _
from .raw import MOST_COLUMNS, MOST_ROWS, SheetParts, address, unreadable

Cell = str | float | int | bool | date | datetime | time | timedelta
"""What stands in a cell; an empty one is an empty text."""

HEAD_ROOM = 30
"""Rows above the data that do not count: title, notes, head."""


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet from A1 on; `merged` are ranges as (top, left, bottom, right), counted from 0."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    notes: tuple[Message, ...] = ()


def read_grid(file: Inspected, data: bytes) -> Grid:
    """The first sheet with something in it. Refused: nothing to read, too many rows or columns, damaged contents."""
    if file.kind is Kind.XLSX:
        return _of_workbook(file, data)
    if file.kind is Kind.CSV:
        return _of_csv(file, data)
    text = _("“%(name)s”不是表格。请上传 Excel 工作簿（.xlsx）或 CSV 文件。")
    raise refusal("sheet.kind", text, where=file.name, name=file.name)


def _of_workbook(file: Inspected, data: bytes) -> Grid:
    parts = SheetParts(data, name=file.name)
    parts.check()
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            names = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
            sheets = [book.get_sheet_by_name(name) for name in names]
    except CalamineError as error:
        raise unreadable(file.name) from error
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise _empty(file.name)
    return _grid(filled, parts=parts, file=file)


def _grid(filled: list[CalamineSheet], *, parts: SheetParts, file: Inspected) -> Grid:
    sheet = filled[0]
    rows = sheet.to_python(skip_empty_area=False)
    # Errors and formulas that were never calculated look like empty cells to the parser.
    for (row, column), text in parts.faults(sheet.name).items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    merged = tuple((top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or [])
    notes = list(file.warnings)
    if len(filled) > 1:
        text = _("文件有 %(count)d 个有内容的工作表，只读取了第一个“%(sheet)s”。其余的请另行上传。")
        notes.append(Message(text, {"count": len(filled), "sheet": sheet.name}))
    return Grid(sheet.name, rows, merged, tuple(notes))


def _of_csv(file: Inspected, data: bytes) -> Grid:
    text, _notes = decode_text(data, where=file.name)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True):
            if len(rows) >= MOST_ROWS + HEAD_ROOM:
                raise too_many_rows(file.name)
            if len(row) > MOST_COLUMNS and any(cell.strip() for cell in row[MOST_COLUMNS:]):
                raise too_many_columns(file.name, len(row))
            rows.append(row[:MOST_COLUMNS])
    except csv.Error as error:
        line = _("“%(name)s”第 %(line)d 行的引号没有成对，读不下去。请改正后，或另存为 .xlsx 后重新上传。")
        raise refusal("sheet.csv", line, where=file.name, name=file.name, line=len(rows) + 1) from error
    if not any(any(row) for row in rows):
        raise _empty(file.name)
    return Grid(file.name, rows, (), file.warnings)


def _delimiter(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(",\t;", key=first.count)


def _empty(name: str) -> Refused:
    return refusal("sheet.empty", _("“%(name)s”里没有内容。请下载模板，填写后上传。"), where=name, name=name)


def too_many_rows(name: str) -> Refused:
    """More rows than one import takes."""
    text = _("“%(name)s”超过 %(most)s 行。请拆成几个文件，分别上传。")
    return refusal("sheet.rows", text, where=name, why=Why.TOO_LARGE, name=name, most=f"{MOST_ROWS:,}")


def too_many_columns(name: str, width: int) -> Refused:
    """More columns than any table has."""
    text = _("“%(name)s”的 %(column)s 列还有内容，超过 %(most)d 列。请删去多余的列后重新上传。")
    values = {"name": name, "column": address(0, width - 1)[:-1], "most": MOST_COLUMNS}
    return refusal("sheet.columns", text, where=name, why=Why.TOO_LARGE, **values)
