"""The asker's side: a look-up is written down, and for one record answered in the same request."""

from datetime import datetime

from shuangcheng.directory.actor import Actor
from shuangcheng.exchange import outbox

from .actions import lookups
from .inputs.lookups import LookUpInput
from .models import LookUp


def ask(*, data: LookUpInput, by: Actor, at: datetime) -> LookUp:
    """Ask, and wait for the answer to a single record; while the other node is away a job goes on trying."""
    begun = lookups.begin(data=data, by=by, at=at)
    if begun.letter is not None and begun.sealed is not None:
        outbox.finish(begun.letter, begun.sealed, at=at)
        begun.lookup.refresh_from_db()
    return begun.lookup
