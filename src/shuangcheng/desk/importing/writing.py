"""The checked rows into the tables and the search index: all of them, or none."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shuangcheng.core import tokens
from shuangcheng.core.table import Row, RowState, Store, Table
from shuangcheng.core.tokens import Spelling
from shuangcheng.directory.actor import Actor

from .. import search
from ..models import Import, SearchEntry
from . import keeping
from .checking import store_for
from .progress import Progress
from .tidying import Tidying

MANY = 1000
"""From so many rows on the index is tidied meanwhile instead of by later searches."""


@dataclass(frozen=True)
class Matched:
    """Rows compared with what is there now, while nobody else can write."""

    store: Store
    rows: Sequence[Row]
    spellings: Mapping[str, Spelling]

    @property
    def wrong(self) -> bool:
        """Whether a row that was right has become wrong since it was checked."""
        return any(row.flaws for row in self.rows)

    def count(self, state: RowState) -> int:
        """How many rows are in a state."""
        return sum(1 for row in self.rows if row.state is state)

    def write(self, *, progress: Progress) -> None:
        """Write and index; the caller's transaction makes it one."""
        written = self.store.arrange(self.rows)
        with Tidying() if len(written) > MANY else nullcontext(), tokens.known(self.spellings):
            # First of all the index, so that there is time to tidy it.
            if self.store.searchable:
                changed = [row.id for row in written if row.state is RowState.CHANGED]
                SearchEntry.objects.filter(id__in=changed).delete()
                search.stream(self._entries(progress.watch(10, 50)(written)))
            self.store.write(written, watch=progress.watch(50, 95))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def _entries(self, written: Iterable[Row]) -> Iterator[tuple[str, ...]]:
        kind = search.searchables()[self.store.searchable]
        return (search.row(kind, document) for document in self.store.documents(written))


def matched(item: Import, table: Table[Any], *, by: Actor, at: datetime, progress: Progress) -> Matched:
    """The kept rows of an import against what is there now."""
    rows, spellings = keeping.rows(item)
    store = store_for(table, by=by, at=at, name=item.file_name)
    progress.tell(5)
    store.match(rows, lock=True)
    progress.tell(10)
    return Matched(store, rows, spellings)
