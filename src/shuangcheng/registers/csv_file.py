"""A large CSV file in blocks that begin and end between rows, without reading the whole of it."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from shuangcheng.core.files import decode_text
from shuangcheng.core.outcome import refusal
from shuangcheng.core.sheets.reading import Grid
from shuangcheng.core.table import Table
from shuangcheng.core.table_rows import HEAD_WITHIN, find_head
from shuangcheng.core.text import _

BLOCK_BYTES = 512 * 1024
_QUOTE, _BREAK = b'"', b"\n"


class CsvFile:
    """One file: its encoding, its head, and its blocks."""

    def __init__(self, path: Path, table: Table[Any]) -> None:
        self.path = path
        self.sha256 = ""
        with path.open("rb") as file:
            start = _whole_rows(file.read(BLOCK_BYTES))[0]
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise refusal("sheet.utf16", _("大文件请另存为 UTF-8 的 CSV 后再导入。"), where="file")
        text, _warnings = decode_text(start, where=path.name)
        self.encoding = "utf-8" if _is_utf8(start) else "gb18030"
        first = next((line for line in text.splitlines() if line.strip()), "")
        self.delimiter = max(",\t;", key=first.count)
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=self.delimiter))[:HEAD_WITHIN]
        self.head = find_head(table, Grid(path.name, rows), name=path.name)

    def blocks(self) -> Iterator[tuple[bytes, int]]:
        """Each block with how many of its first rows are no data; at the end the digest of the file is known."""
        digest, rest, skip = hashlib.sha256(), b"", self.head.row + 1
        with self.path.open("rb") as file:
            while read := file.read(BLOCK_BYTES):
                digest.update(read)
                if skip and not rest:
                    read = read.removeprefix(codecs.BOM_UTF8)
                block, rest = _whole_rows(rest + read)
                if block:
                    yield block, skip
                    skip = 0
        if rest:
            yield rest, skip
        self.sha256 = digest.hexdigest()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _whole_rows(data: bytes) -> tuple[bytes, bytes]:
    """Up to the last line break outside quotation marks, and the rest; in UTF-8 and GB18030 both are single bytes."""
    end = len(data)
    while (end := data.rfind(_BREAK, 0, end)) >= 0:
        if data.count(_QUOTE, 0, end) % 2 == 0:
            return data[: end + 1], data[end + 1 :]
    return b"", data
