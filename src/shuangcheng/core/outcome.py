"""Outcomes: success is the returned value, refusal is `Refused` with every reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Message:
    """Interface text and the values in it; the text is the translation key."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.render(lambda text: text)

    def render(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of `translate`; values that are messages are rendered too."""
        values = {
            key: value.render(translate) if isinstance(value, Message) else value for key, value in self.values.items()
        }
        text = translate(self.text)
        return text % values if values else text


def listed(labels: Sequence[str]) -> Message:
    """Several labels as one message; each is translated by itself."""
    values = {f"label{number}": Message(label) for number, label in enumerate(labels)}
    return Message("、".join(f"%({name})s" for name in values), values)


@dataclass(frozen=True)
class Objection:
    """One reason why something is refused: `code` for machines, `message` for people, `where` it stands."""

    code: str
    message: Message
    where: str = ""

    def __str__(self) -> str:
        return str(self.message)


class Why(StrEnum):
    """The kinds of refusal that doors answer differently."""

    INVALID = "invalid"
    FORBIDDEN = "forbidden"
    MISSING = "missing"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    SIGN_IN = "sign_in"
    UNAVAILABLE = "unavailable"


class Refused(ValueError):
    """The action was refused and nothing was changed."""

    def __init__(self, *objections: Objection, why: Why = Why.INVALID) -> None:
        super().__init__(*objections)
        self.objections = objections
        self.why = why

    def __str__(self) -> str:
        return "；".join(str(objection) for objection in self.objections) or (self.__doc__ or "")


def refusal(code: str, text: str, *, where: str = "", why: Why = Why.INVALID, **values: object) -> Refused:
    """A `Refused` with one objection; `text` is marked with `_` by the caller."""
    return Refused(Objection(code, Message(text, values), where), why=why)


def together(*steps: Callable[[], Any]) -> list[Any]:
    """What each step gives, or every objection of those that refuse, and not only the first.

    A step may ask for a field that could not be read (`RowReader.partly`); the others are taken all the same.
    """
    values: list[Any] = []
    objections: list[Objection] = []
    unread: AttributeError | None = None
    for step in steps:
        try:
            values.append(step())
        except Refused as refused:
            objections += refused.objections
        except AttributeError as error:
            unread = unread or error
    if objections:
        raise Refused(*objections)
    if unread:
        raise unread
    return values
