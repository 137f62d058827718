"""What background jobs share: a worker has no requests after which Django would look after a thread's connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def own_connection() -> Iterator[None]:
    """Close the connection of the thread that ran a job; one that holds a transaction is the caller's."""
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            connection.close()
