"""Opening a case and moving it on; the other side hears by a letter in the same transaction."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shuangcheng.core import procedure
from shuangcheng.core.identifiers import parse_id_card
from shuangcheng.core.identifiers.masks import mask_id_number
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.procedure import Side
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.text import _
from shuangcheng.core.wire import base64url, seconds
from shuangcheng.desk import attachments
from shuangcheng.directory import audit
from shuangcheng.directory.actions.people import number_digest
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.person import PersonNumber
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import WORKERS, NumberKind, Role
from shuangcheng.directory.versions import locked
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Peer
from shuangcheng.exchange.own import own_authority
from shuangcheng.exchange.vault import seal_text, unseal_text

from ..inputs import OpenInput, StepInput
from ..models import Case, CaseStep
from ..terms import EXTEND, OPEN

_LOCK = 0x5C_0003


@dataclass(frozen=True)
class Paper:
    """A document handed in with a step: written out, a file, or both."""

    document: str
    text: str = ""
    name: str = ""
    content: bytes = b""


def _told(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Papers as a step keeps them; the files themselves are attachments."""
    return [
        {"document": paper.document, "text": paper.text, "name": paper.name,
         "sha256": hashlib.sha256(paper.content).hexdigest() if paper.content else None}
        for paper in papers
    ]  # fmt: skip


def _sent(papers: Iterable[Paper]) -> list[dict[str, Any]]:
    """Papers as a letter carries them."""
    return [
        {name: value for name, value in told.items() if value}
        | ({"content": base64url(paper.content)} if paper.content else {})
        for told, paper in zip(_told(papers), papers, strict=True)
    ]


def _next_number(*, at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    head = f"{own_authority()}-{at.year}-"
    last = Case.objects.filter(number__startswith=head).order_by("-number").values_list("number", flat=True).first()
    return f"{head}{int(last.rpartition('-')[2]) + 1 if last else 1:05d}"


def _peer(holder: str) -> Peer | None:
    """The node of the holder; none when it is this one."""
    if holder == own_authority():
        return None
    peer = Peer.objects.active().filter(authority=holder).first()
    if peer is None:
        raise refusal("holder", _("没有与这个节点互联，请从列表中选择。"), where="holder")
    return peer


def _check_own(digest: bytes | None, by: Actor) -> None:
    """Who neither decides nor works for anybody may open a case about himself only."""
    if by.kind == "system" or by.has(Role.OFFICER, *WORKERS):
        return
    own = PersonNumber.objects.filter(person=by.person_id, digest=digest, valid_until=None)
    if digest is None or not own.exists():
        text = _("您只能就本人的记录提出异议。请填写本人的身份证号码，并与账号登记的一致。")
        raise refusal("not_yourself", text, where="person_number", why=Why.FORBIDDEN)


@transaction.atomic
def reveal_number(*, case: Case, by: Actor, at: datetime) -> str:
    """The person's number in clear, for the officer who verifies the record; that it was read is kept."""
    require(by, "case.number", case)
    audit.record(by=by, at=at, verb="case.number", kind="case", subject=case)
    return unseal_text(case.sealed, bound_to=f"case:{case.pk}") if case.sealed else ""


@transaction.atomic
def open_case(
    *, data: OpenInput, by: Actor, at: datetime, papers: Sequence[Paper] = (), name: str = "correction"
) -> Case:
    """Open a case with the side that holds the record 提出."""
    require(by, "case.open")
    if data.register_name not in REGISTERS:
        raise refusal("register", _("没有这个登记簿，请从列表中选择。"), where="register_name")
    number = parse_id_card(data.person_number, today=at.date()).number if data.person_number else ""
    digest = number_digest(number, NumberKind.ID_CARD) if number else None
    _check_own(digest, by)
    peer = _peer(data.holder)
    case = Case(
        number=_next_number(at=at), procedure=name, asker=own_authority(), holder=data.holder, peer=peer,
        title=data.title, register=data.register_name, person=data.person, masked=mask_id_number(number),
        subject=digest, told=data.told, wanted=data.wanted, opened_by=by.person_id, opened_name=by.name, opened_at=at,
        created_at=at, updated_at=at,
    )  # fmt: skip
    case.sealed = seal_text(number, bound_to=f"case:{case.pk}") if number else None
    case.enter(procedure.begin(case.declared, on=at.date()))
    case.save(force_insert=True)
    step = keep_step(case, authority=own_authority(), way=OPEN, side=Side.ASKER, before=case.step, papers=papers,
                     remark="", by_name=by.name, at=at, by=by)  # fmt: skip
    if peer is not None:
        says = {
            "case": str(case.pk), "number": case.number, "procedure": name, "asker": case.asker, "holder": case.holder,
            "title": case.title, "register_name": case.register, "person": case.person, "person_number": number,
            "told": case.told, "wanted": case.wanted, "by": by.name, "opened": seconds(at), "papers": _sent(papers),
        }  # fmt: skip
        _send(case, step, "case_open.v1", says, by=by, at=at)
    audit.record(by=by, at=at, verb="case.open", kind="case", subject=case)
    return case


def _send(case: Case, step: CaseStep, type: str, says: dict[str, Any], *, by: Actor, at: datetime) -> None:
    assert case.peer is not None
    outside = {"case_ref": case.number}
    row = outbox.send(to=case.peer, type=type, says=says, by=by, at=at, kind="case", reference=case.pk, outside=outside)
    CaseStep.objects.filter(pk=step.pk).update(letter=row.pk)


def keep_step(
    case: Case, *, authority: str, way: str, side: Side, before: str, papers: Sequence[Paper], remark: str,
    by_name: str, at: datetime, by: Actor,
) -> CaseStep:  # fmt: skip
    """Keep what was done, with its files; the case stands where the step led."""
    step = CaseStep.objects.create(
        case=case, authority=authority, number=case.history.filter(authority=authority).count() + 1, way=way,
        side=side, at_step=before, to_step=case.step, due=case.due, remark=remark, papers=_told(papers),
        by_name=by_name, at=at,
    )  # fmt: skip
    for paper in papers:
        if paper.content:
            attachments.attach(kind="case_step", subject=step, name=paper.name, data=paper.content, by=by, at=at,
                               note=paper.document)  # fmt: skip
    return step


@transaction.atomic
def step(*, case: Case, data: StepInput, version: int, by: Actor, at: datetime, papers: Sequence[Paper] = ()) -> Case:
    """Choose one of the ways out of the step that a case is in 办理."""
    require(by, "case.act", case)
    case = locked(Case.objects.all(), case, version=version)
    require(by, "case.act", case)
    before, authority = case.step, own_authority()
    side = case.now.side if case.now.side != Side.BOTH else case.sides(authority)[0]
    move(case, way=data.way, side=side, papers=papers, at=at)
    case.updated_at, case.trouble = at, ""
    case.save()
    kept = keep_step(case, authority=authority, way=data.way, side=side, before=before, papers=papers,
                     remark=data.remark, by_name=by.name, at=at, by=by)  # fmt: skip
    if case.peer_id is not None:
        says = {
            "case": str(case.pk), "procedure": case.procedure, "number": kept.number, "way": data.way,
            "papers": _sent(papers), "remark": data.remark, "by": by.name, "at": seconds(at),
        }  # fmt: skip
        _send(case, kept, "case_step.v1", says, by=by, at=at)
    changes = {"step": [before, case.step]} if before != case.step else {}
    audit.record(by=by, at=at, verb="case.step", kind="case", subject=case, changes=changes, note=data.remark)
    return case


def move(case: Case, *, way: str, side: Side, papers: Sequence[Paper], at: datetime) -> None:
    """Where the case stands after `side` chose a way; refused when the procedure does not allow it.

    A step of both sides ends when both have chosen the same way; until then each choice is a proposal.
    """
    state, declared = case.state, case.declared
    if way == EXTEND:
        if case.now.side not in (side, Side.BOTH):
            raise refusal("not_your_turn", _("只有办理的一方可以延长期限。"), where="way")
        case.enter(procedure.extend(declared, state))
        return
    handed = [paper.document for paper in papers]
    both = case.now.side == Side.BOTH and case.peer_id is not None
    if both:
        handed += [name for part, told in case.proposed.items() if part != side for name in told["papers"]]
    after = procedure.advance(declared, state, way=way, side=side, documents=handed, on=at.date())
    if both:
        case.proposed = case.proposed | {side.value: {"way": way, "papers": handed}}
        if {told["way"] for told in case.proposed.values()} != {way} or len(case.proposed) < 2:
            return
    case.proposed = {}
    case.enter(after)
    if after.due is None:
        case.closed_at = at


@transaction.atomic
def recompute(*, by: Actor, at: datetime) -> int:
    """Count provisional deadlines anew, once the holidays of their year are known; returns how many moved."""
    moved = 0
    for case in Case.objects.open().filter(provisional=True).select_for_update():
        state = procedure.recomputed(case.declared, case.state)
        if state != case.state:
            changes = {"due": [str(case.due), str(state.due)]}
            case.enter(state)
            case.version += 1
            case.save()
            audit.record(by=by, at=at, verb="case.recompute", kind="case", subject=case, changes=changes)
            moved += 1
    return moved


def attachment_of(case: Case, id: UUID) -> Any:
    """A file of one of the case's steps, or None."""
    from shuangcheng.desk.models import Attachment

    steps = case.history.values("pk")
    return Attachment.objects.filter(pk=id, subject_kind="case_step", subject_id__in=steps).first()
