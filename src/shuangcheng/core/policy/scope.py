"""What governs a number from afar: the year that a paragraph or section has named, and sections that look back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import claims
from .deadlines import Mention, mentions
from .headings import Heading
from .numbers import quantities
from .sentences import Sentence
from .text import Paragraph

_OUTLOOK = 8  # years between a plan's goal and the time that it only looks out to
_ITEM = re.compile(r"[(（]?\d+[)）]|[①-⑳]|[一二三四五六七八九十]是")
_LIMIT = re.compile(r"(?:完成时[限间]|完成期限|时限要求|时间节点|完成年限|办结时限)(?:为|[:：])?")
_ASIDE = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）[。；]?|(?:责任|牵头|配合|主办)(?:单位|部门)[:：].*")
_BACK = re.compile(
    r"(?:近年来|过去[一二三四五六七八九十\d]+年|五年来|长期以来|改革开放以来|党的十.大以来|新中国成立以来)"
)


def limits(body: Sequence[Paragraph], headings: Sequence[Heading], now: int | None) -> dict[int, int]:
    """By paragraph, the year that its 完成时限 says; one on a line of its own is for what stands above it too."""
    begins = {made.index for made in headings}
    found: dict[int, int] = {}
    above: list[int] = []
    for index, paragraph in enumerate(body):
        if index in begins:
            above = []
        above.append(index)
        if not (label := _LIMIT.search(paragraph.half)):
            continue
        if named := [m for m in mentions(paragraph.half[label.end() : label.end() + 20], now) if not m.base]:
            alone = label.start() <= 1 or _ASIDE.fullmatch(paragraph.half) is not None
            found |= dict.fromkeys(above if alone else [index], named[0].year)
        above = []
    return found


@dataclass
class Scope:
    """The state of a reading; `now` is the year of issue, before which all is past."""

    headings: Sequence[Heading]
    parents: Sequence[int | None]
    now: int | None
    carried: dict[int, int] = field(default_factory=dict)
    past: set[int] = field(default_factory=set)
    lead: int | None = None

    def enter(self, section: int) -> None:
        """Begin a section: it inherits from the one above and may name a year itself."""
        title, parent = self.headings[section].title, self.parents[section]
        self.lead = None
        if parent is not None and parent in self.carried:
            self.carried[section] = self.carried[parent]
        named = self.ahead(mentions(title.translate(str.maketrans("０１２３４５６７８９", "0123456789"))))
        if named:
            self.carried[section] = named[-1].year
        if (parent is not None and parent in self.past) or claims.reviews(title):
            self.past.add(section)

    def ahead(self, named: Sequence[Mention]) -> list[Mention]:
        """The years that can be deadlines: nothing to compare with, and not over."""
        return [m for m in named if not m.base and not (self.now and m.year < self.now)]

    def aims(self, section: int | None) -> bool:
        """Whether the section or one above it is about goals."""
        while section is not None:
            title = self.headings[section].title
            if claims.GOALS.search(title):
                return not claims.reviews(title)
            section = self.parents[section]
        return False

    def looks_back(self, section: int | None) -> bool:
        """Whether the section reports what has been reached."""
        return section is not None and section in self.past


@dataclass
class Governor:
    """The year that governs the sentences of one paragraph, as it changes from one to the next.

    A year governs its own sentence; at the head of a paragraph, the paragraph; in a section about goals, all that
    follows. Bullets take the year of the paragraph above them.
    """

    scope: Scope
    section: int | None
    goals: bool
    item: bool
    year: int | None
    inherited: int | None
    first: bool = True
    named: list[tuple[int, bool]] = field(default_factory=list)

    @classmethod
    def begin(
        cls, scope: Scope, section: int | None, paragraph: Paragraph, begin: int, limit: int | None
    ) -> "Governor":
        """The governor of a paragraph that is about to be read from `begin`; `limit` is the year of its 完成时限."""
        item = paragraph.bullet or _ITEM.match(paragraph.half, begin) is not None
        year = scope.carried.get(section) if section is not None else None
        if year is None and item:
            year = scope.lead
        return cls(scope, section, scope.aims(section), item, limit or year, year)

    def open(self, sentence: Sentence) -> None:
        """Look at a paragraph's first sentence: a period that is over turns the section to the past."""
        if not self.first or self.section is None or self.goals or self.scope.ahead(sentence.named):
            return
        now = self.scope.now
        if any(now and m.year < now and m.start <= 1 for m in sentence.named) or _BACK.match(sentence.plain):
            self.scope.past.add(self.section)

    def pass_by(self, sentence: Sentence) -> None:
        """Take over what a sentence says for those after it."""
        ahead = self.scope.ahead(sentence.named)
        for position, mention in enumerate(ahead):
            stop = ahead[position + 1].start if position + 1 < len(ahead) else None
            self.named.append((mention.year, bool(quantities(sentence.masked[mention.end : stop]))))
        if ahead:
            heads = (self.first and ahead[0].start <= 4) or (self.year is not None and ahead[0].start <= 2)
            if self.goals or heads:
                self.year = ahead[-1].year
        self.first = False

    def close(self, *, colon: bool) -> None:
        """Hand on to the next paragraphs: the last year that had figures, as a far year without them is an outlook."""
        last = next((year for year, counted in reversed(self.named) if counted), None)
        if last is None and self.named:
            nearest, farthest = self.named[0][0], self.named[-1][0]
            last = nearest if farthest - nearest >= _OUTLOOK else farthest
        if last is not None and self.year is not None:
            self.year = last
        if self.section is not None:
            if self.goals and self.year is not None:
                self.scope.carried[self.section] = self.year
            elif colon and last is not None:
                self.scope.carried[self.section] = last
        if not self.item:
            own = self.year if self.year != self.inherited else None
            self.scope.lead = last if last is not None else own
