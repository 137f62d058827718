"""Decrees: 某市人民政府令第12号, with the regulation that they promulgate below them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .signing import DATE, read_date
from .text import Paragraph

_HEAD = re.compile(
    r"(?P<who>[\u4e00-\u9fa5、 ]{2,80}?)(?P<kind>令|公告)\s*"
    r"[(（]?(?P<number>第\s*[\d一二三四五六七八九十百零〇]+\s*号)[)）]?"
)
_WHO = re.compile(r"[\u4e00-\u9fa5 ]{2,40}(?:令|公告)")
_PROMULGATES = re.compile(r"《(?P<title>[^《》]{4,80})》.{0,120}?(?:公布|发布|颁布|施行)")
_LOOK = 12  # paragraphs of a decree


@dataclass(frozen=True)
class Decree:
    """Who issued it, under what number and when, and the title that it names."""

    heading: str
    issuer: str
    doc_number: str
    title: str
    dated: date | None


def read_decree(paragraphs: Sequence[Paragraph]) -> Decree | None:
    """The decree that a text begins with, on one line or two; None if it begins otherwise."""
    for index, paragraph in enumerate(paragraphs[:4]):
        heading = paragraph.text
        if _WHO.fullmatch(heading) and index + 1 < len(paragraphs):
            heading += paragraphs[index + 1].text[:30]
        if len(heading) > 100 or not (found := _HEAD.fullmatch(heading.strip())):
            continue
        rest = paragraphs[index + 1 : index + 1 + _LOOK]
        named = next((match for p in rest if (match := _PROMULGATES.search(p.text[:400]))), None)
        if named is None:
            continue
        dated = next((read_date(p.half) for p in rest if DATE.fullmatch(p.half)), None)
        number = re.sub(r"\s", "", found["who"] + found["kind"] + found["number"])
        return Decree(heading.strip(), found["who"].strip(), number, named["title"], dated)
    return None
