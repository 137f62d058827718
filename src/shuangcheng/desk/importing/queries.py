"""What pages and programs show of an import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shuangcheng.core.outcome import Message
from shuangcheng.core.sheets.forms import Marked, error_report
from shuangcheng.core.table import unpack, unpack_flaw
from shuangcheng.core.text import _

from ..models import Import
from . import keeping
from .registry import table_named


@dataclass(frozen=True)
class ShownError:
    """One error: the row's number in the file, the column (empty for the whole row), the cell, what is wrong."""

    row: int
    column: str
    value: str
    message: Message
    code: str


@dataclass(frozen=True)
class ShownCell:
    """A cell as it will be written; `before` is what stands there now, when that is something else."""

    text: str
    before: str | None


@dataclass(frozen=True)
class ShownRow:
    """A row as it will be written."""

    number: int
    state: str
    cells: Sequence[ShownCell]


def notes(item: Import) -> list[Message]:
    """What there is to say about the file as a whole, or why it came to nothing."""
    return [unpack(note) for note in item.notes]


def errors(item: Import) -> list[ShownError]:
    """The first errors."""
    flaws = ((number, unpack_flaw(flaw)) for number, *flaw in item.errors)
    return [ShownError(number, flaw.column, flaw.value, flaw.message, flaw.code) for number, flaw in flaws]


def sample(item: Import) -> list[ShownRow]:
    """The first rows as they will be written."""
    return [
        ShownRow(
            row["row"],
            row["state"],
            [
                ShownCell(text, before if before != text else None)
                for text, before in zip(row["cells"], row["before"] or row["cells"], strict=True)
            ],
        )
        for row in item.sample
    ]


def report(item: Import, *, say: Callable[[Message], str]) -> bytes:
    """The wrong rows as a workbook that can be corrected and uploaded; `say` tells the reasons in a language."""
    table = table_named(item.table)
    titles, rows = keeping.wrong_rows(item)
    marked = (
        Marked(
            row.number, row.cells, list(dict.fromkeys(say(flaw.message) for flaw in row.flaws)),
            frozenset(place for place, title in enumerate(titles) if any(flaw.column == title for flaw in row.flaws)),
        )
        for row in rows
    )  # fmt: skip
    note = Message(
        _("“%(name)s”有 %(wrong)d 行未通过检查。改正后可直接上传本表。"), {"name": item.file_name, "wrong": len(rows)}
    )
    heading = Message(_("%(title)s导入错误"), {"title": table.title})
    return error_report(title=say(heading), titles=titles, rows=marked, note=say(note))
