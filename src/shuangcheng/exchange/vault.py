"""What the exchange keeps secret at rest: private keys and the bodies of letters, sealed with the identity key."""

import secrets

from django.conf import settings

from shuangcheng.core import seal
from shuangcheng.core.keys import PrivateKey, Use
from shuangcheng.core.wire import base64url, read_base64url

from .models import OwnKey


def fresh_key(use: Use) -> PrivateKey:
    """A new private key."""
    if use == Use.SIGN_SM2:
        import gmssl_pyx

        public, private = gmssl_pyx.sm2_key_generate()
        return PrivateKey(use, private + public)
    return PrivateKey(use, secrets.token_bytes(32))


def seal_text(text: str, *, bound_to: str) -> bytes:
    """Text as it is stored."""
    return seal.seal(text, key=settings.IDENTITY_KEY, bound_to=bound_to, nonce=secrets.token_bytes(seal.NONCE_BYTES))


def unseal_text(sealed: bytes | memoryview, *, bound_to: str) -> str:
    """Stored text as it was; raises `SealBroken`."""
    return seal.unseal(bytes(sealed), key=settings.IDENTITY_KEY, bound_to=bound_to)


def seal_key(key: PrivateKey) -> bytes:
    """A private key as it is stored."""
    return seal_text(base64url(key.raw), bound_to=f"own_key:{key.kid}")


def unseal_key(row: OwnKey) -> PrivateKey:
    """The private key of a row."""
    return PrivateKey(Use(row.use), read_base64url(unseal_text(row.sealed, bound_to=f"own_key:{row.kid}")))
