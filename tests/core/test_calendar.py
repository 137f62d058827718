"""Working days against what the State Council announced."""

from datetime import date

import pytest

from shuangcheng.core import calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday that makes up for the Spring Festival
        (date(2026, 2, 17), False),
        (date(2026, 10, 1), False),
        (date(2026, 9, 20), True),  # a Sunday that makes up for the National Day
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), True),
    ],
)
def test_what_was_announced(day: date, works: bool):
    assert calendar.is_working_day(day) is works


def test_a_deadline_on_a_day_off_ends_on_the_next_working_day():
    assert calendar.rolled(date(2026, 10, 1)) == date(2026, 10, 8)
    assert calendar.rolled(date(2026, 11, 24)) == date(2026, 11, 24)


def test_counting():
    assert calendar.add(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add(date(2026, 11, 24), 0) == date(2026, 11, 24)
    assert calendar.before(date(2026, 10, 8)) == date(2026, 9, 30)
    assert calendar.between(date(2026, 9, 30), date(2026, 10, 9)) == 2
    assert calendar.between(date(2026, 10, 9), date(2026, 9, 30)) == -2
    with pytest.raises(ValueError, match="forwards"):
        calendar.add(date(2026, 1, 5), -1)


def test_what_is_not_announced_is_provisional():
    assert not calendar.provisional(calendar.KNOWN_UNTIL)
    assert calendar.provisional(date(calendar.KNOWN_UNTIL.year + 1, 1, 1))


def test_months():
    assert calendar.months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert calendar.months_later(date(2026, 1, 5), 12) == date(2027, 1, 5)
