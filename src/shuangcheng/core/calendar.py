"""Chinese working days 工作日: weekends, public holidays, and the weekend days that make up for them.

The days off of a year are fixed by a notice of the General Office of the State Council (国务院办公厅节假日安排通知);
the `holidays` library holds them. A year without its notice knows weekends and statutory holidays only, so what is
computed in it is provisional. A period whose last day is a day off ends on the next working day (民法典 art. 203).
"""

from datetime import date, timedelta
from functools import cache

from holidays.countries import China

KNOWN_UNTIL = date(max(China().special_public_holidays), 12, 31)
"""The last day whose days off have been announced."""

_DAY = timedelta(days=1)


@cache
def _year(year: int) -> China:
    return China(years=year)


def provisional(day: date) -> bool:
    """Whether the days off around `day` are not announced yet."""
    return day > KNOWN_UNTIL


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    return bool(_year(day.year).is_working_day(day))


def rolled(day: date) -> date:
    """The day on which a period that ends on `day` really ends: `day`, or the next working day."""
    while not is_working_day(day):
        day += _DAY
    return day


def before(day: date) -> date:
    """The last working day before `day`."""
    day -= _DAY
    while not is_working_day(day):
        day -= _DAY
    return day


def add(day: date, count: int) -> date:
    """The working day that is `count` (0 or more) working days after `day`, which is not counted itself."""
    if count < 0:
        raise ValueError(f"{count} working days: count forwards")
    for _step in range(count):
        day = rolled(day + _DAY)
    return day


def between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -between(end, start)
    return sum(is_working_day(start + _DAY * step) for step in range(1, (end - start).days + 1))


def months_later(day: date, count: int) -> date:
    """The same day of the month `count` months later, the 28th at the latest."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, 28))
