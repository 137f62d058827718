"""Keys of an authority: what is published, what is kept, and when a key may be used.

Signatures are Ed25519 (RFC 8032) and, beside it, SM2 (GB/T 32918.2); letters are encrypted to X25519 (RFC 7748). The
name of a key is its JWK thumbprint (RFC 7638), so that a name cannot stand for two keys.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from joserfc.jwk import OKPKey
from pydantic import Field, model_validator

from . import sm
from .outcome import Message, Objection
from .schema import Choice
from .text import _
from .wire import Seconds, Wire, base64url, canonical, moment, read_base64url, seconds


class Use(Choice):
    """What a key is for 密钥用途."""

    SIGN = "Ed25519", _("签名（Ed25519）")
    SIGN_SM2 = "SM2", _("签名（国密 SM2）")
    ENCRYPT = "X25519", _("加密（X25519）")


SIGNING = (Use.SIGN, Use.SIGN_SM2)
_BYTES = {Use.SIGN: 32, Use.SIGN_SM2: sm.PUBLIC_BYTES, Use.ENCRYPT: 32}


def _jwk(use: Use, public: bytes) -> dict[str, str | list[str]]:
    """The members that the thumbprint covers."""
    if use == Use.SIGN_SM2:
        return {"crv": "SM2", "kty": "EC", "x": base64url(public[:32]), "y": base64url(public[32:])}
    return {"crv": use.value, "kty": "OKP", "x": base64url(public)}


def thumbprint(use: Use, public: bytes) -> str:
    """The name of a key, RFC 7638: SHA-256 of its canonical JWK in base64url."""
    return base64url(hashlib.sha256(canonical(_jwk(use, public))).digest())


class PublicKey(Wire):
    """A published key: it may be used from `not_before` until `not_after`, and not after it was revoked."""

    kid: str = Field(title=_("密钥编号"), max_length=43)
    use: Use = Field(title=_("密钥用途"))
    public: str = Field(title=_("公钥"), max_length=100)
    not_before: Seconds = Field(title=_("启用时间"))
    not_after: Seconds = Field(title=_("停用时间"))
    revoked: Seconds | None = Field(None, title=_("吊销时间"))

    @model_validator(mode="after")
    def _is_what_it_says(self) -> Self:
        if len(self.raw) != _BYTES[self.use]:
            raise ValueError(f"{len(self.raw)} bytes, want {_BYTES[self.use]}")
        if self.kid != thumbprint(self.use, self.raw):
            raise ValueError(f"kid {self.kid}, want {thumbprint(self.use, self.raw)}")
        if self.not_before >= self.not_after:
            raise ValueError(f"until {self.not_after}, want more than {self.not_before}")
        return self

    @cached_property
    def raw(self) -> bytes:
        """The public key's bytes."""
        return read_base64url(self.public)

    @cached_property
    def jose(self) -> OKPKey:
        """The key as joserfc takes it; not for SM2, which JOSE does not know."""
        return OKPKey.import_key(_jwk(self.use, self.raw))

    def objection(self, *, at: datetime) -> Objection | None:
        """Why the key may not be used at `at`."""
        now = seconds(at)
        values: dict[str, object] = {"kid": self.kid[:8]}
        if self.revoked is not None:
            text = _("密钥 %(kid)s 已于 %(since)s 吊销，用它签的来件一律不收。请对方换用新密钥。")
            return Objection("key_revoked", Message(text, values | {"since": moment(self.revoked)}), "kid")
        if now >= self.not_after:
            text = _("密钥 %(kid)s 已于 %(since)s 到期。请对方换用新密钥。")
            return Objection("key_expired", Message(text, values | {"since": moment(self.not_after)}), "kid")
        if now < self.not_before:
            text = _("密钥 %(kid)s 要到 %(since)s 才启用。")
            return Objection("key_not_yet", Message(text, values | {"since": moment(self.not_before)}), "kid")
        return None


@dataclass(frozen=True)
class PrivateKey:
    """A kept key: 32 bytes, for SM2 96 (private, then public)."""

    use: Use
    raw: bytes = field(repr=False)

    @cached_property
    def public(self) -> bytes:
        """The public key's bytes."""
        if self.use == Use.SIGN_SM2:
            return sm.public_of(self.raw)
        kind = Ed25519PrivateKey if self.use == Use.SIGN else X25519PrivateKey
        return kind.from_private_bytes(self.raw).public_key().public_bytes_raw()

    @cached_property
    def kid(self) -> str:
        """The name of the key."""
        return thumbprint(self.use, self.public)

    @cached_property
    def jose(self) -> OKPKey:
        """The key as joserfc takes it."""
        return OKPKey.import_key(_jwk(self.use, self.public) | {"d": base64url(self.raw)})

    def published(self, *, not_before: int, not_after: int) -> PublicKey:
        """What the manifest says of the key."""
        return PublicKey(
            kid=self.kid, use=self.use, public=base64url(self.public), not_before=not_before, not_after=not_after
        )
