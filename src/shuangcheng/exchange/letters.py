"""Letters of the exchange itself: that something has changed."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shuangcheng.directory.actor import Actor

from . import outbox
from .handlers import Arrived, handles
from .models import FeedItem, Peer

MOST = 1000


@handles("change_notice.v1")
def look(_arrived: Arrived) -> None:
    """Something has changed there: pull it soon, once however many notices come."""
    try:
        with transaction.atomic():
            app.configure_task("exchange.pull", queue="exchange", queueing_lock="exchange.pull").defer()
    except AlreadyEnqueued:
        return


def notify(items: list[FeedItem], *, by: Actor, at: datetime) -> None:
    """Tell the other nodes by ids only what has changed."""
    for kind in sorted({item.kind for item in items}):
        of_kind = [item for item in items if item.kind == kind][:MOST]
        says = {"kind": kind, "ids": [str(item.ref) for item in of_kind], "cursor": of_kind[-1].cursor}
        for peer in Peer.objects.active():
            outbox.send(to=peer, type="change_notice.v1", says=says, by=by, at=at, kind="feed")
