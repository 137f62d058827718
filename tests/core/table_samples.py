"""A small table and workbooks for the tests of tables and sheets."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Annotated, Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import Field

from shuangcheng.core.files import Limits, inspect
from shuangcheng.core.schema import Choice, Input, OptionalDay
from shuangcheng.core.sheets.reading import Grid, read_grid
from shuangcheng.core.table import Flaw, Table
from shuangcheng.core.table_rows import RowReader, find_head


class Colour(Choice):
    """A closed list."""

    RED = "red", "红"
    BLUE = "blue", "蓝"


class Thing(Input):
    """One column of each sort."""

    name: Annotated[str, Field(min_length=2, max_length=20)] = Field(title="名称", examples=["示例物"])
    colour: Colour = Field(title="颜色", examples=["红"])
    code: Annotated[str, Field(max_length=18)] = Field("", title="代码", description="十位数字")
    number: Annotated[str, Field(max_length=18)] = Field("", title="证件号")
    since: OptionalDay = Field(None, title="启用日期")
    count: Annotated[int, Field(ge=0)] | None = Field(None, title="数量")
    used: bool = Field(False, title="在用")
    remark: str = Field("", title="备注", json_schema_extra={"widget": "prose"})


def no_store(**_more: object) -> Any:
    raise AssertionError("these tests store nothing")


THINGS: Table[Thing] = Table(
    name="thing", title="物品", model=Thing, right="import.thing", key="按名称。", store=no_store,
    masked=frozenset({"number"}),
)  # fmt: skip
HEAD = tuple(column.title for column in THINGS.columns)
FAR_ROW = '<row r="2"><c r="XFD1048576"><v>2</v></c></row>'


def book(rows: Iterable[Sequence[Any]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """A workbook with `rows` in its first sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def with_sheet_xml(data: bytes, replace: Callable[[str], str]) -> bytes:
    """The workbook with the XML of its first sheet changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = replace(content.decode()).encode()
            new.writestr(name, content)
    return out.getvalue()


def grid(data: bytes, name: str = "a.xlsx") -> Grid:
    return read_grid(inspect(name=name, data=data, limits=Limits()), data)


def read(rows: Iterable[Sequence[Any]]) -> list[Thing | list[Flaw] | None]:
    """The rows under the head, as the table reads them."""
    sheet = grid(book([HEAD, *rows]))
    head = find_head(THINGS, sheet, name="a.xlsx")
    reader = RowReader(THINGS, head)
    return [reader.read(cells) for cells in sheet.rows[head.row + 1 :]]
