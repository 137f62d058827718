"""A spreadsheet of questions: one column for each field of the question, read with every wrong cell told."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from pydantic import Field, create_model

from shuangcheng.core.files import Kind, Limits, inspect
from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import Input, Line
from shuangcheng.core.sheets.reading import read_grid
from shuangcheng.core.table import Flaw, Store, Table
from shuangcheng.core.table_rows import RowReader, find_head
from shuangcheng.core.text import _

from .inputs.lookups import MOST_ROWS, RowInput


@cache
def question_model(register: str, place: int) -> type[Input]:
    """The input of one set of fields by which a register may be asked."""
    declared = REGISTERS[register]
    fields: dict[str, Any] = {
        name: (Line, Field(title=declared.record.model_fields[name].title)) for name in declared.questions[place]
    }
    doc = f"How {register} is asked, way {place + 1}."
    return create_model(f"Question_{register}_{place}", __base__=Input, __doc__=doc, **fields)


def _nowhere(**_given: Any) -> Store:
    raise ValueError("questions are asked, not stored")


@cache
def table(register: str, place: int) -> Table[Any]:
    """The template of a batch."""
    sample = {name: str(value) for name, value in REGISTERS[register].sample.items()}
    return Table(
        name="lookup", title=_("批量查询"), model=question_model(register, place), right="lookup.ask",
        key=_("每行查一条，各项须与证件完全一致。最多一万行。"), store=_nowhere, examples=sample,
    )  # fmt: skip


@dataclass
class Sheet:
    """The questions of a spreadsheet by the number of their row, and what is wrong."""

    rows: list[RowInput] = field(default_factory=list)
    flaws: list[tuple[int, Flaw]] = field(default_factory=list)


def read_sheet(*, register: str, place: int, name: str, data: bytes, today: date) -> Sheet:
    """The questions in a file. Refused when the file as a whole cannot be used."""
    file = inspect(name=name, data=data, limits=Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024))
    if file.kind not in (Kind.XLSX, Kind.CSV):
        raise refusal("sheet.kind", _("“%(name)s”不是表格。请上传 Excel 或 CSV 文件。"), where="file", name=name)
    declared, grid = table(register, place), read_grid(file, data)
    head = find_head(declared, grid, name=name)
    reader, found = RowReader(declared, head), Sheet()
    for number, cells in enumerate(grid.rows[head.row + 1 :], start=head.row + 2):
        read = reader.read(cells)
        if isinstance(read, list):
            found.flaws += [(number, flaw) for flaw in read]
        elif read is not None:
            try:
                question = REGISTERS[register].question(read.model_dump(), today=today)
                found.rows.append(RowInput(ref=str(number), by=question))
            except Refused as refused:
                found.flaws += [(number, flaw) for flaw in reader.flaws_of(refused, cells)]
    if len(found.rows) > MOST_ROWS:
        text = _("文件有 %(rows)d 行，一次最多查 %(most)d 行。请拆成几个文件。")
        raise refusal("sheet.rows", text, where="file", rows=len(found.rows), most=MOST_ROWS)
    if not found.rows and not found.flaws:
        raise refusal("sheet.no_rows", _("表头下面没有要查询的内容。请填写后重新上传。"), where="file")
    return found
