"""Signed checkpoints: the example of the specification, cosignatures, and notes that are refused."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core import checkpoint
from shuangcheng.core.checkpoint import (
    Checkpoint,
    CheckpointError,
    Signer,
    Verifier,
    cosign,
    open_checkpoint,
    sign_checkpoint,
)  # fmt: skip

CQ, SC, OTHER = (
    Signer(f"{name}.example/log/2026", Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest()))
    for name in ("cq", "sc", "other")
)
ROOT = sha256(b"tree").digest()
NOTE = sign_checkpoint(size=8, root=ROOT, signer=CQ)
BOTH = cosign(NOTE, signer=SC, time=1_790_000_000)


def test_a_checkpoint_reads_as_the_specification_says() -> None:
    origin, size, root, gap, line, end = NOTE.split("\n")
    assert (origin, size, b64decode(root), gap, end) == ("cq.example/log/2026", "8", ROOT, "", "")
    dash, name, signature = line.split(" ")
    assert (dash, name, len(b64decode(signature))) == ("—", origin, 4 + 64)
    named = sha256(b"cq.example/log/2026\n\x01" + CQ.verifier.public).digest()
    assert b64decode(signature)[:4] == named[:4]


def test_the_note_of_another_implementation_opens() -> None:
    """PeterNeumann's key and note, the example of golang.org/x/mod/sumdb/note."""
    raw = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    peter = Verifier("PeterNeumann", raw[1:])
    assert peter.identity(raw[0]).hex() == "c74f20a3"
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    with pytest.raises(CheckpointError, match="2 lines"):
        open_checkpoint(note, log=peter)
    text, [line] = checkpoint._split(note)
    name, identity, signature = checkpoint._read_line(line)
    assert (name, identity) == ("PeterNeumann", peter.identity(1))
    checkpoint._verify(peter, signature, text.encode())


def test_what_was_signed_is_opened() -> None:
    opened = open_checkpoint(BOTH, log=CQ.verifier, cosigners=[SC.verifier, OTHER.verifier])
    assert (opened.origin, opened.size, opened.root) == (CQ.name, 8, ROOT)
    assert opened.cosigned == {SC.name: 1_790_000_000}
    assert open_checkpoint(NOTE, log=CQ.verifier).cosigned == {}


def test_unknown_signatures_are_passed_over() -> None:
    assert open_checkpoint(BOTH, log=CQ.verifier).cosigned == {}
    stranger = OTHER.line(1, bytes(64))
    assert open_checkpoint(NOTE + stranger, log=CQ.verifier).size == 8


def test_the_last_cosignature_counts() -> None:
    again = cosign(BOTH, signer=SC, time=1_700_000_000)
    assert open_checkpoint(again, log=CQ.verifier, cosigners=[SC.verifier]).cosigned == {SC.name: 1_790_000_000}


SECOND = f"{CQ.name}\n8\n{b64encode(ROOT).decode()}\n"
REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "another size": (lambda: NOTE.replace("\n8\n", "\n9\n"), "did not make"),
    "another root": (lambda: NOTE.replace(b64encode(ROOT).decode(), b64encode(bytes(32)).decode()), "did not make"),
    "another origin": (lambda: NOTE.replace("cq.example", "sc.example", 1), "want 'cq"),
    "signed by another": (lambda: SECOND + "\n" + OTHER.line(1, OTHER.private.sign(SECOND.encode())), "signatures by"),
    "another's signature under the name": (lambda: SECOND + "\n" + CQ.line(1, OTHER.private.sign(SECOND.encode())),
                                           "did not make"),
    "a broken second signature": (lambda: NOTE + CQ.line(1, bytes(64)), "did not make"),
    "a broken cosignature": (lambda: NOTE + SC.line(4, (7).to_bytes(8) + bytes(64)), "did not make"),
    "a cosignature of another time": (
        lambda: NOTE + SC.line(4, (8).to_bytes(8) + SC.private.sign(b"cosignature/v1\ntime 7\n" + SECOND.encode())),
        "did not make"),
    "a cosignature after all time": (lambda: NOTE + SC.line(4, b"\xff" * 8 + bytes(64)), "or less"),
    "a cosignature as the log's": (lambda: SECOND + "\n" + CQ.line(4, bytes(72)), "signatures by"),
    "no signature": (lambda: SECOND + "\n", "want a signature|want an empty line"),
    "no empty line": (lambda: NOTE.replace("\n\n", "\n"), "empty line"),
    "cut off": (lambda: NOTE[:-1], "line break"),
    "a size with a zero in front": (lambda: NOTE.replace("\n8\n", "\n08\n"), "whole number"),
    "a negative size": (lambda: NOTE.replace("\n8\n", "\n-8\n"), "whole number"),
    "a size in other digits": (lambda: NOTE.replace("\n8\n", "\n٨\n"), "whole number"),
    "a size without end": (lambda: NOTE.replace("\n8\n", f"\n{10**18 * 99}\n"), "whole number"),
    "a root without filling": (lambda: NOTE.replace("=\n\n", "\n\n"), "base64"),
    "a root that is short": (lambda: NOTE.replace(b64encode(ROOT).decode(), b64encode(ROOT[1:]).decode()), "want 32"),
    "another line": (lambda: NOTE.replace("\n\n", "\nmore\n\n"), "4 lines"),
    "Windows lines": (lambda: NOTE.replace("\n", "\r\n"), "cannot be seen"),
    "a short signature": (lambda: SECOND + "\n— " + CQ.name + " AAAA\n", "5 or more"),
    "too many signatures": (lambda: NOTE + OTHER.line(1, bytes(64)) * 32, "32 or fewer"),
    "too long": (lambda: "a" * 20_000, "or less"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_note_is_refused(name: str) -> None:
    note, reason = REFUSED[name]
    with pytest.raises(CheckpointError, match=reason):
        open_checkpoint(note(), log=CQ.verifier, cosigners=[SC.verifier])


@settings(deadline=None)
@given(st.integers(0, len(BOTH.encode()) * 8 - 1))
def test_no_flipped_bit_passes(bit: int) -> None:
    raw = bytearray(BOTH.encode())
    raw[bit // 8] ^= 1 << bit % 8
    note = raw.decode(errors="surrogateescape")
    try:
        opened = open_checkpoint(note, log=CQ.verifier, cosigners=[SC.verifier])
    except CheckpointError:
        return
    assert opened.cosigned == {}, "the cosigner's name or identity was hit: an unknown key"
    assert (opened.size, opened.root) == (8, ROOT)


def test_nobody_makes_a_checkpoint_by_hand() -> None:
    with pytest.raises(TypeError, match="Checkpoint is made only"):
        Checkpoint(origin=CQ.name, size=8, root=ROOT, note=NOTE, cosigned={}, verified=object())
    for size, root in ((-1, ROOT), (1, ROOT[1:])):
        with pytest.raises(ValueError, match="want 0 or more with 32"):
            sign_checkpoint(size=size, root=root, signer=CQ)
