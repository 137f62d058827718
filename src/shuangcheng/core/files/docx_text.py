"""The text of a Word document: paragraphs, tables, content controls and text boxes in the order of the document."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from ..outcome import Message
from ..text import _
from .parts import damaged

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_TEXT, _BOX = qn("w:t"), qn("w:txbxContent")
_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NUMBERING = qn("w:numPr")
# Deleted and moved-away text, settings, and the second drawing of what has been drawn
_SILENT = frozenset(
    [
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:pPr"),
        qn("w:rPr"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)


def docx_text(data: bytes, *, name: str) -> tuple[tuple[str, ...], tuple[Message, ...]]:
    """The text, one paragraph a line and one table row a line, cells parted by tabs; warnings of what is not in it."""
    try:
        body = docx.Document(BytesIO(data)).element.body
        text = "\n".join(_lines(body))
        numbered = next(body.iter(_NUMBERING), None) is not None
    except Exception as error:
        # python-docx takes the package's word for what is in it, and raises whatever comes of that.
        raise damaged(name) from error
    if not numbered:
        return (text,), ()
    return (text,), (Message(_("文档使用了自动编号，读出的文字不含编号。如需编号，请先转换为普通文字。")),)


def _lines(container: Any) -> Iterator[str]:
    for child in container:
        if child.tag == _PARAGRAPH:
            boxes: list[Any] = []
            yield "".join(_pieces(child, boxes))
            for box in boxes:
                yield from _lines(box)
        elif child.tag == _TABLE:
            yield from _rows(child)
        elif child.tag not in _SILENT:
            yield from _lines(child)


def _rows(table: Any) -> Iterator[str]:
    for child in table:
        if child.tag == _ROW:
            yield "\t".join(_cells(child))
        elif child.tag not in _SILENT:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[str]:
    for child in row:
        if child.tag == _CELL:
            yield " ".join(line.replace("\n", " ") for line in _lines(child) if line)
        elif child.tag not in _SILENT:
            yield from _cells(child)


def _pieces(node: Any, boxes: list[Any]) -> Iterator[str]:
    """The text in a paragraph; text boxes that hang in it are gathered, to be read after it."""
    for child in node:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag == _BOX:
            boxes.append(child)
        elif child.tag not in _SILENT:
            yield from _pieces(child, boxes)
