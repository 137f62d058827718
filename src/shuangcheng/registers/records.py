"""From a checked record to the columns that are stored, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shuangcheng.core.register import Register
from shuangcheng.core.schema import Input
from shuangcheng.core.table import Plain

from . import digests
from .models import Holding
from .models.holdings import MOST_QUESTIONS

COLUMNS = ("key", "q1", "q2", "q3", "subject", "content", "record", "sealed")
"""What a record becomes; id, register, time and source are the same for many or made when it is written."""

Stored = bytes | str | None

BEGINNING = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = b"\xff\xff"
"""Around the rows of a binary COPY."""

_COUNT = (len(COLUMNS) + 1).to_bytes(2, "big")
_NULL = b"\xff\xff\xff\xff"
_JSONB = b"\x01"
_RECORD = COLUMNS.index("record")


def texts(register: Register, record: Input) -> dict[str, str]:
    """Every field of a record as text."""
    return {name: digests.as_text(getattr(record, name)) for name in register.fields}


def columns(register: Register, values: Mapping[str, str]) -> tuple[Stored, ...]:
    """What `COLUMNS` hold of a record."""
    key = digests.of_key(register, values[register.key])
    questions = [digests.of_question(register, place, values) for place in range(len(register.questions))]
    open_ = {name: value for name, value in values.items() if name not in register.secret}
    return (
        key,
        *questions,
        *[None] * (MOST_QUESTIONS - len(questions)),
        digests.of_subject(values),
        digests.of_content(register, values),
        json.dumps(open_, ensure_ascii=False, separators=(",", ":")),
        digests.seal_secrets(register, values, key=key),
    )


def of_holding(row: Holding) -> tuple[Stored, ...]:
    """The columns of a row that is stored."""
    values = (getattr(row, name) for name in COLUMNS)
    return tuple(json.dumps(value) if isinstance(value, dict) else value and bytes(value) for value in values)


def opened(register: Register, stored: Sequence[Stored]) -> dict[str, str]:
    """Every field of a record that is stored."""
    told = dict(zip(COLUMNS, stored, strict=True))
    known: dict[str, str] = json.loads(str(told["record"]))
    key, sealed = told["key"], told["sealed"]
    if isinstance(sealed, bytes) and isinstance(key, bytes):
        known |= digests.open_secrets(register, sealed, key=key)
    return {name: known.get(name, "") for name in register.fields}


def to_plain(stored: Iterable[Stored]) -> tuple[Plain, ...]:
    """Columns as JSON can hold them."""
    return tuple(value.hex() if isinstance(value, bytes) else value for value in stored)


def from_plain(values: Sequence[Any]) -> tuple[Stored, ...]:
    """The columns that `to_plain` took."""
    return tuple(
        value if value is None or place == _RECORD else bytes.fromhex(value) for place, value in enumerate(values)
    )


def packed(id: bytes, stored: Sequence[Stored]) -> bytes:
    """A row of a binary COPY: the id and the columns."""
    parts = [_COUNT, b"\0\0\0\x10", id]
    for value in stored:
        if value is None:
            parts.append(_NULL)
            continue
        data = value if isinstance(value, bytes) else _JSONB + value.encode()
        parts += (len(data).to_bytes(4, "big"), data)
    return b"".join(parts)
