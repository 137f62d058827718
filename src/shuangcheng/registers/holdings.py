"""Finding records: one question or thousands, here or where the register is really kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, Q

from shuangcheng.core.register import Register

from . import digests, upstream
from .models import Connector, Holding

UPSTREAM_AT_ONCE = 4
"""How many questions another system is asked side by side."""


@dataclass(frozen=True)
class Found:
    """A record as it may be told: the fields wanted, as text; and whose it is, as the directory digests a number."""

    record: dict[str, str]
    subject: bytes | None


def find(
    register: Register, question: Mapping[str, str], *, today: date, fields: Collection[str] | None = None
) -> Found | None:
    """The record that a question means. Raises `Refused` when it is no question of the register."""
    return find_many(register, [question], today=today, fields=fields)[0]


def find_many(
    register: Register,
    questions: Sequence[Mapping[str, str]],
    *,
    today: date,
    fields: Collection[str] | None = None,
) -> list[Found | None]:
    """The record of each question, in one query or two; of several the one that changed last.

    `fields` are those wanted (all of them when None): what is secret is opened only if it is among them. Raises
    `Refused` with UNAVAILABLE when the register is kept by another system that does not answer.
    """
    read = [register.question(question, today=today) for question in questions]
    asked = [_digest(register, question) for question in read]
    places = sorted({place for place, _digest in asked})
    wanted = (Q(**{f"q{place + 1}__in": {digest for at, digest in asked if at == place}}) for place in places)
    matching = reduce(or_, wanted, Q(pk__in=[]))
    elsewhere = Connector.objects.filter(register=register.name, enabled=True)
    rows = Holding.objects.filter(~Exists(elsewhere), matching, register=register.name).order_by("updated_at", "id")
    show = shower(register, fields)
    found: dict[tuple[int, bytes], Holding] = {}
    for row in rows:
        for place in places:
            if (digest := getattr(row, f"q{place + 1}")) is not None:
                found[place, bytes(digest)] = row
    told = [show(found[one]) if one in found else None for one in asked]
    if None in told and (connector := elsewhere.first()):  # only now, so that what is found costs one query
        return _of_upstream(connector, register, read, today=today, fields=fields)
    return told


def _of_upstream(
    connector: Connector, register: Register, questions: Sequence[Mapping[str, str]], *, today: date,
    fields: Collection[str] | None,
) -> list[Found | None]:  # fmt: skip
    names = register.fields if fields is None else [name for name in register.fields if name in fields]

    def find(question: Mapping[str, str]) -> Found | None:
        record = upstream.find(connector, register, question, today=today)
        if record is None:
            return None
        return Found({name: record[name] for name in names}, digests.of_subject(record))

    with ThreadPoolExecutor(min(len(questions), UPSTREAM_AT_ONCE)) as pool:
        return list(pool.map(find, questions))


def _digest(register: Register, question: Mapping[str, str]) -> tuple[int, bytes]:
    """Which of the register's questions it is, and the digest of its values."""
    place = next(place for place, wanted in enumerate(register.questions) if set(wanted) == question.keys())
    compared = {name: digests.normalised(text) for name, text in question.items()}
    digest = digests.of_question(register, place, compared)
    assert digest is not None, "a question has no empty field"
    return place, digest


def shower(register: Register, fields: Collection[str] | None = None) -> Callable[[Holding], Found]:
    """Makes records out of rows, with no more of them than is wanted."""
    names = register.fields if fields is None else tuple(name for name in register.fields if name in fields)
    opens = any(name in register.secret for name in names)

    def show(row: Holding) -> Found:
        known: dict[str, Any] = row.record
        if opens and row.sealed is not None:
            known = known | digests.open_secrets(register, row.sealed, key=bytes(row.key))
        return Found({name: known.get(name, "") for name in names}, bytes(row.subject) if row.subject else None)

    return show
