"""From a checked record to the columns that are stored, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.conf import settings
from pydantic_core import to_json

from shuangcheng.core.register import Register
from shuangcheng.core.table import Plain

from . import digests
from .digests import SHORT
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


class Maker:
    """Makes the columns of one register's records; everything that is the same for all is looked up once."""

    def __init__(self, register: Register, key: bytes) -> None:
        self._register = register
        self._secret = frozenset(register.secret)
        self._compared = tuple(dict.fromkeys(chain((register.key,), *register.questions)))
        self._key = digests.digester(f"{register.name}.key", key)
        self._content = digests.digester(f"{register.name}.content", key)
        self._questions = [
            (digests.digester(f"{register.name}.q{place}", key), asked)
            for place, asked in enumerate(register.questions, start=1)
        ]
        self._none = [None] * (MOST_QUESTIONS - len(register.questions))

    def __call__(self, values: Mapping[str, str]) -> tuple[Stored, ...]:
        """What `COLUMNS` hold of a record, whose fields are `values` in the register's order."""
        compared = {name: digests.normalised(values[name]) for name in self._compared}
        key = self._key(compared[self._register.key])[:SHORT]
        questions: list[bytes | None] = []
        for digest, asked in self._questions:
            told = [compared[name] for name in asked]
            questions.append(digest("\0".join(told))[:SHORT] if "" not in told else None)
        return (
            key,
            *questions,
            *self._none,
            digests.of_subject(values),
            self._content("\0".join(values.values()))[:SHORT],
            to_json({name: value for name, value in values.items() if name not in self._secret}).decode(),
            digests.seal_secrets(self._register, values, key=key) if self._secret else None,
        )


_makers: dict[tuple[str, bytes], Maker] = {}


def columns(register: Register, values: Mapping[str, str]) -> tuple[Stored, ...]:
    """What `COLUMNS` hold of a record, whose fields are `values` in the register's order."""
    named = register.name, settings.DIGEST_KEY
    maker = _makers.get(named) or _makers.setdefault(named, Maker(register, settings.DIGEST_KEY))
    return maker(values)


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
