"""Processes that check blocks of a large file; they are started before they know Django."""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING

from .large import Task

if TYPE_CHECKING:
    from .blocks import Part, Reader

AHEAD = 32
"""How many blocks may be ready or in work before they are asked for."""


_reader: "Reader | None" = None


def prepare(task: Task) -> None:
    """Make a fresh process ready for `work`."""
    import django

    django.setup()
    gc.disable()  # rows make no rings; looking for them takes a fifth of the time
    from .blocks import Reader

    global _reader
    _reader = Reader(task)


def work(block: bytes, skip: int) -> "Part":
    """The rows of a block."""
    assert _reader is not None
    return _reader.read(block, skip)


def parts(blocks: Iterable[tuple[bytes, int]], task: Task, *, processes: int) -> "Iterator[Part]":
    """What becomes of each block, in their order; with one process it is made here."""
    if processes == 1:
        from .blocks import Reader

        reader = Reader(task)
        for block, skip in blocks:
            yield reader.read(block, skip)
        return
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=prepare, initargs=(task,)) as pool:
        waiting: deque[Future[Part]] = deque()
        try:
            for block, skip in blocks:
                waiting.append(pool.submit(work, block, skip))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def cores() -> int:
    """How many processes can work at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
