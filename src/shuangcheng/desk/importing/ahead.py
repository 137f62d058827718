"""Work done beforehand in a second thread, so that Python goes on while PostgreSQL is busy."""

import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from queue import Full, Queue
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")

BLOCK = 500
MOST = 200  # blocks
PATIENCE = 0.1  # seconds


class Ahead(Generic[T]):
    """Makes things before they are asked for; the iterable must not use the database. Errors come out at the asking."""

    def __init__(self, things: Iterable[T]) -> None:
        self._things = iter(things)
        self._blocks: Queue[list[T] | BaseException | None] = Queue(MOST)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._make, name="ahead")

    def __enter__(self) -> Iterator[T]:
        self._thread.start()
        return self._come()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _make(self) -> None:
        try:
            while block := list(islice(self._things, BLOCK)):
                self._put(block)
            self._put(None)
        except BaseException as error:
            self._put(error)

    def _put(self, block: "list[T] | BaseException | None") -> None:
        while not self._over.is_set():
            try:
                self._blocks.put(block, timeout=PATIENCE)
                return
            except Full:
                continue

    def _come(self) -> Iterator[T]:
        while (block := self._blocks.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield from block
