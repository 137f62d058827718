"""Where quotations stand in a text, as runs of text that a page can mark."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Run(Generic[T]):
    """A run of text, and the innermost thing whose quotation it is part of."""

    text: str
    of: T | None


def runs(text: str, quotes: Iterable[tuple[str, T]]) -> list[Run[T]]:
    """The text cut where quotations begin and end; one that is not in the text marks nothing."""
    spans: list[tuple[int, int, T]] = []
    for quote, thing in quotes:
        start = text.find(quote) if quote else -1
        if start >= 0:
            spans.append((start, start + len(quote), thing))
    edges = sorted({0, len(text), *(edge for start, end, _thing in spans for edge in (start, end))})
    made: list[Run[T]] = []
    for start, end in pairwise(edges):
        around = [span for span in spans if span[0] <= start and end <= span[1]]
        inner = min(around, key=lambda span: span[1] - span[0], default=None)
        made.append(Run(text[start:end], inner[2] if inner else None))
    return made
