"""What INT, TERM and HUP do to a process of ours: they end it in order, also where they arrive ignored."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A person or the system asked us to stop while we were preparing."""


class Signals:
    """Takes the three signals while it is entered; a shell that starts us in the background has INT ignored.

    Until `wait_for()` they raise Interrupted, once, so that long preparations end; after it they are only noted.
    """

    def __init__(self) -> None:
        self.count = 0
        self._raise = True
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for number in STOPPING:
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                # nohup: the node is meant to outlive its terminal.
                continue
            self._former[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, former in self._former.items():
            signal.signal(number, former)

    def wait_for(self) -> None:
        """From now on note a signal instead of raising."""
        self._raise = False

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self._raise:
            # Once only: what we do to stop in order must not be interrupted as well.
            self._raise = False
            raise Interrupted
