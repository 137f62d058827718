"""Word files with the look of an official paper 公文 (GB/T 9704-2012): page, faces, headings, tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

TITLE, BODY, FIRST, SECOND, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, LEADING = Pt(22), Pt(16), Pt(12), Pt(28)
DIGITS = "零一二三四五六七八九"
FIRST_LEVEL = re.compile(r"[一二三四五六七八九十]+、")
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]+）")


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; `widths` in millimetres."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


@dataclass(frozen=True)
class Paper:
    """What is written: a title, a body of lines, tables each with its heading, and lines at the foot."""

    title: str
    text: str
    tables: Sequence[tuple[str, Table]] = ()
    foot: Sequence[str] = field(default=())


def counted(number: int) -> str:
    """A number from 1 to 99 as Chinese counts 五, 十二, 二十一; others as digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return ten + (DIGITS[ones] if ones else "")


def word(paper: Paper) -> bytes:
    """The paper as a .docx file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    _line(document, paper.title, TITLE, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, after=Pt(28))
    for line in paper.text.splitlines():
        if line.strip():
            _line(document, line.strip(), _face(line.strip()), BODY_SIZE)
    for heading, table in paper.tables:
        _line(document, heading, FIRST, BODY_SIZE)
        _table(document, table)
    for line in paper.foot:
        _line(document, line, BODY, BODY_SIZE)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _face(line: str) -> str:
    """The face of a line: headings of the first and second level have their own."""
    if FIRST_LEVEL.match(line):
        return FIRST
    return SECOND if SECOND_LEVEL.match(line) else BODY


def _run(paragraph: Any, text: str, face: str, size: Pt) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN, size
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _line(
    document: Any, text: str, face: str, size: Pt, *, align: Any = None, indent: bool = True, after: Pt | None = None
) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LEADING
    layout.space_before, layout.space_after = Pt(0), after or Pt(0)
    if indent:
        layout.first_line_indent = size * 2
    if align is not None:
        paragraph.alignment = align
    _run(paragraph, text, face, size)


def _table(document: Any, table: Table) -> None:
    grid = document.add_table(rows=0, cols=len(table.head), style="Table Grid")
    grid.autofit = False
    for number, values in enumerate([table.head, *table.rows]):
        cells = grid.add_row().cells
        for cell, value, width in zip(cells, values, table.widths, strict=True):
            cell.width = Mm(width)
            _run(cell.paragraphs[0], value, BODY if number else FIRST, TABLE_SIZE)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
