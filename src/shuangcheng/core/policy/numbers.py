"""Numbers and units as policy documents write them: figures, words, ranges, multiples."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .units import SCALES, UNIT

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}


def chinese_number(words: str) -> int | None:
    """The value of a Chinese number: 二十三, 一百零五, 三千万, 二〇二五; None if it is none."""
    if not words or any(c not in _DIGITS and c not in _POWERS and c not in _LARGE for c in words):
        return None
    if len(words) > 1 and all(c in _DIGITS for c in words):
        return int("".join(str(_DIGITS[c]) for c in words))
    total = section = digit = 0
    for character in words:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _POWERS:
            section += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            total = (total + section + digit or 1) * _LARGE[character]
            section = digit = 0
    return total + section + digit


_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CN_NUM = "[一二两三四五六七八九十百千万亿零〇]+"
_TO = r"\s?(?:-{1,2}|—{1,2}|–|~|～|至|到|―)\s?"
_ABOUT = "余|多|来|几"
_APART = r"(?<![\d.A-Za-z+])(?<![\dA-Za-z]/)"
_COUNTED = "[一二两三四五六七八九十]"
_PATTERN = re.compile(
    rf"""
    (?P<fold>翻(?P<folds>[一二两三四]|[1-4])?[番翻])
    | (?P<half>(?<![一二三四五六七八九十\d前后上下另])(?:一半|半数)(?!径|球))
    | (?P<most>(?<=[占例比重率])过半(?!数))
    | (?P<part_of>{_COUNTED}+)分之(?P<parts>{_COUNTED}+)
    | (?P<times>(?<=[高升加长大多]){_COUNTED}|(?<=[高升加长大多到])两)倍
    | (?<![第几上近每一二三四五六七八九十\d])(?P<tenths>[一二三四五六七八九])成
      (?P<half_tenth>[一二三四五六七八九半])?(?=[以左，。、；）]|$)
    | (?P<percent>百分之(?P<pwords>{_CN_NUM}))
    | {_APART}(?P<low>{_NUM})(?:%|(?:{SCALES})?(?:{_ABOUT})?)?(?:(?:{UNIT})?{_TO})
      (?P<high>{_NUM})(?P<rabout>{_ABOUT})?(?P<runit>{UNIT})
    | {_APART}(?P<value>{_NUM})(?P<about>{_ABOUT})?
      (?P<unit>(?:{SCALES})(?P<about2>{_ABOUT})(?:{UNIT})|{UNIT}|(?:{SCALES})(?:{_ABOUT})?)?
    | (?<![一二三四五六七八九十百千万亿第\d])(?P<wlow>[一二两三四五六七八九])(?:至|到|、|-|—)?
      (?P<whigh>[两三四五六七八九]|(?<=[至到、—-])十)(?P<wrunit>{UNIT})
    | (?<![第数几上近每一二两三四五六七八九十百千万亿零〇\d])
      (?P<words>(?![零〇]){_CN_NUM})(?P<wabout>{_ABOUT})?(?P<wunit>{UNIT})
    """,
    re.VERBOSE,
)
_ANY = re.compile(r"[\d一二两三四五六七八九十百千万亿半翻]")
_NOT_COUNTED = frozenset("年日分点代国市省区县道节期片口周成")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit at [start, end) of a string; `over` when 余 or 多 says that it is a little more."""

    start: int
    end: int
    value: Decimal
    unit: str
    value_max: Decimal | None = None
    over: bool = False
    in_words: bool = False


def quantities(text: str) -> list[Quantity]:
    """Every number in a text with half-width digits, left to right; dates and ordinals are still among them."""
    found: list[Quantity] = []
    if not _ANY.search(text):
        return found
    for match in _PATTERN.finditer(text):
        if made := _quantity(match):
            found.append(made)
    return found


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _quantity(match: re.Match[str]) -> Quantity | None:
    group = match.groupdict()
    start, end = match.span()
    if group["fold"]:
        folds = group["folds"] or "一"
        times = int(folds) if folds.isdigit() else chinese_number(folds) or 1
        return Quantity(start, end, Decimal(2**times), "倍", in_words=True)
    if group["half"]:
        return Quantity(start, end, Decimal(50), "%", in_words=True)
    if group["most"]:
        return Quantity(start, end, Decimal(50), "%", over=True, in_words=True)
    if group["tenths"]:
        more = 5 if group["half_tenth"] == "半" else chinese_number(group["half_tenth"] or "零") or 0
        tenths = chinese_number(group["tenths"]) or 0
        return Quantity(start, end, Decimal(10 * tenths + more), "%", in_words=True)
    if group["part_of"]:
        whole, parts = chinese_number(group["part_of"]) or 0, chinese_number(group["parts"]) or 0
        share = round(Decimal(100 * parts) / whole, 2) if whole else Decimal(0)
        return Quantity(start, end, share, "%", in_words=True) if 0 < share < 100 else None
    if group["times"]:
        return Quantity(start, end, Decimal(chinese_number(group["times"]) or 0), "倍", in_words=True)
    if group["percent"]:
        percent = chinese_number(group["pwords"])
        return Quantity(start, end, Decimal(percent), "%", in_words=True) if percent is not None else None
    if group["low"]:
        low, high = _number(group["low"]), _number(group["high"])
        return Quantity(start, end, low, group["runit"], high, over=bool(group["rabout"]))
    if group["value"]:
        unit = group["unit"] or ""
        over = bool(group["about"] or group["about2"]) or unit[-1:] in _ABOUT.split("|")
        for about in _ABOUT.split("|"):
            unit = unit.replace(about, "") if over else unit
        return Quantity(start, end, _number(group["value"]), unit, over=over)
    if group["wlow"]:
        least, most = chinese_number(group["wlow"]) or 0, chinese_number(group["whigh"]) or 0
        ordered = 0 < least < most
        return Quantity(start, end, Decimal(least), group["wrunit"], Decimal(most), in_words=True) if ordered else None
    return _in_words(group["words"], group["wunit"], start, end, over=bool(group["wabout"]))


def _in_words(words: str, unit: str, start: int, end: int, *, over: bool) -> Quantity | None:
    if unit in _NOT_COUNTED or words == "一":
        return None
    scale = words[-1] if len(words) > 1 and words[-1] in _LARGE else ""  # 三百万个 is 300 万个, as 300万个 is
    value = chinese_number(words.removesuffix(scale))
    if value is None:
        return None
    unit = scale + unit
    return Quantity(start, end, Decimal(value), unit, over=over, in_words=True)
