"""The unified social credit code 统一社会信用代码 (GB 32100-2015) and the organisation code in it (GB 11714-1997)."""

from dataclasses import dataclass
from operator import mul

from ..outcome import Message, Objection, Refused
from ..text import _
from .spelling import digit_objections, length_objection, normalise

TITLE = Message(_("统一社会信用代码"))
ORGANISATION_TITLE = Message(_("组织机构代码"))
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: no I, O, S, V, Z

_FOREIGN = 255
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)  # powers of 3 modulo 31, and the check
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_CHECK = "0X987654321"  # the character for each remainder


def _table(alphabet: str) -> bytes:
    values = bytearray([_FOREIGN]) * 256
    for value, character in enumerate(alphabet):
        values[ord(character)] = value
    return bytes(values)


_VALUES = _table(ALPHABET)
_ORGANISATION_VALUES = _table(_ORGANISATION_ALPHABET)


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A checked organisation code of nine characters."""

    number: str


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A checked credit code: registering department, kind of body, division of the registry, organisation code.

    The division is where the registry was when it gave the code, which the organisation keeps when it moves or
    divisions change. The lists of departments and kinds grow by amendment, so they are not checked.
    """

    number: str

    @property
    def department(self) -> str:
        """登记管理部门: 1 staffing office (机构编制), 5 civil affairs (民政), 9 market supervision (工商), others."""
        return self.number[0]

    @property
    def kind(self) -> str:
        """机构类别, whose meaning depends on the department."""
        return self.number[1]

    @property
    def registry_division(self) -> str:
        """Six digits of GB/T 2260."""
        return self.number[2:8]

    @property
    def organisation_code(self) -> OrganisationCode:
        """GB 11714, already checked."""
        return OrganisationCode(self.number[8:17])


def parse_credit_code(text: str) -> CreditCode:
    """The credit code in `text`, or `Refused`: length, characters, and both check characters.

    Every change of one character and every exchange of two unlike neighbours is found, without exception: 31 is prime,
    the weights are not 0 modulo 31, and no two neighbours have the same.
    """
    number = normalise(text)
    raw = number.encode("ascii", "replace")
    if len(raw) == 18 and raw[2:8].isdigit():
        values = raw.translate(_VALUES)
        right = _FOREIGN not in values and sum(map(mul, values, _WEIGHTS)) % 31 == 0
        if right and _organisation_check(number[8:16]) == number[16]:
            return CreditCode(number)
    raise Refused(*_objections(number))


def parse_organisation_code(text: str) -> OrganisationCode:
    """The organisation code in `text`, or `Refused`.

    A digit for a digit, and two unlike digits exchanged, are found always. With letters some slips pass, because 36
    characters share 11 remainders: a character for one whose value differs by 11, 22 or 33 (0 for B, A for L), or two
    neighbours exchanged whose values differ so. Inside a credit code the other check character finds these.
    """
    number = normalise(text)
    if objection := length_objection(number, code="organisation_code", title=ORGANISATION_TITLE, length=9):
        raise Refused(objection)
    if objections := _characters(number[:8], title=ORGANISATION_TITLE, alphabet=_ORGANISATION_ALPHABET):
        raise Refused(*objections)
    if _organisation_check(number[:8]) != number[8]:
        text = _("%(title)s的校验码（第 9 位）与前 8 位不符，至少有一位填错。请对照证书逐位核对。")
        raise Refused(Objection("organisation_code.check", Message(text, {"title": ORGANISATION_TITLE})))
    return OrganisationCode(number)


def _organisation_check(body: str) -> str:
    values = body.encode("ascii").translate(_ORGANISATION_VALUES)
    return _ORGANISATION_CHECK[sum(map(mul, values, _ORGANISATION_WEIGHTS)) % 11]


def _objections(number: str) -> list[Objection]:
    if objection := length_objection(number, code="credit_code", title=TITLE, length=18):
        return [objection]
    objections = [
        *_characters(number[:2], title=TITLE, alphabet=ALPHABET),
        *digit_objections(number[2:8], code="credit_code", title=TITLE, first=3),
        *_characters(number[8:], title=TITLE, alphabet=ALPHABET, first=9),
    ]
    if objections:
        return objections
    values = number.encode("ascii").translate(_VALUES)
    if sum(map(mul, values, _WEIGHTS)) % 31:
        text = _("%(title)s的校验码（第 18 位）与前 17 位不符，至少有一位填错。请对照证书逐位核对。")
    else:
        text = _("%(title)s的第 9–17 位是组织机构代码，其中的校验码（第 17 位）不符。请对照证书逐位核对。")
    return [Objection("credit_code.check", Message(text, {"title": TITLE}))]


def _characters(part: str, *, title: Message, alphabet: str, first: int = 1) -> list[Objection]:
    code = "credit_code" if title is TITLE else "organisation_code"
    if alphabet is ALPHABET:
        text = _("%(title)s的第 %(position)d 位是“%(found)s”，这一位只能是数字或除 I、O、S、V、Z 以外的大写字母。")
    else:
        text = _("%(title)s的第 %(position)d 位是“%(found)s”，这一位只能是数字或大写字母。")
    return [
        Objection(f"{code}.character", Message(text, {"title": title, "position": position, "found": found}))
        for position, found in enumerate(part, start=first)
        if found not in alphabet
    ]
