"""The checked rows into the tables and the search index: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from shuangcheng.core.table import Row, RowState, Store, Table
from shuangcheng.directory.actor import Actor

from .. import search
from ..models import Import, SearchEntry
from . import keeping
from .ahead import Ahead
from .checking import store_for
from .progress import Progress

MANY = 1000
"""From so many new entries on the index is tidied at once instead of by later searches."""


@dataclass(frozen=True)
class Matched:
    """Rows compared with what is there now, while nobody else can write."""

    store: Store
    rows: Sequence[Row]

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
        self.store.write(written, watch=progress.watch(10, 40))
        if not self.store.searchable:
            return
        changed = [row.id for row in written if row.state is RowState.CHANGED]
        SearchEntry.objects.filter(id__in=changed).delete()
        kind = search.searchables()[self.store.searchable]
        with Ahead(search.row(kind, document) for document in self.store.documents(written)) as entries:
            search.stream(progress.watch(40, 95, of=len(written))(entries))
        if len(written) > MANY:
            with connection.cursor() as cursor:
                cursor.execute("SELECT gin_clean_pending_list('search_document')")


def matched(item: Import, table: Table[Any], *, by: Actor, at: datetime, progress: Progress) -> Matched:
    """The kept rows of an import against what is there now."""
    rows = keeping.rows(item)
    store = store_for(table, by=by, at=at, name=item.file_name)
    progress.tell(5)
    store.match(rows, lock=True)
    progress.tell(10)
    return Matched(store, rows)
