"""What registers, their fields and values are called on pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as t

from shuangcheng.core.agreement import Terms
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import Choice, title_of
from shuangcheng.registers import agreements

from .say import say

Pairs = list[tuple[str, str]]


def register_pairs() -> Pairs:
    """Name and title of every register."""
    return [(name, register.title) for name, register in REGISTERS.items()]


def field_title(register: Register, name: str) -> str:
    """What a field is called."""
    return say(title_of(register.record, name))


def field_pairs(register: Register, names: Iterable[str]) -> Pairs:
    """Name and title of some fields, in the record's order."""
    wanted = set(names)
    return [(name, field_title(register, name)) for name in register.fields if name in wanted]


def member_pairs(members: Iterable[Choice]) -> Pairs:
    """Value and label of some members of closed lists."""
    return [(member.value, t(member.label)) for member in members]


def value_shown(register: Register, name: str, value: str) -> str:
    """A value of a record as people read it."""
    kind = register.record.model_fields[name].annotation
    if isinstance(kind, type) and issubclass(kind, Choice) and value in [member.value for member in kind]:
        return t(kind(value).label)
    return value


def record_shown(register: Register, record: Mapping[str, str]) -> list[tuple[str, str]]:
    """Titles and values of what was told of a record."""
    return [
        (field_title(register, name), value_shown(register, name, record[name]))
        for name in register.fields
        if name in record
    ]


def node_names() -> dict[str, str]:
    """Title of this node and of the others by authority."""
    return {settings.SHUANGCHENG.node: t(settings.SHUANGCHENG.node_title), **dict(agreements.nodes())}


def in_words(terms: Terms) -> list[dict[str, Any]]:
    """What an agreement allows, purpose by purpose."""
    register = REGISTERS[terms.register_name]
    told = []
    for purpose in terms.purposes:
        grant = register.purposes[purpose]
        told.append(
            {
                "purpose": t(purpose.label),
                "askers": [t(asker.label) for asker in terms.askers if asker in grant.askers],
                "bases": [t(basis.label) for basis in terms.bases if basis in grant.bases],
                "fields": [title for _name, title in field_pairs(register, set(terms.fields) & set(grant.fields))],
            }
        )
    return told


def declared(register: Register) -> list[dict[str, Any]]:
    """Each field with what is special about it, for the page of the register."""
    return [
        {
            "title": field_title(register, name),
            "key": name == register.key,
            "secret": name in register.secret,
            "asked": any(name in question for question in register.questions),
        }
        for name in register.fields
    ]


def allowed(register: Register) -> list[dict[str, Any]]:
    """Who may ask a register for what, on what basis, and what is then told, by its declaration."""
    return [
        {
            "purpose": t(purpose.label),
            "askers": [t(asker.label) for asker in grant.askers],
            "bases": [t(basis.label) for basis in grant.bases],
            "fields": [title for _name, title in field_pairs(register, grant.fields)],
        }
        for purpose, grant in register.purposes.items()
    ]
