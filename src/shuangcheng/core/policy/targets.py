"""Quantities that a document promises or requires, told apart from those that it reports, cites or merely names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ..text import _
from . import claims
from .comparators import comparator
from .headings import Heading, is_box
from .numbers import Quantity, quantities
from .scope import Governor, Scope, limits
from .sentences import Clause, Sentence, sentences
from .shapes import Comparator, PastFigure, Target, TargetKind
from .subjects import subject
from .text import Paragraph

NO_DEADLINE = _("没有读到完成时限，请补充。")
RELATIVE = _("时限按发文年份推算，请核对。")
IN_WORDS = _("数量用文字写成，请核对数值。")
CARRIED = _("时限取自前文，请核对。")

_BETWEEN = re.compile(r"(?:以上|左右|以内)?(?:、|和|及|与|或|以及)?")
_FROM = re.compile(r"(?:从|由)(?:(?:[^，。；从由]{0,12}年[底末初]?|目前|当前|现在|现有|原有|原来)的?)?$")
_TO = re.compile(
    r"(?:左右)?[^，。；]{0,4}(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|缩短|压缩|增|升|降|提)(?:[^，。；\d]{0,4}20\d\d年的?)?[到至]?"
)
_WITHIN = re.compile(r"(?:完成|建成|办结|达成)?(?:时限|时间|期限)[:：]?$")  # what a year behind the numbers may follow
_DONE = re.compile(r"(?:全面|基本|全部)?(?:完成|建成|投|落实|到位|实现|达标)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[年、和]|$)")


@dataclass
class Found:
    """The targets and the past figures of a document, as they are found."""

    targets: list[Target] = field(default_factory=list)
    past: list[PastFigure] = field(default_factory=list)


@dataclass(frozen=True)
class _Run:
    """Numbers that share a verb: those of “分别达到65%和55%”, or one, perhaps with what it starts from."""

    numbers: tuple[Quantity, ...]
    baseline: Quantity | None = None

    @property
    def first(self) -> Quantity:
        return self.numbers[0]

    @property
    def start(self) -> int:
        return self.baseline.start if self.baseline else self.first.start

    @property
    def end(self) -> int:
        return self.numbers[-1].end

    @property
    def folds(self) -> bool:
        return self.first.in_words and self.first.unit == "倍"


def read_targets(
    body: Sequence[Paragraph], headings: Sequence[Heading], parents: Sequence[int | None], *, tables: set[int],
    now: int | None, article: bool,
) -> Found:  # fmt: skip
    """The quantities outside tables. `now` is the year of issue; an article's figures count only for a time to come."""
    scope = Scope(headings, parents, now)
    found = Found()
    by_index = {made.index: position for position, made in enumerate(headings)}
    section: int | None = None
    limit = limits(body, headings, now)
    boxed = False
    for index, paragraph in enumerate(body):
        begin = 0
        if index in by_index:
            section = by_index[index]
            scope.enter(section)
            begin = headings[section].end
            boxed = False
            governor = Governor.begin(scope, section, paragraph, 0, limit.get(index))
            for sentence in sentences(paragraph, len(headings[section].number), begin, section, now):
                _read(sentence, governor, found, article=article)
        boxed = boxed or is_box(paragraph.text)
        if index in tables or begin >= len(paragraph.text):
            continue
        governor = Governor.begin(scope, section, paragraph, begin, limit.get(index))
        for sentence in sentences(paragraph, begin, len(paragraph.text), section, now):
            governor.open(sentence)
            _read(sentence, governor, found, article=article, boxed=boxed)
            governor.pass_by(sentence)
        governor.close(colon=paragraph.text.endswith(("：", ":")))
    return found


def _read(sentence: Sentence, governor: Governor, found: Found, *, article: bool, boxed: bool = False) -> None:
    runs = _runs(sentence.masked)
    told = article or sentence.section is None
    for position, run in enumerate(runs):
        clause = sentence.clause(run.start, run.end)
        following = runs[position + 1].start if position + 1 < len(runs) else None
        if not _counts(sentence, run, clause, following=following):
            continue
        own = _own_year(sentence, run, clause)
        if _is_past(sentence, run, own, governor.scope, told=told):
            quote = sentence.raw(clause.begin, clause.end)
            start, end = sentence.place(clause)
            found.past.append(PastFigure(quote=quote, section=sentence.section, start=start, end=end))
            continue
        stated = not told and claims.ends_clause(
            sentence.masked[clause.begin : run.first.start], sentence.masked[run.end :]
        )
        if (stated or _promised(sentence, run, clause, governor, own)) and not (
            article and own is None and not claims.is_future(sentence.masked)
        ):
            years = _paired_years(sentence, run)
            for number in range(len(run.numbers)):
                year = years[number] if years else own if own is not None else governor.year
                carried = not years and own is None
                made = _target(sentence, run, number, clause, year, carried=carried, goals=governor.goals)
                found.targets.append(replace(made, in_table=True) if boxed else made)


def _runs(masked: str) -> list[_Run]:
    """The numbers of a sentence that are no years, those with nothing between them together."""
    found = [q for q in quantities(masked) if not _is_year(q, masked)]
    runs: list[_Run] = []
    position = 0
    while position < len(found):
        numbers = [found[position]]
        while position + 1 < len(found) and _together(numbers[-1], found[position + 1], masked):
            position += 1
            numbers.append(found[position])
        position += 1
        unit = next((q.unit for q in reversed(numbers) if q.unit), "")
        baseline = None
        starts = len(numbers) == 1 and position < len(found) and _FROM.search(masked[: numbers[0].start])
        if starts and _TO.fullmatch(masked[numbers[0].end : found[position].start]):
            baseline, numbers = numbers[0], [found[position]]
            position += 1
        runs.append(_Run(tuple(replace(q, unit=q.unit or unit) for q in numbers), baseline))
    return runs


def _together(one: Quantity, following: Quantity, masked: str) -> bool:
    alike = not one.unit or not following.unit or one.unit == following.unit
    return alike and _BETWEEN.fullmatch(masked[one.end : following.start]) is not None


def _is_year(quantity: Quantity, masked: str) -> bool:
    if quantity.unit == "年":
        return 1900 <= quantity.value <= 2100
    return not quantity.unit and _YEAR.match(masked[quantity.start : quantity.end + 1]) is not None


def _counts(sentence: Sentence, run: _Run, clause: Clause, *, following: int | None) -> bool:
    """Whether the number counts something by itself, and is no condition, ceiling, frequency or part of a name."""
    one = run.first
    before, after = sentence.masked[: one.start], sentence.masked[run.end :]
    if run.folds or run.baseline:
        return True
    digits = re.match(r"[\d.,]*", sentence.masked[one.start : one.end])
    if claims.look_alike(digits.group() if digits else "", one.unit, before, after):
        return False
    if following and following < clause.end and claims.measures_a_thing(one.unit, sentence.masked[run.end : following]):
        return False
    if claims.beside_the_point(one.unit, before, sentence.masked[clause.begin : one.start], after):
        return False
    return (
        not one.in_words
        or one.unit in ("%", "倍")
        or claims.worded_count(one.value, one.unit, before, sentence.masked[clause.begin : one.start], after)
    )


def _own_year(sentence: Sentence, run: _Run, clause: Clause) -> int | None:
    """The year that governs the number within its sentence."""
    named = [m for m in sentence.named if not m.base and not m.closed]
    before = [
        m for m in named if m.start < run.first.start and not _bracketed(sentence.masked[m.end : run.first.start])
    ]
    if before:
        return before[-1].year
    after = [m for m in named if m.start >= run.end]
    if not after:
        return None
    if _WITHIN.search(sentence.masked[: after[0].start]):
        return after[0].year
    rest = sentence.masked[after[0].end : sentence.clause(after[0].start, after[0].end).end]
    alone = after[0].before and _DONE.match(rest) is not None and not quantities(rest)
    within = after[0].start < clause.end and not quantities(sentence.masked[after[0].end : clause.end])
    return after[0].year if within or alone else None


def _bracketed(between: str) -> bool:
    """Whether a bracket was closed since: what stood in it is over."""
    return between.count("）") > between.count("（")


def _paired_years(sentence: Sentence, run: _Run) -> list[int] | None:
    """The years of “2025年、2030年分别达到…和…”: one for each number."""
    before = [m for m in sentence.named if not m.base and m.end <= run.first.start]
    many = len(run.numbers)
    paired = before[-many:]
    beside = all(b.start - a.end <= 2 for a, b in pairwise(paired))
    return [m.year for m in paired] if many > 1 and len(paired) == many and beside else None


def _is_past(sentence: Sentence, run: _Run, own: int | None, scope: Scope, *, told: bool) -> bool:
    if own is not None and own != scope.now:
        return scope.now is not None and own < scope.now
    if own is not None:
        return claims.is_past(sentence.masked[: run.start], told=told)
    if any(m.closed and m.start < run.first.start for m in sentence.named):
        return True
    return claims.is_past(sentence.masked[: run.start], told=told) or scope.looks_back(sentence.section)


def _promised(sentence: Sentence, run: _Run, clause: Clause, governor: Governor, own: int | None) -> bool:
    one = run.first
    dated = own is not None and not claims.aims_elsewhere(sentence.masked[clause.begin : one.start])
    return (
        run.folds
        or run.baseline is not None
        or dated
        or (governor.goals and governor.year is not None)
        or claims.is_promise(sentence.masked[: one.start], sentence.masked[clause.begin : one.start])
        or claims.is_share(one.unit, sentence.masked[run.end :])
    )


def _target(
    sentence: Sentence, run: _Run, number: int, clause: Clause, year: int | None, *, carried: bool, goals: bool
) -> Target:
    one = run.numbers[number]
    sign = comparator(sentence.masked, one, run.numbers)
    stated = sentence.masked[clause.begin : clause.end]
    if carried and not goals and claims.is_duty(stated):
        year = None
    rule = claims.is_rule(stated) or (sign is Comparator.LE and "控制在" not in stated)
    standing = year is None and not goals and rule
    doubts = []
    if year is None and not standing:
        doubts.append(NO_DEADLINE)
    elif year is not None and any(m.relative and m.year == year for m in sentence.named):
        doubts.append(RELATIVE)
    elif year is not None and carried:
        doubts.append(CARRIED)
    if one.in_words:
        doubts.append(IN_WORDS)
    start, end = sentence.place(clause)
    return Target(
        start=start, end=end, quote=sentence.raw(clause.begin, clause.end),
        value=one.value, value_max=one.value_max, unit=one.unit,
        comparator=sign, deadline=year, subject=subject(sentence, run.numbers, number, clause),
        kind=TargetKind.NORM if standing else TargetKind.GOAL, in_words=one.in_words,
        baseline=run.baseline.value if run.baseline else None,
        baseline_year=next((m.year for m in sentence.named if m.base and clause.begin <= m.start < clause.end), None),
        section=sentence.section, doubts=tuple(doubts),
    )  # fmt: skip
