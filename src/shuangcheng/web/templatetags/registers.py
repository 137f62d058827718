"""Names of registers, nodes and closed lists on pages."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from shuangcheng.core import basis
from shuangcheng.core import register as registers
from shuangcheng.core.letters.accesses_reply import Relation
from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.wire import moment

from ..registers import field_title

register = template.Library()
LISTS = {
    "purpose": basis.Purpose, "basis": basis.LegalBasis, "asker": registers.Asker, "outcome": Outcome,
    "relation": Relation,
}  # fmt: skip


@register.filter
def register_title(row: Any) -> str:
    """What a register, or that of a row, is called."""
    name = row if isinstance(row, str) else getattr(row, "register", "") or row.register_name
    return gettext(REGISTERS[name].title) if name in REGISTERS else name


@register.filter
def named(authority: str, names: Mapping[str, str]) -> str:
    """What a node is called."""
    return names.get(authority, authority)


@register.filter
def member(value: str, name: str) -> str:
    """The label of a member of one of the closed lists, in the reader's language."""
    return gettext(LISTS[name](value).label) if value else ""


@register.filter
def field_titles(row: Any, attribute: str) -> str:
    """What the fields in an attribute of a row are called."""
    name = getattr(row, "register", "") or row.register_name
    declared = REGISTERS.get(name)
    names = getattr(row, attribute)
    return "、".join(field_title(declared, each) if declared else each for each in names)


@register.filter
def posix(seconds: int) -> str:
    """A POSIX time as people in China read it."""
    return moment(seconds)[:16]
