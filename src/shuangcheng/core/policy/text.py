"""From a text as it is found to its paragraphs, each character with its place in the text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from . import furniture, grids
from .headings import starts_heading
from .organs import organs

_ENDS = re.compile(r"[。！？；：!?;:…][”’）)》]?$|[”）]$")
_JOINS = "，、（(《“〈"
_WIDE = re.compile(r"[^\x00-\xff]")
_SPACE = re.compile(r"\s+")
_BULLET = re.compile(r"(?:[-*+●•■◆○▪➢]\s+|——\s*|—\s*|[●•■◆▪➢]|[①-⑳])")
_LONE_NUMBER = re.compile(r"\s*\d{1,2}\s+(?=[\u4e00-\u9fa5“])")
_APART = re.compile(r"[(（【](?:来源|此件|摘自|转自|原载)|新华社|本报讯")
_FRONT_MATTER = re.compile(r"\s*---\s*\n.*?\n---\s*\n", re.DOTALL)
_LEAST_WIDTH = 30  # columns; narrower lines are not taken for wrapped text
_HALF = str.maketrans("０１２３４５６７８９％－．～＋＞＜＝／;:()", "0123456789%-.~+><=/；：（）")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3})")


@dataclass(frozen=True)
class Line:
    """A physical line without furniture and outer space; `at` are the places of its characters."""

    text: str
    at: tuple[int, ...]
    indented: bool = False
    mark: int = 0  # of a Markdown heading
    cells: bool = False
    width: int = 0  # columns on the page
    turned: bool = False  # a page ends before it


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in one string; `half` has half-width digits and Chinese punctuation, character for character."""

    text: str
    at: tuple[int, ...]
    mark: int = 0
    cells: bool = False
    half: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "half", _COMMA.sub("，", self.text.translate(_HALF)))

    @property
    def start(self) -> int:
        return self.at[0]

    @property
    def end(self) -> int:
        return self.at[-1] + 1

    @property
    def bullet(self) -> bool:
        return _BULLET.match(self.text) is not None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of this paragraph stands in the whole text."""
        return self.at[start], self.at[end - 1] + 1


@dataclass(frozen=True)
class Cleaned:
    """The paragraphs of a text, the catalogue data that stood around them, and whether it had a table of contents."""

    paragraphs: tuple[Paragraph, ...]
    fields: dict[str, str]
    contents: bool


def clean(text: str) -> Cleaned:
    """Take a text apart: page furniture out, wrapped lines joined, catalogue data aside."""
    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    raw = [(match.start(), match.group()) for match in re.finditer(r"[^\n\f\v\u2028\u2029]+", text[begin:])]
    strings = [line for _start, line in raw]
    printed = {row.lines[0]: row for row in grids.rows(strings)}
    tabled = {index for row in printed.values() for index in row.lines}
    strings = ["" if index in tabled else line for index, line in enumerate(strings)]
    out = furniture.dropped(strings)
    glued = furniture.glued_page_numbers(strings)
    found: dict[str, str] = {}
    lines: list[Line] = []
    turned = False
    for index, (start, string) in enumerate(raw):
        if index in tabled:
            if row := printed.get(index):
                lines.append(_row(row, raw, begin))
            continue
        if index in out:
            turned = True
            continue
        if (values := furniture.masthead(string) or furniture.fields(string)) is not None:
            found |= {key: value for key, value in values.items() if value and key not in found}
            continue
        line = _line(string, start + begin, skip=glued.get(index, 0))
        if line.text:
            lines.append(replace(line, turned=turned or index in glued))
            turned = False
    return Cleaned(tuple(_paragraphs(lines)), found, len(furniture.contents(strings)) > 1)


def _row(row: grids.Row, raw: Sequence[tuple[int, str]], begin: int) -> Line:
    """A row of a table with tabs between its cells."""
    text: list[str] = []
    at: list[int] = []
    for number, cell in enumerate(row.cells):
        if number and at:
            text.append("\t")
            at.append(at[-1])
        for line, start, end in cell:
            kept = [place for place in range(start, end) if not raw[line][1][place].isspace()]
            text += [raw[line][1][place] for place in kept]
            at += [begin + raw[line][0] + place for place in kept]
    return Line("".join(text), tuple(at), cells=True)


def _line(string: str, start: int, *, skip: int) -> Line:
    """The line without outer and needless inner space, without Markdown's marks."""
    mark = re.match(r"\s*(#{1,6})\s*(?=\S)", string)
    body = mark.end() if mark else skip
    cells = bool(re.match(r"\s*\|.*\|\s*$", string)) or "\t" in string.strip()
    lone = _LONE_NUMBER.match(string)
    numbered = lone.end() if lone else 0
    text: list[str] = []
    at: list[int] = []
    for match in re.finditer(r"\S", string[body:]):
        place = body + match.start()
        character = match.group()
        if character == "*" and ("**" in string or string[place : place + 2] == "* "):
            if string[place : place + 2] == "* " and not text:
                text.append("●")
                at.append(start + place)
            continue
        if text and cells and "\t" in string[at[-1] - start + 1 : place]:
            text.append("\t")
            at.append(start + place - 1)
        elif text and string[place - 1].isspace() and (_keeps_space(text[-1], character) or place == numbered):
            text.append(" ")
            at.append(start + place - 1)
        text.append(character)
        at.append(start + place)
    indented = bool(re.match(r"[\u3000\u2003\xa0\t ]{2,}|\u3000", string))
    shown = string.strip()
    width = len(shown) + len(_WIDE.findall(shown))
    return Line("".join(text), tuple(at), indented, len(mark.group(1)) if mark else 0, cells, width)


def _keeps_space(before: str, after: str) -> bool:
    """Spaces set by a program between Chinese and figures say nothing; those a person typed between words do."""
    if before.isascii() and after.isascii():
        return True
    return not before.isascii() and not after.isascii()


def wrapped_width(lines: Sequence[Line]) -> int | None:
    """The width at which the lines were broken: many end near it, and in mid-sentence; None if none is."""
    shown = [line for line in lines if not line.cells]
    least = max(3, len(shown) // 20)
    for width in sorted({line.width for line in shown if line.width >= _LEAST_WIDTH}, reverse=True):
        near = [line for line in shown if width - 8 <= line.width <= width]
        broken = [line for line in near if not _ENDS.search(line.text) and re.search(r"[，。、；]", line.text)]
        if len(near) >= least and len(broken) >= 0.5 * len(near) and len(broken) >= 3:
            return width
    return None


def _paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    width = wrapped_width(lines)
    indents = sum(line.indented for line in lines) > 0.1 * len(lines)
    group: list[Line] = []
    for line in lines:
        if group and _continues(group, line, width=width, indents=indents):
            group.append(line)
            continue
        if group:
            yield _joined(group)
        group = [line]
    if group:
        yield _joined(group)


def _continues(group: list[Line], line: Line, *, width: int | None, indents: bool) -> bool:
    """Whether `line` goes on with what `group` has begun."""
    last = group[-1]
    if (
        line.mark
        or last.mark
        or line.cells
        or last.cells
        or (_BULLET.match(line.text) and not line.text.startswith("—"))
    ):
        return False
    if organs(last.text) and organs(line.text):
        return False
    so_far = "".join(part.text for part in group)
    if _unclosed(so_far):
        return True
    if line.text.startswith("——") or starts_heading(line.text):
        return False
    full = width is not None and last.width >= width - 8
    if _ENDS.search(last.text):
        ends_sentence = last.text[-1] in "。”）"
        very_full = width is not None and last.width >= width - 2
        more = re.search(r"[，。；、]", line.text) is not None or (width is not None and line.width >= width - 8)
        return (
            very_full
            and ends_sentence
            and "。" in so_far
            and len(group) > 1
            and more
            and not (indents and line.indented)
        )
    if last.text[-1] in _JOINS or (line.text[0].isdigit() and re.search(r"[，。]", so_far)):
        return True
    if line.text[0] in "，、。；：）》”":
        return True
    if width is not None:
        running = "，" in so_far and (not starts_heading(so_far) or "。" in so_far)
        return full or (running and last.width >= 0.6 * width)
    prose = "，" in so_far and (not starts_heading(so_far) or "。" in so_far)
    return prose and not line.indented and last.width >= (20 if line.turned else 60)


def _unclosed(text: str) -> bool:
    """A title or bracket is open, and not for so long that it was merely forgotten."""
    tail = text[-80:]
    return any(tail.rfind(mark) > tail.rfind(close) for mark, close in (("《", "》"), ("（", "）"), ("〔", "〕")))


def _joined(group: Sequence[Line]) -> Paragraph:
    text, at = group[0].text, list(group[0].at)
    for line in group[1:]:
        if text[-1].isascii() and text[-1].isalnum() and line.text[0].isascii() and line.text[0].isalpha():
            text += " "
            at.append(at[-1])
        skip = 1 if re.match(r"\d{1,2} [\u4e00-\u9fa5“]", line.text) else 0
        digits = line.text.split(" ")[0] if skip else ""
        text += digits + line.text[len(digits) + skip :]
        at.extend(line.at[: len(digits)] + line.at[len(digits) + skip :])
    return Paragraph(text, tuple(at), group[0].mark, group[0].cells)
