"""The log on PostgreSQL: durable appends from several threads, sequencing, and the whole check of a million leaves.

An append is one transaction with one entry, flushed to disk at its commit; threads share flushes. The peer is what a
Django programmer would keep instead: a row of the audit trail by `objects.create`, with no leaf, no tree and no proof.
Appends are bound by Python and the flushes, sequencing and the check by SHA-256 over each leaf in Python and by COPY.
"""

import argparse
import threading
import time
from collections.abc import Callable

from bench.figures import tell
from bench.node import node

THREADS = 8


def rate(work: Callable[[int], object], *, threads: int, seconds: float) -> float:
    """How often `work` is done in a second by so many threads."""
    from django.db import connection

    done, start = [0] * threads, time.perf_counter()

    def run(place: int) -> None:
        while time.perf_counter() - start < seconds:
            work(done[place])
            done[place] += 1
        connection.close()

    running = [threading.Thread(target=run, args=(place,)) for place in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(done) / (time.perf_counter() - start)


def appends(seconds: float) -> None:
    """Durable appends by one thread and by several."""
    from django.utils import timezone

    from shuangcheng.directory.models import AuditLine
    from shuangcheng.exchange import log
    from shuangcheng.exchange.terms import Direction

    at = timezone.localtime()

    def ours(number: int) -> None:
        log.append(direction=Direction.HERE, type="bench.v1", at=at, says={"number": number})

    def peer(number: int) -> None:
        AuditLine.objects.create(at=at, actor_kind="system", verb="bench", changes={"number": [None, number]})

    for threads in (1, THREADS):
        values = [rate(work, threads=threads, seconds=seconds) for work in (ours, peer)]
        tell(
            f"log_append_{threads}", values[0], "appends/s", peer="a row of an audit table by Django's create",
            peer_value=values[1], threads=threads,
        )  # fmt: skip


def check(leaves: int) -> None:
    """Sequence that many entries and check them all from the first."""
    from django.db import connection
    from django.utils import timezone

    from shuangcheng.core.wire import canonical, seconds
    from shuangcheng.directory.models.base import uuid7
    from shuangcheng.exchange import log, verification
    from shuangcheng.exchange.models import Entry

    at = timezone.localtime()
    year, waiting = log.year_of(at), leaves - Entry.objects.count()
    with connection.cursor() as cursor:
        with cursor.copy("COPY exchange_entry (id, year, data, at, direction, type) FROM STDIN") as copy:
            for number in range(waiting):
                data = canonical({"at": seconds(at), "direction": "here", "type": "bench.v1", "number": number})
                copy.write_row((uuid7(), year, data, at, "here", "bench.v1"))
        cursor.execute("ANALYZE exchange_entry")
    start = time.perf_counter()
    log.sequence(at=at)
    tell("log_sequence", leaves / (time.perf_counter() - start), "leaves/s", leaves=leaves)
    start, busy = time.perf_counter(), time.process_time()
    verification.verify_year(year, at=at)
    taken = time.perf_counter() - start
    tell("log_verify", taken, "s", leaves=leaves, python_cpu_seconds=round(time.process_time() - busy, 1))


def main() -> None:
    """Measure on a database of its own."""
    options = argparse.ArgumentParser(prog="python -m bench.log")
    options.add_argument("--leaves", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=8)
    chosen = options.parse_args()
    with node():
        from django.utils import timezone

        from shuangcheng.directory.actor import system
        from shuangcheng.exchange.actions import keys

        keys.ensure(by=system("bench"), at=timezone.localtime())
        appends(chosen.seconds)
        check(chosen.leaves)


if __name__ == "__main__":
    main()
