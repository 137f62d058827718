"""Tables as Markdown, web pages and PDF conversions leave them: which paragraphs are rows, and what they promise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..text import _
from .claims import is_promise, look_alike
from .comparators import comparator
from .numbers import quantities
from .shapes import Comparator, Target
from .text import Paragraph
from .units import UNIT

FROM_TABLE = _("取自表格，请与原表核对数值、单位和年份。")

_ROW = re.compile(r"预期性|约束性|^\d{1,3}\s?[^。]{2,40}\s[-—\d.>＜<≥≤\[]+|\S\s+\S+\s+\S+\s+[\d.>≥<≤\[]")
_NOTE = re.compile(r"(?:注|说明)[:：\d]|[*①-⑩]|\[?\d{1,2}\]?\s?(?:指|暂|按|根据|包括|为|含|是指)")
_LONGEST_ROW = 80
_HEADER = 5  # lines above the first row
_YEAR = re.compile(r"(?<![\d.])20\d\d(?!\d)")
_VALUE = re.compile(
    r"\[?(?P<sign>[>≥<≤])?(?P<value>\d[\d,]*(?:\.\d+)?)(?P<unit>%|‰)?(?P<after>左右|以上|以内|以下)?\]?"
)
_KINDS = re.compile(rf"^(?:\d{{1,2}}\s?)?(?P<name>\D.*?)\s?(?P<unit>{UNIT})?\s?(?:预期性|约束性)[\s\-—]*(?P<value>\S+)")
_TASK = re.compile(r".{0,4}(?:任务|举措|措施|内容|事项|项目)(?:名称)?")
_DUE = re.compile(r"(?:完成|时间|进度).{0,2}(?:时限|时间|期限|节点|要求)|时限")
_UNIT_IN_NAME = re.compile(rf"（(?P<unit>{UNIT})）")
_SIGNS = {
    ">": Comparator.GE, "≥": Comparator.GE, "以上": Comparator.GE, "<": Comparator.LE, "≤": Comparator.LE,
    "以内": Comparator.LE, "以下": Comparator.LE, "左右": Comparator.APPROX,
}  # fmt: skip


@dataclass(frozen=True)
class _Tasks:
    """The columns of a header of tasks: what is to be done, and by when."""

    task: int
    due: int


@dataclass(frozen=True)
class _Column:
    """The column of a header that holds the goals, that of the starting values, and that of the units."""

    year: int
    goal: int
    base: int | None
    unit: int | None


def in_tables(body: Sequence[Paragraph]) -> set[int]:
    """The indices of paragraphs that are rows: short, without a full stop, and among others that look like rows."""
    found: set[int] = set()
    run: list[int] = []
    for index, paragraph in enumerate([*body, None]):
        if paragraph is not None and (
            paragraph.cells or (len(paragraph.text) <= _LONGEST_ROW and "。" not in paragraph.text)
        ):
            run.append(index)
            continue
        rows = [i for i in run if body[i].cells or _ROW.search(body[i].half)]
        if len(rows) >= 3 or (rows and all(body[i].cells for i in run)):
            found |= set(range(max(rows[0] - _HEADER, run[0]), run[-1] + 1))
        run = []
    for index in sorted(found):
        while index + 1 < len(body) and index + 1 not in found and _NOTE.match(body[index + 1].half):
            index += 1
            found.add(index)
    return found


def read_rows(body: Sequence[Paragraph], tables: set[int], sections: Sequence[int | None]) -> Iterator[Target]:
    """The goals in tables whose header names years, and in rows that say 预期性 or 约束性; `sections` by paragraph."""
    column: _Column | None = None
    tasks: _Tasks | None = None
    year: int | None = None
    for index in sorted(tables):
        paragraph = body[index]
        if index - 1 not in tables:
            column, tasks, year = None, None, None
        cells = [cell.strip() for cell in re.split(r"[\t|]", paragraph.half.strip("| \t"))]
        header = _header(cells)
        listed = None if header else _tasks(cells)
        if header or listed:
            column, tasks = header, listed
        elif named := _YEAR.findall(paragraph.half):
            year = year or int(named[-1])
        if column and not header and len(cells) > column.goal:
            yield from _from_cells(paragraph, cells, column, sections[index])
        elif tasks and not listed and len(cells) > max(tasks.task, tasks.due):
            yield from _from_task(paragraph, cells, tasks, sections[index])
        elif not column and (match := _KINDS.match(paragraph.half)):
            told = re.search(r"[\u4e00-\u9fa5]", match["name"]) is not None
            name, unit = (match["name"], match["unit"] or "") if told else ("", match["name"].strip())
            yield from _target(paragraph, match["value"], name=name, unit=unit, year=year, section=sections[index])


def _header(cells: Sequence[str]) -> _Column | None:
    years = [(int(match.group()), place) for place, cell in enumerate(cells) if (match := _YEAR.search(cell))]
    if not years or len(cells) < 2 or any(len(cell) > 16 or re.fullmatch(r"[\d.]+", cell) for cell in cells):
        return None
    goal = max(years)
    base = min(years)[1] if len(years) > 1 else None
    unit = next((place for place, cell in enumerate(cells) if cell == "单位"), None)
    return _Column(goal[0], goal[1], base, unit)


def _tasks(cells: Sequence[str]) -> _Tasks | None:
    task = next((at for at, cell in enumerate(cells) if _TASK.fullmatch(cell)), None)
    due = next((at for at, cell in enumerate(cells) if _DUE.fullmatch(cell)), None)
    return _Tasks(task, due) if task is not None and due is not None and len(cells) > 2 else None


def _from_task(paragraph: Paragraph, cells: Sequence[str], tasks: _Tasks, section: int | None) -> Iterator[Target]:
    """The counts in a task's cell, due in the year of its row."""
    stated, due = cells[tasks.task], _YEAR.search(cells[tasks.due])
    for one in quantities(stated):
        digits = re.match(r"[\d.,]*", stated[one.start : one.end])
        before, after = stated[: one.start], stated[one.end :]
        if look_alike(digits.group() if digits else "", one.unit, before, after) or not is_promise(before, before):
            continue
        yield Target(
            start=paragraph.start, end=paragraph.end, quote=stated, value=one.value, value_max=one.value_max,
            unit=one.unit, comparator=comparator(stated, one, [one]), subject=stated[: one.start].strip(),
            deadline=int(due.group()) if due else None, in_table=True, section=section, doubts=(FROM_TABLE,),
        )  # fmt: skip


def _from_cells(paragraph: Paragraph, cells: Sequence[str], column: _Column, section: int | None) -> Iterator[Target]:
    name = next((cell for cell in cells if not re.fullmatch(r"[\d.\s]*", cell)), "")
    unit = cells[column.unit] if column.unit is not None and column.unit < len(cells) else ""
    if not unit and (match := _UNIT_IN_NAME.search(name)):
        unit = match["unit"]
    base = _VALUE.fullmatch(cells[column.base]) if column.base is not None else None
    yield from _target(
        paragraph, cells[column.goal], name=name, unit=unit, year=column.year, section=section,
        baseline=Decimal(base["value"].replace(",", "")) if base else None,
    )  # fmt: skip


def _target(
    paragraph: Paragraph, shown: str, *, name: str, unit: str, year: int | None, section: int | None,
    baseline: Decimal | None = None,
) -> Iterator[Target]:  # fmt: skip
    match = _VALUE.fullmatch(shown.strip())
    if match is None:
        return
    sign = _SIGNS.get(match["sign"] or "") or _SIGNS.get(match["after"] or "") or Comparator.EQ
    yield Target(
        start=paragraph.start, end=paragraph.end, quote=paragraph.text.strip("| \t"),
        value=Decimal(match["value"].replace(",", "")), unit=match["unit"] or unit, comparator=sign,
        subject=_UNIT_IN_NAME.sub("", name).strip(), deadline=year, in_table=True, baseline=baseline, section=section,
        doubts=(FROM_TABLE,),
    )  # fmt: skip
