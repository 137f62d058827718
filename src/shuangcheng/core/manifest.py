"""What an authority says of itself 节点公告: name, address, keys, registers and letter types served, signed.

A first manifest is believed because people compared its fingerprint; each later one because a key of the one before
signed it, beside every key that is new. Keys overlap, a revoked key stays listed, and the number only grows.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from . import signed
from .keys import SIGNING, PrivateKey, PublicKey, Use
from .opened import VERIFIED, Opened
from .outcome import refusal
from .schema import read
from .signed import Parts
from .strict_json import read_object
from .text import _
from .wire import Authority, Count, Name, Seconds, Wire, canonical, not_from_the_future, sha256

TYP = "shuangcheng-manifest"
LARGEST = 64 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def safe_address(value: str) -> str:
    """https anywhere, http on this machine only; no path tricks, no password."""
    parts = urlsplit(value)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not safe or not parts.hostname or parts.username or parts.query or parts.fragment or value.endswith("/"):
        raise ValueError(f"{value!r}, want https://host without a slash at the end")
    return value


LetterTypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}\.v[1-9][0-9]?$")]
"""The name of a letter type with its version."""


class Statement(Wire):
    """The words of a manifest."""

    authority: Authority = Field(title=_("节点代号"))
    name: Annotated[str, StringConstraints(min_length=2, max_length=100)] = Field(title=_("机构名称"))
    base_url: Annotated[str, AfterValidator(safe_address)] = Field(title=_("节点地址"), max_length=200)
    number: Annotated[Count, Field(ge=1)] = Field(title=_("公告序号"))
    issued: Seconds = Field(title=_("发布时间"))
    keys: tuple[PublicKey, ...] = Field(title=_("公钥"), min_length=2, max_length=32)
    registers: tuple[Name, ...] = Field((), title=_("可查询的登记簿"), max_length=100)
    letters: tuple[LetterTypeName, ...] = Field((), title=_("可接收的信件类型"), max_length=200)

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        kids = [key.kid for key in self.keys]
        if len(set(kids)) != len(kids):
            raise ValueError("a key is listed twice")
        uses = {key.use for key in self.keys if key.revoked is None}
        if not uses >= {Use.SIGN, Use.ENCRYPT}:
            raise ValueError(f"keys for {sorted(uses)}, want Ed25519 and X25519")
        return self


@dataclass(frozen=True, kw_only=True)
class Manifest(Opened):
    """A verified manifest; only `open_manifest` makes one."""

    statement: Statement
    raw: bytes = field(repr=False)
    fingerprint: str

    @property
    def authority(self) -> str:
        """The authority's short name."""
        return self.statement.authority

    def key(self, kid: str) -> PublicKey | None:
        """The key of that name, usable or not."""
        return next((key for key in self.statement.keys if key.kid == kid), None)

    def usable(self, use: Use, *, at: datetime) -> PublicKey | None:
        """The newest key for `use` that may be used at `at`."""
        keys = [key for key in self.statement.keys if key.use == use and key.objection(at=at) is None]
        return max(keys, key=lambda key: (key.not_before, key.kid), default=None)


def fingerprint_of(content: bytes) -> str:
    """Eight groups of five digits (133 bits of SHA-512) that two people can compare on the telephone."""
    digest = hashlib.sha512(content).digest()
    return " ".join(f"{int.from_bytes(digest[at : at + 8], 'big') % 100_000:05d}" for at in range(0, 64, 8))


def sign_manifest(statement: Statement, *, keys: Iterable[PrivateKey]) -> bytes:
    """The manifest as it is published; `keys` are those that sign: old ones that endorse, and every new one."""
    return signed.sign(canonical(statement.model_dump(mode="json", exclude_none=True)), typ=TYP, keys=keys)


def published_statement(raw: bytes) -> Statement:
    """The words of a manifest that nobody has verified yet: what is shown while fingerprints are compared."""
    return read(Statement, read_object(signed.take_apart(raw, typ=TYP, largest=LARGEST).content))


def published_fingerprint(raw: bytes) -> str:
    """The fingerprint of a manifest that nobody has verified yet: what the operator compares before trusting it."""
    return fingerprint_of(signed.take_apart(raw, typ=TYP, largest=LARGEST).content)


def open_manifest(
    raw: bytes, *, at: datetime, fingerprint: str | None = None, previous: Manifest | None = None
) -> Manifest:
    """The manifest in `raw`: an authority's first, by its fingerprint, or the one after `previous`; else `Refused`."""
    if (fingerprint is None) == (previous is None):
        raise ValueError("either the fingerprint or the previous manifest")
    parts = signed.take_apart(raw, typ=TYP, largest=LARGEST)
    content = parts.content
    if fingerprint is not None and _digits(fingerprint) != _digits(fingerprint_of(content)):
        text = _("指纹不符：公告的指纹是 %(found)s，核对的是 %(told)s。请与对方通电话重新核对，不要登记。")
        raise refusal("fingerprint", text, found=fingerprint_of(content), told=fingerprint[:60])
    statement = read(Statement, read_object(content))
    not_from_the_future(statement.issued, at=at)
    listed = {key.kid: key for key in (*(previous.statement.keys if previous else ()), *statement.keys)}
    signed.verify(parts, listed.get)
    _check_possession(parts, statement, previous)
    if previous is not None:
        _check_succession(parts, statement, previous, at=at)
    return Manifest(statement=statement, raw=raw, fingerprint=fingerprint_of(content), verified=VERIFIED)


def digest_of(manifest: Manifest) -> str:
    """SHA-256 of the manifest as it was published."""
    return sha256(manifest.raw)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _check_possession(parts: Parts, statement: Statement, previous: Manifest | None) -> None:
    """Every signing key that is new has signed, so that nobody publishes another's key as their own."""
    known = {key.kid for key in previous.statement.keys} if previous else set()
    signers = {signature.kid for signature in parts.signatures}
    for key in statement.keys:
        if key.use in SIGNING and key.revoked is None and key.kid not in known | signers:
            text = _("新的签名密钥 %(kid)s 没有在公告上签名，不能证明它属于 %(name)s。")
            raise refusal("key_not_proven", text, where="keys", kid=key.kid[:8], name=statement.name)


def _check_succession(parts: Parts, statement: Statement, previous: Manifest, *, at: datetime) -> None:
    before = previous.statement
    if statement.authority != before.authority:
        text = _("公告属于 %(found)s，而登记的节点是 %(wanted)s。")
        raise refusal("another_authority", text, where="authority", found=statement.authority, wanted=before.authority)
    if statement.number <= before.number or statement.issued < before.issued:
        text = _("公告序号是 %(found)d，已有的是 %(known)d：这是旧公告，不予采用。")
        raise refusal("manifest_old", text, where="number", found=statement.number, known=before.number)
    endorsing = [previous.key(signature.kid) for signature in parts.signatures]
    if not any(key and key.objection(at=at) is None for key in endorsing):
        text = _("新公告没有用上一份公告里仍有效的密钥签名，不能自动采用。请与对方重新核对指纹。")
        raise refusal("not_endorsed", text, where="keys")
    now = {key.kid: key for key in statement.keys}
    for key in before.keys:
        kept = now.get(key.kid)
        if key.revoked is not None and (kept is None or kept.revoked is None or kept.revoked > key.revoked):
            text = _("已吊销的密钥 %(kid)s 在新公告里被恢复或去掉了，不予采用。")
            raise refusal("key_restored", text, where="keys", kid=key.kid[:8])
        if kept is not None and kept.not_after > key.not_after:
            text = _("密钥 %(kid)s 的停用时间在新公告里被延后了，不予采用。请对方换用新密钥。")
            raise refusal("key_prolonged", text, where="keys", kid=key.kid[:8])
