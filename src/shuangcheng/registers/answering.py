"""The provider's side: a question held against agreement, consents and rate, then answered from holdings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from shuangcheng.core.agreement import Question, Terms, digest_of, objections, trials
from shuangcheng.core.letters.lookup import Body
from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.outcome import Message, Objection, Refused, Why
from shuangcheng.core.register import Asker, Register
from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange.handlers import Arrived, Limited, Reply
from shuangcheng.exchange.terms import PeerState

from . import agreements, holdings, keeping, subjects
from .agreements import register_named
from .consents import Presented, presented
from .models import LookUp, Sharing
from .terms import Direction, LookUpState


@dataclass
class Answer:
    """What is told of one row, and whose record it concerned."""

    ref: str
    outcome: Outcome
    record: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    subjects: frozenset[bytes] = frozenset()

    @property
    def told(self) -> dict[str, Any]:
        """The answer as it stands in a letter."""
        values: dict[str, Any] = {"ref": self.ref, "outcome": self.outcome.value}
        return values | ({"record": dict(self.record)} if self.record else {}) | (
            {"reasons": list(self.reasons)} if self.reasons else {}
        )  # fmt: skip


def answer(arrived: Arrived) -> Reply:
    """Answer a letter that asks a register, or refuse it with every reason."""
    body, envelope, at = arrived.letter.body, arrived.letter.envelope, arrived.at
    assert isinstance(body, Body)
    register = register_named(body.register_name)
    sharing, terms = held_against(arrived, register, asker=body.asker, rows=len(body.rows))
    assert envelope.purpose is not None, "an objection otherwise"
    assert envelope.legal_basis is not None, "an objection otherwise"
    released = register.released(asked=envelope.fields, agreed=terms.fields, purpose=envelope.purpose)
    held = presented(body.consents, envelope, arrived.peer, at=at) if envelope.legal_basis.needs_consent else None
    answers = _answers(arrived, body, register, released, held)
    withheld = [name for name in envelope.fields if name not in released]
    row = LookUp(
        id=uuid7(), direction=Direction.ANSWERED, peer=arrived.peer, register=register.name,
        purpose=envelope.purpose, basis=envelope.legal_basis, asker=body.asker, organisation_name=body.organisation,
        fields=list(envelope.fields), told=list(released), sharing=sharing, letter=arrived.incoming.jti,
        state=LookUpState.ANSWERED, rows=len(answers), at=at, answered_at=at,
    )  # fmt: skip
    told = [each.told for each in answers]
    keeping.keep(row, questions=[each.model_dump(mode="json") for each in body.rows], answers=told)
    row.save(force_insert=True)
    keeping.note_accesses(row, [(each.subjects, each.outcome) for each in answers])
    counts = {"rows": [None, row.rows], "found": [None, row.found]}
    audit.record(
        by=arrived.by, at=at, verb="lookup.answer", kind="lookup", subject=row, title=register.title, changes=counts
    )  # fmt: skip
    return Reply("lookup_reply.v1", {"register_name": register.name, "answers": told, "withheld": withheld})


def held_against(arrived: Arrived, register: Register, *, asker: Asker, rows: int) -> tuple[Sharing | None, Terms]:
    """The terms under which a letter is answered; `Refused` with every reason why it is not, `Limited` for today."""
    sharing, terms, digest = _terms(arrived, register)
    question = Question.of(arrived.letter.envelope, asker=asker, rows=rows)
    if found := objections(terms, register, question, digest=digest, at=arrived.at):
        raise Refused(*found, why=Why.FORBIDDEN)
    if sharing is not None:
        _count(sharing, terms, rows, at=arrived.at)
    return sharing, terms


def _terms(arrived: Arrived, register: Register) -> tuple[Sharing | None, Terms, str]:
    """The terms that the letter names: signed by both, or for a guest of the gate those of a trial."""
    envelope, digest = arrived.letter.envelope, arrived.letter.envelope.agreement or ""
    if arrived.peer.state == PeerState.GUEST:
        known = trials(register, provider=settings.SHUANGCHENG.node, recipient=envelope.iss)
        by_digest = {digest_of(terms): terms for terms in known.values()}
        if digest in by_digest:
            return None, by_digest[digest], digest
    else:
        row = Sharing.objects.filter(peer=arrived.peer, digest=digest, document__isnull=False).first()
        if row is not None:
            _check_state(row)
            opened = agreements.opened(row, at=arrived.at)
            return row, opened.terms, opened.digest
    text = _("来件引用的协议不是双方现行的版本。请按现行协议重发。")
    raise Refused(Objection("another_agreement", Message(text), "agreement"), why=Why.FORBIDDEN)


def _check_state(row: Sharing) -> None:
    if not row.in_force:
        text = _("协议现在是“%(state)s”，不再据此提供查询。")
        message = Message(text, {"state": Message(row.get_state_display())})
        raise Refused(Objection("agreement_over", message, "agreement"), why=Why.FORBIDDEN)


SLOTS = 16
"""Counters of a day, so that letters under one agreement do not wait for each other; what is under way is not seen."""


def _count(sharing: Sharing, terms: Terms, rows: int, *, at: datetime) -> None:
    """Count rows against the day's limit; over it the sender waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH counted AS (INSERT INTO registers_askedtoday (sharing_id, day, slot, rows) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (sharing_id, day, slot) DO UPDATE SET rows = registers_askedtoday.rows + EXCLUDED.rows)"
            " SELECT coalesce(sum(rows), 0) FROM registers_askedtoday WHERE sharing_id = %s AND day = %s",
            [sharing.pk, at.date(), int(at.timestamp() * 1000) % SLOTS, rows, sharing.pk, at.date()],
        )
        before = int(cursor.fetchone()[0])
    if before + rows > terms.rows_a_day:
        text = _("今天已按协议查询 %(before)d 条，加上这一批超过每天 %(limit)d 条的上限。明天零时起会自动再试。")
        values = {"before": before, "limit": terms.rows_a_day}
        raise Limited(Objection("rate", Message(text, values), "rows"))


def _answers(
    arrived: Arrived, body: Body, register: Register, released: Sequence[str], held: Presented | None
) -> list[Answer]:
    """The answer to each row; where none may be answered the letter is refused."""
    envelope, at = arrived.letter.envelope, arrived.at
    questions: list[Mapping[str, str] | None] = []
    refused: dict[int, list[Objection]] = {}
    for place, row in enumerate(body.rows):
        try:
            question: dict[str, str] = register.question(row.by, today=at.date())
            found = [] if held is None else held.objections(
                row, question, envelope, register=register.name, fields=released, at=at
            )  # fmt: skip
        except Refused as wrong:
            question, found = {}, list(wrong.objections)
        if found:
            refused[place] = found
        questions.append(None if found else question)
    if len(refused) == len(body.rows):
        told = {each.code: each for found in refused.values() for each in found}
        raise Refused(*told.values(), why=Why.FORBIDDEN)
    trial = arrived.peer.state == PeerState.GUEST
    matches = rows_of(register, [each for each in questions if each is not None], released, trial=trial, at=at)
    answers = []
    for place, (row, asked) in enumerate(zip(body.rows, questions, strict=True)):
        if asked is None:
            answers.append(Answer(row.ref, Outcome.REFUSED, reasons=tuple(each.code for each in refused[place])))
        else:
            record, touched = matches.pop(0)
            outcome = Outcome.FOUND if record is not None else Outcome.NO_MATCH
            answers.append(Answer(row.ref, outcome, record or {}, subjects=frozenset(touched)))
    return answers


Match = tuple[dict[str, str] | None, set[bytes]]


def rows_of(
    register: Register, questions: Sequence[Mapping[str, str]], released: Sequence[str], *, trial: bool, at: datetime
) -> list[Match]:
    """What each question finds, with the digests of all numbers that it touched; a trial finds the sample only."""
    if trial:
        return [(_of_sample(register, question, released, at=at), set()) for question in questions]
    found = holdings.find_many(register, questions, today=at.date(), fields=released)
    return [
        (
            each.record if each else None,
            subjects.digests(question) | ({each.subject} if each and each.subject else set()),
        )
        for each, question in zip(found, questions, strict=True)
    ]


def _of_sample(
    register: Register, question: Mapping[str, str], released: Sequence[str], *, at: datetime
) -> dict[str, str] | None:
    today = at.date()
    record = register.texts(read(register.record, register.sample), today=today)
    same = all(record[name] == value for name, value in question.items())
    return {name: record[name] for name in released} if same else None
