"""Measures: the paragraphs that say what is to be done, without the brackets that say by whom."""

import re
from collections.abc import Sequence

from ..text import _
from . import claims
from .bodies import spans
from .headings import Heading
from .shapes import Measure
from .text import Paragraph

NO_ACTION = _("这一段没有明显的行动用语，请确认是否为任务。")

_PRINCIPLES = re.compile(
    r"指导思想|基本原则|总体(?:要求|思路|目标|考虑)|工作原则|重要意义|发展目标|主要目标|工作目标|目标|序言|前言|基本理念|理念|指标|适用范围"
)
_LEAST = 12


def read_measures(
    body: Sequence[Paragraph], headings: Sequence[Heading], parents: Sequence[int | None], *, tables: set[int]
) -> tuple[Measure, ...]:
    """One measure for each paragraph under a heading of action; a list that a colon opens stays item by item."""
    found: list[Measure] = []
    by_index = {made.index: position for position, made in enumerate(headings)}
    section: int | None = None
    for index, paragraph in enumerate(body):
        begin = 0
        if index in by_index:
            section = by_index[index]
            begin = headings[section].end
        if section is None or index in tables or _apart(section, headings, parents):
            continue
        text, end = _without_spans(paragraph, begin)
        if len(text) < _LEAST or end <= begin:
            continue
        start, stop = paragraph.place(begin, end)
        doubts = (
            ()
            if claims.BUILDS.search(text) or re.search(r"加强|健全|完善|强化|优化|加快|加大|鼓励|要", text)
            else (NO_ACTION,)
        )
        found.append(Measure(start=start, end=stop, text=text, section=section, doubts=doubts))
    return tuple(found)


def _apart(section: int | None, headings: Sequence[Heading], parents: Sequence[int | None]) -> bool:
    """Whether a section or one above it is about aims, principles or the past."""
    while section is not None:
        title = headings[section].title
        if (len(title) <= 16 and _PRINCIPLES.search(title)) or claims.reviews(title):
            return True
        section = parents[section]
    return False


def _without_spans(paragraph: Paragraph, begin: int) -> tuple[str, int]:
    """The text from `begin` without the responsible bodies, and where it ends."""
    text, end = paragraph.text, len(paragraph.text)
    pieces, place = [], begin
    for start, stop in spans(paragraph):
        if start >= place:
            pieces.append(text[place:start])
            place = stop
            if not text[stop:].strip(" 。"):
                end = start
    pieces.append(text[place:])
    return "".join(pieces).strip(" 。；") and "".join(pieces).strip(), end
