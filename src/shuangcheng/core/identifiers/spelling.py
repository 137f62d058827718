"""How numbers are spelt: one spelling for storing, and the objections to a wrong one."""

import re

from ..outcome import Message, Objection
from ..text import _

DIGITS = frozenset("0123456789")

# GB/T 2260: the first two digits of every province-level unit
PROVINCES = frozenset(
    str(code)
    for zone in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82))
    for code in zone
)

# ASCII letters only: str.upper would turn "ſ" into S and "ß" into SS
_UPPER = {ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"}
_TO_HALF_WIDTH = {wide: _UPPER.get(wide - 0xFEE0, wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)} | _UPPER
# Hyphens and dashes of every keyboard, the minus sign, zero-width marks, the byte order mark and the soft hyphen
_SEPARATORS = re.compile("[\\s\u3000\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060\u2212\ufeff-]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{1,2}")


def normalise(text: str) -> str:
    """The number as it is stored: half-width, upper case, no spaces, dashes or spreadsheet's leading apostrophe."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _SEPARATORS.sub("", text.translate(_TO_HALF_WIDTH)).lstrip("'‘’")


def unreadable_objection(number: str, *, code: str, title: Message) -> Objection | None:
    """Nothing was filled in, or a spreadsheet has turned the number into 5.1E+17."""
    if not number:
        return Objection(f"{code}.empty", Message(_("%(title)s没有填写。"), {"title": title}))
    if _SCIENTIFIC.fullmatch(number):
        text = _("%(title)s被表格软件改成了科学记数（%(number)s）。请把这一列设为“文本”格式，再按原件重新填写。")
        return Objection(f"{code}.scientific", Message(text, {"title": title, "number": number}))
    return None


def length_objection(number: str, *, code: str, title: Message, length: int) -> Objection | None:
    """The number is unreadable, or not `length` characters long."""
    if objection := unreadable_objection(number, code=code, title=title):
        return objection
    if len(number) == length:
        return None
    text = _("%(title)s应为 %(length)d 位，现在是 %(found)d 位。请按原件核对，看是否漏填或多填。")
    return Objection(f"{code}.length", Message(text, {"title": title, "length": length, "found": len(number)}))


def digit_objections(number: str, *, code: str, title: Message, first: int = 1) -> list[Objection]:
    """One objection for each character that is not an ASCII digit; `number[0]` stands at position `first`."""
    if number.isascii() and number.isdigit():
        return []
    text = _("%(title)s的第 %(position)d 位是“%(found)s”，这一位只能是数字。")
    return [
        Objection(f"{code}.character", Message(text, {"title": title, "position": position, "found": found}))
        for position, found in enumerate(number, start=first)
        if found not in DIGITS
    ]
