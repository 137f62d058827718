"""Something to attend to, as the home page and the desk list it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Item:
    """Something to attend to: what, why, where, by when."""

    title: str
    reason: str
    address: str
    due: date | None
    tone: str
    plan: int | None = None


@dataclass(frozen=True)
class Pile:
    """What waits for somebody under one heading: the first of it, how much there is in all, and where the rest is."""

    heading: str
    items: list[Item]
    count: int
    address: str = ""
