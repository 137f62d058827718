"""The search index put in order by a second connection while the first one writes."""

import threading
from types import TracebackType

from django.db import DatabaseError, connection

PAUSE = 0.05  # seconds
TIDY = "SELECT gin_clean_pending_list('search_document')"


class Tidying:
    """Takes new entries out of the waiting list of the index into the index itself.

    The writing connection would stop for this every few megabytes; a second one does it on another core. It does not
    wait for the transaction: an index entry means nothing before its row is committed.
    """

    def __init__(self) -> None:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tidy, name="tidying")

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL gin_pending_list_limit = '1GB'")
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _tidy(self) -> None:
        try:
            with connection.cursor() as cursor:
                # Sorting what fits in the processor's cache takes half the time of sorting everything at once.
                cursor.execute("SET maintenance_work_mem = '4MB'")
                while not self._over.wait(PAUSE):
                    cursor.execute(TIDY)
                cursor.execute(TIDY)
        except DatabaseError:
            pass  # An untidy index finds the same, more slowly; a database that is gone is told by the writing.
        finally:
            connection.close()
