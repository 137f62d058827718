"""Names are found by what people type: words, pinyin, initials, also of a part of a word."""

import pytest

from shuangcheng.core import tokens


def found(name: str, typed: str) -> bool:
    """Whether every word of the query is a lexeme or the beginning of one, as PostgreSQL decides."""
    lexemes = tokens.tokens([name]).split()
    wanted = [part.strip("() ").split(" | ")[0].removesuffix(":*") for part in tokens.query(typed).split(" & ")]
    return all(any(lexeme.startswith(word) for lexeme in lexemes) for word in wanted)


@pytest.mark.parametrize("typed", ["cqdx", "dx", "daxue", "chongqing daxue", "chongqingdaxue", "重庆大"])
def test_a_name_that_is_one_word_is_found_by_its_parts(typed):
    assert found("重庆大学", typed)


@pytest.mark.parametrize("typed", ["sxkjdx", "kjdx", "keji", "三峡"])
def test_a_name_of_several_words_is_found_from_each_on(typed):
    assert found("重庆三峡科技大学", typed)


@pytest.mark.parametrize("typed", ["xnu", "sichuan", "四川"])
def test_what_is_not_in_the_name_finds_nothing(typed):
    assert not found("重庆大学", typed)


def test_latin_lexemes_that_begin_another_are_left_out() -> None:
    lexemes = tokens.tokens(["重庆大学"], words=["4150010611"]).split()
    assert "chongqing" not in lexemes
    assert "chongqingdaxue" in lexemes
    latin = [lexeme for lexeme in lexemes if lexeme.isascii()]
    assert not [(one, other) for one in latin for other in latin if one != other and other.startswith(one)]


def test_a_chinese_lexeme_stays_because_it_is_also_asked_for_as_a_whole() -> None:
    assert {"重庆", "重庆大学"} <= set(tokens.tokens(["重庆大学"]).split())


def test_nothing_to_find() -> None:
    assert tokens.tokens(["（）"]) == ""


def test_complete_words_are_asked_for_as_they_stand() -> None:
    assert tokens.query("重庆 小学", complete=True) == "重庆 & 小学"
    assert tokens.query("重庆科技馆", complete=True) == "重庆 & 科技馆"
    assert tokens.query("cqdx", complete=True) == "cqdx:*"
