"""Late, at risk, reached."""

from datetime import date
from decimal import Decimal

import pytest

from shuangcheng.core.standing import Comparator, Lines, Standing, part, reached, standing

TODAY = date(2026, 11, 24)  # a Tuesday
LINES = Lines.of(TODAY)


@pytest.mark.parametrize(
    ("told", "due", "starts", "percent", "expected"),
    [
        ("on_track", date(2026, 11, 23), None, 50, Standing.LATE),
        ("on_track", TODAY, None, 90, Standing.ON_TRACK),
        ("blocked", date(2026, 1, 1), None, 0, Standing.LATE),
        ("blocked", None, None, 0, Standing.BLOCKED),
        ("at_risk", date(2030, 1, 1), None, 0, Standing.AT_RISK),
        ("done", date(2020, 1, 1), None, 100, Standing.DONE),
        ("dropped", date(2020, 1, 1), None, 0, Standing.DROPPED),
        ("on_track", date(2026, 12, 22), None, 79, Standing.AT_RISK),
        ("on_track", date(2026, 12, 22), None, 80, Standing.ON_TRACK),
        ("on_track", date(2026, 12, 23), None, 0, Standing.ON_TRACK),
        ("not_started", None, date(2026, 11, 23), 0, Standing.AT_RISK),
        ("not_started", None, TODAY, 0, Standing.NOT_STARTED),
        ("on_track", None, None, 0, Standing.ON_TRACK),
    ],
)
def test_where_an_item_stands(told: str, due: date | None, starts: date | None, percent: int, expected: Standing):
    assert standing(told=told, due=due, starts=starts, percent=percent, lines=LINES) is expected


def test_a_deadline_on_a_day_off_is_late_only_after_the_next_working_day():
    sunday = date(2026, 11, 22)
    for today, expected in ((date(2026, 11, 23), Standing.ON_TRACK), (date(2026, 11, 24), Standing.LATE)):
        assert standing(told="on_track", due=sunday, starts=None, percent=90, lines=Lines.of(today)) is expected


@pytest.mark.parametrize(
    ("comparator", "value", "value_max", "observed", "expected"),
    [
        (Comparator.AT_LEAST, "90", None, "90", True),
        (Comparator.AT_LEAST, "90", None, "89.9", False),
        (Comparator.AT_MOST, "5", None, "5", True),
        (Comparator.AT_MOST, "5", None, "6", False),
        (Comparator.ABOUT, "100", None, "90", True),
        (Comparator.ABOUT, "100", None, "89", False),
        (Comparator.RANGE, "5", "8", "6", True),
        (Comparator.RANGE, "5", "8", "9", False),
        (Comparator.EQUAL, "3", None, "3", True),
    ],
)
def test_reached(comparator: str, value: str, value_max: str | None, observed: str, expected: bool):
    most = Decimal(value_max) if value_max else None
    assert reached(comparator=comparator, value=Decimal(value), value_max=most, observed=Decimal(observed)) is expected


def test_part_of_the_way():
    assert part(value=Decimal(10), baseline=None, observed=Decimal(8)) == 80
    assert part(value=Decimal(90), baseline=Decimal(80), observed=Decimal(85)) == 50
    assert part(value=Decimal(10), baseline=None, observed=Decimal(12)) == 100
    assert part(value=Decimal(5), baseline=Decimal(10), observed=Decimal(9)) == 20
    assert part(value=Decimal(5), baseline=Decimal(5), observed=Decimal(5)) == 100
