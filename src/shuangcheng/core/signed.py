"""Signed documents: a payload under one or two signatures, JWS in its general JSON form (RFC 7515 section 7.2.1).

A signature is Ed25519 (RFC 8037, RFC 9864) or SM2, each over the same payload with a header of its own that holds alg,
kid and typ and nothing else. `typ` keeps a signature on one sort of document from serving on another. What is verified
are the bytes that came; they are parsed once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from . import sm
from .keys import SIGNING, PrivateKey, PublicKey, Use
from .outcome import Refused, refusal
from .strict_json import read_object
from .text import _
from .wire import base64url, canonical, read_base64url

MOST_SIGNATURES = 8
_HEADER = {"alg", "kid", "typ"}


class _Registry(jws.JWSRegistry):
    """Ed25519 alone, and no limit of joserfc's own: `take_apart` is told the largest size."""

    max_payload_length = 64 * 1024 * 1024


_REGISTRY = _Registry(algorithms=[Use.SIGN.value])


@dataclass(frozen=True)
class Signature:
    """One signature as it came, not verified."""

    protected: str
    signature: str
    alg: Use
    kid: str


@dataclass(frozen=True)
class Parts:
    """A signed document as it came, not verified: nothing in it may be believed."""

    payload: str
    signatures: tuple[Signature, ...]

    @property
    def content(self) -> bytes:
        """The payload's bytes."""
        return decoded(self.payload)

    def verify(self, signature: Signature, key: PublicKey) -> None:
        """Refuse unless `key` made `signature` over these very bytes."""
        if key.use != signature.alg:
            text = _("签名写的算法是 %(told)s，而密钥 %(kid)s 用于 %(wanted)s。")
            told, wanted = signature.alg.value, key.use.value
            raise refusal("algorithm", text, where="alg", told=told, kid=key.kid[:8], wanted=wanted)
        if key.use == Use.SIGN_SM2:
            message = f"{signature.protected}.{self.payload}".encode()
            if not sm.AVAILABLE:
                raise refusal(
                    "sm2_missing", _("本节点没有安装国密组件，不能核验 SM2 签名。请安装扩展 sm。"), where="alg"
                )
            right = sm.verified(decoded(signature.signature), message, public=key.raw)
        else:
            compact = f"{signature.protected}.{self.payload}.{signature.signature}"
            right = _verified(compact, key)
        if not right:
            text = _("签名与内容不符（密钥 %(kid)s）：内容被改动过，或不是对方所签。")
            raise refusal("signature", text, where="signature", kid=key.kid[:8])


def sign(content: bytes, *, typ: str, keys: Iterable[PrivateKey]) -> bytes:
    """`content` signed by each of `keys`, as canonical JSON."""
    payload = base64url(content)
    signatures = [_sign(payload, content, typ, key) for key in keys]
    return canonical({"payload": payload, "signatures": signatures})


def _sign(payload: str, content: bytes, typ: str, key: PrivateKey) -> dict[str, str]:
    header = {"alg": key.use.value, "kid": key.kid, "typ": typ}
    protected = base64url(canonical(header))
    if key.use == Use.SIGN_SM2:
        made = base64url(sm.sign(f"{protected}.{payload}".encode(), pair=key.raw))
    else:
        compact = jws.serialize_compact(header, content, key.jose, registry=_REGISTRY)
        protected, _payload, made = compact.split(".")
    return {"protected": protected, "signature": made}


def take_apart(raw: bytes, *, typ: str, largest: int) -> Parts:
    """The parts of a signed document of the sort `typ` with at most `largest` bytes, or `Refused`."""
    if len(raw) > largest:
        text = _("来件有 %(found)d 字节，最多 %(largest)d 字节。请分成几件发送。")
        raise refusal("too_large", text, found=len(raw), largest=largest)
    whole = read_object(raw)
    signatures = whole.get("signatures")
    if whole.keys() != {"payload", "signatures"} or not isinstance(whole["payload"], str):
        raise _not_signed()
    if not isinstance(signatures, list) or not 0 < len(signatures) <= MOST_SIGNATURES:
        raise _not_signed()
    found = tuple(_signature(each, typ) for each in signatures)
    if len({each.kid for each in found}) != len(found):
        raise refusal("signed_twice", _("同一把密钥签了两次。请只保留一个签名。"), where="signatures")
    return Parts(whole["payload"], found)


def verify(parts: Parts, find: Callable[[str], PublicKey | None]) -> tuple[PublicKey, ...]:
    """The keys of all signatures, each verified; `Refused` when one is unknown or wrong."""
    keys = []
    for signature in parts.signatures:
        key = find(signature.kid)
        if key is None:
            raise unknown_key(signature.kid)
        parts.verify(signature, key)
        keys.append(key)
    return tuple(keys)


def unknown_key(kid: str) -> Refused:
    """The refusal of a key that nobody known has published."""
    text = _("没有哪个已登记的节点公布过密钥 %(kid)s。请先登记对方，或请对方更新公告。")
    return refusal("unknown_key", text, where="kid", kid=kid[:8])


def _not_signed() -> Refused:
    return refusal("not_signed", _("来件不是带签名的文件：应只有 payload 和 signatures 两项。"))


def _signature(given: Any, typ: str) -> Signature:
    if not isinstance(given, dict) or given.keys() != {"protected", "signature"}:
        raise _not_signed()
    protected, signature = given["protected"], given["signature"]
    if not isinstance(protected, str) or not isinstance(signature, str):
        raise _not_signed()
    header = read_object(decoded(protected))
    allowed = [use.value for use in SIGNING]
    alg = header.get("alg")
    if not isinstance(alg, str) or alg not in allowed:
        text = _("签名算法“%(told)s”不被接受，只接受 %(allowed)s。")
        raise refusal("algorithm", text, where="alg", told=str(alg)[:20], allowed="、".join(allowed))
    if header.keys() != _HEADER or not isinstance(header["kid"], str):
        text = _("签名的头部应恰有 alg、kid、typ 三项，现在是：%(found)s。")
        raise refusal("header", text, where="protected", found="、".join(sorted(header))[:80])
    if header["typ"] != typ:
        text = _("这是“%(told)s”类的签名文件，这里需要“%(wanted)s”。")
        raise refusal("wrong_document", text, where="typ", told=str(header["typ"])[:40], wanted=typ)
    return Signature(protected, signature, Use(alg), header["kid"])


def decoded(text: str) -> bytes:
    """The bytes of base64url text, or `Refused`."""
    try:
        return read_base64url(text)
    except ValueError:
        raise refusal("not_base64", _("来件里有一段不是规范的 base64url 编码。")) from None


def _verified(compact: str, key: PublicKey) -> bool:
    try:
        jws.deserialize_compact(compact, key.jose, registry=_REGISTRY)
    except (JoseError, ValueError):
        return False
    return True
