"""How far an import is, told while its transaction is still open."""

import time
from collections.abc import Collection, Iterable, Iterator
from types import TracebackType
from typing import TypeVar
from uuid import UUID

from django.db import connection

from shuangcheng.core.table import Watch

T = TypeVar("T")

EVERY = 0.5  # seconds
LOOK = 500  # things between two looks at the clock


class Progress:
    """Writes the percentage over a connection of its own, so that the pages see it at once; also a sign of life."""

    def __init__(self, import_id: UUID) -> None:
        self._id = import_id
        self._beside = connection.copy()
        self._told = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.close()

    def watch(self, start: int, end: int, *, of: int = 0) -> Watch:
        """A watch that goes from `start` to `end` percent while things pass by; `of` says how many when they do not."""

        def passing(things: Iterable[T]) -> Iterator[T]:
            total = len(things) if isinstance(things, Collection) else of
            for number, thing in enumerate(things):
                if number % LOOK == LOOK - 1 and time.monotonic() - self._told > EVERY:
                    self.tell(start + (end - start) * number // total if total else start)
                yield thing

        return passing

    def tell(self, percent: int) -> None:
        """Say how far it is."""
        self._told = time.monotonic()
        with self._beside.cursor() as cursor:
            cursor.execute(
                "UPDATE desk_import SET progress = %s, updated_at = now() WHERE id = %s", [percent, self._id]
            )
