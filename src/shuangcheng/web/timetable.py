"""The timetable 实施进程表: items by action plan, each a bar from its start to its due day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as t

from shuangcheng.directory.terms import ACTION_PLANS

WIDTH = 1000
"""Units of the drawing from its first day to its last."""

AROUND = 10
"""Years before and after this one that are drawn."""


@dataclass(frozen=True)
class Line:
    """An item of the timetable: where its bar begins, how long it is, what of it is done; None where no day is set."""

    item: Any
    start: int
    length: int
    done: int
    due: int | None


@dataclass(frozen=True)
class Group:
    """The items of one action plan."""

    number: int | None
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Timetable:
    """The columns (years, or the months of one year), today's place, and the groups."""

    columns: Sequence[str]
    years: Sequence[int]
    year: int | None
    today: int | None
    groups: Sequence[Group]

    @property
    def edges(self) -> list[int]:
        """Where the columns begin, but for the first."""
        return [WIDTH * number // len(self.columns) for number in range(1, len(self.columns))]


def _span(item: Any) -> tuple[date, date] | None:
    """From the start, or else from the beginning of its plan, to the due day."""
    if item.due is None and item.starts is None:
        return None
    start = item.starts or min(date(item.plan.first_year, 1, 1), item.due)
    return start, item.due or max(date(item.plan.last_year, 12, 31), start)


def _action_plan(item: Any) -> int | None:
    """The item's action plan, or that of the item above it."""
    step = item
    while step is not None and step.action_plan is None:
        step = step.parent
    return step.action_plan if step else None


def draw(items: Iterable[Any], *, today: date, year: int | None) -> Timetable:
    """The timetable of all years, or of one."""
    spans = [(item, _span(item)) for item in items]
    years = sorted({day.year for _item, span in spans if span for day in span} | {today.year})
    years = list(range(max(years[0], today.year - AROUND), min(years[-1], today.year + AROUND) + 1))
    year = year if year in years else None
    first, last = date(year or years[0], 1, 1), date(year or years[-1], 12, 31)
    columns = [t("%(n)d 月") % {"n": n} for n in range(1, 13)] if year else [str(one) for one in years]
    shown = [(item, span) for item, span in spans if not year or (span and span[0] <= last and span[1] >= first)]
    shown.sort(key=lambda pair: (_action_plan(pair[0]) or 99, pair[0].plan_id, pair[0].position))
    names = {number: name for number, name, _field in ACTION_PLANS}
    groups = [
        Group(number, t(names[number]) if number else t("未归入行动计划"),
              [_line(item, span, first, last) for item, span in rows])
        for number, rows in groupby(shown, key=lambda pair: _action_plan(pair[0]))
    ]  # fmt: skip
    here = _place(today, first, last) if first <= today <= last else None
    return Timetable(columns, years, year, here, groups)


def _place(day: date, first: date, last: date) -> int:
    return max(0, min(WIDTH, (day - first).days * WIDTH // ((last - first).days + 1)))


def _line(item: Any, span: tuple[date, date] | None, first: date, last: date) -> Line:
    if span is None:
        return Line(item, 0, 0, 0, None)
    start, end = _place(span[0], first, last), _place(span[1], first, last)
    length = max(end - start, 4)
    due = end if item.due and first <= item.due <= last else None
    return Line(item, start, length, length * item.percent // 100, due)
