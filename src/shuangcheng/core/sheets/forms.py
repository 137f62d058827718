"""The template of a table, and the report of what is wrong in a filled-in one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..table import Column, Sort, Table
from ..text import _
from .writing import NARROWEST, WIDEST, Book, width_of

ROOM = 5_000
"""Rows of a template that are given formats and drop-downs."""

Say = Callable[[str], str]
"""Interface text in the reader's language."""


@dataclass(frozen=True)
class Marked:
    """A row of the report: its number in the file, its cells, what is wrong, and the places of the wrong cells."""

    number: int
    cells: Sequence[str]
    reasons: Sequence[str]
    places: frozenset[int]


def template(table: Table[Any], *, say: Say = str, rows: Iterable[Mapping[str, object]] = ()) -> bytes:
    """A table to fill in: title, notes, head, an example that the import skips, drop-downs, codes as text.

    `rows` are what is known already, field to value.

    Titles of columns and values of drop-downs stay Chinese, because the import reads them.
    """
    book = Book()
    sheet = book.sheet(table.title)
    choices = book.sheet(_("选项"))
    last = len(table.columns) - 1
    notes = list(_notes(table, say))
    if last:
        sheet.merge_range(0, 0, 0, last, "", book.formats["title"])
    sheet.write_string(0, 0, say(table.title), book.formats["title"])
    if last:
        sheet.merge_range(1, 0, 1, last, "", book.formats["note"])
    sheet.write_string(1, 0, "\n".join(notes), book.formats["note"])
    sheet.set_row(0, 26)
    sheet.set_row(1, 15 * len(notes) + 6)
    for place, column in enumerate(table.columns):
        _column(book, sheet, choices, place, column, say)
    for number, row in enumerate(rows, start=4):
        for place, column in enumerate(table.columns):
            style = {Sort.PROSE: "wrapped", Sort.TEXT: "text", Sort.CHOICE: "text"}.get(column.sort, "")
            book.put(sheet, number, place, row.get(column.field), style)
    sheet.freeze_panes(3, 1)
    choices.hide()
    sheet.activate()
    return book.bytes()


def _notes(table: Table[Any], say: Say) -> Iterable[str]:
    yield say(_("从第 5 行起填写，带 * 的列必填；不用的列可以整列删去，列的先后不限。第 4 行是示例，导入时会跳过。"))
    yield say(_("代码列已设为文本格式，请不要改动；从别处复制时请选择“只粘贴值”。不要合并单元格。"))
    yield say(table.key)


def _column(book: Book, sheet: Any, choices: Any, place: int, column: Column, say: Say) -> None:
    title = f"{column.title}*" if column.required else column.title
    sheet.write_string(2, place, title, book.formats["head"])
    if comment := _comment(column, say):
        sheet.write_comment(2, place, comment, {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9})
    sheet.write_string(3, place, column.example, book.formats["example"])
    style = {Sort.DATE: "date", Sort.NUMBER: "cell"}.get(column.sort, "text")
    width = max(width_of(title) + 4, width_of(column.example) + 2, 12)
    sheet.set_column(place, place, min(width, WIDEST), book.formats[style])
    if not column.choices:
        return
    labels = [label for label, _value in column.choices]
    for row, label in enumerate(labels):
        choices.write_string(row, place, label)
    letter = _letter(place)
    sheet.data_validation(
        4, place, ROOM, place,
        {
            "validate": "list",
            "source": f"={_('选项')}!${letter}$1:${letter}${len(labels)}",
            "error_title": say(_("不在选项中"))[:32],
            "error_message": say(_("请从下拉列表中选一项。")),
        },
    )  # fmt: skip


def _comment(column: Column, say: Say) -> str:
    parts = [say(column.description)] if column.description else []
    if column.sort is Sort.DATE:
        parts.append(say(_("日期，如 2026-11-22")))
    if column.choices:
        parts.append(say(_("从下拉列表中选")))
    return "\n".join(parts)


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def error_report(*, title: str, titles: Sequence[str], rows: Iterable[Marked], note: str) -> bytes:
    """The wrong rows as they came, the wrong cells red, with what is wrong in front.

    It can be corrected and uploaded as it is: the import leaves the two columns in front aside.
    """
    book = Book()
    sheet = book.sheet(title)
    sheet.write_string(0, 0, title, book.formats["title"])
    sheet.write_string(1, 0, note, book.formats["cell"])
    for place, heading in enumerate((_("错误"), _("原行号"), *titles)):
        sheet.write_string(2, place, heading, book.formats["head"])
    widths = [width_of(heading) + 4 for heading in titles]
    last = 2
    for last, row in enumerate(rows, start=3):
        sheet.write_string(last, 0, "\n".join(row.reasons), book.formats["wrong_note"])
        sheet.write_number(last, 1, row.number, book.formats["cell"])
        for place, cell in enumerate(row.cells[: len(titles)]):
            wrong = place in row.places
            if cell or wrong:
                sheet.write_string(last, place + 2, cell, book.formats["wrong" if wrong else "text"])
            widths[place] = max(widths[place], width_of(cell) + 1)
    sheet.set_column(0, 0, 56)
    sheet.set_column(1, 1, 8)
    for place, width in enumerate(widths, start=2):
        sheet.set_column(place, place, min(max(width, NARROWEST), 40), book.formats["text"])
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, last, len(titles) + 1)
    return book.bytes()
