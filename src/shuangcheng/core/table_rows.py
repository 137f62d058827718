"""From a grid of cells to the inputs of a table: finds the head, reads row by row, says what is wrong where."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import ValidationError, create_model

from .identifiers.masks import mask_id_number
from .outcome import Message, Objection, Refused, refusal
from .schema import Input, objection_of
from .sheets.raw import MOST_ROWS, NOT_CALCULATED, address
from .sheets.reading import Cell, Grid, too_many_rows
from .table import Column, Flaw, Sort, Table
from .text import _

M = TypeVar("M", bound=Input)

REPORT_COLUMNS = (_("错误"), _("原行号"))
"""What an error report adds to the table; it may be corrected and uploaded as it is."""

HEAD_WITHIN = 20
ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
LOST_DIGITS = 1e15
"""A spreadsheet keeps fifteen digits of a number; the others have become 0."""

_HALF_WIDTH = {
    wide: wide - 0xFEE0 for group in ("０９", "ａｚ", "ＡＺ") for wide in range(ord(group[0]), ord(group[1]) + 1)
}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SUSPECT = re.compile("[\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff０-９Ａ-Ｚａ-ｚ#]")
_BREAKS = re.compile(r"\s*[\r\n\t\v\f]+\s*")


@dataclass(frozen=True)
class Head:
    """Where the columns of a table stand in a grid; rows and places are counted from 0."""

    row: int
    places: Mapping[str, int]
    titles: tuple[str, ...]


def find_head(table: Table[Any], grid: Grid, *, name: str) -> Head:
    """The head of `grid`. Refused: none found, unknown, missing or doubled columns, merged cells in head or data."""
    fields = {_title(column.title): column.field for column in table.columns}
    candidates = [
        (sum(1 for cell in cells if _title(cell) in fields), -number)
        for number, cells in enumerate(grid.rows[:HEAD_WITHIN])
    ]
    hits, row = max(candidates, default=(0, 0))
    if hits == 0:
        text = _("“%(name)s”前 %(rows)d 行里没有找到表头。表头应含有这些列：%(columns)s。请下载模板，按模板填写。")
        columns = "、".join(column.title for column in table.columns if column.required)
        raise refusal("head.none", text, where=name, name=name, rows=HEAD_WITHIN, columns=columns)
    row = -row
    titles = tuple(_title(cell) for cell in grid.rows[row])
    objections = [*_columns_wrong(table, titles, grid, row=row, fields=fields), *_merged(grid, row)]
    if objections:
        raise Refused(*objections)
    if sum(1 for cells in grid.rows[row + 1 :] if any(cells)) > MOST_ROWS:
        raise too_many_rows(name)
    places = {fields[title]: place for place, title in enumerate(titles) if title in fields}
    return Head(row, places, titles)


def _title(cell: Cell) -> str:
    """A title as it is compared: half-width, without spaces, line breaks and the mark of a required column."""
    return re.sub(r"\s+", "", str(cell).translate(_HALF_WIDTH)).rstrip("*＊")


def _columns_wrong(
    table: Table[Any], titles: Sequence[str], grid: Grid, *, row: int, fields: Mapping[str, str]
) -> Iterator[Objection]:
    seen: dict[str, int] = {}
    for place, title in enumerate(titles):
        where = address(row, place)
        if not title:
            if any(place < len(cells) and cells[place] not in ("", None) for cells in grid.rows[row + 1 :]):
                text = _("%(where)s 没有列名，但下面有内容。请补上列名，或删去这一列。")
                yield Objection("head.untitled", Message(text, {"where": where}), where)
        elif title in seen:
            text = _("“%(title)s”这一列出现了两次（%(first)s 和 %(where)s）。请只保留一列。")
            values = {"title": title, "first": address(row, seen[title]), "where": where}
            yield Objection("head.twice", Message(text, values), where)
        elif title not in fields and title not in (*REPORT_COLUMNS, *table.aside):
            text = _("没有“%(title)s”这一列（%(where)s）。请删去这一列，或改成模板中的列名。")
            yield Objection("head.unknown", Message(text, {"title": title, "where": where}), where)
        seen.setdefault(title, place)
    for column in table.columns:
        if column.required and _title(column.title) not in seen:
            text = _("缺少“%(title)s”这一列。请补上，或下载模板重新填写。")
            yield Objection("head.missing", Message(text, {"title": column.title}), column.title)


def _merged(grid: Grid, head: int) -> Iterator[Objection]:
    for top, left, bottom, right in grid.merged:
        if bottom >= head:
            where = f"{address(top, left)}:{address(bottom, right)}"
            text = _("单元格 %(where)s 是合并的，读不出每一行的内容。请取消合并，把每一格填写完整后重新上传。")
            yield Objection("sheet.merged", Message(text, {"where": where}), where)


class RowReader(Generic[M]):
    """Reads the rows of one grid. Clean rows take the fast way; anything odd is looked at cell by cell."""

    def __init__(self, table: Table[M], head: Head) -> None:
        self.table = table
        self._columns = [(column, head.places[column.field]) for column in table.columns if column.field in head.places]
        self._fields = [column.field for column, _place in self._columns]
        places = [place for _column, place in self._columns]
        self._width = max(places) + 1
        self._pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
        self._closed = [
            (column.field, {written: value for label, value in column.choices for written in (label, value)})
            for column, _place in self._columns
            if column.choices
        ]
        self._validate: Callable[[dict[str, Any]], M] = table.model.__pydantic_validator__.validate_python

    def read(self, cells: Sequence[Cell]) -> "M | list[Flaw] | None":
        """The input in a row, what is wrong with it, or None when the row is empty or the template's example."""
        if len(cells) < self._width:
            cells = [*cells, *[""] * (self._width - len(cells))]
        values: dict[str, Any] = {
            field: cell for field, cell in zip(self._fields, self._pick(cells), strict=True) if cell != ""
        }
        if values == self.table.example:
            return None
        try:
            odd = _SUSPECT.search("".join(values.values())) is not None
        except TypeError:
            odd = True
        if odd:
            return self._carefully(values)
        for field, meanings in self._closed:
            if field in values:
                values[field] = meanings.get(values[field], values[field])
        try:
            return self._validate(values)
        except ValidationError:
            return self._carefully(values)

    def _carefully(self, cells: Mapping[str, Cell]) -> "M | list[Flaw] | None":
        values: dict[str, Any] = {}
        flaws: list[Flaw] = []
        for column, _place in self._columns:
            if column.field not in cells:
                continue
            read = read_cell(column, cells[column.field])
            if isinstance(read, Message):
                flaws.append(self.flaw(column, cells[column.field], read, "cell"))
            elif read != "":
                values[column.field] = read
        if not flaws and not values:
            return None
        try:
            data = self._validate(values)
        except ValidationError as error:
            told = {flaw.column for flaw in flaws}
            for detail in error.errors(include_url=False):
                objection = objection_of(self.table.model, detail)
                column = self._column(objection.where)
                if column.title not in told:
                    flaws.append(self.flaw(column, cells.get(objection.where, ""), objection.message, objection.code))
        return flaws or data

    def partly(self, cells: Sequence[Cell], flaws: Sequence[Flaw]) -> "M | None":
        """A row with flaws without the cells that have them: a required field among these is no attribute of it."""
        wrong = {flaw.column for flaw in flaws}
        values = {
            column.field: value
            for column, place in self._columns
            if column.title not in wrong and place < len(cells) and (value := read_cell(column, cells[place])) != ""
        }
        try:
            read = self._lenient.model_validate(values)
        except ValidationError:
            return None
        given = read.model_fields_set
        values = {name: getattr(read, name) for name in given}
        return cast("M", self.table.model.model_construct(set(given), **values))

    @cached_property
    def _lenient(self) -> type[M]:
        """The input with no field required."""
        fields: dict[str, Any] = {
            name: (Annotated[info.annotation, *info.metadata], None) if info.metadata else (info.annotation, None)
            for name, info in self.table.model.model_fields.items()
            if info.is_required()
        }
        name = f"Partial{self.table.model.__name__}"
        return cast("type[M]", create_model(name, __base__=self.table.model, **fields))

    def _column(self, field: str) -> Column:
        return next(column for column in self.table.columns if column.field == field)

    def flaws_of(self, refused: Refused, cells: Sequence[Cell]) -> list[Flaw]:
        """The objections of a room to a row, each with the cell it is about."""
        places = {column.field: place for column, place in self._columns}
        flaws = []
        for objection in refused.objections:
            if objection.where in self.table.titles:
                place = places.get(objection.where, len(cells))
                cell = cells[place] if place < len(cells) else ""
                flaws.append(self.flaw(self._column(objection.where), cell, objection.message, objection.code))
            else:
                flaws.append(Flaw("", "", objection.message, objection.code))
        return flaws

    def shown(self, cells: Sequence[Cell]) -> dict[str, str]:
        """Title of each column to its cell as the person wrote it, personal numbers masked."""
        shown = {column.title: shown_cell(cells[place]) for column, place in self._columns if place < len(cells)}
        return shown | {
            column.title: mask_id_number(shown[column.title])
            for column, _place in self._columns
            if column.masked and column.title in shown
        }

    @staticmethod
    def flaw(column: Column, cell: Cell, message: Message, code: str) -> Flaw:
        """A flaw with the cell as the person wrote it, a personal number masked."""
        shown = shown_cell(cell)
        return Flaw(column.title, mask_id_number(shown) if column.masked else shown[:100], message, code)


def shown_cell(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, days without a time."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < LOST_DIGITS else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes") if cell.time() != cell.min.time() else str(cell.date())
    return str(cell)


def read_cell(column: Column, cell: Cell) -> "str | int | date | bool | Message":
    """What a cell says to its column, empty text when nothing, or the reason why it cannot be read."""
    if isinstance(cell, str):
        return _of_text(column, cell)
    if isinstance(cell, bool):
        return cell if column.sort is Sort.YES_NO else shown_cell(cell)
    if isinstance(cell, datetime):
        return cell.date() if column.sort is Sort.DATE else shown_cell(cell)
    if isinstance(cell, date):
        return cell if column.sort is Sort.DATE else cell.isoformat()
    if isinstance(cell, int | float):
        if column.sort in (Sort.TEXT, Sort.PROSE) and abs(cell) >= LOST_DIGITS:
            text = _("“%(title)s”被存成了数字，第 15 位以后已经丢失。请把这一列设为“文本”格式，再按原件重新填写。")
            return Message(text, {"title": column.title})
        return _as_date(shown_cell(cell)) if column.sort is Sort.DATE else shown_cell(cell)
    return str(cell)


def _of_text(column: Column, cell: str) -> "str | Message":
    text = _UNSEEN.sub("", cell).strip()
    if text == NOT_CALCULATED:
        message = _("“%(title)s”里的公式没有计算结果。请用 Excel 或 WPS 打开、保存一次，或改填数值。")
        return Message(message, {"title": column.title})
    if text in ERRORS:
        message = _("“%(title)s”是公式错误 %(value)s。请改正公式，或直接填写内容。")
        return Message(message, {"title": column.title, "value": text})
    if column.sort is not Sort.PROSE:
        text = _BREAKS.sub("", text)
    text = text.translate(_HALF_WIDTH)
    if column.sort in (Sort.CHOICE, Sort.YES_NO):
        return dict(column.choices).get(text, text)
    return _as_date(text) if column.sort is Sort.DATE else text


def _as_date(text: str) -> str:
    """20261122 as 2026-11-22; a time of midnight after a day falls away."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return re.sub(r"[ T]0?0:00(:00)?$", "", text)
