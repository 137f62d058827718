"""A document as clauses: what stands under each heading, with an anchor that means the same in a later version."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .numbers import chinese_number
from .shapes import Document, Section
from .text import Paragraph, clean

PREAMBLE, CLOSING = "0", "end"
"""Anchors of what stands before the first heading and after the last clause."""

_FIGURES = re.compile(r"\d+")
_WORDS = re.compile(r"[零〇一二三四五六七八九十百]+")
_LONGEST = 60


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause: `text` has one paragraph a line, without that of lower clauses; [start, end) is its place."""

    anchor: str
    level: int
    number: str
    title: str
    text: str
    start: int
    end: int


def clauses(text: str, document: Document) -> tuple[list[Clause], list[str]]:
    """The clauses of `document` in `text`, and the anchor of each of its sections; nothing of the text is left out."""
    paragraphs = [
        paragraph
        for paragraph in clean(text).paragraphs
        if document.start <= paragraph.start and paragraph.end <= document.end
    ]
    anchors = _anchors(document.sections)
    first = document.sections[0].start if document.sections else document.end
    last = document.sections[-1].body_end if document.sections else document.end
    made = [_stray(PREAMBLE, paragraphs, document.start, first)]
    made += [
        Clause(
            anchor=anchor, level=section.level, number=section.number, title=section.title, start=section.start,
            end=section.body_end, text=_body(paragraphs, section.body_start, section.body_end),
        )
        for anchor, section in zip(anchors, document.sections, strict=True)
    ]  # fmt: skip
    made.append(_stray(CLOSING, paragraphs, last, document.end))
    return [clause for clause in made if clause.title or clause.text], anchors


def _stray(anchor: str, paragraphs: Sequence[Paragraph], start: int, end: int) -> Clause:
    return Clause(anchor=anchor, level=1, number="", title="", text=_body(paragraphs, start, end), start=start, end=end)


def _body(paragraphs: Sequence[Paragraph], start: int, end: int) -> str:
    """What of the paragraphs stands in [start, end)."""
    parts = []
    for paragraph in paragraphs:
        if paragraph.start < end and paragraph.end > start:
            inside = [char for char, at in zip(paragraph.text, paragraph.at, strict=True) if start <= at < end]
            parts.append("".join(inside).strip().removeprefix("。").strip())
    return "\n".join(part for part in parts if part)


def _anchors(sections: Sequence[Section]) -> list[str]:
    """The path of the numbers of each section; one without a number counts among its like, one twice is told apart."""
    anchors: list[str] = []
    unnumbered: dict[int | None, int] = {}
    for section in sections:
        step = ordinal(section.number)
        if not step:
            unnumbered[section.parent] = unnumbered.get(section.parent, 0) + 1
            step = f"s{unnumbered[section.parent]}"
        above = f"{anchors[section.parent]}." if section.parent is not None else ""
        anchor, again = f"{above}{step}"[-_LONGEST + 4 :], 1
        while anchor in anchors:
            again += 1
            anchor = f"{anchor.partition('-')[0]}-{again}"
        anchors.append(anchor)
    return anchors


def ordinal(number: str) -> str:
    """The last figure that a printed number says: （三） is 3, 3.1 is 1, 第十二条 is 12; empty when it says none."""
    figures = _FIGURES.findall(number.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    if figures:
        return str(int(figures[-1]))
    words = _WORDS.findall(number)
    value = chinese_number(words[-1]) if words else None
    return str(value) if value else ""
