"""A sentence as the reading of quantities sees it: names masked, years found, clauses cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .deadlines import Mention, mentions
from .text import Paragraph

# Nobody writes longer sentences; text without full stops is cut, so that reading stays linear.
_SENTENCE = re.compile(r"[^。！？]{1,800}[。！？]?[”’）)]{0,4}")
_QUOTED = re.compile(r"“[^”。]{1,30}”|《[^》]*》|〔\d{4}〕\d*号?|\[\d{4}\]\d*号?|https?://[\w./-]+")


@dataclass(frozen=True)
class Clause:
    """[begin, end) of a sentence between two commas that stand outside brackets."""

    begin: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """The sentence that begins at `at` of a paragraph under a heading.

    `plain` has half-width digits; in `masked` what stands in quotation marks is blotted out; both keep every place.
    """

    paragraph: Paragraph
    at: int
    plain: str
    section: int | None
    masked: str
    named: tuple[Mention, ...]

    def raw(self, begin: int, end: int) -> str:
        """The words at [begin, end) as they stand in the document."""
        return self.paragraph.text[self.at + begin : self.at + end].strip()

    def place(self, clause: Clause) -> tuple[int, int]:
        """Where a clause stands in the whole text."""
        return self.paragraph.place(self.at + clause.begin, self.at + clause.end)

    def clause(self, start: int, end: int) -> Clause:
        """The clause around [start, end)."""
        depth, begin = 0, 0
        for place, character in enumerate(self.masked):
            if character in "（）":
                depth += 1 if character == "（" else -1
            elif depth <= 0 and character in "，；：。":
                if place >= end:
                    return Clause(begin, place)
                if place < start:
                    begin = place + 1
        return Clause(begin, max(end, len(self.masked.rstrip("。！？"))))


def sentences(paragraph: Paragraph, begin: int, end: int, section: int | None, now: int | None) -> Iterator[Sentence]:
    """The sentences of [begin, end) of a paragraph."""
    for match in _SENTENCE.finditer(paragraph.half, begin, end):
        plain = match.group()
        yield Sentence(paragraph, match.start(), plain, section, masked(plain), tuple(mentions(plain, now)))


def masked(text: str) -> str:
    """The text with names in quotation marks and numbers of documents blotted out, place for place."""
    return _QUOTED.sub(lambda match: "□" * len(match.group()), text)
