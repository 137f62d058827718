"""What a newer version of a document changes: clauses added, removed, moved, changed, and the words that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Generic, TypeVar


class Fate(StrEnum):
    """What became of a clause."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


C = TypeVar("C")
"""What is compared: anything with an `anchor`, a `title` and a `text`."""


@dataclass(frozen=True)
class Pair(Generic[C]):
    """A clause in the older and in the newer version; one of them is None when it was added or removed."""

    fate: Fate
    old: C | None
    new: C | None


@dataclass(frozen=True)
class Piece:
    """A run of text: `kind` is same, removed or added."""

    kind: str
    text: str


_ALIKE = 0.5
_TOKENS = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[\u4e00-\u9fff]|.", re.DOTALL)


def compare(old: Sequence[C], new: Sequence[C]) -> list[Pair[C]]:
    """Each clause of either version once, in the order of the newer; a removed one stands after the one before it.

    A clause that says the same is found wherever it stands; then one with the same anchor or the same title, when its
    words are alike.
    """
    free = {id(clause): clause for clause in old}
    partner: dict[int, C] = {}
    for matches in (_same_place, _same_words, _same_title, _alike):
        for clause in new:
            if id(clause) not in partner:
                found = next((other for other in free.values() if matches(other, clause)), None)
                if found is not None:
                    partner[id(clause)] = free.pop(id(found))
    pairs = [_pair(partner.get(id(clause)), clause) for clause in new]
    for clause in old:
        if id(clause) in free:
            pairs.insert(_after(pairs, old, clause), Pair(Fate.REMOVED, clause, None))
    return pairs


def _says(clause: Any) -> tuple[str, str]:
    return clause.title, clause.text


def _same_place(old: Any, new: Any) -> bool:
    return old.anchor == new.anchor and _says(old) == _says(new)


def _same_words(old: Any, new: Any) -> bool:
    return _says(old) == _says(new)


def _same_title(old: Any, new: Any) -> bool:
    return bool(new.title) and old.title == new.title


def _alike(old: Any, new: Any) -> bool:
    if old.anchor != new.anchor:
        return False
    return SequenceMatcher(None, "".join(_says(old)), "".join(_says(new)), autojunk=False).ratio() >= _ALIKE


def _pair(old: C | None, new: C) -> Pair[C]:
    if old is None:
        return Pair(Fate.ADDED, None, new)
    if _says(old) != _says(new):
        return Pair(Fate.CHANGED, old, new)
    same = old.anchor == new.anchor  # type: ignore[attr-defined]
    return Pair(Fate.SAME if same else Fate.MOVED, old, new)


def _after(pairs: Sequence[Pair[C]], old: Sequence[C], clause: C) -> int:
    """Where a removed clause goes: after the pair of the clause that stood before it."""
    position = next(index for index, other in enumerate(old) if other is clause)
    before = old[position - 1] if position else None
    return next((index + 1 for index, pair in enumerate(pairs) if before is not None and pair.old is before), 0)


def words(old: str, new: str) -> list[Piece]:
    """How the new text comes from the old, figure by figure and character by character."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(Piece("removed", "".join(before[a:b])))
        if d > c:
            pieces.append(Piece("added", "".join(after[c:d])))
    return pieces
