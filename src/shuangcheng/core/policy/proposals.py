"""From a reading to what is proposed for a list: measures with their targets, numbers, titles and bodies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..text import _
from .clauses import PREAMBLE
from .shapes import Body, Document, Measure, Placed, Role, Section, Target

NO_MEASURE = _("这些目标所在的条款里没有认出举措，已按条款标题拟列一项，请核对。")
NO_SECTION = _("没有认出所在条款，编号是暂拟的。")
_LONGEST_TITLE = 60
_SENTENCE = re.compile(r"[。；：！？\n]")
_LED = (Role.LEAD, Role.RESPONSIBLE)


@dataclass(frozen=True, kw_only=True)
class ProposedTarget:
    """A target as it was read."""

    target: Target
    anchor: str


@dataclass(kw_only=True)
class ProposedMeasure:
    """A measure for the list: `measure` is None when targets stood in a clause without one."""

    number: str
    title: str
    text: str
    quote: str
    anchor: str
    start: int
    end: int
    measure: Measure | None = None
    doubts: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    targets: list[ProposedTarget] = field(default_factory=list)


def propose(document: Document, anchors: Sequence[str]) -> list[ProposedMeasure]:
    """What a reading proposes, in the order of the text; every target is under a measure, none is left out."""
    inside = _counts(document.measures)
    serial: dict[int | None, int] = {}
    proposed: list[ProposedMeasure] = []
    for measure in document.measures:
        serial[measure.section] = serial.get(measure.section, 0) + 1
        alone = inside[measure.section] == 1
        proposed.append(_measure(document, anchors, measure, serial=None if alone else serial[measure.section]))
    rest: dict[int | None, ProposedMeasure] = {}
    for target in document.targets:
        home = next((one for one in proposed if one.start <= target.start and target.end <= one.end), None)
        if home is None:
            home = rest.setdefault(target.section, _rest(document, anchors, target))
        home.targets.append(ProposedTarget(target=target, anchor=_anchor(anchors, target.section)))
    taken = {one.number for one in proposed}
    for one in rest.values():
        one.number = _free(one.number, taken)
    return sorted([*proposed, *rest.values()], key=lambda one: one.start)


def _counts(measures: Sequence[Measure]) -> dict[int | None, int]:
    counts: dict[int | None, int] = {}
    for measure in measures:
        counts[measure.section] = counts.get(measure.section, 0) + 1
    return counts


def _anchor(anchors: Sequence[str], section: int | None) -> str:
    return PREAMBLE if section is None else anchors[section]


def _measure(document: Document, anchors: Sequence[str], measure: Measure, *, serial: int | None) -> ProposedMeasure:
    section = document.sections[measure.section] if measure.section is not None else None
    anchor = _anchor(anchors, measure.section)
    leads, partners = _bodies(document, measure, whole=serial is None)
    titled = section.title if section and serial is None else ""
    doubts = measure.doubts if section else (*measure.doubts, NO_SECTION)
    return ProposedMeasure(
        number=anchor if serial is None else f"{anchor}.{serial}", title=_title(titled or measure.text),
        text=measure.text, quote=measure.text, anchor=anchor, start=measure.start, end=measure.end, measure=measure,
        doubts=doubts, leads=leads, partners=partners,
    )  # fmt: skip


def _rest(document: Document, anchors: Sequence[str], target: Target) -> ProposedMeasure:
    """A measure for the targets of a clause in which none was found."""
    section: Section | None = document.sections[target.section] if target.section is not None else None
    anchor = _anchor(anchors, target.section)
    return ProposedMeasure(
        number=anchor, title=_title(section.title if section and section.title else target.quote), text="",
        quote=section.title if section and section.title else target.quote, anchor=anchor, start=target.start,
        end=target.start, doubts=(NO_MEASURE,),
    )  # fmt: skip


def _bodies(document: Document, measure: Measure, *, whole: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who leads a measure and who takes part: named in it, or anywhere in its clause when it is the only one there."""
    near = [body for body in document.bodies if _within(body, measure)]
    if not near:
        near = [body for body in document.bodies if body.section == measure.section and _follows(body, measure, whole)]
    leads = tuple(dict.fromkeys(body.name for body in near if body.role in _LED))
    others = tuple(dict.fromkeys(body.name for body in near if body.role not in _LED and body.name not in leads))
    return leads, others


def _within(body: Body, measure: Placed) -> bool:
    return measure.start <= body.start and body.end <= measure.end


def _follows(body: Body, measure: Measure, whole: bool) -> bool:
    return whole and measure.section is not None and body.start >= measure.start


def _title(text: str) -> str:
    """The first statement of a text, at most 60 characters, cut at a comma."""
    first = _SENTENCE.split(text.strip(), maxsplit=1)[0].strip() or text.strip()
    if len(first) <= _LONGEST_TITLE:
        return first
    cut = max(first.rfind(mark, 0, _LONGEST_TITLE) for mark in "，、, ")
    return first[: cut if cut > _LONGEST_TITLE // 3 else _LONGEST_TITLE]


def _free(number: str, taken: set[str]) -> str:
    """The number, or the next free one beside it."""
    made, again = number, 1
    while made in taken:
        again += 1
        made = f"{number}-{again}"
    taken.add(made)
    return made
