"""Headings by the shape of their numbers, and their levels by how the shapes nest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from .numbers import chinese_number

_CN = "一二三四五六七八九十百零〇"
# Longest first; a style is a shape of number that runs on in its own sequence.
_STYLES: tuple[tuple[str, str], ...] = (
    ("part", rf"第[{_CN}\d]+(?:部分|编|篇)"),
    ("chapter", rf"第[{_CN}\d]+章"),
    ("section", rf"第[{_CN}\d]+节"),
    ("article", rf"第[{_CN}\d]+条(?:之[{_CN}])?(?![{_CN}、和至到或及的款项]|规定|所[列称])"),
    ("cn", rf"[{_CN}]+[、．.](?![{_CN}\d]*[、]?[{_CN}]、)"),
    ("action", rf"(?:行动|任务|工程|专项|举措|措施|步骤)[{_CN}]{{1,3}}[:：、](?=.{{2}})"),
    ("paren", rf"[(（〔][{_CN}]+[)）〕]"),
    ("dec4", r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．、]?"),
    ("dec3", r"\d{1,2}[.．]\d{1,2}[.．]\d{1,2}[.．、]?"),
    ("dec2", r"\d{1,2}[.．]\d{1,2}(?![\d%％])[.．、]?"),
    ("dec1", r"\d{1,3}[.．、](?!\d)|\d{1,2}[.．、](?=(?:19|20)\d\d[年—－-])"),
    ("bare", r"\d{1,2} (?=[\u4e00-\u9fa5“])"),
    ("parennum", r"[(（]\d{1,2}[)）][.．、]?"),
    ("halfparen", r"\d{1,2}[)）]"),
)
_STRONG = frozenset({"part", "chapter", "section", "cn", "paren", "bare", "action"})
_ITEMS = frozenset({"paren", "dec1", "parennum", "halfparen"})
_BOX = re.compile(r"专栏\s?[\d一二三四五六七八九十]|专栏[:：]|[（(【]专栏")
_ORDINALS = re.compile(rf"[{_CN}]+(?:产业|年级|线|级|类|期|季度|元|次|手)")  # 二、三产业
_NUMBER = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _STYLES))
_MEASURED = re.compile(
    r"\s*(?:[:：]\d|[%％‰万亿]|个百分点|倍|至\d|左右|以上|[千百余多个名人所家项元吨亩年天岁级种条座处台套辆件户门米升度分小张位平公][^，。、；]{0,4}(?:左右|以上|以内|以下|$|[，。、；/]))"
)
_BARE_TITLE = re.compile(
    r"(?![万亿千百余多个名人所家项倍元吨亩年月日天岁级种条座处台套辆件户门米升度分小张位平公])[\u4e00-\u9fa5、，“”（）]{1,29}[\u4e00-\u9fa5”）]"
)
_UNNUMBERED = re.compile(r"(?:序\s*言|前\s*言|引\s*言|导\s*言|绪\s*论|结\s*语|结束语|附\s*则|实\s*施)")
_TITLE_END = re.compile(r"[。！？]")
_BRACKETED = re.compile(r"[（(【\[]([^）)】\]]{2,20})[）)】\]]")
_COLON = re.compile(r"^([^，。；：:]{2,16})(?:：|:(?!\d\d))(?=.{12,})")
_SPACE = re.compile(r"^([^，。；：:、 ]{2,20}) (?=.{25,})")
_LONGEST_TITLE = 70


class Text(Protocol):
    """A paragraph, as far as headings look at it."""

    @property
    def text(self) -> str: ...
    @property
    def half(self) -> str: ...
    @property
    def mark(self) -> int: ...
    @property
    def cells(self) -> bool: ...


@dataclass(frozen=True)
class Heading:
    """A heading in paragraph `index`: its number and title end at `end`, text that runs in begins there."""

    index: int
    style: str
    value: tuple[int, ...]
    number: str
    title: str
    end: int
    run_in: bool
    level: int = 0


def starts_heading(text: str) -> bool:
    """Whether a line begins like a heading; by its beginning alone."""
    found = _NUMBER.match(text)
    if not found:
        return _UNNUMBERED.fullmatch(text.strip()) is not None
    rest = text[found.end() :]
    if not rest.strip():
        return found.lastgroup in ("part", "chapter", "section")
    if found.lastgroup == "bare":
        return _BARE_TITLE.fullmatch(rest) is not None
    if found.lastgroup == "cn" and _ORDINALS.match(rest):
        return False
    return not (found.lastgroup == "dec2" and _MEASURED.match(rest))


def heading(index: int, paragraph: Text) -> Heading | None:
    """The heading that the paragraph begins with, if it does; its level is yet unknown."""
    text = paragraph.text
    if paragraph.cells:
        return None
    found = _NUMBER.match(text) if starts_heading(text) else None
    if found is None:
        return _unnumbered(index, paragraph)
    style = str(found.lastgroup)
    rest_at = found.end() + (len(text[found.end() :]) - len(text[found.end() :].lstrip(" :：")))
    title, end = _article_title(text, rest_at) if style == "article" else _title(text, rest_at)
    if (
        not title
        or (len(title) > _LONGEST_TITLE and style != "article")
        or title[-1] in "；;，"
        or (style[:3] == "dec" and title[0].isdigit())
    ):
        return None
    if style in ("parennum", "halfparen") and (title[-1] in "；;" or text[-1] in "；;"):
        return None
    run_in = bool(text[end:].strip(" 。"))
    return Heading(index, style, _value(found.group()), found.group().strip(), title, end, run_in)


def _unnumbered(index: int, paragraph: Text) -> Heading | None:
    text = paragraph.text
    if paragraph.mark and len(text) <= 40:
        return Heading(index, f"mark{paragraph.mark}", (), "", text.strip(" 。"), len(text), False)
    if _UNNUMBERED.fullmatch(text.strip()):
        return Heading(index, "plain", (), "", re.sub(r"\s", "", text), len(text), False)
    return None


def _title(text: str, begin: int) -> tuple[str, int]:
    """The title and where it ends: at the first full stop, or at a colon or space that text follows."""
    rest = text[begin:]
    for pattern in (_COLON, _SPACE):
        if found := pattern.match(rest):
            return found.group(1), begin + found.end()
    stop = _TITLE_END.search(rest)
    title = rest[: stop.start()] if stop else rest
    return title.strip(), begin + (stop.end() if stop else len(rest))


def _article_title(text: str, begin: int) -> tuple[str, int]:
    """The title that an article of a regulation has in brackets, else its first sentence."""
    if named := _BRACKETED.match(text, begin):
        return named.group(1), named.end()
    stop = _TITLE_END.search(text, begin)
    return text[begin : stop.start() if stop else None].strip(), stop.end() if stop else len(text)


def _value(number: str) -> tuple[int, ...]:
    if digits := re.findall(r"\d+", number):
        return tuple(int(digit) for digit in digits)
    words = re.search(rf"[{_CN}]+", number)
    return (int(chinese_number(words.group()) or 0),) if words else ()


def outline(paragraphs: Sequence[Text]) -> tuple[list[Heading], list[int]]:
    """The headings with their levels, and the paragraphs that look like headings but break the sequence."""
    found = [made for index, paragraph in enumerate(paragraphs) if (made := heading(index, paragraph))]
    found = _without_contents(_without_rows(found))
    stack: list[tuple[str, tuple[int, ...]]] = []
    kept: list[Heading] = []
    strays: list[int] = []
    boxed, seen = False, 0
    for made in found:
        styles = [style for style, _value in stack]
        last = _last_value(kept, made.style)
        boxed = boxed or any(is_box(paragraphs[i].text) for i in range(seen, made.index))
        boxed, seen = boxed and made.style not in styles, made.index
        if boxed or (made.index and _listed(made, paragraphs[made.index - 1].text)):
            continue
        if not _follows(made, last):
            strays.append(made.index)
            continue
        if made.style in styles:
            del stack[styles.index(made.style) :]
        elif made.style in ("part", "chapter", "plain"):
            stack = [item for item in stack if item[0] == "part" and made.style == "chapter"]
        stack.append((made.style, made.value))
        kept.append(
            Heading(made.index, made.style, made.value, made.number, made.title, made.end, made.run_in, len(stack))
        )
    return kept, strays


def is_box(text: str) -> bool:
    """Whether a box with figures or projects begins, apart from the outline: 专栏1 重大工程."""
    return _BOX.match(text) is not None


def _listed(made: Heading, above: str) -> bool:
    """Whether it is the last item of a list whose others end with a semicolon."""
    return made.style in _ITEMS and made.value[-1] > 1 and above.endswith(("；", ";"))


def _last_value(kept: Sequence[Heading], style: str) -> tuple[int, ...] | None:
    return next((made.value for made in reversed(kept) if made.style == style), None)


def _follows(made: Heading, last: tuple[int, ...] | None) -> bool:
    """Whether the number begins a sequence or goes on with it; where the shape is strong, some may be missing."""
    if not made.value or made.value[-1] == 1:
        return True
    strong = made.style in _STRONG
    if last is None:
        return strong or made.style in ("dec2", "dec3")
    if len(last) == len(made.value) and last[:-1] == made.value[:-1]:
        step = made.value[-1] - last[-1]
        return step >= 1 and (strong or step <= 2)
    return len(made.value) > 1 and made.value[-1] <= 2


def _without_rows(found: list[Heading]) -> list[Heading]:
    """A number that only a space parts from its title heads a chapter if its first section follows: 1, 1.1."""
    return (
        [
            made
            for made, after in zip(found, [*found[1:], None], strict=True)
            if made.style != "bare" or (after is not None and after.style == "dec2" and after.value == (*made.value, 1))
        ]
        if found
        else []
    )


def _without_contents(found: list[Heading]) -> list[Heading]:
    """Without a table of contents: headings that come again later, before anything stands under them."""
    later: dict[tuple[str, str], int] = {}
    for position, made in enumerate(found):
        later[(made.number, made.title[:12])] = position
    first = next((p for p, made in enumerate(found) if later[(made.number, made.title[:12])] > p + 1), None)
    if first is None:
        return found
    again = later[(found[first].number, found[first].title[:12])]
    block = found[first:again]
    repeated = sum(later[(made.number, made.title[:12])] >= again for made in block)
    consecutive = all(b.index - a.index <= 2 for a, b in pairwise(block))
    return found[:first] + found[again:] if repeated >= 0.7 * len(block) and consecutive else found
