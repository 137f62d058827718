"""From a checked record to the columns that are stored, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

from pydantic_core import to_json

from shuangcheng.core.register import Register
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


def columns(register: Register, values: Mapping[str, str]) -> tuple[Stored, ...]:
    """What `COLUMNS` hold of a record, whose fields are `values` in the register's order."""
    key = digests.of_key(register, values[register.key])
    compared = {name: digests.normalised(values[name]) for name in asked_by(register)}
    questions = [digests.of_question(register, place, compared) for place in range(len(register.questions))]
    return (
        key,
        *questions,
        *[None] * (MOST_QUESTIONS - len(questions)),
        digests.of_subject(values),
        digests.of_content(register, values.values()),
        to_json({name: value for name, value in values.items() if name not in register.secret}).decode(),
        digests.seal_secrets(register, values, key=key) if register.secret else None,
    )


@cache
def _asked_by(questions: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(questions)))


def asked_by(register: Register) -> tuple[str, ...]:
    """The fields that occur in questions."""
    return _asked_by(register.questions)


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
