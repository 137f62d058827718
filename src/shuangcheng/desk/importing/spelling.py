"""The names of a file spelt by a second process while this one checks the rows.

A process and not a thread: segmentation gives up the interpreter for each name and then waits for it. Both ends are
files, so nobody waits for a full pipe, and the process ends by itself whatever becomes of this one. Without it, or for
names that it was not told, writing spells them.
"""

import subprocess
import sys
from collections.abc import Iterable
from itertools import islice
from tempfile import TemporaryFile
from types import TracebackType

from pydantic_core import to_json

from shuangcheng.core.tokens import spell

MANY = 1000
"""So many names take longer to spell than a process to start."""

BLOCK = 1000


class SpellingApart:
    """Spells `names` meanwhile; `found` waits for it."""

    def __init__(self, names: Iterable[object]) -> None:
        lines = {name for name in names if isinstance(name, str) and name and "\n" not in name}
        self._out = TemporaryFile()  # noqa: SIM115
        self._process = None
        if len(lines) > MANY:
            with TemporaryFile() as given:
                given.write("\n".join(lines).encode(errors="replace"))
                given.seek(0)
                command = [sys.executable, "-m", __name__]
                self._process = subprocess.Popen(command, stdin=given, stdout=self._out)  # noqa: S603

    def __enter__(self) -> "SpellingApart":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._out.close()

    def found(self) -> list[bytes]:
        """Lines of JSON, each of which gives the spellings of some names."""
        if self._process is None or self._process.wait() != 0:
            return []
        self._out.seek(0)
        return self._out.read().split(b"\n")[:-1]


if __name__ == "__main__":
    lines = (line.rstrip("\n") for line in open(0, encoding="utf-8", newline="\n"))  # noqa: SIM115
    while block := list(islice(lines, BLOCK)):
        sys.stdout.buffer.write(to_json({name: spell(name) for name in block}) + b"\n")
