"""Where a promise stands: late and at risk by working days, and whether a target is reached."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from . import calendar
from .schema import Choice
from .text import _

SOON = 20
"""Working days before the deadline from which too little progress is a risk."""

ENOUGH = 80
"""Percent done from which a near deadline is no risk."""


class Comparator(Choice):
    """How a value is held against a target 比较方式."""

    AT_LEAST = "ge", _("不低于")
    AT_MOST = "le", _("不超过")
    ABOUT = "approx", _("左右")
    RANGE = "range", _("区间")
    EQUAL = "eq", _("达到")


class Standing(Choice):
    """Where an item stands on a day 推进状态; in the order in which lists show them."""

    LATE = "late", _("逾期")
    BLOCKED = "blocked", _("受阻")
    AT_RISK = "at_risk", _("有风险")
    ON_TRACK = "on_track", _("按期推进")
    NOT_STARTED = "not_started", _("未启动")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("不再实施")


OPEN = (Standing.LATE, Standing.BLOCKED, Standing.AT_RISK, Standing.ON_TRACK, Standing.NOT_STARTED)
"""What is still to be done."""


@dataclass(frozen=True)
class Lines:
    """The days that divide late from at risk from on track, seen from `today`."""

    late: date
    """Due on this day or before: late."""
    soon: date
    """Due on this day or before, with too little done: at risk."""

    @classmethod
    def of(cls, today: date) -> "Lines":
        """A deadline that falls on a day off ends on the next working day."""
        return cls(late=calendar.before(today), soon=calendar.add(today, SOON))


def standing(*, told: str, due: date | None, starts: date | None, percent: int, lines: Lines) -> Standing:
    """Where an item stands: what was told of it, corrected by the calendar; rules in this order.

    Done and dropped stay. Past its day it is late. Blocked and at risk stay as told. Due within `SOON` working days
    with less than `ENOUGH` percent done, or not begun although its start has passed, it is at risk.
    """
    if told in (Standing.DONE, Standing.DROPPED):
        return Standing(told)
    if due is not None and due <= lines.late:
        return Standing.LATE
    if told in (Standing.BLOCKED, Standing.AT_RISK):
        return Standing(told)
    near = due is not None and due <= lines.soon and percent < ENOUGH
    overslept = told == Standing.NOT_STARTED and starts is not None and starts <= lines.late
    return Standing.AT_RISK if near or overslept else Standing(told)


@lru_cache(4096)
def overdue(due: date, today: date) -> int:
    """Working days since the last day on which an item due on `due` was in time; 0 when it still is."""
    return max(0, calendar.between(calendar.rolled(due), today))


def reached(*, comparator: str, value: Decimal, value_max: Decimal | None, observed: Decimal) -> bool:
    """Whether `observed` fulfils a target. About 左右 allows a tenth less; a range counts from its lower end."""
    if comparator == Comparator.AT_MOST:
        return observed <= value
    if comparator == Comparator.RANGE:
        return observed >= value and (value_max is None or observed <= value_max)
    if comparator == Comparator.ABOUT:
        return observed >= value * Decimal("0.9")
    return observed >= value


def part(*, value: Decimal, baseline: Decimal | None, observed: Decimal) -> int:
    """How much of the way from the baseline (0 when there is none) to the target is done, 0 to 100 percent."""
    start = baseline or Decimal(0)
    way = value - start
    if not way:
        return 100 if observed >= value else 0
    return max(0, min(100, int((observed - start) * 100 / way)))
