"""Whose record a question is about: the numbers in it, as the directory digests them, and what they say of age."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shuangcheng.core.basis import guarded
from shuangcheng.core.identifiers import parse_id_card, parse_pupil_number
from shuangcheng.directory.actions.people import number_digest, own_number
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.person import PersonNumber
from shuangcheng.directory.terms import NumberKind

from .digests import SUBJECTS

FIELDS = {kind: field for field, kind in SUBJECTS.items()}
"""The field of a register that holds a person's number of a kind."""


@dataclass(frozen=True)
class Own:
    """A number that the node has verified to be a person's own."""

    kind: NumberKind
    number: str
    masked: str

    @property
    def digest(self) -> bytes:
        """How the node's tables name it."""
        return number_digest(self.number, self.kind)


def digests(question: Mapping[str, str]) -> set[bytes]:
    """The digests of the numbers of a person in a question."""
    return {number_digest(question[field], kind) for field, kind in SUBJECTS.items() if question.get(field)}


def number_of(question: Mapping[str, str]) -> str | None:
    """The number that a consent must be about, the better one first."""
    return next((question[field] for field in SUBJECTS if question.get(field)), None)


def is_child(field: str, number: str, *, today: date) -> bool:
    """Whether a guardian must consent, by the birth date in a number."""
    parse = parse_id_card if field == "id_number" else parse_pupil_number
    return guarded(parse(number, today=today).birth, today=today)


def own(actor: Actor) -> list[Own]:
    """The verified numbers of whoever acts, by which registers know people."""
    rows = PersonNumber.objects.filter(person=actor.person_id, valid_until__isnull=True, kind__in=FIELDS)
    return [Own(NumberKind(row.kind), own_number(row), row.masked) for row in rows.order_by("kind")]
