"""What two authorities have agreed may be asked 数据共享协议: signed by both, and each question held against it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from . import signed
from .basis import LegalBasis, Purpose
from .keys import PrivateKey
from .letter import Envelope
from .manifest import Manifest
from .opened import VERIFIED, Opened
from .outcome import Message, Objection, Refused, Why, refusal
from .register import Asker, Register
from .schema import read
from .strict_json import read_object
from .text import _
from .wire import LATEST, UUID7, Authority, Count, Name, Seconds, Wire, canonical, moment, seconds, sha256

TYP = "shuangcheng-agreement"
LARGEST = 64 * 1024
TRIAL = "00000000-0000-7000-8000-000000000000"
"""The id of every trial agreement."""


class Terms(Wire):
    """The words of an agreement about one register."""

    id: UUID7 = Field(title=_("协议编号"))
    version: Annotated[Count, Field(ge=1)] = Field(title=_("版本"))
    provider: Authority = Field(title=_("提供方"))
    recipient: Authority = Field(title=_("使用方"))
    register_name: Name = Field(title=_("登记簿"))
    purposes: tuple[Purpose, ...] = Field(title=_("用途"), min_length=1)
    bases: tuple[LegalBasis, ...] = Field(title=_("法律依据"), min_length=1)
    askers: tuple[Asker, ...] = Field(title=_("查询主体"), min_length=1)
    fields: tuple[Name, ...] = Field(title=_("数据项"), min_length=1, max_length=100)
    rows_a_letter: Annotated[Count, Field(ge=1, le=10_000)] = Field(title=_("每批最多条数"))
    rows_a_day: Annotated[Count, Field(ge=1)] = Field(title=_("每天最多条数"))
    starts: Seconds = Field(title=_("生效时间"))
    ends: Seconds = Field(title=_("失效时间"))

    @model_validator(mode="after")
    def _is_between_two(self) -> Self:
        if self.provider == self.recipient or self.starts >= self.ends:
            raise ValueError("two parties and an end after the start")
        return self


@dataclass(frozen=True, kw_only=True)
class Agreement(Opened):
    """A verified agreement; only `open_agreement` makes one."""

    terms: Terms
    digest: str
    """SHA-256 of the terms as both signed them: letters name it."""
    raw: bytes = field(repr=False)


def content_of(terms: Terms) -> bytes:
    """The bytes that both sign."""
    return canonical(terms.model_dump(mode="json"))


def sign_agreement(terms: Terms, *, keys: Iterable[PrivateKey]) -> bytes:
    """The terms signed by one authority; the other's signatures are joined to it."""
    return signed.sign(content_of(terms), typ=TYP, keys=keys)


def join(first: bytes, second: bytes) -> bytes:
    """Both authorities' signatures under the same terms, or `Refused` when the terms differ."""
    wholes = [read_object(each) for each in (first, second)]
    for raw in (first, second):
        signed.take_apart(raw, typ=TYP, largest=LARGEST)
    if wholes[0]["payload"] != wholes[1]["payload"]:
        raise refusal("terms_differ", _("双方签的不是同一份条款。请核对版本后重签。"), where="payload")
    signatures = [signature for whole in wholes for signature in whole["signatures"]]  # type: ignore[attr-defined]
    return canonical({"payload": wholes[0]["payload"], "signatures": signatures})


def read_signed(raw: bytes, *, parties: Mapping[str, Manifest], at: datetime) -> tuple[Terms, frozenset[str]]:
    """The terms in `raw` and which parties have signed them with keys good at `at`; `Refused` otherwise."""
    parts = signed.take_apart(raw, typ=TYP, largest=LARGEST)
    owner = {key.kid: name for name, party in parties.items() for key in party.statement.keys}
    known = {key.kid: key for party in parties.values() for key in party.statement.keys}
    keys = signed.verify(parts, known.get)
    for key in keys:
        if objection := key.objection(at=at):
            raise Refused(objection, why=Why.FORBIDDEN)
    return read(Terms, read_object(parts.content)), frozenset(owner[key.kid] for key in keys)


def open_agreement(raw: bytes, *, parties: Mapping[str, Manifest], signed_at: datetime) -> Agreement:
    """The agreement in `raw`, signed by both parties with keys good at `signed_at`; `Refused` otherwise."""
    terms, signers = read_signed(raw, parties=parties, at=signed_at)
    wanted = {terms.provider, terms.recipient}
    if signers != wanted:
        text = _("协议应由 %(wanted)s 双方签名，现有 %(found)s 的签名。")
        values = {"wanted": "、".join(sorted(wanted)), "found": "、".join(sorted(signers))}
        raise Refused(Objection("not_both", Message(text, values), "signatures"))
    return Agreement(terms=terms, digest=digest_of(terms), raw=raw, verified=VERIFIED)


@dataclass(frozen=True)
class Question:
    """What is held against an agreement: who asks whom under which, what for, on what law, what and how much."""

    iss: str
    aud: str
    agreement: str | None
    purpose: Purpose | None
    basis: LegalBasis | None
    fields: tuple[str, ...]
    asker: Asker
    rows: int

    @classmethod
    def of(cls, envelope: Envelope, *, asker: Asker, rows: int) -> Self:
        """The question that a letter asks."""
        return cls(
            iss=envelope.iss, aud=envelope.aud, agreement=envelope.agreement, purpose=envelope.purpose,
            basis=envelope.legal_basis, fields=envelope.fields, asker=asker, rows=rows,
        )  # fmt: skip


def digest_of(terms: Terms) -> str:
    """How letters name an agreement."""
    return sha256(content_of(terms))


def trials(register: Register, *, provider: str, recipient: str) -> dict[str, Terms]:
    """What a guest of the gate may ask under, by name: nobody signs these, and only made-up records are told.

    `current` allows an authority every purpose but the register's last one, and every field but the last one;
    `expired` is the same and over.
    """
    common: dict[str, object] = {
        "id": TRIAL, "version": 1, "provider": provider, "recipient": recipient, "register_name": register.name,
        "purposes": tuple(register.purposes)[:-1], "bases": tuple(LegalBasis), "askers": (Asker.AUTHORITY,),
        "fields": register.fields[:-1], "rows_a_letter": 10, "rows_a_day": 100, "starts": 0,
    }  # fmt: skip
    ends = {"current": LATEST, "expired": 1}
    return {name: Terms.model_validate(common | {"ends": end}) for name, end in ends.items()}


def objections(terms: Terms, register: Register, question: Question, *, digest: str, at: datetime) -> list[Objection]:
    """Every reason why a question is not answered at all; the fields are narrowed by `Register.released`.

    `digest` names the terms, which were verified as an `Agreement` or are those of a trial.
    """
    now, purpose, basis, asker, limit = (
        seconds(at),
        question.purpose,
        question.basis,
        question.asker,
        terms.rows_a_letter,
    )
    grant = register.purposes.get(purpose) if purpose else None
    released = register.released(asked=question.fields, agreed=terms.fields, purpose=purpose) if purpose else ()
    findings: list[tuple[bool, str, str, str, dict[str, object]]] = [
        (question.agreement != digest, "another_agreement", "agreement",
         _("来件引用的协议不是双方现行的版本。请按现行协议重发。"), {}),
        ((question.iss, question.aud) != (terms.recipient, terms.provider), "another_party", "iss",
         _("协议不是由 %(iss)s 向 %(aud)s 查询。"), {"iss": question.iss, "aud": question.aud}),
        (terms.register_name != register.name, "register_not_agreed", "register",
         _("协议不含“%(register)s”。"), {"register": Message(register.title)}),
        (now < terms.starts, "agreement_not_yet", "agreement",
         _("协议自 %(day)s 起生效。"), {"day": moment(terms.starts)}),
        (now >= terms.ends, "agreement_expired", "agreement",
         _("协议已于 %(day)s 到期。请双方续签。"), {"day": moment(terms.ends)}),
        (grant is None or purpose not in terms.purposes, "purpose_not_agreed", "purpose", _("协议不含这项用途。"), {}),
        (basis not in terms.bases or (grant is not None and basis not in grant.bases), "basis_not_agreed",
         "legal_basis", _("这项用途不能以这项法律依据查询。"), {}),
        (asker not in terms.askers or (grant is not None and asker not in grant.askers), "asker_not_agreed", "asker",
         _("%(asker)s不能以这项用途查询。"), {"asker": Message(asker.label)}),
        (grant is not None and not released, "field_not_agreed", "fields", _("所要的数据项都不在约定的范围内。"), {}),
        (not 0 < question.rows <= limit, "too_many_rows", "rows",
         _("一批有 %(rows)d 条，协议约定 1 至 %(limit)d 条。"), {"rows": question.rows, "limit": limit}),
    ]  # fmt: skip
    return [Objection(code, Message(text, values), where) for wrong, code, where, text, values in findings if wrong]
