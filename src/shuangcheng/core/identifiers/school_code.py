"""The school code 学校标识码 of the Ministry of Education: ten digits."""

from dataclasses import dataclass

from ..outcome import Message, Objection, Refused
from ..text import _
from .spelling import PROVINCES, digit_objections, length_objection, normalise

TITLE = Message(_("学校标识码"))

# The Production and Construction Corps of Xinjiang, which education statistics count beside the provinces
_CORPS = "66"
_PLACES = PROVINCES | {_CORPS}
_HIGHER = ("41", "42")  # 普通高等学校, 成人高等学校


@dataclass(frozen=True, slots=True)
class SchoolCode:
    """A school code whose shape is right. We know of no check digit in it, so a slip inside the serial is not found.

    Known from the Ministry's lists of regular (2025, 2026) and adult (2022) institutions: two digits of school
    category, two digits of province, six digits of serial; for 41 (regular) and 42 (adult) the serial is 0 and the
    institution's older five-digit code. The code is given once and kept: 21 of the 2,952 regular institutions of 2026
    still carry the 42 or 36 (secondary vocational) of what they were before, and one moved from Beijing to Sichuan with
    its 4111…. So neither the kind of school nor the province may be derived from it. Not known to us: the Ministry's
    own rule and its full list of categories, so categories are not checked.
    """

    number: str

    @property
    def category(self) -> str:
        """The school category when the code was given, as two digits."""
        return self.number[:2]

    @property
    def hei_code(self) -> str | None:
        """The five-digit code of an institution of higher education (10611); None where the school code holds none."""
        if self.number[:2] in _HIGHER and self.number[4] == "0":
            return self.number[5:]
        return None


def parse_school_code(text: str) -> SchoolCode:
    """The school code in `text`, or `Refused`: length, digits, no leading zero, a province that exists."""
    number = normalise(text)
    if len(number) == 10 and number.isascii() and number.isdigit() and number[2:4] in _PLACES and number[0] != "0":
        return SchoolCode(number)
    raise Refused(*_objections(number))


def _objections(number: str) -> list[Objection]:
    if len(number) == 5 and number.isascii() and number.isdigit():
        text = _("这是 5 位的院校代码。请填写 10 位的学校标识码，例如 41 + 省份两位 + 0 + 5 位院校代码。")
        return [Objection("school_code.hei_code", Message(text))]
    if objection := length_objection(number, code="school_code", title=TITLE, length=10):
        return [objection]
    if objections := digit_objections(number, code="school_code", title=TITLE):
        return objections
    if number[0] == "0":
        text = _("%(title)s的前两位是学校类别，“%(found)s”不是学校类别。")
        objections.append(Objection("school_code.category", Message(text, {"title": TITLE, "found": number[:2]})))
    if number[2:4] not in _PLACES:
        text = _("%(title)s的第 3–4 位是省级代码，没有“%(found)s”这个代码。")
        objections.append(Objection("school_code.province", Message(text, {"title": TITLE, "found": number[2:4]})))
    return objections
