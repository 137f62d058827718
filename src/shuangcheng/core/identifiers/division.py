"""The code of an administrative division 行政区划代码: GB/T 2260 (6 digits), GB/T 10114 (9), statistics (12)."""

from dataclasses import dataclass
from enum import StrEnum

from ..outcome import Message, Objection, Refused
from ..text import _
from .spelling import PROVINCES, digit_objections, normalise, unreadable_objection

TITLE = Message(_("行政区划代码"))


class DivisionLevel(StrEnum):
    """How deep a division stands."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A code whose shape is right, in its shortest form: 500101000000 becomes 500101.

    Whether the division exists, and from when until when, only the register of divisions can say.
    """

    number: str

    @property
    def level(self) -> DivisionLevel:
        """Told from the length and the trailing zeros."""
        if len(self.number) > 6:
            return DivisionLevel.VILLAGE if len(self.number) == 12 else DivisionLevel.TOWNSHIP
        if self.number[4:] != "00":
            return DivisionLevel.COUNTY
        return DivisionLevel.PROVINCE if self.number[2:4] == "00" else DivisionLevel.CITY


def parse_division_code(text: str) -> DivisionCode:
    """The division code in `text`, or `Refused`: length, digits, province, no county without a city part."""
    number = normalise(text)
    if objection := unreadable_objection(number, code="division", title=TITLE):
        raise Refused(objection)
    if len(number) not in (6, 9, 12):
        text = _("%(title)s应为 6 位（县级以上）、9 位（乡镇街道）或 12 位（村、社区），现在是 %(found)d 位。")
        raise Refused(Objection("division.length", Message(text, {"title": TITLE, "found": len(number)})))
    if objections := digit_objections(number, code="division", title=TITLE):
        raise Refused(*objections)
    if number[:2] not in PROVINCES:
        text = _("%(title)s的前两位是省级代码，没有“%(found)s”这个代码。")
        raise Refused(Objection("division.province", Message(text, {"title": TITLE, "found": number[:2]})))
    if number[2:4] == "00" and number[4:].strip("0"):
        text = _("%(title)s的第 3–4 位是地级代码，下级代码不为 0 时它不能是 00。")
        raise Refused(Objection("division.city", Message(text, {"title": TITLE})))
    while len(number) > 6 and number.endswith("000"):
        number = number[:-3]
    return DivisionCode(number)
