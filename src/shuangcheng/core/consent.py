"""A receipt of consent 同意凭证: signed by the authority that took it, checked by the one that answers, revocable.

It names the person by a salted digest only. What was withdrawn stands in a signed list of the issuer. Sources: the
Personal Information Protection Law 个人信息保护法 art. 14–16, 23, 31; the fields follow ISO/IEC TS 27560.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from . import signed
from .basis import LegalBasis, Purpose
from .keys import PrivateKey
from .manifest import Manifest
from .merkle import commitment
from .opened import VERIFIED, Opened
from .outcome import Message, Objection, Refused, Why, refusal
from .schema import read
from .strict_json import read_object
from .text import _
from .wire import (
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
    read_base64url,
    seconds,
    sha256,
)

TYP = "shuangcheng-consent"
TYP_WITHDRAWN = "shuangcheng-withdrawn"
LARGEST = 16 * 1024
LARGEST_LIST = 4 * 1024 * 1024
LONGEST = 366 * 86_400
"""Seconds for which a consent lasts at most."""


class Receipt(Wire):
    """The words of a consent."""

    id: UUID7 = Field(title=_("凭证编号"))
    iss: Authority = Field(title=_("出具节点"))
    subject: Digest = Field(title=_("当事人摘要"))
    salt: Random = Field(title=_("摘要用随机数"))
    guardian: bool = Field(False, title=_("由监护人同意"))
    register_name: Name = Field(title=_("登记簿"))
    purpose: Purpose = Field(title=_("查询用途"))
    fields: tuple[Name, ...] = Field(title=_("数据项"), min_length=1, max_length=100)
    recipients: tuple[Authority, ...] = Field(title=_("接收方"), min_length=1, max_length=10)
    given: Seconds = Field(title=_("同意时间"))
    starts: Seconds = Field(title=_("生效时间"))
    ends: Seconds = Field(title=_("失效时间"))

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if not 0 < self.ends - self.starts <= LONGEST:
            raise ValueError(f"{self.ends - self.starts} seconds, want 1 to {LONGEST}")
        return self


class Withdrawals(Wire):
    """All consents that an authority was told to be withdrawn, up to a moment."""

    iss: Authority = Field(title=_("出具节点"))
    at: Seconds = Field(title=_("截至时间"))
    ids: tuple[UUID7, ...] = Field(title=_("已撤回的凭证"))


@dataclass(frozen=True, kw_only=True)
class Consent(Opened):
    """A verified receipt; only `open_consent` makes one. Whether it serves a question is `objections`."""

    receipt: Receipt
    raw: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """How letters name it."""
        return sha256(self.raw)


def subject_of(number: str, *, salt: str) -> str:
    """The digest that stands for a person's number; `salt` is 16 random bytes in base64url."""
    return commitment(number.encode(), salt=read_base64url(salt)).hex()


def sign_consent(receipt: Receipt, *, keys: Iterable[PrivateKey]) -> bytes:
    """The receipt as it is kept and sent."""
    return signed.sign(canonical(receipt.model_dump(mode="json")), typ=TYP, keys=keys)


def open_consent(raw: bytes, *, issuers: Mapping[str, Manifest], at: datetime) -> Consent:
    """The consent in `raw`, or `Refused`. The issuer's key must have been good when the consent was given."""
    content, kids = _open(raw, typ=TYP, largest=LARGEST, issuers=issuers)
    receipt = read(Receipt, read_object(content))
    not_from_the_future(receipt.given, at=at)
    given = datetime.fromtimestamp(receipt.given, at.tzinfo)
    _check_issuer(receipt.iss, kids, issuers, at=given)
    return Consent(receipt=receipt, raw=raw, verified=VERIFIED)


def sign_withdrawals(withdrawals: Withdrawals, *, keys: Iterable[PrivateKey]) -> bytes:
    """The list of withdrawn consents as it is published."""
    return signed.sign(canonical(withdrawals.model_dump(mode="json")), typ=TYP_WITHDRAWN, keys=keys)


def open_withdrawals(raw: bytes, *, issuers: Mapping[str, Manifest], at: datetime, after: int = 0) -> Withdrawals:
    """The list in `raw`, or `Refused`; one older than `after`, the moment of the list at hand, is refused."""
    content, kids = _open(raw, typ=TYP_WITHDRAWN, largest=LARGEST_LIST, issuers=issuers)
    found = read(Withdrawals, read_object(content))
    not_from_the_future(found.at, at=at)
    _check_issuer(found.iss, kids, issuers, at=at)
    if found.at < after:
        text = _("撤回名单截至 %(found)s，比已有的（%(known)s）旧，不予采用。")
        raise refusal("list_old", text, where="at", found=moment(found.at), known=moment(after))
    return found


def objections(
    consent: Consent,
    *,
    register: str,
    purpose: Purpose,
    basis: LegalBasis,
    fields: Collection[str],
    recipient: str,
    number: str,
    withdrawn: Collection[str],
    at: datetime,
) -> list[Objection]:
    """Every reason why the consent does not carry a question about the person with `number`."""
    receipt, now = consent.receipt, seconds(at)
    more = "、".join(sorted(set(fields) - set(receipt.fields)))
    findings: list[tuple[bool, str, str, dict[str, object]]] = [
        (receipt.id in withdrawn, "consent_withdrawn", _("同意已由本人撤回。请停止使用并重新征得同意。"), {}),
        (now < receipt.starts, "consent_not_yet", _("同意自 %(day)s 起生效。"), {"day": moment(receipt.starts)}),
        (now >= receipt.ends, "consent_expired", _("同意已于 %(day)s 到期。"), {"day": moment(receipt.ends)}),
        (receipt.register_name != register, "consent_register", _("同意的不是查询这个登记簿。"), {}),
        (receipt.purpose != purpose, "consent_purpose", _("同意的用途与查询用途不一致。"), {}),
        (bool(more), "consent_fields", _("同意的范围不含：%(fields)s。"), {"fields": more}),
        (recipient not in receipt.recipients, "consent_recipient", _("同意的接收方不含 %(who)s。"), {"who": recipient}),
        (receipt.guardian != (basis == LegalBasis.GUARDIAN_CONSENT), "consent_guardian",
         _("法律依据与同意人不一致：不满十四周岁的由监护人同意，其他人由本人同意。"), {}),
        (receipt.subject != subject_of(number, salt=receipt.salt), "consent_subject", _("同意凭证属于另一个人。"), {}),
    ]  # fmt: skip
    return [Objection(code, Message(text, values), "consent") for wrong, code, text, values in findings if wrong]


def digest_of(receipts: Iterable[bytes]) -> str:
    """How a letter names the receipts that it carries, one or many: SHA-256 over their digests in order."""
    return sha256("\n".join(sha256(each) for each in receipts).encode())


def _open(raw: bytes, *, typ: str, largest: int, issuers: Mapping[str, Manifest]) -> tuple[bytes, list[str]]:
    """Verified bytes and the names of the keys that signed."""
    parts = signed.take_apart(raw, typ=typ, largest=largest)
    known = {key.kid: key for issuer in issuers.values() for key in issuer.statement.keys}
    return parts.content, [key.kid for key in signed.verify(parts, known.get)]


def _check_issuer(iss: str, kids: Iterable[str], issuers: Mapping[str, Manifest], *, at: datetime) -> None:
    """All keys are the issuer's and may be used at `at`; `Refused` otherwise."""
    issuer = issuers.get(iss)
    for kid in kids:
        key = issuer.key(kid) if issuer else None
        if key is None:
            text = _("凭证自称由 %(told)s 出具，签名的密钥却不属于它。")
            raise refusal("wrong_issuer", text, where="iss", told=iss)
        if objection := key.objection(at=at):
            raise Refused(objection, why=Why.FORBIDDEN)
