"""What a joint procedure 联办事项 must say: steps, sides, documents and a clock in working days; a pure state machine.

A step belongs to one side, which has a number of working days to choose one of its ways out. Where a deadline falls
beyond the announced holidays it is provisional and computed anew later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from . import calendar
from .outcome import Message, Objection, Refused, refusal
from .schema import Choice
from .text import _


class Side(Choice):
    """Whose turn a step is 办理方; by its part in the case, not by province."""

    ASKER = "asker", _("提出方")
    HOLDER = "holder", _("持有方")
    BOTH = "both", _("双方")


@dataclass(frozen=True)
class Way:
    """One way out of a step: where it leads and what must be handed in for it."""

    to: str
    title: str
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step: whose it is, how many working days it may take, and its ways out; without one the case is closed."""

    title: str
    side: Side
    days: int = 0
    ways: Mapping[str, Way] = field(default_factory=dict)
    extension: int = 0
    """Working days by which the step may be prolonged once."""


@dataclass(frozen=True)
class Procedure:
    """One procedure; its file's name is its name. ValueError when it cannot work."""

    name: str
    title: str
    first: str
    steps: Mapping[str, Step]
    documents: Mapping[str, str]
    """Title of each document by its name."""

    def __post_init__(self) -> None:
        wanted = {way.to for step in self.steps.values() for way in step.ways.values()} | {self.first}
        if unknown := wanted - self.steps.keys():
            raise ValueError(f"{self.name} leads to {sorted(unknown)}, want {sorted(self.steps)}")
        if unreached := self.steps.keys() - wanted:
            raise ValueError(f"nothing in {self.name} leads to {sorted(unreached)}")
        for name, step in self.steps.items():
            if bool(step.ways) != (step.days > 0):
                raise ValueError(f"{self.name}: {name} has {len(step.ways)} ways out and {step.days} days")
            for document in (each for way in step.ways.values() for each in way.documents):
                if document not in self.documents:
                    raise ValueError(f"{self.name}: {name} wants {document!r}, want {sorted(self.documents)}")


@dataclass(frozen=True)
class State:
    """Where a case stands: its step since a day, and until when; no deadline once it is closed."""

    step: str
    since: date
    due: date | None
    provisional: bool = False
    extended: bool = False


def begin(procedure: Procedure, *, on: date) -> State:
    """A new case."""
    return _enter(procedure, procedure.first, on)


def advance(procedure: Procedure, state: State, *, way: str, side: Side, documents: Iterable[str], on: date) -> State:
    """The state after `side` chose a way out on a day, or `Refused` with every reason."""
    step = procedure.steps[state.step]
    title = Message(step.title)
    if not step.ways:
        raise refusal("closed", _("事项已办结（%(step)s），不能再办理。"), step=title)
    chosen = step.ways.get(way)
    if chosen is None:
        open_ways = "、".join(each.title for each in step.ways.values())
        raise refusal("no_such_way", _("“%(step)s”环节只能选择：%(ways)s。"), where="way", ways=open_ways, step=title)
    objections = []
    if step.side not in (side, Side.BOTH):
        text = _("“%(step)s”环节由%(side)s办理。")
        message = Message(text, {"step": title, "side": Message(step.side.label)})
        objections.append(Objection("not_your_turn", message, "side"))
    handed = set(documents)
    for name in chosen.documents:
        if name not in handed:
            text = _("缺少材料：%(document)s。")
            message = Message(text, {"document": Message(procedure.documents[name])})
            objections.append(Objection("document_missing", message, name))
    if on < state.since:
        objections.append(Objection("before_the_step", Message(_("办理日期早于本环节开始的日期。")), "on"))
    if objections:
        raise Refused(*objections)
    return _enter(procedure, chosen.to, on)


def extend(procedure: Procedure, state: State) -> State:
    """The state with its deadline prolonged once, as far as the step allows, or `Refused`."""
    step = procedure.steps[state.step]
    if state.due is None or not step.extension or state.extended:
        text = _("“%(step)s”环节不能再延期。")
        raise refusal("no_extension", text, step=Message(step.title))
    due = calendar.add(state.due, step.extension)
    return State(state.step, state.since, due, calendar.provisional(due), extended=True)


def recomputed(procedure: Procedure, state: State) -> State:
    """The state with its deadline by the holidays known now."""
    fresh = _enter(procedure, state.step, state.since)
    return extend(procedure, fresh) if state.extended else fresh


def days_left(state: State, *, today: date) -> int | None:
    """Working days left, negative when it is overdue; None when the case is closed."""
    return None if state.due is None else calendar.between(today, state.due)


def _enter(procedure: Procedure, name: str, on: date) -> State:
    step = procedure.steps[name]
    if not step.ways:
        return State(name, on, None)
    due = calendar.add(on, step.days)
    return State(name, on, due, calendar.provisional(due))
