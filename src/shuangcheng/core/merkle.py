"""The Merkle tree of RFC 9162 section 2.1: hashes, roots, proofs made and proofs verified.

Every proof is one shape. A proof that the subtree [start, end) stands in a tree of `size` leaves walks down from the
root and notes the sibling at each turn; a leaf's inclusion is the subtree [index, index + 1), consistency with an
earlier tree is the subtree [0, size1). Subtrees follow draft-ietf-plants-merkle-tree-certs, section 4. Hashes have 32
bytes (SHA-256); proofs run from the leaves to the root.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Node = tuple[int, int, bytes]
"""A full subtree: its level (leaves are 0), its place on the level from 0, its hash."""

Get = Callable[[int, int], bytes]
"""Returns the hash of the full subtree at a level and a place."""


class ProofError(ValueError):
    """A proof does not hold; the message names what was found and what was wanted."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a log entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(body: bytes, *, salt: bytes) -> bytes:
    """What stands in the log for `body`: with 16 bytes of `salt` or more it cannot be guessed once both are erased."""
    if len(salt) < 16:
        raise ValueError(f"a salt of {len(salt)} bytes, want 16 or more")
    return hashlib.sha256(len(salt).to_bytes(1, "big") + salt + body).digest()


class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, from the largest to the smallest.

    An append costs two hashes on average, a root as many as the tree has full subtrees: at most log2(size).
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError(f"{len(self.hashes)} hashes, want {size.bit_count()} for {size} leaves")

    @classmethod
    def stored(cls, size: int, get: Get) -> "Frontier":
        """The frontier of a stored tree of `size` leaves."""
        return cls(size, (get(level, place) for level, place in _full(0, size)))

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf's hash; returns the subtrees that are full now, the leaf first."""
        level, place = 0, self.size
        made = [(level, place, leaf)]
        while place & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            level, place = level + 1, place >> 1
            made.append((level, place, leaf))
        self.hashes.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The root of the tree as it is now."""
        return _join(self.hashes) if self.hashes else EMPTY_ROOT


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of the leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def root(*, size: int, get: Get) -> bytes:
    """The root over the first `size` leaves of a stored tree."""
    return _range_hash(0, size, get) if size else EMPTY_ROOT


def inclusion_proof(*, index: int, size: int, get: Get) -> list[bytes]:
    """Proof that leaf `index` (from 0) is in the tree of the first `size` leaves, RFC 9162 section 2.1.3."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index}, want 0 to {size - 1}")
    return _prove(_path(index, index + 1, size), get)


def consistency_proof(*, size1: int, size2: int, get: Get) -> list[bytes]:
    """Proof that the tree of `size2` leaves begins with the tree of `size1`, RFC 9162 section 2.1.4."""
    if not 0 < size1 <= size2:
        raise ValueError(f"{size1} leaves, want 1 to {size2}")
    return _prove(_path(0, size1, size2), get)


def verify_inclusion(*, leaf_hash: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> None:
    """Raise `ProofError` unless `leaf_hash` is leaf `index` (from 0) of the tree with `size` leaves and `root`."""
    verify_subtree_inclusion(leaf_hash=leaf_hash, index=index, start=0, end=size, proof=proof, root=root)


def verify_consistency(*, size1: int, size2: int, proof: list[bytes], root1: bytes, root2: bytes) -> None:
    """Raise `ProofError` unless the tree (`size2`, `root2`) begins with (`size1`, `root1`).

    Two empty trees agree; anything else follows from an empty tree, so that such a proof would prove nothing.
    """
    if size1 == 0 and size2 != 0:
        raise ProofError(f"an empty tree before one of {size2} leaves, want 1 or more")
    verify_subtree_consistency(start=0, end=size1, size=size2, proof=proof, root1=root1, root2=root2)
    if size2 == 0:
        _same("root2", root2, EMPTY_ROOT)


def verify_subtree_inclusion(
    *, leaf_hash: bytes, index: int, start: int, end: int, proof: list[bytes], root: bytes
) -> None:
    """Raise `ProofError` unless `leaf_hash` is leaf `index` of the subtree [`start`, `end`) with `root`."""
    _check_subtree(start, end)
    if not start <= index < end:
        raise ProofError(f"leaf {index}, want {start} to {end - 1}")
    _check_lengths(leaf_hash)
    path = _path(index - start, index - start + 1, end - start)
    _same("root", path.roots(leaf_hash, proof)[1], root)


def verify_subtree_consistency(
    *, start: int, end: int, size: int, proof: list[bytes], root1: bytes, root2: bytes
) -> None:
    """Raise `ProofError` unless the tree (`size`, `root2`) holds the subtree [`start`, `end`) with `root1`.

    The empty subtree is in every tree and has the root of an empty tree and an empty proof.
    """
    if start == end and 0 <= end <= size:
        if proof:
            raise ProofError(f"{len(proof)} hashes, want 0")
        _same("root1", root1, EMPTY_ROOT)
        return
    _check_subtree(start, end)
    if end > size:
        raise ProofError(f"a subtree up to {end}, want {size} or less")
    found1, found2 = _path(start, end, size).roots(root1, proof)
    _same("root1", found1, root1)
    _same("root2", found2, root2)


@dataclass(frozen=True)
class _Path:
    """The way from the subtree of a proof up to the root."""

    seed: tuple[int, int] | None
    """The range whose hash opens the proof; None when the subtree's root is that hash."""
    siblings: Sequence[tuple[bool, bool, int, int]]
    """From the bottom: whether it lies left, whether it is in the subtree, and its range."""

    def roots(self, known: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
        """Root of the subtree and root of the tree that follow from the proof; `known` opens it without a seed."""
        wanted = len(self.siblings) + (self.seed is not None)
        if len(proof) != wanted:
            raise ProofError(f"{len(proof)} hashes, want {wanted}")
        if proof:
            _check_lengths(known, *proof)
        part = whole = proof[0] if self.seed else known
        for (left, inside, _start, _end), sibling in zip(
            self.siblings, proof[wanted - len(self.siblings) :], strict=True
        ):
            whole = node_hash(sibling, whole) if left else node_hash(whole, sibling)
            if inside:
                part = node_hash(sibling, part)
        return part, whole


def _path(start: int, end: int, size: int) -> _Path:
    """SUBTREE_PROOF of the draft; with start 0 it is PROOF, with one leaf PATH of RFC 9162."""
    siblings: list[tuple[bool, bool, int, int]] = []
    base, complete = 0, True
    while (start, end) != (0, size):
        split = 1 << ((size - 1).bit_length() - 1)
        if end <= split:
            siblings.append((False, False, base + split, base + size))
            size = split
            continue
        inside = start < split
        siblings.append((True, inside, base, base + split))
        complete = complete and not inside
        base, start, end, size = base + split, max(0, start - split), end - split, size - split
    return _Path(None if complete else (base, base + size), siblings[::-1])


def _prove(path: _Path, get: Get) -> list[bytes]:
    ranges = ([path.seed] if path.seed else []) + [(start, end) for _left, _inside, start, end in path.siblings]
    return [_range_hash(start, end, get) for start, end in ranges]


def _range_hash(start: int, end: int, get: Get) -> bytes:
    return _join([get(level, place) for level, place in _full(start, end)])


def _full(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Level and place of the full subtrees that make up the subtree [start, end), from the left."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def _join(hashes: Sequence[bytes]) -> bytes:
    """The root over full subtrees, the largest first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def _check_subtree(start: int, end: int) -> None:
    width = end - start
    if start < 0 or width <= 0 or start % (1 << (width - 1).bit_length()):
        raise ProofError(f"the range {start} to {end}, want a subtree")


def _check_lengths(*hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH_BYTES:
            raise ProofError(f"a hash of {len(each)} bytes, want {HASH_BYTES}")


def _same(name: str, found: bytes, wanted: bytes) -> None:
    if found != wanted:
        raise ProofError(f"{name} {found.hex()}, want {wanted.hex()}")
