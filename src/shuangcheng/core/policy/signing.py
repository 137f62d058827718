"""Who signed a document and when: dates in figures and words, names of organs, signature blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .numbers import chinese_number
from .organs import organs
from .text import Paragraph

_CN_YEAR = r"[二一][○〇零oO0一二三四五六七八九]{3}"
_CN_DATE = rf"(?P<cy>{_CN_YEAR})年(?P<cm>[一二三四五六七八九十]{{1,3}})月(?P<cd>[一二三四五六七八九十]{{1,3}})日"
DATE = re.compile(
    rf"(?:(?P<y>(?:19|20)\d\d)\s?[年./-]\s?(?P<m>\d{{1,2}})\s?[月./-]\s?(?P<d>\d{{1,2}})\s?日?|{_CN_DATE})"
)


@dataclass(frozen=True)
class Signature:
    """Names and date at the end of a notice or a document: paragraphs [begin, end)."""

    begin: int
    end: int
    issuers: tuple[str, ...]
    dated: date


def read_date(text: str) -> date | None:
    found = DATE.search(text.replace("年 ", "年"))
    if not found:
        return None
    if found.group("y"):
        parts = [int(found.group(key)) for key in ("y", "m", "d")]
    else:
        year = re.sub("[oO0零○]", "〇", found.group("cy"))
        parts = [
            chinese_number(year) or 0,
            chinese_number(found.group("cm")) or 0,
            chinese_number(found.group("cd")) or 0,
        ]
    try:
        return date(*parts)
    except ValueError:
        return None


def signatures(paragraphs: Sequence[Paragraph]) -> list[Signature]:
    """Every date that stands alone, with the names of organs right above it or before it on its line."""
    found = []
    for index, paragraph in enumerate(paragraphs):
        match = DATE.search(paragraph.half)
        if not match or paragraph.half[match.end() :].strip(" )）"):
            continue
        dated = read_date(match.group())
        before = paragraph.text[: match.start()].strip(" (（")
        if dated is None or len(before) > 60:
            continue
        names = organs(before) if before else ()
        if before and not names:
            continue
        begin = index
        while begin > 0 and index - begin < 40 and (above := organs(paragraphs[begin - 1].text)):
            names = above + names
            begin -= 1
        if names:
            found.append(Signature(begin, index + 1, tuple(dict.fromkeys(names)), dated))
    return found
