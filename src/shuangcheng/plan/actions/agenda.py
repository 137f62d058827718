"""Writes of the agenda: proposing, raising, accepting, dropping, ordering, sending, what was decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import notices
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.policy import require
from shuangcheng.directory.terms import WORKERS

from .. import hearers, lookup
from ..inputs.items import ReasonInput
from ..inputs.sessions import MatterInput, OutcomeInput
from ..locks import held
from ..matters import Matter, proposals
from ..minutes import watching
from ..models import AgendaEntry, Session
from ..terms import AgendaReason, AgendaState
from .sessions import KIND, preparing


def _append(session: Session, matter: Matter, state: AgendaState) -> AgendaEntry:
    last = session.agenda.aggregate(last=Max("order"))["last"] or 0
    return AgendaEntry.objects.create(
        session=session, order=last + 1, title=matter.title, reason=matter.reason, detail=matter.detail,
        item=matter.item, consultation=matter.consultation, state=state,
    )  # fmt: skip


@contextmanager
def _arranged(session: Session, by: Actor, at: datetime) -> Iterator[Session]:
    """The session, held while its agenda changes; allowed while it is being prepared."""
    require(by, "session.edit", session)
    session = held(session, seen=None)
    preparing(session)
    yield session
    Session.objects.filter(pk=session.pk).update(updated_at=at)


@transaction.atomic
def propose(*, session: Session, by: Actor, at: datetime, today: date | None = None) -> int:
    """Propose what stands badly, was put off or was referred; returns how many less urgent items wait."""
    with _arranged(session, by, at) as session:
        found, more = proposals(session, today=today or at.date())
        for matter in found:
            _append(session, matter, AgendaState.PROPOSED)
    changes = {"proposed": [0, len(found)]}
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, changes=changes)
    return more


def _matter(data: MatterInput, detail: str) -> Matter:
    item = lookup.item(data.item) if data.item else None
    return Matter(data.title, AgendaReason.RAISED, detail[:300], item)


@transaction.atomic
def add(*, session: Session, data: MatterInput, by: Actor, at: datetime) -> AgendaEntry:
    """Put a matter on the agenda."""
    with _arranged(session, by, at) as session:
        entry = _append(session, _matter(data, data.detail), AgendaState.ACCEPTED)
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, note=entry.title)
    return entry


@transaction.atomic
def raise_matter(*, session: Session, data: MatterInput, by: Actor, at: datetime) -> AgendaEntry:
    """Raise a matter as a member; an officer accepts it or not."""
    require(by, "session.raise", session)
    session = held(session, seen=None)
    preparing(session)
    own = Organisation.objects.filter(pk__in=by.organisations(*WORKERS), seats__in=session.body.seats.current())
    names = "、".join(sorted(set(own.values_list("name", flat=True)))) or by.name
    detail = "：".join(filter(None, (f"{names}提出", data.detail)))
    entry = _append(session, _matter(data, detail), AgendaState.PROPOSED)
    audit.record(by=by, at=at, verb="session.raise", kind=KIND, subject=session, note=entry.title)
    return entry


def _decide(entry: AgendaEntry, state: AgendaState, reason: str, by: Actor, at: datetime) -> AgendaEntry:
    with _arranged(entry.session, by, at) as session:
        entry = session.agenda.select_for_update().get(pk=entry.pk)
        before, entry.state, entry.drop_reason = entry.state, state, reason
        entry.save(update_fields=["state", "drop_reason"])
    changes = audit.differences({"state": before}, {"state": state})
    note = "：".join(filter(None, (entry.title, reason)))
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, changes=changes, note=note)
    return entry


@transaction.atomic
def accept(*, entry: AgendaEntry, by: Actor, at: datetime) -> AgendaEntry:
    """Put a proposed or dropped matter on the agenda."""
    return _decide(entry, AgendaState.ACCEPTED, "", by, at)


@transaction.atomic
def drop(*, entry: AgendaEntry, data: ReasonInput, by: Actor, at: datetime) -> AgendaEntry:
    """Leave a matter off the agenda, with the reason."""
    return _decide(entry, AgendaState.DROPPED, data.reason, by, at)


@transaction.atomic
def accept_all(*, session: Session, by: Actor, at: datetime) -> int:
    """Put everything that is proposed on the agenda; returns how many."""
    with _arranged(session, by, at) as session:
        count = session.agenda.filter(state=AgendaState.PROPOSED).update(state=AgendaState.ACCEPTED)
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, changes={"accepted": [None, count]})
    return count


@transaction.atomic
def move(*, entry: AgendaEntry, up: bool, by: Actor, at: datetime) -> AgendaEntry:
    """Move a matter one place up or down among those on the agenda; at the end it stays."""
    with _arranged(entry.session, by, at) as session:
        rows = list(session.agenda.select_for_update().filter(state=AgendaState.ACCEPTED))
        places = [row.pk for row in rows]
        if entry.pk not in places:
            raise refusal("not_on_agenda", _("只有列入的议题可以排序。"), why=Why.CONFLICT)
        here = places.index(entry.pk)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rows):
            rows[here], rows[there] = rows[there], rows[here]
        orders = sorted(row.order for row in rows)
        for row, order in zip(rows, orders, strict=True):
            row.order = order
        AgendaEntry.objects.bulk_update(rows, ["order"])
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, note=entry.title)
    return AgendaEntry.objects.get(pk=entry.pk)


@transaction.atomic
def send(*, session: Session, by: Actor, at: datetime) -> Session:
    """Send the agenda to those who sit in the body."""
    with _arranged(session, by, at) as session:
        if not session.agenda.filter(state=AgendaState.ACCEPTED).exists():
            raise refusal("agenda.empty", _("还没有列入的议题，不能发出。"), why=Why.CONFLICT)
        session.agenda_sent_at = at
        session.save(update_fields=["agenda_sent_at"])
    audit.record(by=by, at=at, verb="session.send", kind=KIND, subject=session)
    text = _("“%(session)s”的议题已发出，会期 %(day)s，地点 %(place)s。")
    open = Message(_("待定"))
    values = {"session": str(session), "day": str(session.on or "") or open, "place": session.place or open}
    notices.tell(
        people=hearers.of_body(session.body, day=at.date()), message=Message(text, values), kind="agenda",
        address=reverse("session", args=[session.pk]), by=by, at=at,
    )  # fmt: skip
    return session


@transaction.atomic
def conclude(*, entry: AgendaEntry, data: OutcomeInput, by: Actor, at: datetime) -> AgendaEntry:
    """Note what the session decided about a matter."""
    require(by, "session.edit", entry.session)
    session = held(entry.session, seen=None)
    if not session.being_recorded:
        raise refusal("not_recorded", _("会议召开之后、纪要确认之前才能填写。"), why=Why.CONFLICT)
    entry = session.agenda.select_for_update().get(pk=entry.pk)
    if entry.state != AgendaState.ACCEPTED:
        raise refusal("not_on_agenda", _("这一议题没有列入会议。"), why=Why.CONFLICT)
    before, entry.outcome = entry.outcome, data.outcome
    with watching(session, by=by, at=at):
        entry.save(update_fields=["outcome"])
    changes = audit.differences({"outcome": before}, {"outcome": data.outcome})
    audit.record(by=by, at=at, verb="session.agenda", kind=KIND, subject=session, changes=changes, note=entry.title)
    return entry
