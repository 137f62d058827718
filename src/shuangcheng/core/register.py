"""What an authoritative register 登记簿 must say: its record, its keys, who may ask, for what, and what they then see.

What is released is the fields asked, less what is not agreed, less what the purpose does not need. A question that
finds nothing gets one sentence, whichever part of it was wrong, so that nobody can guess a record together.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .basis import LegalBasis, Purpose
from .outcome import Objection, Refused, refusal
from .schema import Choice, Input, read, title_of
from .text import _

Check = Callable[[str, date], str]
"""Takes a number and today's date; returns the number as it is stored, or raises `Refused`."""

NO_MATCH = _("没有查到与所填各项完全一致的记录。请按证件逐项核对后再查；系统不提示哪一项不符。")


class Asker(Choice):
    """Who may ask a register 查询主体."""

    AUTHORITY = "authority", _("教育行政部门")
    SCHOOL = "school", _("中小学与中等职业学校")
    UNIVERSITY = "university", _("高等学校")
    PERSON = "person", _("本人或监护人")


@dataclass(frozen=True)
class Grant:
    """What one purpose allows: the fields it needs, on which legal bases, for whom."""

    fields: tuple[str, ...]
    bases: tuple[LegalBasis, ...]
    askers: tuple[Asker, ...]


@dataclass(frozen=True)
class Register:
    """One register; its file's name is its name."""

    name: str
    title: str
    record: type[Input]
    key: str
    """The field that names a record for good: importing again updates by it."""
    questions: tuple[tuple[str, ...], ...]
    """The sets of fields by which a record may be asked for; a question is exactly one of them."""
    purposes: Mapping[Purpose, Grant]
    sample: Mapping[str, Any]
    """A record that is right."""
    refused: tuple[Mapping[str, Any], ...]
    """Changes to the sample, each of which makes it wrong."""
    checks: Mapping[str, Check] = field(default_factory=dict)
    """The numbers that are checked, by field."""
    secret: tuple[str, ...] = ()
    """Fields that are stored encrypted, beside a keyed digest."""
    exact: bool = True
    """Whether every field of a question must match; False lets a public register be searched by part of a name."""
    no_match: str = NO_MATCH

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field of a record, in order."""
        return tuple(self.record.model_fields)

    def number(self, name: str, text: str, *, today: date) -> str:
        """A value as it is stored, or `Refused`."""
        check = self.checks.get(name)
        return check(text, today) if check else text

    def read(self, values: Mapping[str, object], *, today: date) -> Input:
        """A record from untrusted values with its numbers as they are stored, or `Refused` with every reason."""
        record = read(self.record, values)
        return record.model_copy(update=self._checked(record, today=today))

    def texts(self, record: Input, *, today: date) -> dict[str, str]:
        """Every field of a record as text, numbers as they are stored; or `Refused` with every reason.

        Of part of a record it tells the objections, else that a field is missing (AttributeError).
        """
        numbers = self._checked(record, today=today)
        return {
            name: numbers[name] if name in numbers else "" if (value := getattr(record, name)) is None else str(value)
            for name in self.fields
        }

    def _checked(self, record: Input, *, today: date) -> dict[str, str]:
        given = {name: getattr(record, name) for name in self.checks if hasattr(record, name)}
        numbers, objections = self._numbers(given, today=today)
        if objections:
            raise Refused(*objections)
        return numbers

    def question(self, values: Mapping[str, str], *, today: date) -> dict[str, str]:
        """A question with its numbers as they are stored, or `Refused` with every reason."""
        given = {name: value.strip() for name, value in values.items() if value.strip()}
        if not any(set(wanted) == given.keys() for wanted in self.questions):
            forms = "；".join("、".join(str(title_of(self.record, name)) for name in each) for each in self.questions)
            text = _("查询“%(register)s”应恰好填写其中一组：%(forms)s。")
            raise refusal("question", text, register=self.title, forms=forms)
        numbers, objections = self._numbers({name: given[name] for name in given if name in self.checks}, today=today)
        if objections:
            raise Refused(*objections)
        return given | numbers

    def _numbers(self, given: Mapping[str, str], *, today: date) -> tuple[dict[str, str], list[Objection]]:
        numbers: dict[str, str] = {}
        objections: list[Objection] = []
        for name, text in given.items():
            try:
                numbers[name] = self.number(name, text, today=today) if text else text
            except Refused as refused:
                objections += [Objection(each.code, each.message, name) for each in refused.objections]
        return numbers, objections

    def released(self, *, asked: Collection[str], agreed: Collection[str], purpose: Purpose) -> tuple[str, ...]:
        """The fields that may be told: asked, agreed and needed for the purpose, in the record's order."""
        grant = self.purposes.get(purpose)
        allowed = set(asked) & set(agreed) & set(grant.fields if grant else ())
        return tuple(name for name in self.fields if name in allowed)
