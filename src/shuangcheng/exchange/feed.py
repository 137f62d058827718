"""The feed: public things of this node for others to pull, and pulling theirs.

The rooms say in their `feeds.py` what they publish and what they make of what others publish. A change is marked in the
transaction that made it; `publish` gives it its place later, one publisher at a time, so that no cursor is ever passed
by a reader before what stands at it can be seen.
"""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import Max

from shuangcheng.core import feed as pages
from shuangcheng.core.outcome import Refused
from shuangcheng.core.wire import seconds
from shuangcheng.directory import audit
from shuangcheng.directory.feeding import SOURCES
from shuangcheng.directory.models import AuditLine

from . import client, trust
from .models import Change, FeedItem, Mirror, Peer
from .terms import PeerState

PATH = "/exchange/feed"
_LOCK = 0x5C_0002
log_ = structlog.get_logger(__name__)


@audit.listen
def _mark(line: AuditLine) -> None:
    """Remember that a thing has changed, in the transaction of its audit line."""
    kinds = [source.name for source in SOURCES.values() if line.subject_kind in source.subjects]
    if kinds and line.subject_id:
        Change.objects.bulk_create(Change(kind=kind, ref=UUID(line.subject_id), at=line.at) for kind in kinds)


def mark_everything(kind: str, *, at: datetime) -> int:
    """Mark every thing of a kind as changed: the first time, or when its body says more than before."""
    return len(Change.objects.bulk_create(Change(kind=kind, ref=ref, at=at) for ref in SOURCES[kind].everything()))


@transaction.atomic
def publish(*, at: datetime) -> list[FeedItem]:
    """Put what has changed into the feed; returns what is new in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    for kind in sorted(SOURCES.keys() - set(FeedItem.objects.order_by().values_list("kind", flat=True).distinct())):
        mark_everything(kind, at=at)
    changes = list(Change.objects.values_list("pk", "kind", "ref")[:5_000])
    place = FeedItem.objects.aggregate(last=Max("cursor"))["last"] or 0
    new: list[FeedItem] = []
    for kind in sorted({kind for _pk, kind, _ref in changes} & SOURCES.keys()):
        refs = list(dict.fromkeys(ref for _pk, name, ref in changes if name == kind))
        bodies = SOURCES[kind].bodies(refs)
        known = {item.ref: item for item in FeedItem.objects.filter(kind=kind, ref__in=refs)}
        rows = []
        for ref in refs:
            body = bodies.get(ref)
            before = known.get(ref)
            if (before is None and body is None) or (before is not None and before.body == body):
                continue
            place += 1
            rows.append(FeedItem(cursor=place, kind=kind, ref=ref, body=body, at=at))
        FeedItem.objects.filter(kind=kind, ref__in=[row.ref for row in rows]).delete()
        FeedItem.objects.bulk_create(rows)
        new += rows
    Change.objects.filter(pk__in=[pk for pk, _kind, _ref in changes]).delete()
    return new


def page(after: int, *, at: datetime) -> bytes:
    """A signed page of the feed, as it is served."""
    items = list(FeedItem.objects.filter(cursor__gt=after)[: pages.MOST + 1])
    things = tuple(
        pages.Thing(cursor=item.cursor, kind=item.kind, ref=str(item.ref), body=item.body)
        for item in items[: pages.MOST]
    )
    known = trust.current(at=at)
    told = pages.Page(iss=known.me.authority, at=seconds(at), after=after, things=things, last=len(items) <= pages.MOST)
    return pages.sign_page(told, keys=known.signing(at=at))


def pull_all(*, at: datetime) -> int:
    """Pull every active node's feed to its end; one that cannot be had is left for the next time."""
    count = 0
    for peer in Peer.objects.active():
        try:
            while (done := pull(peer, at=at)) is not None:
                count += done
        except (Refused, client.Unreachable) as error:
            log_.warning("feed_not_pulled", peer=peer.authority, why=str(error)[:300])
    return count


def pull(peer: Peer, *, at: datetime) -> int | None:
    """Take the next page of a node's feed in one transaction with its cursor; None when there is none."""
    after = Peer.objects.values_list("feed_cursor", flat=True).get(pk=peer.pk)
    raw = client.get(f"{peer.base_url}{PATH}?after={after}", largest=pages.LARGEST)
    page = pages.open_page(raw, issuer=trust.current(at=at).peers[peer.authority], after=after, at=at)
    with transaction.atomic():
        row = Peer.objects.select_for_update().get(pk=peer.pk)
        if row.feed_cursor != after or row.state != PeerState.ACTIVE:
            return None
        for thing in page.things:
            _take(row, thing, at=at)
        cursor = page.things[-1].cursor if page.things else after
        Peer.objects.filter(pk=peer.pk).update(feed_cursor=cursor, feed_at=at)
    return None if page.last else len(page.things)


def _take(peer: Peer, thing: pages.Thing, *, at: datetime) -> None:
    """Mirror a thing, and let the room that knows it make something of it."""
    ref, body = UUID(thing.ref), thing.body
    title = str((body or {}).get("name") or (body or {}).get("title") or thing.ref)[:200]
    values = {"title": title, "body": body, "cursor": thing.cursor, "at": at}
    Mirror.objects.update_or_create(peer=peer, kind=thing.kind, ref=ref, defaults=values)
    source = SOURCES.get(thing.kind)
    if source is not None and source.absorb is not None:
        source.absorb(peer.authority, ref, body, at)
