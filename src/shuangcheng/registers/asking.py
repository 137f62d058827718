"""The asker's side: a look-up is written down, and for one record answered in the same request."""

from datetime import datetime
from uuid import UUID

from shuangcheng.core.text import _
from shuangcheng.directory.actor import Actor
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Outgoing

from .actions import counting, lookups, own
from .actions.lookups import Begun
from .inputs.employment import CountInput
from .inputs.lookups import LookUpInput
from .models import LookUp


def ask(*, data: LookUpInput, by: Actor, at: datetime) -> LookUp:
    """Ask, and wait for the answer to a single record; while the other node is away a job goes on trying."""
    return finish(lookups.begin(data=data, by=by, at=at), at=at)


def finish(begun: Begun, *, at: datetime) -> LookUp:
    """Send what was begun, once that is committed, and wait for the answer."""
    if begun.letter is not None and begun.sealed is not None:
        outbox.finish(begun.letter, begun.sealed, at=at)
        begun.lookup.refresh_from_db()
    return begun.lookup


def ask_who_looked(*, node: str, by: Actor, at: datetime, prove: str | None = None) -> Outgoing:
    """Ask another node who looked at one's own records, or for the proof of one look-up."""
    letter, sealed = own.begin(node=node, by=by, at=at, prove=prove)
    return outbox.finish(letter, sealed, at=at)


def why_waiting(row: LookUp) -> str:
    """What the other node, or the way there, said last to a look-up that waits; empty before the first attempt."""
    letter = Outgoing.objects.filter(pk=row.letter).first() if row.letter else None
    reasons = letter.reasons if letter is not None else []
    if not reasons:
        return ""
    if reasons[0]["code"] == "rate":
        return str(reasons[0]["message"])
    return _("对方暂时不可达，恢复后自动送达。可以离开这一页，稍后再来看。")


def ask_counts(*, data: CountInput, by: Actor, at: datetime) -> Outgoing:
    """Ask another node how many graduates went where."""
    letter, sealed = counting.ask(data=data, by=by, at=at)
    return outbox.finish(letter, sealed, at=at)


def counts_asked(id: UUID, *, by: Actor) -> Outgoing | None:
    """A letter by which whoever acts asked for counts."""
    return Outgoing.objects.filter(pk=id, kind="employment", reference=by.person_id).select_related("peer").first()
