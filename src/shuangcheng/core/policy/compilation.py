"""A compilation is split where an article says where it was taken from, or where a new official document begins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .text import Paragraph

_SOURCE = re.compile(
    r"[(（【]\s*(?:来源|摘自|转自|原载|稿源|资料来源|信息来源)\s*[:：]?\s*(?P<source>.{2,60}?)\s*[)）】]"
)
_NUMBER_LINE = re.compile(r"[(（]?[\u4e00-\u9fa5]{1,14}[〔\[【［(（](?:19|20)\d\d[〕\]】］)）]第?\d+号[)）]?")
_BODY_LEAST = 400  # characters between two numbers of one compilation


@dataclass(frozen=True)
class Part:
    """One article: its paragraphs and what its source line says."""

    paragraphs: tuple[Paragraph, ...]
    source: str = ""


def split(paragraphs: Sequence[Paragraph]) -> list[Part]:
    """The parts of a text, in order; one for a text that is no compilation."""
    parts: list[Part] = []
    begin = 0
    for index, paragraph in enumerate(paragraphs):
        if match := _SOURCE.fullmatch(paragraph.text):
            if index > begin:
                parts.append(Part(tuple(paragraphs[begin:index]), match.group("source").strip()))
            begin = index + 1
    rest = tuple(paragraphs[begin:])
    if parts and sum(len(p.text) for p in rest) < _BODY_LEAST:
        return parts
    return [*parts, *_by_number(rest)] if rest else parts


def _by_number(paragraphs: Sequence[Paragraph]) -> list[Part]:
    """Split before the title above, or the number above the title, of every further official document."""
    numbers = [i for i, p in enumerate(paragraphs) if _NUMBER_LINE.fullmatch(p.text.replace(" ", ""))]
    starts = [0]
    for index in numbers[1:]:
        begin = index
        while begin > starts[-1] and index - begin < 4 and _heads(paragraphs[begin - 1].text):
            begin -= 1
        if sum(len(p.text) for p in paragraphs[starts[-1] : begin]) >= _BODY_LEAST:
            starts.append(begin)
    return [Part(tuple(paragraphs[a:b])) for a, b in zip(starts, [*starts[1:], len(paragraphs)], strict=True)]


def _heads(text: str) -> bool:
    return len(text) <= 60 and not re.search(r"[。；：]|日$|[)）]$", text)


def article_title(paragraphs: Sequence[Paragraph]) -> tuple[str, int]:
    """The headline of an article, which may stand on several lines, and the paragraph after it."""
    title = ""
    for index, paragraph in enumerate(paragraphs[:4]):
        text = paragraph.text
        if re.search(r"[。；：]|:", text) or (title and (len(title) >= 24 and not _runs_on(title, text))):
            return (title, index) if title else ("", 0)
        title += text
        if title and index + 1 < len(paragraphs) and len(paragraphs[index + 1].text) > 60:
            return title, index + 1
    return title, min(len(paragraphs), 4)


def _runs_on(title: str, line: str) -> bool:
    """A line of a headline goes on when a quotation mark is open, or the line is no name of an author."""
    return title.count("“") > title.count("”") or (len(line) > 6 and " " not in line)
