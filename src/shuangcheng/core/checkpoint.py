"""Signed checkpoints of a log: a C2SP signed note with origin, size and root, signed by the log, cosigned by peers.

Sources: C2SP signed-note, tlog-checkpoint and tlog-cosignature (Ed25519, signature types 0x01 and 0x04). Key names and
origins are URLs without a scheme. Times are POSIX seconds.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .merkle import HASH_BYTES
from .opened import VERIFIED, Opened

LARGEST = 16 * 1024
"""Bytes of a note; sixteen signatures fit well."""
MOST_SIGNATURES = 32
LATEST = 2**63 - 1

_LOG, _COSIGNER = 1, 4
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


class CheckpointError(ValueError):
    """A checkpoint is refused; the message names what was found and what was wanted."""


@dataclass(frozen=True)
class Verifier:
    """A key that a reader trusts: its name and its Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    def identity(self, kind: int) -> bytes:
        """The four bytes that say which key and which sort of signature this is; no proof of anything."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]


@dataclass(frozen=True)
class Signer:
    """A private key under the name that it signs with."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """What others need to verify."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def line(self, kind: int, signature: bytes) -> str:
        """The line of a note that carries a signature."""
        return f"— {self.name} {b64encode(self.verifier.identity(kind) + signature).decode()}\n"


@dataclass(frozen=True, kw_only=True)
class Checkpoint(Opened):
    """What a log has said of itself; only `open_checkpoint` makes one."""

    origin: str
    size: int
    root: bytes
    note: str = field(repr=False)
    cosigned: dict[str, int]
    """When each trusted cosigner signed, by its name."""


def sign_checkpoint(*, size: int, root: bytes, signer: Signer) -> str:
    """The note for a tree of `size` leaves with `root` (32 bytes); its origin is the signer's name."""
    if size < 0 or len(root) != HASH_BYTES:
        raise ValueError(f"size {size} with a root of {len(root)} bytes, want 0 or more with {HASH_BYTES}")
    text = f"{signer.name}\n{size}\n{b64encode(root).decode()}\n"
    return f"{text}\n{signer.line(_LOG, signer.private.sign(text.encode()))}"


def cosign(note: str, *, signer: Signer, time: int) -> str:
    """The note with one more line: `signer` has seen this tree at `time` and that it grew from the one before.

    Whoever calls this has opened the note and verified its consistency.
    """
    text, _lines = _split(note)
    signature = time.to_bytes(8, "big") + signer.private.sign(_cosigned_text(text, time))
    return note + signer.line(_COSIGNER, signature)


def open_checkpoint(note: str, *, log: Verifier, cosigners: Iterable[Verifier] = ()) -> Checkpoint:
    """The checkpoint in a note that `log` has signed; raises `CheckpointError`.

    Signatures of unknown keys are passed over; a wrong signature of a known key, the log's or a cosigner's, spoils the
    note. How many cosigners are enough is for the caller to say.
    """
    text, lines = _split(note)
    origin, size, root = _read(text)
    if origin != log.name:
        raise CheckpointError(f"the log {origin!r}, want {log.name!r}")
    signatures = [_read_line(line) for line in lines]
    found = [raw for name, identity, raw in signatures if (name, identity) == (log.name, log.identity(_LOG))]
    if not found:
        raise CheckpointError(f"signatures by {sorted({name for name, *_more in signatures})}, want {log.name!r}")
    for raw in found:
        _verify(log, raw, text.encode())
    cosigned: dict[str, int] = {}
    for cosigner in cosigners:
        for name, identity, raw in signatures:
            if (name, identity) == (cosigner.name, cosigner.identity(_COSIGNER)):
                time = int.from_bytes(raw[:8], "big")
                if time > LATEST:
                    raise CheckpointError(f"time {time}, want {LATEST} or less")
                _verify(cosigner, raw[8:], _cosigned_text(text, time))
                cosigned[name] = max(time, cosigned.get(name, 0))
    return Checkpoint(origin=origin, size=size, root=root, note=note, cosigned=cosigned, verified=VERIFIED)


def _cosigned_text(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _split(note: str) -> tuple[str, list[str]]:
    """The signed text with its last line break, and the lines of the signatures."""
    if len(note.encode(errors="surrogatepass")) > LARGEST:
        raise CheckpointError(f"a note of {len(note)} characters, want {LARGEST} bytes or less")
    if found := _CONTROL.search(note):
        raise CheckpointError(f"the character {found[0]!r}, want none that cannot be seen")
    text, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise CheckpointError(f"{note[-40:]!r}, want an empty line, signatures and a line break")
    lines = rest[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise CheckpointError(f"{len(lines)} signatures, want {MOST_SIGNATURES} or fewer")
    return text + "\n", lines


def _read(text: str) -> tuple[str, int, bytes]:
    lines = text[:-1].split("\n")
    if len(lines) != 3 or not all(lines):
        raise CheckpointError(f"{len(lines)} lines, want origin, size and root")
    origin, size, root = lines
    if not _SIZE.fullmatch(size) or int(size) > LATEST:
        raise CheckpointError(f"size {size!r}, want a whole number")
    return origin, int(size), _read_base64(root, length=HASH_BYTES)


def _read_line(line: str) -> tuple[str, bytes, bytes]:
    """Name, identity and signature of a line."""
    found = _SIGNATURE.fullmatch(line)
    if not found:
        raise CheckpointError(f"{line!r}, want a signature")
    raw = _read_base64(found[2])
    if len(raw) < 5:
        raise CheckpointError(f"a signature of {len(raw)} bytes, want 5 or more")
    return found[1], raw[:4], raw[4:]


def _read_base64(text: str, *, length: int | None = None) -> bytes:
    """Bytes in the one spelling that RFC 4648 section 4 gives them."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise CheckpointError(f"{text!r}, want base64") from None
    if b64encode(raw).decode() != text:
        raise CheckpointError(f"{text!r}, want {b64encode(raw).decode()!r}")
    if length is not None and len(raw) != length:
        raise CheckpointError(f"{len(raw)} bytes, want {length}")
    return raw


def _verify(key: Verifier, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise CheckpointError(f"a signature that {key.name!r} did not make, want its own") from None
