"""Part of a large CSV file into rows to be copied: pure work for other cores."""

import csv
from dataclasses import dataclass, field
from io import StringIO

import uuid_utils

from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.table import Flaw
from shuangcheng.core.table_rows import RowReader
from shuangcheng.core.text import _

from . import records
from .large import Task
from .tables import TABLES_BY_NAME

KEY_BYTES = 16


@dataclass
class Part:
    """What became of a block: its rows to copy with their keys, and what is wrong, by row of the block."""

    read: int = 0
    packed: bytes = b""
    keys: bytes = b""
    flaws: list[tuple[int, Flaw]] = field(default_factory=list)
    wrong: int = 0
    damaged: bool = False
    """Whether it could not be read on from there."""


class Reader:
    """Reads blocks of one file."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._register: Register = REGISTERS[task.register]
        self._rows = RowReader(TABLES_BY_NAME[task.register], task.head)

    def read(self, block: bytes, skip: int) -> Part:
        """The rows of a block, which begins and ends between rows; the first `skip` of them are not looked at."""
        part = Part()
        packed: list[bytes] = []
        keys: list[bytes] = []
        try:
            text = block.decode(self._task.encoding)
            for cells in csv.reader(StringIO(text, newline=""), delimiter=self._task.delimiter, strict=True):
                part.read += 1
                if part.read <= skip:
                    continue
                columns = self._columns(cells)
                if isinstance(columns, list):
                    part.flaws += [(part.read, flaw) for flaw in columns]
                    part.wrong += 1
                elif columns:
                    assert isinstance(columns[0], bytes), "the key's digest"
                    keys.append(columns[0])
                    packed.append(records.packed(uuid_utils.uuid7().bytes, columns))
        except (csv.Error, UnicodeDecodeError):
            part.damaged = True
        part.packed, part.keys = b"".join(packed), b"".join(keys)
        return part

    def _columns(self, cells: list[str]) -> "tuple[records.Stored, ...] | list[Flaw] | None":
        data = self._rows.read(cells)
        if data is None or isinstance(data, list):
            return data
        try:
            columns = records.columns(self._register, self._register.texts(data, today=self._task.today))
            if columns[0] in self._task.repeated:
                raise refusal("repeated", REPEATED, where=self._register.key)
        except Refused as refused:
            return self._rows.flaws_of(refused, cells)
        return columns


REPEATED = _("这个号码在文件里出现了不止一次。一个文件里同一号码只能出现一次，请删去多余的行。")
