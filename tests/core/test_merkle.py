"""The Merkle tree: others' vectors, and a naive tree by the definition of RFC 9162."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core import merkle
from shuangcheng.core.merkle import Frontier, ProofError

VECTORS = Path(__file__).parent.parent / "vectors" / "merkle"
VERIFIERS: dict[str, Callable[..., None]] = {
    "inclusion": merkle.verify_inclusion,
    "consistency": merkle.verify_consistency,
    "subtree_inclusion": merkle.verify_subtree_inclusion,
    "subtree_consistency": merkle.verify_subtree_consistency,
}
NAMES = {"leafIdx": "index", "leafHash": "leaf_hash", "treeSize": "size"}
CASES = [(kind, case) for kind in VERIFIERS for case in json.loads((VECTORS / f"{kind}.json").read_text("utf-8"))]


def given_of(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a case."""
    values = {name: value for name, value in case.items() if name not in ("name", "desc", "wantErr")}
    values["proof"] = [b64decode(each) for each in values["proof"] or []]
    return {
        NAMES.get(name, name): b64decode(value) if isinstance(value, str) else value for name, value in values.items()
    }


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}/{case['name']}" for kind, case in CASES])
def test_vector(kind: str, case: dict[str, Any]) -> None:
    if case["wantErr"]:
        with pytest.raises(ProofError, match="want"):
            VERIFIERS[kind](**given_of(case))
    else:
        VERIFIERS[kind](**given_of(case))


def test_the_vectors_are_all_there() -> None:
    assert len(CASES) == 518
    assert {kind for kind, case in CASES if not case["wantErr"]} == set(VERIFIERS)


# The definition, as it stands in section 2.1 of RFC 9162


def split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(size: int, leaves: list[bytes], known: bool) -> list[bytes]:
    if size == len(leaves):
        return [] if known else [mth(leaves)]
    k = split(len(leaves))
    if size <= k:
        return [*subproof(size, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(size - k, leaves[k:], False), mth(leaves[:k])]


def stored(leaves: list[bytes]) -> tuple[Frontier, Callable[[int, int], bytes]]:
    """A tree of the leaves, and what a table of its full subtrees holds."""
    nodes: dict[tuple[int, int], bytes] = {}
    frontier = Frontier()
    for leaf in leaves:
        for level, place, found in frontier.append(leaf):
            assert (level, place) not in nodes, "written once"
            nodes[level, place] = found
    return frontier, lambda level, place: nodes[level, place]


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


sizes = st.integers(1, 80)


@settings(deadline=None)
@given(st.integers(0, 80))
def test_roots_are_those_of_the_definition(size: int) -> None:
    leaves = leaves_of(size)
    frontier, get = stored(leaves)
    assert frontier.root() == merkle.root(size=size, get=get) == merkle.root_of(leaves) == mth(leaves)
    again = Frontier.stored(size, get)
    assert (again.size, again.hashes) == (frontier.size, frontier.hashes)


@settings(deadline=None)
@given(st.data())
def test_proofs_are_those_of_the_definition(data: st.DataObject) -> None:
    size = data.draw(sizes)
    leaves = leaves_of(size + data.draw(st.integers(0, 9)))
    get = stored(leaves)[1]
    earlier, index = data.draw(st.integers(1, size)), data.draw(st.integers(0, size - 1))
    tree = leaves[:size]
    inclusion = merkle.inclusion_proof(index=index, size=size, get=get)
    assert inclusion == path(index, tree)
    consistency = merkle.consistency_proof(size1=earlier, size2=size, get=get)
    assert consistency == subproof(earlier, tree, True)
    merkle.verify_inclusion(leaf_hash=tree[index], index=index, size=size, proof=inclusion, root=mth(tree))
    merkle.verify_consistency(
        size1=earlier, size2=size, proof=consistency, root1=mth(tree[:earlier]), root2=mth(tree)
    )  # fmt: skip


@settings(deadline=None)
@given(st.data())
def test_one_flipped_bit_breaks_a_proof(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 80))
    leaves = leaves_of(size)
    get = stored(leaves)[1]
    earlier, index = data.draw(st.integers(1, size - 1)), data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index=index, size=size, get=get)
    whole = {"leaf_hash": leaves[index], "root": mth(leaves), **{str(n): each for n, each in enumerate(proof)}}
    hit = data.draw(st.sampled_from(sorted(whole)))
    bit = data.draw(st.integers(0, 255))
    whole[hit] = (int.from_bytes(whole[hit]) ^ 1 << bit).to_bytes(32)
    broken = [whole[str(n)] for n in range(len(proof))]
    with pytest.raises(ProofError):
        merkle.verify_inclusion(
            leaf_hash=whole["leaf_hash"], index=index, size=size, proof=broken, root=whole["root"]
        )  # fmt: skip
    proof = merkle.consistency_proof(size1=earlier, size2=size, get=get)
    place = data.draw(st.integers(0, len(proof) - 1))
    proof[place] = (int.from_bytes(proof[place]) ^ 1 << bit).to_bytes(32)
    with pytest.raises(ProofError):
        merkle.verify_consistency(
            size1=earlier, size2=size, proof=proof, root1=mth(leaves[:earlier]), root2=mth(leaves)
        )  # fmt: skip


@settings(deadline=None)
@given(st.data())
def test_another_place_breaks_a_proof(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 80))
    leaves = leaves_of(size)
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    proof = merkle.inclusion_proof(index=index, size=size, get=stored(leaves)[1])
    with pytest.raises(ProofError):
        merkle.verify_inclusion(leaf_hash=leaves[index], index=other, size=size, proof=proof, root=mth(leaves))


def test_both_values_are_told() -> None:
    leaf = merkle.leaf_hash(b"a")
    with pytest.raises(ProofError) as wrong:
        merkle.verify_inclusion(leaf_hash=leaf, index=0, size=1, proof=[], root=merkle.EMPTY_ROOT)
    assert leaf.hex() in str(wrong.value)
    assert merkle.EMPTY_ROOT.hex() in str(wrong.value)


def test_what_cannot_be_proven_is_not_asked() -> None:
    get = stored(leaves_of(3))[1]
    for index in (-1, 3):
        with pytest.raises(ValueError, match="want 0 to 2"):
            merkle.inclusion_proof(index=index, size=3, get=get)
    for earlier in (0, 4):
        with pytest.raises(ValueError, match="want 1 to 3"):
            merkle.consistency_proof(size1=earlier, size2=3, get=get)
    with pytest.raises(ValueError, match="want 2"):
        Frontier(3, [merkle.EMPTY_ROOT])


def test_a_commitment_needs_its_salt() -> None:
    assert merkle.commitment(b"a", salt=bytes(16)) != merkle.commitment(b"a", salt=bytes(15) + b"\x01")
    assert merkle.commitment(b"\x00a", salt=bytes(16)) != merkle.commitment(b"a", salt=bytes(17))
    with pytest.raises(ValueError, match="16 or more"):
        merkle.commitment(b"a", salt=bytes(15))
