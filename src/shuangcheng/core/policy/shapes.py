"""What is read from a policy document; each thing with its place in the text and the doubts about it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Comparator(StrEnum):
    """How the observed value must stand to the target's value."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    APPROX = "approx"
    RANGE = "range"


class TargetKind(StrEnum):
    """A goal is promised for a time; a norm is a standing requirement."""

    GOAL = "goal"
    NORM = "norm"


class Role(StrEnum):
    """What a body has to do for a measure."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    PARTNER = "partner"
    PARTICIPANT = "participant"
    GUIDE = "guide"


class NamedKind(StrEnum):
    """What a name in a document stands for."""

    PLATFORM = "platform"
    PROJECT = "project"


class DocumentKind(StrEnum):
    """A policy promises measures; an article tells of them."""

    POLICY = "policy"
    ARTICLE = "article"


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Something found at [start, end) of the text that was given to `read`, with what is doubtful about it.

    `doubts` are Chinese sentences marked for translation; empty when the reading is certain. The passage may hold line
    breaks and page furniture that the reading leaves out.
    """

    start: int
    end: int
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section(Placed):
    """A heading: [start, end) is the heading itself, [body_start, body_end) the text up to the next heading.

    `level` counts from 1 and comes from the structure; `number` is literal (“一、”, “（二）”, “3.1”) or empty; `run_in`
    when text follows the title on its line; `parent` is the index of the section above, None at the top.
    """

    level: int
    number: str
    title: str
    run_in: bool
    body_start: int
    body_end: int
    parent: int | None = None


@dataclass(frozen=True, kw_only=True)
class Measure(Placed):
    """What is to be done: the text of one paragraph or run-in item; `section` is an index into the sections."""

    text: str
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class Target(Placed):
    """A quantity that is promised or required.

    `value` and `unit` are literal (10 and “亿千瓦”); `value_max` closes a range; `deadline` is a year, by its end, None
    when none governs; `baseline` with `baseline_year` is what the value starts from, in the same unit; `in_words` when
    the number was written as words (一半 is 50 %, 翻两番 is 4 倍).
    """

    quote: str
    value: Decimal
    unit: str
    comparator: Comparator
    subject: str
    value_max: Decimal | None = None
    deadline: int | None = None
    kind: TargetKind = TargetKind.GOAL
    in_table: bool = False
    in_words: bool = False
    baseline: Decimal | None = None
    baseline_year: int | None = None
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class Body(Placed):
    """A responsible body as written (`text`), with an elided prefix restored (`name`), and the span that names it."""

    text: str
    name: str
    role: Role
    span: str
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class Named(Placed):
    """A platform or project that is called by name."""

    text: str
    kind: NamedKind
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class PastFigure(Placed):
    """A quantity that is reported as reached, and so is no target."""

    quote: str
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class Document(Placed):
    """One document or article: [start, end) of the text.

    `title` is the plan's own; `notice_title` that of the notice which issued it, empty without one. `issuers` are full
    names in the order of the signature; `source` is what an article says about where it stood.
    """

    kind: DocumentKind
    title: str
    notice_title: str = ""
    issuers: tuple[str, ...] = ()
    doc_number: str | None = None
    date_issued: date | None = None
    source: str = ""
    sections: tuple[Section, ...] = ()
    measures: tuple[Measure, ...] = ()
    targets: tuple[Target, ...] = ()
    bodies: tuple[Body, ...] = ()
    named: tuple[Named, ...] = ()
    past_figures: tuple[PastFigure, ...] = ()
