"""Writes of look-ups: asked of another node or of the own registers, settled when the answer comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from shuangcheng.core.agreement import Question, objections
from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.consent import digest_of as digest_of_receipts
from shuangcheng.core.letter import Sealed
from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.outcome import Message, Objection, Refused, Why, refusal
from shuangcheng.core.register import Grant, Register
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require
from shuangcheng.exchange import log, outbox, trust
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.exchange.terms import Direction as Way

from .. import agreements, consents, keeping, standing, subjects
from ..agreements import register_named
from ..answering import Answer, rows_of
from ..inputs.lookups import LookUpInput
from ..models import Consent, LookUp, Sharing
from ..standing import Standing
from ..terms import Direction, LookUpState

MOST_TOLD = 200
"""Wrong rows that one refusal tells."""


@dataclass(frozen=True)
class Begun:
    """A look-up that was written down; the first attempt of its letter, where it goes out at once."""

    lookup: LookUp
    letter: Outgoing | None = None
    sealed: Sealed | None = None


@dataclass(frozen=True)
class _Asked:
    """A look-up as it is asked, checked."""

    register: Register
    data: LookUpInput
    who: Standing
    fields: tuple[str, ...]
    questions: list[dict[str, str]]
    held: list[Consent | None]

    @property
    def refs(self) -> list[str]:
        return [row.ref or str(number) for number, row in enumerate(self.data.rows, start=1)]


@transaction.atomic
def begin(*, data: LookUpInput, by: Actor, at: datetime) -> Begun:
    """Ask a register: the own one is answered here, another's by a letter, which for one row goes out at once."""
    own = data.purpose == Purpose.OWN_RECORD
    require(by, "lookup.own" if own else "lookup.ask")
    who = standing.own(by) if own else standing.standing(by, data.organisation)
    asked = _checked(data, who, by=by, at=at)
    row = LookUp(
        id=uuid7(), direction=Direction.ASKED, register=asked.register.name, purpose=data.purpose, basis=data.basis,
        asker=who.asker, organisation_id=who.organisation, organisation_name="" if own else who.name,
        by_person=by.person_id, by_name=by.name, matter=data.matter, fields=list(asked.fields), rows=len(data.rows),
        at=at,
    )  # fmt: skip
    if data.node == settings.SHUANGCHENG.node:
        return _answered_here(row, asked, by=by, at=at)
    with trust.held(at=at):
        return _sent(row, asked, by=by, at=at)


def _checked(data: LookUpInput, who: Standing, *, by: Actor, at: datetime) -> _Asked:
    register = register_named(data.register_name)
    grant = register.purposes.get(data.purpose)
    if grant is None:
        text = _("“%(register)s”不为“%(purpose)s”提供查询。")
        values: dict[str, Any] = {"register": Message(register.title), "purpose": Message(data.purpose.label)}
        raise refusal("purpose", text, where="purpose", **values)
    if data.purpose == Purpose.OWN_RECORD:
        _must_be_own(data, by)
    fields = tuple(name for name in register.fields if name in (data.fields or grant.fields))
    if unknown := set(data.fields) - set(register.fields):
        text = _("“%(register)s”没有这些数据项：%(which)s。")
        which = "、".join(sorted(unknown))
        raise refusal("fields", text, where="fields", register=Message(register.title), which=which)
    questions, wrong = [], []
    for place, row in enumerate(data.rows):
        try:
            questions.append(register.question(row.by, today=at.date()))
        except Refused as refused:
            wrong += [
                Objection(each.code, each.message, f"rows.{place}.{each.where or 'by'}") for each in refused.objections
            ]
    if wrong:
        raise Refused(*wrong[:MOST_TOLD])
    held = _consents(register, data, questions, grant, at=at)
    return _Asked(register, data, who, fields, questions, held)


def _must_be_own(data: LookUpInput, by: Actor) -> None:
    numbers = {each.number for each in subjects.own(by)}
    told = [row.by.get(field, "") for row in data.rows for field in subjects.SUBJECTS if row.by.get(field)]
    if len(data.rows) != 1 or not told or set(told) - numbers or data.rows[0].by.get("name") != by.name:
        text = _("“本人查询”只能查自己的记录，以账号登记的姓名和证件号码为准。")
        raise refusal("not_own", text, where="purpose", why=Why.FORBIDDEN)


def _consents(
    register: Register, data: LookUpInput, questions: Sequence[Mapping[str, str]], grant: Grant, *, at: datetime
) -> list[Consent | None]:
    """The consent for each row where the basis is consent; every row without one is told."""
    if data.basis not in grant.bases:
        text = _("“%(purpose)s”不能以“%(basis)s”为依据，可用的依据：%(bases)s。")
        bases = "、".join(basis.label for basis in grant.bases)
        values: dict[str, Any] = {
            "purpose": Message(data.purpose.label),
            "basis": Message(data.basis.label),
            "bases": bases,
        }
        raise refusal("basis", text, where="basis", **values)
    if not data.basis.needs_consent:
        return [None] * len(questions)
    held = consents.carrying(questions, register=register.name, purpose=data.purpose, basis=data.basis, at=at)
    missing = [
        Objection("consent_missing", _no_consent(data.basis, question, at=at), f"rows.{place}.consent")
        for place, (question, consent) in enumerate(zip(questions, held, strict=True))
        if consent is None
    ]
    if missing:
        raise Refused(*missing[:MOST_TOLD])
    return held


def _no_consent(basis: LegalBasis, question: Mapping[str, str], *, at: datetime) -> Message:
    """Why a row has no consent, and what to do."""
    field = next((name for name in subjects.SUBJECTS if question.get(name)), None)
    if field is None:
        return Message(_("以同意为依据的查询须填身份证号码或学籍号，才能核对是谁同意的。"))
    if basis == LegalBasis.SEPARATE_CONSENT and subjects.is_child(field, question[field], today=at.date()):
        return Message(_("本人不满十四周岁，法律依据应为监护人同意。"))
    return Message(_("没有此人对这项用途的有效同意。请先办理同意凭证，或请本人在“我的同意”中办理。"))


def _answered_here(row: LookUp, asked: _Asked, *, by: Actor, at: datetime) -> Begun:
    """Look into the own register; logged as a look-up from outside is."""
    grant = asked.register.purposes[asked.data.purpose]
    if asked.who.asker not in grant.askers:
        text = _("%(asker)s不能以这项用途查询。")
        raise refusal("asker", text, where="purpose", why=Why.FORBIDDEN, asker=Message(asked.who.asker.label))
    released = asked.register.released(asked=asked.fields, agreed=asked.register.fields, purpose=asked.data.purpose)
    matches = rows_of(asked.register, asked.questions, released, trial=False, at=at)
    answers = [
        Answer(ref, Outcome.NO_MATCH if record is None else Outcome.FOUND, record or {}, (), frozenset(touched))
        for ref, (record, touched) in zip(asked.refs, matches, strict=True)
    ]
    says = {"lookup": str(row.pk), "register": row.register, "purpose": row.purpose, "rows": row.rows}
    entry = log.append(direction=Way.HERE, type="lookup.own", at=at, says=says)
    row.direction, row.state, row.answered_at, row.entry = Direction.OWN, LookUpState.ANSWERED, at, entry.pk
    row.told = list(released)
    keeping.keep(row, questions=_rows(asked), answers=[each.told for each in answers])
    row.save(force_insert=True)
    keeping.note_accesses(row, [(each.subjects, each.outcome) for each in answers])
    _record(row, asked, by=by, at=at)
    return Begun(row)


def _rows(asked: _Asked) -> list[dict[str, Any]]:
    """The rows as they stand in a letter."""
    return [
        {"ref": ref, "by": question} | ({"consent": consent.digest} if consent else {})
        for ref, question, consent in zip(asked.refs, asked.questions, asked.held, strict=True)
    ]


def _sent(row: LookUp, asked: _Asked, *, by: Actor, at: datetime) -> Begun:
    peer = Peer.objects.active().filter(authority=asked.data.node).first()
    if peer is None:
        text = _("没有已互联的节点“%(name)s”。")
        raise refusal("peer", text, where="node", name=asked.data.node)
    sharing = agreements.under(peer, asked.register.name, at=at)
    if sharing is None:
        text = _("本方与%(peer)s没有查询“%(register)s”的现行协议，请联系教育行政部门签署。")
        raise refusal("no_agreement", text, where="node", peer=peer.name, register=Message(asked.register.title))
    _hold_against(sharing, asked, peer, at=at)
    receipts = list({consent.digest: bytes(consent.raw).decode() for consent in asked.held if consent}.values())
    says = {
        "register_name": asked.register.name, "asker": asked.who.asker.value, "organisation": row.organisation_name,
        "rows": _rows(asked), "consents": receipts,
    }  # fmt: skip
    outside: dict[str, Any] = {
        "purpose": asked.data.purpose.value, "legal_basis": asked.data.basis.value, "fields": list(asked.fields),
        "agreement": sharing.digest,
    }  # fmt: skip
    if receipts:
        outside["consent"] = digest_of_receipts(each.encode() for each in receipts)
    told: dict[str, Any] = {
        "to": peer, "type": "lookup.v1", "says": says, "by": by, "at": at, "kind": "lookup", "reference": row.pk,
        "outside": outside,
    }  # fmt: skip
    letter, sealed = outbox.send_at_once(**told) if row.rows == 1 else (outbox.send(**told), None)
    row.peer, row.sharing, row.letter = peer, sharing, letter.pk
    keeping.keep(row, questions=says["rows"])
    row.save(force_insert=True)
    keeping.note_accesses(row, [(subjects.digests(question), None) for question in asked.questions])
    _record(row, asked, by=by, at=at)
    return Begun(row, letter, sealed)


def _hold_against(sharing: Sharing, asked: _Asked, peer: Peer, *, at: datetime) -> None:
    """What the provider would object to is told before anything is sent."""
    terms = agreements.opened(sharing, at=at).terms
    question = Question(
        iss=settings.SHUANGCHENG.node, aud=peer.authority, agreement=sharing.digest, purpose=asked.data.purpose,
        basis=asked.data.basis, fields=asked.fields, asker=asked.who.asker, rows=len(asked.questions),
    )  # fmt: skip
    if found := objections(terms, asked.register, question, digest=sharing.digest, at=at):
        raise Refused(*found)


def _record(row: LookUp, asked: _Asked, *, by: Actor, at: datetime) -> None:
    changes = {"purpose": [None, asked.data.purpose.label], "rows": [None, row.rows]}
    audit.record(
        by=by, at=at, verb="lookup.ask", kind="lookup", subject=row, title=asked.register.title, changes=changes
    )  # fmt: skip
