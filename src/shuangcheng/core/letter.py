"""What crosses the border: letters, sealed and opened.

A letter is canonical JSON (RFC 8785) under JWS with Ed25519, and SM2 beside it where both sides publish such a key. A
private body is a JWE (RFC 7516; ECDH-ES+A256KW on X25519 by RFC 8037, A256GCM). The receiver verifies the bytes that
came and parses them once. jti names the message for good; each attempt has its own nonce, iat and exp. Whether a nonce
or jti was seen before is for the caller, who has the memory.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, model_validator

from . import encrypted, signed
from .basis import LegalBasis, Purpose
from .keys import PrivateKey, PublicKey, Use
from .manifest import LetterTypeName, Manifest
from .opened import VERIFIED, Opened
from .outcome import Refused, Why, refusal
from .schema import read
from .strict_json import read_object
from .text import _
from .wire import (
    SKEW,
    UUID7,
    Authority,
    Digest,
    Name,
    Random,
    Seconds,
    Wire,
    canonical,
    moment,
    not_from_the_future,
    seconds,
    sha256,
)

TYP = "shuangcheng-letter"
LIFETIME = 300
"""Seconds for which an attempt may be delivered."""
LARGEST = 24 * 1024 * 1024
"""Bytes of any letter; its type allows less."""

Reference = Annotated[str, StringConstraints(max_length=100)]


class Envelope(Wire):
    """What stands on the outside of a letter, readable by whoever carries it."""

    iss: Authority = Field(title=_("发件节点"))
    aud: Authority = Field(title=_("收件节点"))
    jti: UUID7 = Field(title=_("信件编号"))
    nonce: Random = Field(title=_("一次性随机数"))
    iat: Seconds = Field(title=_("签发时间"))
    exp: Seconds = Field(title=_("失效时间"))
    type: LetterTypeName = Field(title=_("信件类型"))
    purpose: Purpose | None = Field(None, title=_("查询用途"))
    legal_basis: LegalBasis | None = Field(None, title=_("法律依据"))
    case_ref: Reference | None = Field(None, title=_("事项编号"))
    subject_ref: Reference | None = Field(None, title=_("当事人代号"))
    fields: tuple[Name, ...] = Field((), title=_("数据项"), max_length=100)
    consent: Digest | None = Field(None, title=_("同意凭证摘要"))
    agreement: Digest | None = Field(None, title=_("共享协议摘要"))
    in_reply_to: Digest | None = Field(None, title=_("所答复信件的摘要"))
    body_hash: Digest = Field(title=_("内容摘要"))
    body: str | None = Field(None, title=_("公开内容"))
    sealed_body: str | None = Field(None, title=_("加密内容"))

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if (self.body is None) == (self.sealed_body is None):
            raise ValueError("a body in the clear or a sealed one")
        return self


@dataclass(frozen=True)
class LetterType:
    """One sort of letter: who may read its body, how large it may be, what it must name, what its body says."""

    name: str
    version: int
    title: str
    body: type[Wire]
    sample: Mapping[str, Any]
    """A body that is right."""
    refused: tuple[Mapping[str, Any], ...]
    """Changes to the sample, each of which makes it wrong."""
    private: bool = False
    asks: bool = False
    """Asks for records: purpose, legal basis, fields and agreement must be named."""
    answers: bool = False
    """Answers a letter, whose digest it must carry."""
    largest: int = 64 * 1024

    @property
    def full_name(self) -> str:
        """As it stands in a letter."""
        return f"{self.name}.v{self.version}"


@dataclass(frozen=True)
class Draft:
    """A letter before an attempt: what stays the same however often it is sent. `salt` is 16 random bytes, kept."""

    iss: str
    aud: str
    jti: str
    type: str
    body: Mapping[str, Any]
    salt: str
    private: bool = False
    outside: Mapping[str, Any] = field(default_factory=dict)
    """The rest of the envelope: purpose, legal_basis, case_ref, …"""

    @property
    def content(self) -> bytes:
        """The body's canonical bytes; the salt keeps its digest from being guessed."""
        return canonical({"salt": self.salt, "says": dict(self.body)})


@dataclass(frozen=True)
class Sealed:
    """One attempt: the bytes to send, and the digest that a reply to it carries."""

    raw: bytes
    digest: str


@dataclass(frozen=True, kw_only=True)
class Letter(Opened):
    """A verified letter; only `open_letter` makes one."""

    envelope: Envelope
    says: Mapping[str, Any]
    """The body as it came."""
    body: Wire | None
    """The body as its type reads it; None when this node does not know the type and parks the letter."""
    content: bytes = field(repr=False)
    """The body's bytes, salt included: what body_hash is the digest of."""
    digest: str
    """SHA-256 of what was signed: a reply carries it."""
    signed_by: tuple[str, ...]
    """The names of the keys whose signatures were verified."""


def seal(
    draft: Draft, *, nonce: str, at: datetime, keys: Iterable[PrivateKey], receiver: PublicKey | None = None
) -> Sealed:
    """An attempt to send `draft`, signed by `keys`; a private body is encrypted to `receiver`'s X25519 key."""
    if draft.private and receiver is None:
        raise ValueError("a private letter without the receiver's key")
    issued, content = seconds(at), draft.content
    outside = {
        **draft.outside, "iss": draft.iss, "aud": draft.aud, "jti": draft.jti, "type": draft.type, "nonce": nonce,
        "iat": issued, "exp": issued + LIFETIME, "body_hash": sha256(content),
    }  # fmt: skip
    if draft.private and receiver is not None:
        inside = {"sealed_body": encrypted.encrypt(content, receiver)}
    else:
        inside = {"body": content.decode()}
    envelope = Envelope.model_validate(outside | inside)
    payload = canonical(envelope.model_dump(mode="json", exclude_none=True))
    return Sealed(signed.sign(payload, typ=TYP, keys=keys), sha256(payload))


def open_letter(
    raw: bytes,
    *,
    me: Manifest,
    peers: Mapping[str, Manifest],
    keys: Iterable[PrivateKey],
    types: Mapping[str, LetterType],
    at: datetime,
    in_reply_to: Collection[str] | None = None,
) -> Letter:
    """The letter in `raw`, or `Refused` with the first reason; nothing in it is believed before its signature is.

    `keys` are this node's X25519 keys, `types` the letter types that it knows. A reply is opened with the digests of
    the attempts that it may answer.
    """
    parts = signed.take_apart(raw, typ=TYP, largest=LARGEST)
    sender = _sender(parts, peers)
    used = _verify(parts, sender, me, at=at)
    payload = parts.content
    envelope = read(Envelope, read_object(payload))
    _check_address(envelope, sender, me)
    _check_time(envelope, at=at)
    if in_reply_to is not None and envelope.in_reply_to not in in_reply_to:
        text = _("来件没有答复本节点发出的信件，不能当作回信。")
        raise refusal("another_request", text, where="in_reply_to")
    known = types.get(envelope.type)
    if known is not None:
        _check_type(envelope, known, size=len(raw))
    content = _content(envelope, keys)
    return open_content(envelope, content, known, digest=sha256(payload), signed_by=used)


def open_content(
    envelope: Envelope, content: bytes, known: LetterType | None, *, digest: str, signed_by: tuple[str, ...] = ()
) -> Letter:
    """The letter around `content` whose outside was verified: a moment ago, or before it was kept under seal."""
    if sha256(content) != envelope.body_hash:
        text = _("信件内容的摘要是 %(found)s…，信封上写的是 %(told)s…：内容被换过。")
        raise refusal("body_hash", text, where="body_hash", found=sha256(content)[:12], told=envelope.body_hash[:12])
    whole = read_object(content)
    says = whole.get("says")
    if whole.keys() != {"salt", "says"} or not isinstance(says, dict):
        raise refusal("body", _("信件内容应恰有 salt 和 says 两项。"), where="body")
    return Letter(
        envelope=envelope,
        says=says,
        body=read(known.body, says) if known else None,
        content=content,
        digest=digest,
        signed_by=signed_by,
        verified=VERIFIED,
    )


def _sender(parts: signed.Parts, peers: Mapping[str, Manifest]) -> Manifest:
    """The peer whose key the first signature names."""
    kid = parts.signatures[0].kid
    for peer in peers.values():
        if peer.key(kid) is not None:
            return peer
    raise signed.unknown_key(kid)


def _verify(parts: signed.Parts, sender: Manifest, me: Manifest, *, at: datetime) -> tuple[str, ...]:
    """The keys that signed: Ed25519 always, SM2 too where both manifests name a usable key."""
    found = {key.use: key for key in signed.verify(parts, sender.key)}
    for key in found.values():
        if objection := key.objection(at=at):
            raise Refused(objection, why=Why.FORBIDDEN)
    if len(found) != len(parts.signatures) or Use.SIGN not in found:
        text = _("信件应有一个 Ed25519 签名，至多再有一个 SM2 签名。")
        raise refusal("signatures", text, where="signatures")
    both = sender.usable(Use.SIGN_SM2, at=at) and me.usable(Use.SIGN_SM2, at=at)
    if both and Use.SIGN_SM2 not in found:
        text = _("双方都公布了国密密钥，信件却没有 SM2 签名。请对方补签后重发。")
        raise refusal("sm2_required", text, where="signatures")
    return tuple(key.kid for key in found.values())


def _check_address(envelope: Envelope, sender: Manifest, me: Manifest) -> None:
    if envelope.iss != sender.authority:
        text = _("信件自称发自 %(told)s，签名的密钥却属于 %(found)s。")
        raise refusal("wrong_issuer", text, where="iss", told=envelope.iss, found=sender.authority)
    if envelope.aud != me.authority:
        text = _("信件写给 %(told)s，本节点是 %(me)s，不予拆阅。")
        raise refusal("wrong_audience", text, where="aud", told=envelope.aud, me=me.authority)


def _check_time(envelope: Envelope, *, at: datetime) -> None:
    """Ahead of us or over: the sender seals anew, so both are answered `clock_off`, after which it may try again."""
    if not 0 < envelope.exp - envelope.iat <= LIFETIME:
        text = _("信件的有效期是 %(found)d 秒，应在 1 至 %(limit)d 秒之间。")
        raise refusal("lifetime", text, where="exp", found=envelope.exp - envelope.iat, limit=LIFETIME)
    not_from_the_future(envelope.iat, at=at)
    if envelope.exp < seconds(at) - SKEW:
        text = _("信件在 %(told)s 已经失效，而本节点现在是 %(now)s。请核对双方的时钟后重新签发。")
        raise refusal("clock_off", text, where="exp", told=moment(envelope.exp), now=moment(seconds(at)))


def _check_type(envelope: Envelope, known: LetterType, *, size: int) -> None:
    """What the type of a letter demands of its outside."""
    if size > known.largest:
        text = _("“%(type)s”信件有 %(found)d 字节，最多 %(largest)d 字节。请分成几件发送。")
        raise refusal("too_large", text, type=known.full_name, found=size, largest=known.largest, why=Why.TOO_LARGE)
    if known.private != (envelope.body is None):
        text = _("“%(type)s”信件的内容必须加密。") if known.private else _("“%(type)s”信件的内容不应加密。")
        raise refusal("privacy", text, where="body", type=known.full_name)
    wanted = ["purpose", "legal_basis", "agreement", "fields"] if known.asks else []
    wanted += ["in_reply_to"] if known.answers else []
    if missing := [name for name in wanted if not getattr(envelope, name)]:
        text = _("“%(type)s”信件缺少：%(missing)s。")
        raise refusal("outside", text, where=missing[0], type=known.full_name, missing="、".join(missing))
    if known.asks and envelope.legal_basis and envelope.legal_basis.needs_consent != (envelope.consent is not None):
        text = _("以同意为依据的信件必须带同意凭证，其他依据的信件不应带。")
        raise refusal("consent_missing", text, where="consent")


def _content(envelope: Envelope, keys: Iterable[PrivateKey]) -> bytes:
    """The body's bytes, not yet held against body_hash."""
    sealed = envelope.sealed_body
    return (envelope.body or "").encode() if sealed is None else encrypted.decrypt(sealed, keys)
