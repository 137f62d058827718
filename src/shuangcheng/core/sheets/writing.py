"""Rows to workbooks: the download of every list. Nothing in a cell is ever a formula."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from math import isfinite
from typing import Any

import xlsxwriter

from .body import Body

MOST_ROWS = 1_048_000
LONGEST_CELL = 32_767
NARROWEST, WIDEST = 8, 60
SAMPLE = 200
FIRST_YEAR = 1900

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INK, _LINE, _HEAD = "#1f2933", "#c9d1d9", "#eef2f5"


def plain(value: object) -> object:
    """What a cell can hold: text, number or date; a truth is 是 or 否, a time loses its zone.

    Days before 1900, and numbers that are none, are text: a spreadsheet does not know them.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return value.isoformat()
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, int | date) or (isinstance(value, float | Decimal) and isfinite(value)):
        return value
    return _NOT_IN_XML.sub("", str(value))[:LONGEST_CELL]


def width_of(text: str) -> int:
    """The width of `text` in columns of a screen: a Chinese character takes two."""
    longest = max((line for line in text.split("\n")), key=len, default="")
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in longest)


class Book:
    """A workbook in memory with the formats that all our sheets share."""

    def __init__(self) -> None:
        self.buffer = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self.buffer, options)
        # Without a fixed date the same rows would give other bytes each time.
        self.book.set_properties({"created": datetime(2000, 1, 1), "author": "", "company": ""})
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
        self.formats = {
            "title": self.book.add_format({**base, "bold": True, "font_size": 14}),
            "note": self.book.add_format({**base, "font_color": "#5b6770", "text_wrap": True, "valign": "top"}),
            "head": self.book.add_format(
                {**base, "bold": True, "bg_color": _HEAD, "border": 1, "border_color": _LINE, "text_wrap": True}
            ),
            "cell": self.book.add_format(base),
            "text": self.book.add_format({**base, "num_format": 49}),
            "wrapped": self.book.add_format({**base, "num_format": 49, "text_wrap": True}),
            "date": self.book.add_format({**base, "num_format": "yyyy-mm-dd"}),
            "time": self.book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm"}),
            "wrong": self.book.add_format({**base, "bg_color": "#fde2e0", "font_color": "#9f1c12", "num_format": 49}),
            "wrong_note": self.book.add_format({**base, "font_color": "#9f1c12", "text_wrap": True}),
            "example": self.book.add_format({**base, "font_color": "#7b8794", "italic": True, "num_format": 49}),
        }

    def sheet(self, title: str) -> Any:
        """A new sheet; what a sheet's name may not hold is left out."""
        name = _NOT_IN_A_NAME.sub("", title).strip("' ")[:31] or "Sheet1"
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        return sheet

    def put(self, sheet: Any, row: int, column: int, value: object, style: str = "") -> None:
        """One cell by the kind of its value."""
        value = plain(value)
        if isinstance(value, str):
            if value:
                sheet.write_string(row, column, value, self.formats[style or "cell"])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.formats[style or "time"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.formats[style or "date"])
        else:
            sheet.write_number(row, column, value, self.formats[style or "cell"])

    def bytes(self) -> bytes:
        """The finished workbook."""
        self.book.close()
        return self.buffer.getvalue()


def workbook(*, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], note: str = "") -> bytes:
    """A sheet with `title`, a `note` under it, a head that stays in view and can filter, and `rows` below."""
    book = Book()
    sheet = book.sheet(title)
    head = 2 if note else 1
    book.put(sheet, 0, 0, title, "title")
    book.put(sheet, 1, 0, note, "cell")
    widths = [width_of(column) + 3 for column in columns]
    for place, column in enumerate(columns):
        sheet.write_string(head, place, column, book.formats["head"])
    body = Body(book.formats, first=head + 1, columns=len(columns))
    for values in islice(rows, MOST_ROWS):
        plain_values = [plain(value) for value in values]
        if body.last < head + SAMPLE:
            widths = [max(width, width_of(str(value)) + 1) for width, value in zip(widths, plain_values, strict=True)]
        body.add(plain_values)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width, NARROWEST), WIDEST))
    sheet.freeze_panes(head + 1, 0)
    if columns:
        sheet.autofilter(head, 0, max(body.last, head), len(columns) - 1)
        sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return body.into(book.bytes())
