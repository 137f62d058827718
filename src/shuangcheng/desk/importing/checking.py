"""Every row of a file against its table and against what is there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shuangcheng.core.files import Inspected
from shuangcheng.core.outcome import Message, Refused, refusal
from shuangcheng.core.sheets.reading import Cell, read_grid
from shuangcheng.core.table import Flaw, Plain, Row, RowState, Store, Table
from shuangcheng.core.table_rows import RowReader, find_head
from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor

from .progress import Progress
from .spelling import SpellingApart

NAMED = 5
"""How many other rows a sentence about a repetition names."""


@dataclass
class Checked:
    """What the check found. `given` are the values as the file gives them, `cells` what it says, both by row.

    `spellings` are the names of the file as `SpellingApart` found them.
    """

    titles: list[str]
    rows: list[Row] = field(default_factory=list)
    given: list[tuple[Plain, ...]] = field(default_factory=list)
    cells: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    spellings: list[bytes] = field(default_factory=list)

    def count(self, state: RowState) -> int:
        """How many rows are in a state."""
        return sum(1 for row in self.rows if row.state is state)


def store_for(table: Table[Any], *, by: Actor, at: datetime, name: str) -> Store:
    """The room's part of one import; the source says where the facts come from."""
    return table.store(by=by, at=at, source=f"批量导入 {at:%Y-%m-%d} {name}")


def examine(
    table: Table[Any], *, file: Inspected, data: bytes, by: Actor, at: datetime, progress: Progress
) -> tuple[Checked, Store]:
    """Check a whole file. Refused when the file as a whole cannot be used."""
    grid = read_grid(file, data)
    head = find_head(table, grid, name=file.name)
    progress.tell(20)
    store = store_for(table, by=by, at=at, name=file.name)
    checked = Checked(list(head.titles), notes=list(grid.notes))
    reader = RowReader(table, head)
    body = grid.rows[head.row + 1 :]
    places = [head.places[name] for name in table.names if name in head.places]
    with SpellingApart(cells[place] for cells in body for place in places if place < len(cells)) as spelling:
        for number, cells in enumerate(progress.watch(20, 70)(body), start=head.row + 2):
            _read(number, cells, reader=reader, store=store, checked=checked)
        if not checked.rows:
            raise refusal("sheet.no_rows", _("表头下面没有要导入的内容。请填写后重新上传。"), where=file.name)
        progress.tell(70)
        _compare(checked, reader=reader, store=store)
        checked.spellings = spelling.found()
    progress.tell(90)
    return checked, store


def _compare(checked: Checked, *, reader: RowReader[Any], store: Store) -> None:
    """The rows beside each other, and beside what is there."""
    _find_doubles(checked, table=reader.table, store=store)
    good = [row for row in checked.rows if not row.flaws]
    store.match(good, lock=False)
    for row, given, cells in zip(checked.rows, checked.given, checked.cells, strict=True):
        if row.flaws:
            row.state, row.values = RowState.WRONG, given
            _complete(row, reader, cells)


def _read(number: int, cells: Sequence[Cell], *, reader: RowReader[Any], store: Store, checked: Checked) -> None:
    data = reader.read(cells)
    if data is None:
        return
    row = Row(number)
    if isinstance(data, list):
        row.flaws = [*data, *_further(cells, data, reader=reader, store=store)]
    else:
        try:
            row.values = store.resolve(data)
        except Refused as refused:
            row.flaws = reader.flaws_of(refused, cells)
    checked.rows.append(row)
    checked.given.append(row.values)
    checked.cells.append(cells)


def _further(
    cells: Sequence[Cell], flaws: Sequence[Flaw], *, reader: RowReader[Any], store: Store
) -> list[Flaw]:  # fmt: skip
    """What is wrong besides with the cells that could be read, so that a row is corrected once."""
    part = reader.partly(cells, flaws)
    if part is None:
        return []
    try:
        store.resolve(part)
    except Refused as refused:
        told = {flaw.column for flaw in flaws}
        return [flaw for flaw in reader.flaws_of(refused, cells) if flaw.column not in told]
    except AttributeError as error:
        if error.name not in reader.table.titles:
            raise
    return []


def _find_doubles(checked: Checked, *, table: Table[Any], store: Store) -> None:
    """Every row of a repetition is told, each naming the others: which of them is right only people know."""
    first: dict[tuple[str, Any], Row] = {}
    repeated: dict[tuple[str, Any], list[Row]] = {}
    for row in checked.rows:
        if not row.values:
            continue
        for key in store.keys(row.values):
            if (known := first.setdefault(key, row)) is not row:
                repeated.setdefault(key, [known]).append(row)
    text = _("“%(title)s”与第 %(rows)s 行重复。一个文件里同一项只能出现一次，请删去多余的行。")
    for (column, _key), rows in repeated.items():
        numbers = [row.number for row in rows]
        for row in rows:
            others = [str(number) for number in numbers if number != row.number]
            told = "、".join(others[:NAMED]) + ("……" if len(others) > NAMED else "")
            message = Message(text, {"title": table.titles[column], "rows": told})
            row.flaws.append(Flaw(table.titles[column], "", message, "repeated"))


def _complete(row: Row, reader: RowReader[Any], cells: Sequence[Cell]) -> None:
    """Flaws found after the reading name a column; the cell itself is added here."""
    shown = reader.shown(cells)
    row.flaws = [
        Flaw(flaw.column, shown[flaw.column], flaw.message, flaw.code)
        if flaw.column in shown and not flaw.value
        else flaw
        for flaw in row.flaws
    ]
