"""What the check found, kept in the storage until the import is confirmed: lines of JSON beside the uploaded file.

The first line holds the titles of the file. A line with a list holds a thousand rows: number, values, and for a wrong
row its flaws and cells. A line with an object holds names and how they are spelt. Writing reads the values and the
spellings from here, the error report the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from pydantic_core import from_json, to_json

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.table import Flaw, Row, RowState, Table, pack_flaw, unpack_flaw
from shuangcheng.core.table_rows import shown_cell
from shuangcheng.core.text import _
from shuangcheng.core.tokens import Spelling

from ..models import Import
from . import storing
from .checking import Checked

BLOCK = 1000


@dataclass(frozen=True)
class WrongRow:
    """A wrong row as the file has it, and what is wrong."""

    number: int
    cells: list[str]
    flaws: list[Flaw]


def path(item: Import) -> str:
    """Where the rows of an import lie."""
    return f"imports/{item.id}.checked"


def keep(item: Import, checked: Checked) -> None:
    """Put what was found into the storage."""
    lines = [to_json(checked.titles)]
    for start in range(0, len(checked.rows), BLOCK):
        part = slice(start, start + BLOCK)
        rows = zip(checked.rows[part], checked.given[part], checked.cells[part], strict=True)
        lines.append(to_json([_line(*row) for row in rows]))
    lines += checked.spellings
    drop(item)
    storing.put(item, path(item), b"\n".join(lines))


def _line(row: Row, given: Sequence[Any], cells: Sequence[Any]) -> list[Any]:
    if row.state is RowState.WRONG:
        return [row.number, None, [pack_flaw(flaw) for flaw in row.flaws], [shown_cell(cell) for cell in cells]]
    return [row.number, None if row.state is RowState.SAME else given]


def drop(item: Import) -> None:
    """Take what was kept out of the storage."""
    default_storage.delete(path(item))


def there(item: Import) -> bool:
    """Whether anything is kept."""
    return default_storage.exists(path(item))


def _lines(item: Import) -> Iterator[Any]:
    data = storing.get(item, path(item)) if there(item) else None
    if data is None:
        text = _("“%(name)s”的检查结果已经清理。请重新上传文件。")
        raise refusal("import.gone", text, where="file", why=Why.MISSING, name=item.file_name)
    for line in data.split(b"\n"):
        yield from_json(line)


def rows(item: Import) -> tuple[list[Row], dict[str, Spelling]]:
    """The rows to write, with their values as the file gives them, and the names that are spelt already."""
    lines = _lines(item)
    next(lines)
    rows: list[Row] = []
    spellings: dict[str, Spelling] = {}
    for block in lines:
        if isinstance(block, dict):
            spellings |= {name: Spelling(*spelling) for name, spelling in block.items()}
        else:
            rows += [Row(line[0], tuple(line[1])) for line in block if line[1] is not None]
    return rows, spellings


def wrong_rows(item: Import) -> tuple[list[str], list[WrongRow]]:
    """The titles of the file and its wrong rows."""
    lines = _lines(item)
    titles = next(lines)
    found = [
        WrongRow(line[0], line[3], [unpack_flaw(flaw) for flaw in line[2]])
        for block in lines
        if isinstance(block, list)
        for line in block
        if len(line) == 4
    ]
    return titles, found


def sample(table: Table[Any], checked: Checked, store: Any, *, most: int = 20) -> list[dict[str, Any]]:
    """The first rows as they will be written, with what stood there before."""
    good = (row for row in checked.rows if row.state is not RowState.WRONG)
    shown = []
    for row, _number in zip(good, range(most), strict=False):
        before = store.show(row.before) if row.before and row.state is RowState.CHANGED else None
        shown.append({"row": row.number, "state": row.state.value, "cells": store.show(row.values), "before": before})
    return shown
