"""Small counts are withheld, and what would tell them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangcheng.core.suppression import LEAST, Cell, suppressed


def test_a_small_cell_hides_with_the_smallest_other_of_its_line() -> None:
    told = suppressed({("2025", "study"): 120, ("2025", "contract"): 80, ("2025", "startup"): 3})
    assert told == {("2025", "study"): 120, ("2025", "contract"): None, ("2025", "startup"): None}


def test_two_small_cells_whose_sum_is_small_need_a_third() -> None:
    told = suppressed({("a",): 3, ("b",): 4, ("c",): 50, ("d",): 60})
    assert [cell for cell, count in told.items() if count is None] == [("a",), ("b",), ("c",)]
    told = suppressed({("a",): 6, ("b",): 7, ("c",): 50})
    assert told[("c",)] == 50


def test_large_cells_are_told() -> None:
    counts = {("a", "x"): 10, ("a", "y"): 11, ("b", "x"): 12}
    assert suppressed(counts) == counts
    assert suppressed({}) == {}


@pytest.mark.parametrize("alone", [1, LEAST - 1])
def test_a_cell_alone_is_hidden_alone(alone: int) -> None:
    assert suppressed({("a",): alone}) == {("a",): None}


CELLS = st.dictionaries(st.tuples(*[st.sampled_from("abc")] * 3), st.integers(1, 40), max_size=27)


@given(CELLS)
def test_no_sum_over_one_dimension_tells_a_hidden_cell(counts: dict[Cell, int]) -> None:
    told = suppressed(counts)
    assert all(count is None or count == counts[cell] for cell, count in told.items())
    assert all(told[cell] is None for cell, count in counts.items() if count < LEAST)
    for place, rest in product(range(3), {(x, y) for x in "abc" for y in "abc"}):
        line = [cell for cell in counts if cell[:place] + cell[place + 1 :] == rest]
        hidden = [cell for cell in line if told[cell] is None]
        if hidden and len(hidden) < len(line):
            assert len(hidden) > 1
            assert sum(counts[cell] for cell in hidden) >= LEAST
