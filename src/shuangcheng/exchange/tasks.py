"""What the exchange does by itself; the rows say what is due, the jobs only look."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from shuangcheng.directory.actor import system
from shuangcheng.directory.jobs import own_connection

from . import feed, inbox, letters, log, outbox, witness
from .actions import guests, keys, peers


@app.task(name="exchange.deliver", queue="exchange")
@own_connection()
def deliver(letter: str) -> None:
    """Try to deliver one letter."""
    outbox.deliver(UUID(letter), at=timezone.localtime())


@app.periodic(cron="* * * * *")
@app.task(name="exchange.tend", queue="exchange", queueing_lock="exchange.tend", lock="exchange.tend")
@own_connection()
def tend(timestamp: int) -> None:
    """Sequence the log, have it cosigned, publish changes, pull the others' feeds, deliver what a lost job left."""
    at = timezone.localtime()
    log.sequence(at=at)
    witness.ask(by=system("日志"), at=at)
    letters.notify(feed.publish(at=at), by=system("公共数据"), at=at)
    inbox.forget_nonces(at=at)
    guests.purge(by=system("检验"), at=at)
    for id in outbox.due(at=at):
        outbox.deliver(id, at=timezone.localtime())
    feed.pull_all(at=timezone.localtime())


@app.periodic(cron="17 * * * *")
@app.task(name="exchange.refresh", queue="exchange", queueing_lock="exchange.refresh")
@own_connection()
def refresh(timestamp: int) -> None:
    """Replace keys in time, and fetch what the others say of themselves now."""
    at = timezone.localtime()
    keys.ensure(by=system("密钥"), at=at)
    peers.refresh_all(by=system("密钥"), at=at)


@app.task(name="exchange.pull", queue="exchange", queueing_lock="exchange.pull")
@own_connection()
def pull() -> None:
    """Pull the feeds: somebody said that something has changed."""
    feed.pull_all(at=timezone.localtime())
