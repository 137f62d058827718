"""What an operator does with letters: sends them again, handles parked ones, erases bodies past their term."""

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from .. import inbox, outbox
from ..models import Incoming, Outgoing
from ..terms import InState, OutState
from ..vault import unseal_text

TERM = timedelta(days=180)
"""How long the body of a letter is kept at least; its digest stays in the log for good."""
SETTLED = (OutState.REFUSED, OutState.DEAD, OutState.PARKED)


@transaction.atomic
def again(*, letter: Outgoing, by: Actor, at: datetime) -> Outgoing:
    """Send a letter again 重发: under its own number, or a new one where the other node has signed its refusal."""
    require(by, "letter.again", letter)
    row = Outgoing.objects.select_for_update(of=("self",)).select_related("peer").get(pk=letter.pk)
    if row.state not in SETTLED:
        text = _("这封信%(state)s，不需要重发。")
        raise refusal("not_settled", text, why=Why.CONFLICT, state=OutState(row.state).label)
    if row.content is None:
        raise refusal("erased", _("信件内容已按期限删除，不能再发送。"), why=Why.CONFLICT)
    before, sent = row, row
    if row.state == OutState.REFUSED and row.reply_type:
        # The other node keeps its answer by the letter's number and would only repeat it.
        content = json.loads(unseal_text(row.content, bound_to=f"outgoing:{row.pk}"))
        sent = outbox.send(
            to=row.peer, type=row.type, says=content["says"], by=by, at=at, kind=row.kind, reference=row.reference,
            outside=row.outside,
        )  # fmt: skip
    else:
        row.state, row.reasons, row.settled_at, row.next_at, row.again_at = OutState.WAITING, [], None, at, at
        row.save(update_fields=["state", "reasons", "settled_at", "next_at", "again_at"])
        outbox.wake(row, at=None)
    changes = {"letter": [str(before.pk), str(sent.pk)], "state": [letter.state, sent.state]}
    audit.record(by=by, at=at, verb="letter.again", kind="outgoing", subject=before, changes=changes)
    return sent


@transaction.atomic
def handle(*, letter: Incoming, by: Actor, at: datetime) -> Incoming:
    """Handle a parked letter 补办, now that this node knows its type."""
    require(by, "letter.handle", letter)
    row = Incoming.objects.select_for_update(of=("self",)).select_related("peer").get(pk=letter.pk)
    if row.state != InState.PARKED:
        text = _("这封信%(state)s，不需要再办理。")
        raise refusal("not_parked", text, why=Why.CONFLICT, state=InState(row.state).label)
    inbox.handle_parked(row, at=at)
    changes = {"state": [InState.PARKED.value, row.state]}
    audit.record(by=by, at=at, verb="letter.handle", kind="incoming", subject=row, changes=changes)
    return row


@transaction.atomic
def erase(*, letter: Outgoing | Incoming, by: Actor, at: datetime) -> Outgoing | Incoming:
    """Erase the body of a letter past its term, and that of its answer; the log keeps their digests."""
    require(by, "letter.erase", letter)
    row: Outgoing | Incoming = type(letter).objects.select_for_update(of=("self",)).get(pk=letter.pk)
    since = row.created_at if isinstance(row, Outgoing) else row.received_at
    if row.content is None and row.reply_content is None:
        raise refusal("erased", _("这封信的内容已经删除。"), why=Why.CONFLICT)
    if row.state in (OutState.WAITING, InState.PARKED):
        raise refusal("not_settled", _("这封信还没有办结，不能删除内容。"), why=Why.CONFLICT)
    if since + TERM > at:
        text = _("信件内容保存期到 %(day)s，期满后才能删除。")
        raise refusal("kept", text, why=Why.CONFLICT, day=f"{since + TERM:%Y-%m-%d}")
    row.content = row.reply_content = None
    row.save(update_fields=["content", "reply_content"])
    kind = "outgoing" if isinstance(row, Outgoing) else "incoming"
    audit.record(by=by, at=at, verb="letter.erase", kind=kind, subject=row)
    return row


@transaction.atomic
def erase_past_term(*, by: Actor, at: datetime) -> int:
    """Erase the bodies of all letters past their term at once; returns how many."""
    require(by, "letter.erase")
    held = Q(content__isnull=False) | Q(reply_content__isnull=False)
    due = at - TERM
    out = Outgoing.objects.filter(held, created_at__lte=due).exclude(state=OutState.WAITING)
    came = Incoming.objects.filter(held, received_at__lte=due).exclude(state=InState.PARKED)
    count = out.update(content=None, reply_content=None) + came.update(content=None, reply_content=None)
    title = _("保存期满的信件内容")
    audit.record(by=by, at=at, verb="letter.erase", kind="letters", title=title, changes={"letters": [None, count]})
    return count
