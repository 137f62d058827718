"""Letters that were sent and that came, and the log."""

from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory.policy import require
from shuangcheng.exchange import log, standing, terms
from shuangcheng.exchange.actions import letters
from shuangcheng.exchange.models import Entry, Incoming, Outgoing

from ..asked import Asked
from ..outputs.exchange import (
    EntryOut,
    EntryPage,
    Erased,
    IncomingOut,
    IncomingPage,
    LogOut,
    OutgoingOut,
    OutgoingPage,
    ProofOut,
)
from ..paging import Paging, page
from ..section import EXCHANGE_READ, EXCHANGE_WRITE, Section
from .common import one

section = Section(
    "Letters and log", "Letters 信件 to and from other nodes, their outsides only, and the log 日志 with its proofs.",
    read=EXCHANGE_READ, write=EXCHANGE_WRITE,
)  # fmt: skip


class LetterFilters(Paging):
    """Which letters."""

    type: str = Field("", max_length=45, description="Their type.")
    peer: UUID | None = Field(None, description="Id of the node.")


class OutgoingFilters(LetterFilters):
    """Which letters that were sent."""

    state: terms.OutState | None = Field(None, description="What became of them.")


class IncomingFilters(LetterFilters):
    """Which letters that came."""

    state: terms.InState | None = Field(None, description="What became of them.")


class EntryFilters(Paging):
    """Which entries."""

    year: int | None = Field(None, ge=2000, le=2200, description="In the log of which year.")
    direction: terms.Direction | None = Field(None, description="Which way the letter went, or `here`.")
    type: str = Field("", max_length=45, description="The type of the letter or act.")
    jti: UUID | None = Field(None, description="The number of the letter.")


def _given(filters: Paging) -> dict[str, object]:
    told = filters.model_dump(exclude={"limit", "cursor"})
    return {name: value for name, value in told.items() if value not in (None, "")}


def _out(request: Asked) -> "QuerySet[Outgoing]":
    require(request.actor, "exchange.read")
    return Outgoing.objects.visible_to(request.actor).select_related("peer")  # type: ignore[return-value]


def _in(request: Asked) -> "QuerySet[Incoming]":
    require(request.actor, "exchange.read")
    return Incoming.objects.visible_to(request.actor).select_related("peer")  # type: ignore[return-value]


@section.reads("/letters/out", OutgoingPage, open=False)
def list_letters_out(request: Asked, filters: Query[OutgoingFilters]) -> OutgoingPage:
    """List letters that were sent.

    The newest first.
    """
    rows = _out(request).filter(**_given(filters))
    order = ("-created_at", "-id")
    return page(rows, order=order, asked=request, paging=filters, gives=OutgoingPage, each=OutgoingOut.each)


@section.reads("/letters/out/{uuid:id}", OutgoingOut, open=False)
def get_letter_out(request: Asked, id: UUID) -> OutgoingOut:
    """Get a letter that was sent.

    Its outside: state, attempts, reasons.
    """
    return OutgoingOut.each(one(_out(request), id=id))


@section.writes("/letters/out/{uuid:id}/again", OutgoingOut)
def send_letter_again(request: Asked, id: UUID) -> OutgoingOut:
    """Send a letter again.

    One that was refused, given up or parked; under a new id where the other node has signed its refusal.
    """
    sent = letters.again(letter=one(_out(request), id=id), by=request.actor, at=request.at)
    return OutgoingOut.each(one(_out(request), id=sent.pk))


@section.writes("/letters/out/{uuid:id}/erase", OutgoingOut)
def erase_letter_out(request: Asked, id: UUID) -> OutgoingOut:
    """Erase the body of a letter that was sent.

    After 180 days; the log keeps its digest.
    """
    letters.erase(letter=one(_out(request), id=id), by=request.actor, at=request.at)
    return OutgoingOut.each(one(_out(request), id=id))


@section.reads("/letters/in", IncomingPage, open=False)
def list_letters_in(request: Asked, filters: Query[IncomingFilters]) -> IncomingPage:
    """List letters that came.

    The newest first.
    """
    rows = _in(request).filter(**_given(filters))
    order = ("-received_at", "-id")
    return page(rows, order=order, asked=request, paging=filters, gives=IncomingPage, each=IncomingOut.each)


@section.reads("/letters/in/{uuid:id}", IncomingOut, open=False)
def get_letter_in(request: Asked, id: UUID) -> IncomingOut:
    """Get a letter that came.

    Its outside: state, reasons, the type of the answer.
    """
    return IncomingOut.each(one(_in(request), id=id))


@section.writes("/letters/in/{uuid:id}/handle", IncomingOut)
def handle_letter(request: Asked, id: UUID) -> IncomingOut:
    """Handle a parked letter.

    Once this node knows its type; the sender learns of it when it sends the letter again.
    """
    letters.handle(letter=one(_in(request), id=id), by=request.actor, at=request.at)
    return IncomingOut.each(one(_in(request), id=id))


@section.writes("/letters/in/{uuid:id}/erase", IncomingOut)
def erase_letter_in(request: Asked, id: UUID) -> IncomingOut:
    """Erase the body of a letter that came.

    After 180 days; the log keeps its digest.
    """
    letters.erase(letter=one(_in(request), id=id), by=request.actor, at=request.at)
    return IncomingOut.each(one(_in(request), id=id))


@section.writes("/letters/erase", Erased)
def erase_letters(request: Asked) -> Erased:
    """Erase all bodies past their term.

    Of letters that are settled and older than 180 days.
    """
    return Erased(count=letters.erase_past_term(by=request.actor, at=request.at))


@section.reads("/log", LogOut, open=False)
def get_log(request: Asked) -> LogOut:
    """Get how far the log has come.

    With the newest checkpoint and who has cosigned it.
    """
    require(request.actor, "exchange.read")
    return LogOut.each(standing.log())


@section.reads("/log/entries", EntryPage, open=False)
def list_entries(request: Asked, filters: Query[EntryFilters]) -> EntryPage:
    """List entries of the log.

    The newest first.
    """
    require(request.actor, "exchange.read")
    rows = Entry.objects.visible_to(request.actor).filter(**_given(filters))
    return page(rows, order=("-at", "-id"), asked=request, paging=filters, gives=EntryPage, each=EntryOut.each)


@section.reads("/log/entries/{uuid:id}/proof", ProofOut, open=False, also=(409,))
def get_proof(request: Asked, id: UUID) -> ProofOut:
    """Get the proof of an entry.

    That it stands in the signed tree; 409 while it waits for its place.
    """
    require(request.actor, "exchange.read")
    entry = one(Entry.objects.visible_to(request.actor), id=id)
    if entry.index is None:
        raise refusal("not_sequenced", _("这条记录还没有编入日志。约一分钟后再下载。"), why=Why.CONFLICT)
    return ProofOut.model_validate(log.prove(entry, at=request.at).told())
