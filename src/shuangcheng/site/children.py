"""The supervisor's child processes: they end with it, and are started again when they crash."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping

PR_SET_PDEATHSIG = 1
CALM = 120.0
RESTARTS = 4

# Loaded before any fork: between fork and exec a child must not load anything.
_libc = ctypes.CDLL(None, use_errno=True)


class Child:
    """One child: a command in a process group of its own."""

    def __init__(self, name: str, command: list[str], environ: Mapping[str, str]) -> None:
        self.name = name
        self.command = command
        self.environ = environ
        self.crashes: list[float] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._next = 0.0

    def start(self) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )

    def look_after(self) -> int | None:
        """Start the child again after a crash, later each time; return its exit code when it crashes too often."""
        if self.process is None:
            if time.monotonic() >= self._next:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.sweep()
        self.process = None
        now = time.monotonic()
        self.crashes = [*(then for then in self.crashes if now - then < CALM), now]
        self._next = now + 2 ** (len(self.crashes) - 2)
        return code if len(self.crashes) > RESTARTS else None

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def sweep(self) -> None:
        """End whatever is left in the child's group: a killed web server leaves its workers."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return
        self.process.wait()
