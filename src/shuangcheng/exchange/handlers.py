"""Who handles which letter: the rooms say so in their `letters.py`, the exchange calls them.

A handler runs in the transaction that takes the letter in, so that it happens once. What it refuses is undone and told
to the sender as final; `Later` is for what will be right soon, and the sender tries again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from shuangcheng.core.letter import Letter
from shuangcheng.core.outcome import Objection
from shuangcheng.directory.actor import Actor

from .models import Incoming, Outgoing, Peer


@dataclass(frozen=True)
class Arrived:
    """A letter with who sent it, as whom the handler acts, and when."""

    letter: Letter
    peer: Peer
    incoming: Incoming
    by: Actor
    at: datetime


@dataclass(frozen=True)
class Reply:
    """What a handler answers instead of a plain receipt."""

    type: str
    says: Mapping[str, Any]
    outside: Mapping[str, Any] = field(default_factory=dict)


class Later(Exception):
    """The letter came too early, before another that it builds on; nothing was changed."""


class Limited(Exception):
    """The letter is one too many for now; nothing was changed, and the sender tries again later."""

    def __init__(self, objection: Objection) -> None:
        super().__init__(str(objection))
        self.objection = objection


Handler = Callable[[Arrived], Reply | None]
Answer = Callable[[Outgoing, Letter, datetime], None]
"""Takes the answer to a letter, in the transaction that settles it."""
Failure = Callable[[Outgoing, datetime], None]
"""Hears that a letter was refused or given up, in the transaction that settles it."""

F = TypeVar("F", Handler, Answer, Failure)

HANDLERS: dict[str, Handler] = {}
ANSWERS: dict[str, Answer] = {}
FAILURES: dict[str, Failure] = {}
FOR_GUESTS: set[str] = set()
"""The types whose handlers know that a guest must have no effect and see nothing real."""


def handles(type: str, *, guests: bool = False) -> Callable[[Handler], Handler]:
    """Register who handles letters of a type; those of the gate's guests reach only a handler that says `guests`."""
    if guests:
        FOR_GUESTS.add(type)
    return _into(HANDLERS, type)


def answered(type: str) -> Callable[[Answer], Answer]:
    """Register who takes the answers to letters of a type."""
    return _into(ANSWERS, type)


def failed(type: str) -> Callable[[Failure], Failure]:
    """Register who hears of letters of a type that were not taken."""
    return _into(FAILURES, type)


def _into(table: dict[str, F], type: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        if type in table:
            raise ValueError(f"{type} is handled by {table[type]} already")
        table[type] = function
        return function

    return register
