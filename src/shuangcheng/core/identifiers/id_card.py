"""The citizen's number 公民身份号码 on the resident identity card, GB 11643-1999."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import mul

from ..outcome import Message, Objection, Refused
from ..text import _
from .spelling import DIGITS, digit_objections, length_objection, normalise

TITLE = Message(_("身份证号码"))
INVENTED_DIVISION = "999999"
OLDEST = 130  # years; nobody living is known to have passed 122

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # 2 to the power of 17, 16, … 1, modulo 11
_CHECK = "10X98765432"  # ISO 7064 MOD 11-2: the character for each remainder
_VALUES = bytes(48) + bytes(range(10)) + bytes(198)  # the byte of a digit to its value


class Sex(StrEnum):
    """Sex as the number tells it (GB/T 2261.1)."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class IdCard:
    """A checked citizen's number.

    There is no province here, and none may be derived: the first six digits are the place of first registration and
    never change. Chongqing left Sichuan in 1997, so people of Chongqing carry 51…, and people move. The place may also
    be a division that was later dissolved, so it is not checked at all.
    """

    number: str = field(repr=False)  # logs print what is in hand
    birth: date

    @property
    def sex(self) -> Sex:
        """Odd at position 17 is male, even is female."""
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def invented(self) -> bool:
        """Made by `invented_id_number`, for demonstrations: no real person's number begins like this."""
        return self.number.startswith(INVENTED_DIVISION)


def check_character(body: str) -> str:
    """The check character of 17 digits, ISO 7064 MOD 11-2."""
    return _CHECK[sum(map(mul, body.encode("ascii").translate(_VALUES), _WEIGHTS)) % 11]


def parse_id_card(text: str, *, today: date) -> IdCard:
    """The 18-digit number in `text`, or `Refused`: length, characters, birth date against `today`, check character.

    Every change of one character and every exchange of two unlike neighbours is found, without exception: 11 is prime,
    no weight is 0 modulo 11, and each weight is twice the next.
    """
    number = normalise(text)
    if objections := _shape(number):
        raise Refused(*objections)
    birth, objection = birth_date(number, code="id_card", title=TITLE, first=7, today=today)
    objections = [objection] if objection else []
    if number[17] != check_character(number[:17]):
        objections.append(_wrong_check(number))
    if objections or birth is None:
        raise Refused(*objections)
    return IdCard(number, birth)


def birth_date(
    number: str, *, code: str, title: Message, first: int, today: date
) -> tuple[date | None, Objection | None]:
    """The date in the eight digits from position `first` (counted from 1), or the objection to it."""
    digits = number[first - 1 : first + 7]
    place = {"title": title, "first": first, "last": first + 7, "found": digits}
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        text = _("%(title)s的第 %(first)d–%(last)d 位是出生日期，“%(found)s”不是一个真实的日期。")
        return None, Objection(f"{code}.date", Message(text, place))
    if birth > today:
        text = _("%(title)s的第 %(first)d–%(last)d 位是出生日期，“%(found)s”在今天以后。")
        return None, Objection(f"{code}.date", Message(text, place))
    if today.year - birth.year > OLDEST:
        text = _("%(title)s的第 %(first)d–%(last)d 位是出生日期，“%(found)s”距今超过 %(years)d 年，请核对年份。")
        return None, Objection(f"{code}.date", Message(text, place | {"years": OLDEST}))
    return birth, None


def invented_id_number(*, serial: int, birth: date, sex: Sex) -> str:
    """A number for the demonstration: its check character is right, its division 999999 does not exist.

    `serial` is 0–499 for each birth date and sex. ValueError outside that range.
    """
    if not 0 <= serial < 500:
        raise ValueError(f"serial {serial}, want 0 to 499")
    body = f"{INVENTED_DIVISION}{birth:%Y%m%d}{2 * serial + (sex is Sex.MALE):03d}"
    return body + check_character(body)


def _shape(number: str) -> list[Objection]:
    if len(number) == 15 and DIGITS.issuperset(number):
        text = _("这是 15 位的旧身份证号码，2013 年起已停止使用。请填写现行身份证上的 18 位号码。")
        return [Objection("id_card.old", Message(text))]
    if objection := length_objection(number, code="id_card", title=TITLE, length=18):
        return [objection]
    objections = digit_objections(number[:17], code="id_card", title=TITLE)
    if number[17] not in DIGITS and number[17] != "X":
        text = _("%(title)s的第 18 位是“%(found)s”，这一位只能是数字或 X。")
        objections.append(Objection("id_card.character", Message(text, {"title": TITLE, "found": number[17]})))
    return objections


def _wrong_check(number: str) -> Objection:
    # The right character is not told: people would change the last digit instead of finding the wrong one.
    if number.endswith("000"):
        text = _("%(title)s校验不通过，末三位都是 0，可能被表格软件改动。请把这一列设为“文本”格式，再按证件重新填写。")
    else:
        text = _("%(title)s的校验码（第 18 位）与前 17 位不符，至少有一位填错。请对照证件逐位核对。")
    return Objection("id_card.check", Message(text, {"title": TITLE}))
