"""What rooms publish for other nodes, declared in their `feeds.py`; the exchange, which is above, carries it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A kind of public thing: what is told of it, and what becomes of what others tell."""

    name: str
    bodies: Callable[[Collection[UUID]], Mapping[UUID, Body]]
    """What is public of these things now; one that is missing is gone or not public."""
    everything: Callable[[], Iterable[UUID]]
    """Every thing of the kind, for the first time that the node publishes."""
    subjects: tuple[str, ...]
    """The kinds of audit lines after which a thing may have changed."""
    absorb: Callable[[str, UUID, Body | None, datetime], None] | None = None
    """Makes something of a thing of another authority, beside its mirror; without a body it is gone."""


SOURCES: dict[str, Source] = {}


def feeds(source: Source) -> Source:
    """Register a kind of public thing."""
    if source.name in SOURCES:
        raise ValueError(f"{source.name} is fed already")
    SOURCES[source.name] = source
    return source
