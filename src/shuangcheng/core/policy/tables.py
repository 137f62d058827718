"""Runs of paragraphs that are the rows of a table, as Markdown, web pages and PDF conversions leave them."""

import re
from collections.abc import Sequence

from .text import Paragraph

_ROW = re.compile(r"预期性|约束性|^\d{1,3}\s?[^。]{2,40}\s[-—\d.>＜<≥≤\[]+|\S\s+\S+\s+\S+\s+[\d.>≥<≤\[]")
_NOTE = re.compile(r"(?:注|说明)[:：\d]|[*①-⑩]|\[?\d{1,2}\]?\s?(?:指|暂|按|根据|包括|为|含|是指)")
_LONGEST_ROW = 80


def in_tables(body: Sequence[Paragraph]) -> set[int]:
    """The indices of paragraphs that are rows: short, without a full stop, and among others that look like rows."""
    found: set[int] = set()
    run: list[int] = []
    for index, paragraph in enumerate([*body, None]):
        if paragraph is not None and (
            paragraph.cells or (len(paragraph.text) <= _LONGEST_ROW and "。" not in paragraph.text)
        ):
            run.append(index)
            continue
        rows = [i for i in run if body[i].cells or _ROW.search(body[i].half)]
        if len(rows) >= 3 or (rows and all(body[i].cells for i in run)):
            found |= set(range(rows[0] - 5 if rows[0] - 5 in run else rows[0], run[-1] + 1))
        run = []
    for index in sorted(found):
        while index + 1 < len(body) and index + 1 not in found and _NOTE.match(body[index + 1].half):
            index += 1
            found.add(index)
    return found
