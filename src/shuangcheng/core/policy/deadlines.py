"""Years by whose end something is to be reached, and the years that only seem to be such."""

import re
from dataclasses import dataclass

from .numbers import chinese_number

_YEAR = r"(?:20\d\d|二[〇○零][一二三四五六七八九][〇○零一二三四五六七八九])"
_SPAN = re.compile(rf"(?P<from>{_YEAR})年?\s?(?:-{{1,2}}|—{{1,2}}|–|~|至|到)\s?(?P<to>{_YEAR})年")
_ONE = re.compile(
    rf"(?P<year>{_YEAR})年(?P<tail>(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:年?[底末初]|末期|年中|上半年|下半年)?(?:以?前|之前)?)"
)
_FIRST_OF_TWO = re.compile(rf"(?P<year>{_YEAR})(?=[、和]{_YEAR}年)")
_FIVE = re.compile(
    r"[“\"]?十(?P<number>[二三四五六七八])五[”\"]?(?P<tail>规划期?[末内]|期?末|期间|时期|期内|以来|收官)"
)
_BEFORE = re.compile(
    r"(?:到|至|展望|(?:力争|确保|争取|计划)(?:在|于)?|预计|截至|截止(?:到|至)?|于|在|自|从|比|较|同|与|以|由|相比|上年|对比)$"
)
_STARTS = ("自", "从", "由")
_COMPARED = ("比", "较", "同", "与", "对比", "相比", "上年")
_BASE_AFTER = re.compile(r"的?(?:基础上|水平|为基数|为基期|为基准|基准|同期|翻)|(?:以来|起|版|度预算)|相比")
_VERB_AFTER = re.compile(r"(?:力争|计划)?(?:达到?|实现|完成|建成|新[增建]|不[低少]于|超过|提[高升]|下降|降)|\d")
_OF_A_PLAN = re.compile(r"(?:》|计划|规划|方案|纲要)（$")
_RELATIVE = re.compile(
    r"(?P<this>今年|本年度?(?!度)|(?<![\d年度学每一二两三四五六七八九〇零])年(?:内|底前?))|(?P<next>明年)|(?P<after>后年)|"
    r"(?<![\d十—–~至到-])(?<!超过)(?P<years>[一二两三四五1-5])年(?:左右)?(?:的?(?:时间|努力)|(?:时间)?之?内)"
)
_OVER = re.compile(r"[年底初]?(?:以来|前?[一二三四五六七八九十\d]+(?:个?月|季度)(?!底|末|前|\d+日前))")
_OPENS = "，；。：、（(！？ 】*"


@dataclass(frozen=True)
class Mention:
    """A year named at [start, end).

    `base` when it is what is compared with or begun from, `closed` when it is over (截至), `before` for 2025年前,
    `relative` when the year is reckoned from that of issue.
    """

    start: int
    end: int
    year: int
    base: bool = False
    closed: bool = False
    before: bool = False
    relative: bool = False


def _year(text: str) -> int:
    return int(text) if text.isdigit() else chinese_number(text.replace("○", "〇").replace("零", "〇")) or 0


def mentions(text: str, now: int | None = None) -> list[Mention]:
    """The years in a text with half-width digits that limit or compare something, left to right.

    今年 and 三年内 are reckoned from `now`, the year of issue; without it they say nothing.
    """
    taken: list[tuple[int, int]] = [match.span() for match in re.finditer(r"《[^》]*》|[〔\[]\d{4}[〕\]]", text)]
    found: list[Mention] = []
    for match in _SPAN.finditer(text):
        if not _inside(match.start(), taken):
            taken.append(match.span())
            if not _OF_A_PLAN.search(text[: match.start()]):
                found.append(Mention(match.start(), match.end(), _year(match.group("to"))))
    for match in _FIVE.finditer(text):
        if not _inside(match.start(), taken):
            year = 2010 + 5 * ("二三四五六七八".index(match.group("number")) + 1)
            closed = match.group("tail") == "以来"
            found.append(Mention(match.start(), match.end(), year, base=closed))
    for match in [*_FIRST_OF_TWO.finditer(text), *_ONE.finditer(text)]:
        if not _inside(match.start(), taken) and (made := _single(text, match)):
            found.append(made)
    if now is not None:
        found += [made for match in _RELATIVE.finditer(text) if (made := _reckoned(text, match, now))]
    return sorted(found, key=lambda mention: mention.start)


def _reckoned(text: str, match: re.Match[str], now: int) -> Mention | None:
    """The year of 今年, 明年底前, 三年内; nothing for a part of the year that may be over, or for a term."""
    start, end = match.span()
    if _OVER.match(text, end) or text[max(0, start - 1) : start] in ("满", "每", "近", "前", "超", "续", "第"):
        return None
    years = match["years"]
    counted = int(years) if years and years.isdigit() else chinese_number(years or "") or 0
    ahead = counted if years else 1 if match["next"] else 2 if match["after"] else 0
    return Mention(start, end, now + ahead, relative=True)


def _single(text: str, match: re.Match[str]) -> Mention | None:
    before, after = text[: match.start()], text[match.end() :]
    prefix = _BEFORE.search(before)
    word = prefix.group() if prefix else ""
    tail = match.groupdict().get("tail") or ""
    year = _year(match.group("year"))
    if _BASE_AFTER.match(after) or word in _STARTS or word in _COMPARED:
        return Mention(match.start(), match.end(), year, base=True)
    if word.startswith("截"):
        return Mention(match.start(), match.end(), year, closed=True)
    if word and word != "以":
        return Mention(match.start() - len(word), match.end(), year)
    opens = not before or before[-1] in _OPENS or before[-1] in "到至和"
    if opens or re.search(r"[底末前]", tail) or _VERB_AFTER.match(after):
        return Mention(match.start(), match.end(), year, before=tail.endswith("前"))
    return None


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def planned_years(title: str) -> tuple[int, int] | None:
    """The years that a plan's title says it is for: （2021—2025年）, “十四五”, 第十四个五年规划."""
    if span := re.search(rf"({_YEAR})年?\s?(?:-{{1,2}}|—{{1,2}}|–|－|~|～|至|到)\s?({_YEAR})年", title):
        return _year(span.group(1)), _year(span.group(2))
    if five := re.search(r"第?十([二三四五六七八])(?:个五年|五[”\"]?)", title):
        end = 2010 + 5 * ("二三四五六七八".index(five.group(1)) + 1)
        return end - 4, end
    if one := re.search(rf"({_YEAR})年", title):
        return _year(one.group(1)), _year(one.group(1))
    return None
