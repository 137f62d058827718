"""Broken letters, each wrong in one way, and the refusal that a sound node answers: vectors, and the gate for peers.

They are made with the keys of a peer that the node knows, so that nothing but the flaw can be the reason.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import encrypted, signed
from .keys import PrivateKey, PublicKey
from .letter import LIFETIME, TYP
from .text import _
from .wire import SKEW, base64url, canonical, read_base64url, seconds, sha256


@dataclass(frozen=True)
class Kit:
    """What an attacker has: a peer's good and bad signing keys, the receiver's key, a clock and fresh random bytes."""

    iss: str
    aud: str
    good: PrivateKey
    second: PrivateKey
    """Another good signing key of the same peer."""
    revoked: PrivateKey
    expired: PrivateKey
    early: PrivateKey
    """A key that may be used later only."""
    unknown: PrivateKey
    receiver: PublicKey
    elsewhere: PublicKey
    """An encryption key of somebody else."""
    jti: Callable[[], str]
    random: Callable[[int], bytes]
    at: datetime

    def notice(self, **changes: Any) -> dict[str, Any]:
        """The envelope of a good public letter, changed; a value of None takes a member out."""
        body = canonical({"salt": self.salt(), "says": {"kind": "organisation", "ids": [self.jti()], "cursor": 1}})
        return self._envelope("change_notice.v1", body, {"body": body.decode()} | changes)

    def lookup(self, **changes: Any) -> dict[str, Any]:
        """The envelope of a good private letter, changed."""
        row = {"ref": "1", "by": {"name": "某校"}}
        says = {"register_name": "school_licence", "asker": "authority", "rows": [row]}
        body = canonical({"salt": self.salt(), "says": says})
        outside = {
            "purpose": "supervision", "legal_basis": "statutory_duty", "agreement": "0" * 64, "fields": ["status"],
            "sealed_body": encrypted.encrypt(body, self.receiver),
        }  # fmt: skip
        return self._envelope("lookup.v1", body, outside | changes)

    def salt(self) -> str:
        """Sixteen fresh bytes in base64url."""
        return base64url(self.random(16))

    def _envelope(self, kind: str, body: bytes, more: Mapping[str, Any]) -> dict[str, Any]:
        now = seconds(self.at)
        whole = {
            "iss": self.iss, "aud": self.aud, "jti": self.jti(), "nonce": self.salt(), "iat": now,
            "exp": now + LIFETIME, "type": kind, "body_hash": sha256(body), **more,
        }  # fmt: skip
        return {name: value for name, value in whole.items() if value is not None}

    def send(self, envelope: Mapping[str, Any] | bytes, *keys: PrivateKey, typ: str = TYP) -> bytes:
        """Sign an envelope, or bytes that only look like one."""
        content = envelope if isinstance(envelope, bytes) else canonical(envelope)
        return signed.sign(content, typ=typ, keys=keys or (self.good,))


Make = Callable[[Kit], bytes]


@dataclass(frozen=True)
class Attack:
    """One broken letter: its name, what is wrong with it, the code of the refusal, how it is made."""

    name: str
    title: str
    code: str
    make: Make


def _changed(raw: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A signed document altered after it was signed."""
    whole = json.loads(raw)
    change(whole)
    return canonical(whole)


def _resigned(kit: Kit, header: bytes, make: Callable[[bytes], bytes]) -> bytes:
    """A letter with a header and a way to sign of the attacker's choice."""
    protected, payload = base64url(header), base64url(canonical(kit.notice()))
    signature = base64url(make(f"{protected}.{payload}".encode()))
    return canonical({"payload": payload, "signatures": [{"protected": protected, "signature": signature}]})


def _header(kit: Kit, **changes: Any) -> bytes:
    return canonical({"alg": "Ed25519", "kid": kit.good.kid, "typ": TYP} | changes)


def _hs256(kit: Kit) -> bytes:
    """The public key taken for the secret of an HMAC: the classic confusion."""
    return _resigned(kit, _header(kit, alg="HS256"), lambda m: hmac.new(kit.good.public, m, hashlib.sha256).digest())


def _other_payload(kit: Kit) -> bytes:
    other = base64url(canonical(kit.notice()))
    return _changed(kit.send(kit.notice()), lambda whole: whole.update(payload=other))


def _other_header(kit: Kit) -> bytes:
    header = base64url(_header(kit, kid=kit.second.kid))
    return _changed(kit.send(kit.notice()), lambda whole: whole["signatures"][0].update(protected=header))


def _flipped(kit: Kit) -> bytes:
    def flip(whole: dict[str, Any]) -> None:
        raw = bytearray(read_base64url(whole["signatures"][0]["signature"]))
        raw[7] ^= 1
        whole["signatures"][0]["signature"] = base64url(bytes(raw))

    return _changed(kit.send(kit.notice()), flip)


def _twice(kit: Kit) -> bytes:
    return _changed(kit.send(kit.notice()), lambda whole: whole["signatures"].append(whole["signatures"][0]))


def _inside(kit: Kit, old: bytes, new: bytes) -> bytes:
    """A signed payload whose bytes are not what canonical JSON would be."""
    return kit.send(canonical(kit.notice()).replace(old, new, 1))


def _sealed(kit: Kit, change: Callable[[list[str]], None]) -> bytes:
    """A letter whose sender signs a cipher text that was tampered with."""
    envelope = kit.lookup()
    parts = envelope["sealed_body"].split(".")
    change(parts)
    return kit.send(envelope | {"sealed_body": ".".join(parts)})


def _jwe_header(parts: list[str], **changes: Any) -> None:
    parts[0] = base64url(canonical(json.loads(read_base64url(parts[0])) | changes))


def _broken_tag(parts: list[str]) -> None:
    parts[4] = base64url(bytes(byte ^ 1 for byte in read_base64url(parts[4])))


def _said(kit: Kit, says: Mapping[str, Any]) -> bytes:
    body = canonical({"salt": kit.salt(), "says": says})
    return kit.send(kit.notice(body=body.decode(), body_hash=sha256(body)))


def _timed(kit: Kit, start: int, end: int) -> bytes:
    now = seconds(kit.at)
    return kit.send(kit.notice(iat=now + start, exp=now + end))


_DEEP = b'"deep":' + b"[" * 40 + b"]" * 40 + b',"exp"'
_BAD_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}

ATTACKS = (
    Attack("unsigned", _("没有签名"), "not_signed",
           lambda kit: _changed(kit.send(kit.notice()), lambda whole: whole.update(signatures=[]))),
    Attack("bare", _("只有信封，不带签名"), "not_signed", lambda kit: canonical(kit.notice())),
    Attack("unprotected_header", _("头部放在签名之外"), "not_signed",
           lambda kit: _changed(kit.send(kit.notice()),
                                lambda whole: whole["signatures"][0].update(header={"kid": kit.second.kid}))),
    Attack("another_payload", _("签名后换了内容"), "signature", _other_payload),
    Attack("another_header", _("签名后换了头部"), "signature", _other_header),
    Attack("flipped_bit", _("签名改动一位"), "signature", _flipped),
    Attack("signed_twice", _("同一签名重复"), "signed_twice", _twice),
    Attack("two_ed25519", _("两把 Ed25519 密钥都签了名"), "signatures",
           lambda kit: kit.send(kit.notice(), kit.good, kit.second)),
    Attack("none", _("算法 none"), "algorithm", lambda kit: _resigned(kit, _header(kit, alg="none"), lambda _m: b"")),
    Attack("hs256", _("把公钥当作 HMAC 密钥"), "algorithm", _hs256),
    Attack("eddsa", _("不在名单上的算法名"), "algorithm",
           lambda kit: _resigned(kit, _header(kit, alg="EdDSA"), lambda _m: bytes(64))),
    Attack("algorithm_of_another_key", _("算法与密钥不配"), "algorithm",
           lambda kit: _resigned(kit, _header(kit, alg="SM2"), lambda _m: bytes(64))),
    Attack("embedded_key", _("头部自带公钥"), "header",
           lambda kit: _resigned(kit, _header(kit, jwk=_BAD_KEY), lambda _m: bytes(64))),
    Attack("critical_header", _("头部要求未知扩展"), "header",
           lambda kit: _resigned(kit, _header(kit, crit=["b64"], b64=False), lambda _m: bytes(64))),
    Attack("another_document", _("别类文件的签名"), "wrong_document",
           lambda kit: kit.send(kit.notice(), typ="shuangcheng-manifest")),
    Attack("unknown_key", _("未登记的密钥"), "unknown_key", lambda kit: kit.send(kit.notice(), kit.unknown)),
    Attack("revoked_key", _("已吊销的密钥"), "key_revoked", lambda kit: kit.send(kit.notice(), kit.revoked)),
    Attack("expired_key", _("已到期的密钥"), "key_expired", lambda kit: kit.send(kit.notice(), kit.expired)),
    Attack("early_key", _("尚未启用的密钥"), "key_not_yet", lambda kit: kit.send(kit.notice(), kit.early)),
    Attack("expired", _("已失效"), "clock_off", lambda kit: _timed(kit, -LIFETIME - 2 * SKEW, -2 * SKEW)),
    Attack("future", _("来自将来"), "clock_off", lambda kit: _timed(kit, 2 * SKEW, 2 * SKEW + LIFETIME)),
    Attack("long_lived", _("有效期过长"), "lifetime", lambda kit: _timed(kit, 0, LIFETIME + 1)),
    Attack("ends_before_it_starts", _("失效早于签发"), "lifetime", lambda kit: _timed(kit, 0, 0)),
    Attack("wrong_audience", _("写给别的节点"), "wrong_audience", lambda kit: kit.send(kit.notice(aud="elsewhere"))),
    Attack("wrong_issuer", _("冒用别的节点名"), "wrong_issuer", lambda kit: kit.send(kit.notice(iss="elsewhere"))),
    Attack("oversized", _("过大"), "too_large", lambda kit: _said(kit, {"kind": "x" * 70_000})),
    Attack("duplicate_key", _("重复的键"), "duplicate_key", lambda kit: _inside(kit, b'"aud"', b'"aud":"x","aud"')),
    Attack("duplicate_header_key", _("头部重复的键"), "duplicate_key",
           lambda kit: _resigned(kit, _header(kit).replace(b'"alg"', b'"alg":"none","alg"'), lambda _m: bytes(64))),
    Attack("deep", _("嵌套过深"), "too_deep", lambda kit: _inside(kit, b'"exp"', _DEEP)),
    Attack("not_a_number", _("不是 JSON 的数值"), "not_json", lambda kit: _inside(kit, b'"exp":', b'"n":NaN,"exp":')),
    Attack("not_utf8", _("不是 UTF-8"), "not_utf8", lambda kit: _inside(kit, b"organisation", b"organis\xffation")),
    Attack("trailing", _("末尾多出内容"), "not_json", lambda kit: kit.send(kit.notice()) + b"{}"),
    Attack("filled_base64", _("不规范的 base64url"), "not_base64",
           lambda kit: _changed(kit.send(kit.notice()),
                                lambda whole: whole["signatures"][0].update(protected=base64url(b"{} ") + "="))),
    Attack("unknown_field", _("信封有未知的项"), "extra_forbidden", lambda kit: kit.send(kit.notice(admin=True))),
    Attack("no_nonce", _("没有一次性随机数"), "missing", lambda kit: kit.send(kit.notice(nonce=None))),
    Attack("old_uuid", _("信件编号不是 UUIDv7"), "string_pattern_mismatch",
           lambda kit: kit.send(kit.notice(jti="6fa459ea-ee8a-4ca4-894e-db77e160355e"))),
    Attack("time_as_text", _("时间写成文字"), "int_type",
           lambda kit: kit.send(kit.notice(iat=str(seconds(kit.at))))),
    Attack("two_bodies", _("公开与加密内容并存"), "value_error",
           lambda kit: kit.send(kit.notice(sealed_body="x"))),
    Attack("another_body", _("内容与摘要不符"), "body_hash",
           lambda kit: kit.send(kit.notice(body='{"salt":"","says":{}}'))),
    Attack("another_sealed_body", _("加密内容与摘要不符"), "body_hash",
           lambda kit: kit.send(kit.lookup(sealed_body=encrypted.encrypt(b"{}", kit.receiver)))),
    Attack("altered_cipher", _("密文被改动"), "sealed_body", lambda kit: _sealed(kit, _broken_tag)),
    Attack("weak_cipher", _("换了加密算法"), "algorithm",
           lambda kit: _sealed(kit, lambda parts: _jwe_header(parts, alg="dir"))),
    Attack("compressed_cipher", _("密文要求解压"), "algorithm",
           lambda kit: _sealed(kit, lambda parts: _jwe_header(parts, zip="DEF"))),
    Attack("cipher_for_another", _("加密给别人"), "not_for_our_key",
           lambda kit: kit.send(kit.lookup(sealed_body=encrypted.encrypt(b"{}", kit.elsewhere)))),
    Attack("private_in_the_clear", _("应加密而未加密"), "privacy",
           lambda kit: kit.send(kit.lookup(sealed_body=None, body="{}"))),
    Attack("public_encrypted", _("不应加密而加密"), "privacy",
           lambda kit: kit.send(kit.notice(body=None, sealed_body=encrypted.encrypt(b"{}", kit.receiver)))),
    Attack("no_purpose", _("没有用途"), "outside", lambda kit: kit.send(kit.lookup(purpose=None))),
    Attack("no_consent", _("以同意为依据而无凭证"), "consent_missing",
           lambda kit: kit.send(kit.lookup(legal_basis="separate_consent"))),
    Attack("unknown_purpose", _("没有这种用途"), "enum", lambda kit: kit.send(kit.lookup(purpose="curiosity"))),
    Attack("wrong_says", _("内容不合信件类型"), "missing",
           lambda kit: _said(kit, {"kind": "organisation", "cursor": 1})),
    Attack("more_than_says", _("内容里多出一项"), "extra_forbidden",
           lambda kit: _said(kit, {"kind": "organisation", "ids": [kit.jti()], "cursor": 1, "admin": True})),
)  # fmt: skip
"""Every attack, in the order in which the gate tells them."""
