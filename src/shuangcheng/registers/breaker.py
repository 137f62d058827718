"""A circuit breaker: what does not answer is left alone for a while, then tried by one caller."""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")

FAILURES = 5
"""So many in a row open the circuit."""

REST_SECONDS = 30.0


class Circuit(StrEnum):
    """How a breaker stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Open(Exception):
    """The circuit is open: nobody was asked."""


class Breaker:
    """Counts failures of one other system in this process; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures, self._since, self._trying = 0, 0.0, False

    @property
    def circuit(self) -> Circuit:
        """Closed; open; or half open, when the next call is a trial."""
        if self._failures < FAILURES:
            return Circuit.CLOSED
        return Circuit.HALF_OPEN if self._clock() - self._since >= REST_SECONDS else Circuit.OPEN

    def call(self, action: Callable[[], T], *, fails: type[Exception]) -> T:
        """What `action` gives. Raises `Open` unless it may be tried, and what `fails` after counting it."""
        with self._lock:
            trial = self.circuit is Circuit.HALF_OPEN
            if self.circuit is Circuit.OPEN or (trial and self._trying):
                raise Open(Open.__doc__)
            self._trying = trial
        try:
            given = action()
        except fails:
            with self._lock:
                self._failures, self._since = self._failures + 1, self._clock()
            raise
        else:
            with self._lock:
                self._failures = 0
            return given
        finally:
            if trial:
                self._trying = False
