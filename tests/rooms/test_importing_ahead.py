"""Making things ahead in a second thread: all of them, in order, errors included, and an end when nobody asks more."""

import threading
from collections.abc import Iterator
from itertools import islice

import pytest

from shuangcheng.desk.importing.ahead import BLOCK, MOST, Ahead


def test_everything_in_order() -> None:
    with Ahead(range(BLOCK * 3 + 1)) as things:
        assert list(things) == list(range(BLOCK * 3 + 1))


def test_nothing() -> None:
    with Ahead([]) as things:
        assert list(things) == []


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from range(BLOCK)
        raise ValueError("the next one")

    with Ahead(failing()) as things:
        assert list(islice(things, BLOCK)) == list(range(BLOCK))
        with pytest.raises(ValueError, match="the next one"):
            next(things)


def test_the_thread_ends_when_nobody_asks_any_more() -> None:
    def asked_for_too_little() -> None:
        with Ahead(range(BLOCK * (MOST + 50))) as things:
            next(things)
            raise RuntimeError("the database broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        asked_for_too_little()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]
