"""Reading a reference file."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.text import _

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """The rows of a file, which knows its name so that a wrong row can be told."""

    name: str
    rows: list[Row]

    def wrong(self, row: Row, *, value: str) -> Refused:
        """The refusal of a row that refers to something that is not there; nothing of the file is kept."""
        text = _("参考文件 %(file)s 第 %(line)d 行提到的“%(value)s”不存在，整个文件没有载入。请核对这个文件。")
        return refusal("reference_row", text, file=self.name, line=self.rows.index(row) + 2, value=value)


def read(name: str, content: bytes) -> Table:
    """The rows of a CSV file in UTF-8 with a header."""
    return Table(name, list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))))


def first_day(year: str) -> date | None:
    """1 January of a year that is known."""
    return date(int(year), 1, 1) if year else None


def last_day(year: str) -> date | None:
    """31 December of a year that is known."""
    return date(int(year), 12, 31) if year else None
