"""How the exchange with each node goes, counted for pages and API."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q

from shuangcheng.core.keys import PublicKey
from shuangcheng.core.outcome import Objection

from .models import Checkpoint, Entry, Incoming, Outgoing, Peer, Tree
from .terms import InState, OutState

COUNTS = ("waiting", "retrying", "parked_there", "refused", "dead")


@dataclass(frozen=True)
class Standing:
    """A node with its letters counted: waiting at all, tried in vain so far, parked there and here, given up."""

    peer: Peer
    waiting: int = 0
    retrying: int = 0
    parked_there: int = 0
    refused: int = 0
    dead: int = 0
    parked_here: int = 0


def of(peers: Collection[Peer]) -> list[Standing]:
    """How the exchange with each of `peers` goes; two queries."""
    waiting = Q(state=OutState.WAITING)
    rows = Outgoing.objects.filter(peer__in=peers).exclude(state=OutState.DELIVERED).order_by().values("peer")
    out = rows.annotate(
        waiting=Count("pk", filter=waiting),
        retrying=Count("pk", filter=waiting & Q(attempts__gt=0)),
        parked_there=Count("pk", filter=Q(state=OutState.PARKED)),
        refused=Count("pk", filter=Q(state=OutState.REFUSED)),
        dead=Count("pk", filter=Q(state=OutState.DEAD)),
    )
    counted: dict[UUID, dict[str, int]] = {row["peer"]: {name: row[name] for name in COUNTS} for row in out}  # type: ignore[literal-required]
    came = Incoming.objects.filter(peer__in=peers, state=InState.PARKED).order_by().values_list("peer")
    parked = dict(came.annotate(n=Count("pk")))
    return [Standing(peer, **counted.get(peer.pk, {}), parked_here=parked.get(peer.pk, 0)) for peer in peers]


@dataclass(frozen=True)
class Key:
    """A published key and why it may not be used now, if it may not."""

    key: PublicKey
    start: datetime
    end: datetime
    objection: Objection | None


def keys(published: Iterable[PublicKey], *, at: datetime) -> list[Key]:
    """Keys as people read them, the newest first."""
    zone = at.tzinfo
    rows = [
        Key(
            key, datetime.fromtimestamp(key.not_before, zone), datetime.fromtimestamp(key.not_after, zone),
            key.objection(at=at),
        )
        for key in published
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.objection is not None, -row.key.not_before, row.key.use))


@dataclass(frozen=True)
class Log:
    """How far the log of the newest year has come, who has cosigned it, and how many entries wait for their place."""

    tree: Tree | None
    newest: Checkpoint | None
    cosigned: Checkpoint | None
    waiting: int


def log(year: int | None = None) -> Log:
    """The log of a year, or of the newest."""
    year = year or Tree.objects.aggregate(year=Max("year"))["year"]
    checkpoints = Checkpoint.objects.filter(year=year)
    return Log(
        Tree.objects.filter(year=year).first(),
        checkpoints.first(),
        checkpoints.exclude(cosigned={}).first(),
        Entry.objects.filter(index=None).count(),
    )
