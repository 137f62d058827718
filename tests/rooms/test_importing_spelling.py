"""Names spelt by a second process: as this one would, only when it is worth it, and gone when nobody waits."""

import os

import pytest
from pydantic_core import from_json

from shuangcheng.core.tokens import known, pinyin_key, spell, tokens
from shuangcheng.desk.importing import spelling
from shuangcheng.desk.importing.spelling import MANY, SpellingApart

NAMES = [f"示例县第{number}小学" for number in range(MANY + 5)]


def test_the_same_as_here() -> None:
    with SpellingApart([*NAMES, *NAMES, "", 7.0, "两\n行", " 有空格 ", "𠮷林\u2028大学"]) as apart:
        found = {name: tuple(spelt) for line in apart.found() for name, spelt in from_json(line).items()}
    told = [*NAMES, " 有空格 ", "𠮷林\u2028大学"]
    assert found == {name: spell(name) for name in told}


def test_few_names_are_not_worth_a_process() -> None:
    with SpellingApart(NAMES[:MANY]) as apart:
        assert apart.found() == []


def test_a_process_that_fails_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling.sys, "executable", "/bin/false")
    with SpellingApart(NAMES) as apart:
        assert apart.found() == []


def test_nothing_is_left_when_nobody_waits() -> None:
    with SpellingApart(NAMES) as apart:
        assert apart._process is not None
        number = apart._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_known_names_are_not_spelt_again() -> None:
    with known({"重庆大学": spell("四川大学")}):
        assert pinyin_key("重庆大学") == "sichuandaxue"
        assert tokens(["重庆大学"]) == tokens(["四川大学"])
    assert pinyin_key("重庆大学") == "chongqingdaxue"
