"""The number of a teacher's certificate 教师资格证书号码: 17 digits."""

from dataclasses import dataclass
from datetime import date

from ..outcome import Message, Objection, Refused
from ..text import _
from .spelling import PROVINCES, digit_objections, length_objection, normalise

TITLE = Message(_("教师资格证书号码"))
FIRST_YEAR = 1996  # the Regulations on Teachers' Qualifications are of 12 December 1995


@dataclass(frozen=True, slots=True)
class TeacherCertificate:
    """A certificate number whose shape is right. It has no check digit, so a slip inside the serial is not found.

    Year (4), province (2, GB/T 2260), certifying body (3, numbered by each province), kind (1), sex (1), serial (6),
    as provincial teacher-qualification offices describe it. Sex is 1 and 2 since 2009; earlier certificates used 0 and
    1, and descriptions disagree on which is which, so sex is not told. Body and serial cannot be checked without the
    register.
    """

    number: str

    @property
    def year(self) -> int:
        """The year in which the qualification was granted."""
        return int(self.number[:4])

    @property
    def kind(self) -> str:
        """1 kindergarten, 2 primary, 3 junior and 4 senior secondary, 5 vocational, 6 practice instructor, 7 higher."""
        return self.number[9]


def parse_teacher_certificate(text: str, *, today: date) -> TeacherCertificate:
    """The certificate number in `text`, or `Refused`: length, digits, year up to `today`, province, kind, sex."""
    number = normalise(text)
    if objections := _shape(number):
        raise Refused(*objections)
    if objections := _parts(number, today=today):
        raise Refused(*objections)
    return TeacherCertificate(number)


def _shape(number: str) -> list[Objection]:
    if len(number) == 15 and number.isascii() and number.isdigit():
        text = _("这是 15 位的早期教师资格证书号码，系统不能核对。请凭证书原件由学校人工核验。")
        return [Objection("teacher_certificate.old", Message(text))]
    if objection := length_objection(number, code="teacher_certificate", title=TITLE, length=17):
        return [objection]
    return digit_objections(number, code="teacher_certificate", title=TITLE)


def _parts(number: str, *, today: date) -> list[Objection]:
    objections = []

    def object_to(part: str, text: str, **values: object) -> None:
        message = Message(text, {"title": TITLE, **values})
        objections.append(Objection(f"teacher_certificate.{part}", message))

    if not FIRST_YEAR <= int(number[:4]) <= today.year:
        text = _("%(title)s的前四位是认定年份，“%(found)s”不在 %(first)d 年至 %(last)d 年之间。")
        object_to("year", text, found=number[:4], first=FIRST_YEAR, last=today.year)
    if number[4:6] not in PROVINCES:
        object_to("province", _("%(title)s的第 5–6 位是省级代码，没有“%(found)s”这个代码。"), found=number[4:6])
    if number[9] not in "1234567":
        object_to("kind", _("%(title)s的第 10 位是资格种类，只能是 1 至 7，现在是“%(found)s”。"), found=number[9])
    if number[10] not in "012":
        object_to("sex", _("%(title)s的第 11 位是性别，只能是 0、1 或 2，现在是“%(found)s”。"), found=number[10])
    return objections
