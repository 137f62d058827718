"""Lock-out after repeated failures, counted before anything is checked, so that parallel guesses cannot slip through.

allauth's own limits are switched off: the key of its account limit holds the Host header, port included, so that a
guesser who changes the port starts anew; and of many people who sign in at once from one school, those who meet at its
lock are turned away as if they had failed.
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

PER_ADDRESS = 10
"""How many accounts' worth of failures one network address may have in a minute: one school signs in from one."""


class LockedOut(Exception):
    """Too many failures; nothing was checked."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        super().__init__(minutes)


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let through."""

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
            # Whoever waited for the other request looked at the clock before it.
            raise LockedOut(min(math.ceil((until - at) / timedelta(minutes=1)), node.lockout_minutes))
        count = 1 if until is not None else count + 1
        last = count >= node.login_attempts
        cache.set(key, (count, at + lasts if last else None), timeout=lasts.total_seconds())
    return Attempt(last=last)


def _of_address(address: str, at: datetime) -> str:
    return _key("address", f"{address} {at:%Y%m%d%H%M}")


def check_address(address: str, *, at: datetime) -> None:
    """Refuse an address that tries one password on many accounts; raises `LockedOut`."""
    if cache.get(_of_address(address, at), 0) >= settings.SHUANGCHENG.login_attempts * PER_ADDRESS:
        raise LockedOut(1)


def count_address(address: str, *, at: datetime) -> None:
    """Count a failure of an address."""
    key = _of_address(address, at)
    with _alone(key):
        cache.set(key, cache.get(key, 0) + 1, timeout=60)


def clear(kind: str, who: str) -> None:
    """Forget the failures of `who`: the attempt was right, or an administrator has set a new password."""
    key = _key(kind, who)
    with _alone(key):
        cache.delete(key)
