"""What everybody who works on a large file is told."""

from dataclasses import dataclass
from datetime import date

from shuangcheng.core.table_rows import Head


@dataclass(frozen=True)
class Task:
    """What every worker is told once."""

    register: str
    head: Head
    encoding: str
    delimiter: str
    today: date
    repeated: frozenset[bytes] = frozenset()
    """Keys that occur more than once: each of their rows is wrong."""
