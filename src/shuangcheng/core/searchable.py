"""What a room must say to make its things findable."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Document:
    """One findable thing; `names` are found by word, pinyin and initials, `words` (codes, places) by word."""

    id: UUID | str
    title: str
    subtitle: str
    names: tuple[str, ...]
    words: tuple[str, ...]
    side: str
    audience: str = "public"


@dataclass(frozen=True)
class Searchable:
    """A kind of findable thing: `documents(ids)` yields those that (still) exist, all when `ids` is None."""

    kind: str
    title: str
    rank: int
    documents: Callable[[Iterable[UUID] | None], Iterable[Document]]
    address: Callable[[UUID], str]
