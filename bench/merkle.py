"""The log's tree and the letters: appends, verification of a million leaves, sealing and opening."""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.figures import percentile, tell
from shuangcheng.core import merkle
from shuangcheng.core.keys import PrivateKey, Use
from shuangcheng.core.letter import Draft, open_letter, seal
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Manifest, Statement, open_manifest, published_fingerprint, sign_manifest
from shuangcheng.core.wire import base64url, seconds

LEAVES = 1_000_000
PROOFS = 5_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def tree() -> None:
    """Append, compute the root again from the leaves, prove and verify."""
    leaves = [merkle.leaf_hash(number.to_bytes(8, "big")) for number in range(LEAVES)]
    table: dict[tuple[int, int], bytes] = {}
    frontier = merkle.Frontier()
    start = time.process_time()
    for leaf in leaves:
        for level, place, found in frontier.append(leaf):
            table[level, place] = found
    taken = time.process_time() - start
    tell("merkle_append", LEAVES / taken, "leaves/s of CPU", leaves=LEAVES)

    start = time.process_time()
    assert merkle.root_of(leaves) == frontier.root()
    tell("merkle_verify_all", time.process_time() - start, "s of CPU", leaves=LEAVES)

    root = frontier.root()
    proven, verified = [], []
    for number in range(PROOFS):
        index = number * 7919 % LEAVES
        start = time.process_time()
        proof = merkle.inclusion_proof(index=index, size=LEAVES, get=lambda level, place: table[level, place])
        middle = time.process_time()
        merkle.verify_inclusion(leaf_hash=leaves[index], index=index, size=LEAVES, proof=proof, root=root)
        proven.append(middle - start)
        verified.append(time.process_time() - middle)
    tell("merkle_inclusion_proof", percentile(proven, 0.5) * 1e6, "us", leaves=LEAVES)
    tell("merkle_verify_inclusion", percentile(verified, 0.5) * 1e6, "us", leaves=LEAVES)


def key(name: str, use: Use) -> PrivateKey:
    """A key from its name."""
    return PrivateKey(use, hashlib.sha256(name.encode()).digest())


def manifest(authority: str) -> Manifest:
    """A manifest with one key for signing and one for encryption."""
    keys = [key(f"{authority} {use}", use) for use in (Use.SIGN, Use.ENCRYPT)]
    now = seconds(NOW)
    said = Statement(
        authority=authority, name=authority.upper(), base_url=f"https://{authority}.example", number=1, issued=now,
        keys=tuple(each.published(not_before=now - 1, not_after=now + 86_400) for each in keys),
    )  # fmt: skip
    raw = sign_manifest(said, keys=keys[:1])
    return open_manifest(raw, at=NOW, fingerprint=published_fingerprint(raw))


def rate(times: int, work: Callable[[int], object]) -> float:
    """How often `work` is done in a second."""
    start = time.process_time()
    for number in range(times):
        work(number)
    return times / (time.process_time() - start)


def letters(rows: int, times: int) -> None:
    """Questions in one private letter: canonical JSON, Ed25519, X25519 with AES-256-GCM."""
    here, there = manifest("aa"), manifest("bb")
    receiver = there.usable(Use.ENCRYPT, at=NOW)
    asked = [{"ref": str(number), "by": {"name": f"某某学校{number}"}} for number in range(rows)]
    outside = {"purpose": "supervision", "legal_basis": "statutory_duty", "agreement": "0" * 64, "fields": ["status"]}
    draft = Draft(
        iss="aa", aud="bb", jti="019ab000-0000-7000-8000-000000000001", type="lookup.v1", salt="A" * 22, private=True,
        body={"register_name": "school_licence", "rows": asked}, outside=outside,
    )  # fmt: skip
    signing, opening = [key(f"aa {Use.SIGN}", Use.SIGN)], [key(f"bb {Use.ENCRYPT}", Use.ENCRYPT)]

    def send(number: int) -> bytes:
        nonce = base64url(number.to_bytes(16, "big"))
        return seal(draft, nonce=nonce, at=NOW, keys=signing, receiver=receiver).raw

    raw = send(0)

    def read(_number: int) -> None:
        open_letter(raw, me=there, peers={"aa": here}, keys=opening, types=LETTERS, at=NOW)

    more = {"rows_a_letter": rows, "bytes": len(raw)}
    tell("letter_seal", rate(times, send) * rows, "rows/s of CPU", **more)
    tell("letter_open", rate(times, read) * rows, "rows/s of CPU", **more)


def main() -> None:
    """Pure functions on one core, in the time of the processor; neither disk nor network is in it."""
    tree()
    letters(1, 1_000)
    letters(10_000, 5)


if __name__ == "__main__":
    main()
