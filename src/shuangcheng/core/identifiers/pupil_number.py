"""The national pupil number 全国学籍号: a letter and 18 characters."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ..outcome import Message, Objection, Refused
from ..text import _
from .id_card import birth_date, check_character
from .spelling import DIGITS, digit_objections, length_objection, normalise

TITLE = Message(_("全国学籍号"))


class PupilNumberKind(StrEnum):
    """What the first letter says."""

    FORMAL = "G"
    FORMAL_WITHOUT_ID_CARD = "J"
    TEMPORARY = "L"


@dataclass(frozen=True, slots=True)
class PupilNumber:
    """A checked pupil number.

    G is followed by a citizen's number and J by a number that the system makes alike; both are kept for life, so G need
    not be the pupil's citizen's number of today. L is temporary: division, birth date and four characters at random.
    So its users describe the national system; we do not have the rule, so only G's check character is checked.
    """

    number: str = field(repr=False)  # logs print what is in hand
    birth: date

    @property
    def kind(self) -> PupilNumberKind:
        """Formal, formal without an identity card, or temporary."""
        return PupilNumberKind(self.number[0])


def parse_pupil_number(text: str, *, today: date) -> PupilNumber:
    """The pupil number in `text`, or `Refused`: letter, length, characters, birth date, G's check character."""
    number = normalise(text)
    if objections := _shape(number):
        raise Refused(*objections)
    birth, objection = birth_date(number, code="pupil_number", title=TITLE, first=8, today=today)
    objections = [objection] if objection else []
    if number[0] == PupilNumberKind.FORMAL and number[18] != check_character(number[1:18]):
        text = _("%(title)s以 G 开头，后面应是身份证号码，但校验码（第 19 位）不符，至少有一位填错。请按学籍系统核对。")
        objections.append(Objection("pupil_number.check", Message(text, {"title": TITLE})))
    if objections or birth is None:
        raise Refused(*objections)
    return PupilNumber(number, birth)


def _shape(number: str) -> list[Objection]:
    if len(number) == 18 and DIGITS.issuperset(number[:17]):
        text = _("%(title)s以 G、J 或 L 开头，共 19 位；这里只有 18 位数字。请补上开头的字母，按学籍系统填写。")
        return [Objection("pupil_number.letter", Message(text, {"title": TITLE}))]
    if objection := length_objection(number, code="pupil_number", title=TITLE, length=19):
        return [objection]
    objections = []
    if number[0] not in set(PupilNumberKind):
        text = _("%(title)s的第 1 位是“%(found)s”，这一位只能是 G、J 或 L。")
        objections.append(Objection("pupil_number.letter", Message(text, {"title": TITLE, "found": number[0]})))
    objections += digit_objections(number[1:18], code="pupil_number", title=TITLE, first=2)
    if number[18] not in DIGITS and number[18] != "X":
        text = _("%(title)s的第 19 位是“%(found)s”，这一位只能是数字或 X。")
        objections.append(Objection("pupil_number.character", Message(text, {"title": TITLE, "found": number[18]})))
    return objections
