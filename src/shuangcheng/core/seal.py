"""Personal numbers at rest: AES-256-GCM beside a keyed digest for look-up.

The nonce is random (96 bits, NIST SP 800-38D section 8.2.2) and stands before the ciphertext; the associated data binds
the ciphertext to its row, so that a sealed number copied to another person does not open.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed number does not open: another key, another row, or altered bytes."""


def seal(plain: str, *, key: bytes, bound_to: str, nonce: bytes) -> bytes:
    """Nonce and ciphertext of `plain`; `key` has 32 bytes, `nonce` 12 fresh random bytes."""
    return seal_bytes(plain.encode(), key=key, bound_to=bound_to, nonce=nonce)


def seal_bytes(plain: bytes, *, key: bytes, bound_to: str, nonce: bytes) -> bytes:
    """The same for bytes, such as a whole file."""
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, key: bytes, bound_to: str) -> str:
    """The number that `seal` took; raises `SealBroken`."""
    return unseal_bytes(sealed, key=key, bound_to=bound_to).decode()


def unseal_bytes(sealed: bytes, *, key: bytes, bound_to: str) -> bytes:
    """The bytes that `seal_bytes` took; raises `SealBroken`."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(SealBroken.__doc__) from error


def digest(number: str, *, key: bytes, kind: str) -> bytes:
    """HMAC-SHA-256 of kind and number (RFC 2104): equal numbers meet, nobody without the key can try numbers."""
    return hmac.new(key, f"{kind}\0{number}".encode(), hashlib.sha256).digest()
