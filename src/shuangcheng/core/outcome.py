"""Outcomes: success is the returned value, refusal is `Refused` with every reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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
