"""Lock-out after repeated failures, counted before anything is checked, so that parallel guesses cannot slip through.

The framework's own limit is not used for accounts: its key holds the Host header, port included, so that a guesser who
changes the port starts anew, and two requests that meet at its lock are turned away unread.
"""

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction


class LockedOut(Exception):
    """Too many failures; nothing was checked."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(minutes)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let through."""

    key: str
    last: bool
    """Whether its failure locks."""


def _key(kind: str, who: str) -> str:
    return f"lockout:{kind}:{hashlib.sha256(who.encode()).hexdigest()}"


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """One request at a time, in whatever process, from reading the count to writing it."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield


def begin(kind: str, who: str, *, at: datetime) -> Attempt:
    """Count an attempt of `who` (a login, known or not); raises `LockedOut`."""
    node = settings.SHUANGCHENG
    lasts = timedelta(minutes=node.lockout_minutes)
    key = _key(kind, who)
    with _alone(key):
        count, until = cache.get(key, (0, None))
        if until is not None and at < until:
            raise LockedOut(math.ceil((until - at).total_seconds() / 60))
        count = 1 if until is not None else count + 1
        last = count >= node.login_attempts
        cache.set(key, (count, at + lasts if last else None), timeout=lasts.total_seconds())
    return Attempt(key=key, last=last)


def clear(kind: str, who: str) -> None:
    """Forget the failures of `who`: the attempt was right, or an administrator has set a new password."""
    key = _key(kind, who)
    with _alone(key):
        cache.delete(key)
