"""Clauses and their anchors, what a newer text changes, and which documents a text names."""

from dataclasses import replace

import pytest

from shuangcheng.core.policy import Section
from shuangcheng.core.policy.clauses import clauses, ordinal
from shuangcheng.core.policy.difference import Fate, Piece, compare, words
from shuangcheng.core.policy.mentions import Does, Mention, mentions
from shuangcheng.core.policy.packing import alone, pack, unpack
from shuangcheng.core.policy.proposals import propose
from tests.policy_samples import NEWER, TEXT, document


@pytest.mark.parametrize(
    ("number", "step"),
    [
        ("一、", "1"), ("（三）", "3"), ("3.1", "1"), ("1.1.12", "12"), ("第十二条", "12"), ("第二十章", "20"),
        ("1．", "1"), ("", ""), ("附", ""), ("（七十）", "70"), ("５．", "5"),
    ],
)  # fmt: skip
def test_the_last_figure_of_a_number(number: str, step: str) -> None:
    assert ordinal(number) == step


def test_no_word_of_the_text_is_left_out() -> None:
    made, anchors = clauses(TEXT, document())
    whole = "".join(f"{clause.number}{clause.title}{clause.text}" for clause in made)
    assert len(anchors) == len(document().sections)
    left = {character for character in TEXT if character not in whole and not character.isspace()}
    assert left == set()


def test_a_reading_survives_storage() -> None:
    assert unpack(pack(document())) == document()


def test_one_document_of_several_counts_its_places_anew() -> None:
    shift = len("前一篇。\n")
    lead = Section(start=shift, end=shift + 2, level=1, number="", title="题", run_in=False, body_start=9, body_end=12)
    found = replace(
        document(), start=shift, end=shift + len(TEXT), sections=(lead,), measures=(), targets=(), bodies=()
    )
    own, reading = alone("前一篇。\n" + TEXT, found)
    assert own == TEXT
    assert (reading.start, reading.sections[0].start, reading.sections[0].body_end) == (0, 0, 12 - shift)


def test_every_clause_has_a_fate() -> None:
    old, new = clauses(TEXT, document())[0], clauses(NEWER, document(NEWER))[0]
    fates = [(pair.fate, (pair.new or pair.old).anchor) for pair in compare(old, new)]  # type: ignore[union-attr]
    assert fates == [
        (Fate.SAME, "0"), (Fate.SAME, "1"), (Fate.SAME, "2"), (Fate.CHANGED, "2.1"), (Fate.SAME, "2.2"),
        (Fate.SAME, "2.2.1"), (Fate.REMOVED, "2.2.2"), (Fate.SAME, "3"), (Fate.REMOVED, "3.1"), (Fate.ADDED, "3.1"),
    ]  # fmt: skip


def test_a_clause_that_was_only_renumbered_is_moved() -> None:
    old = clauses(TEXT, document())[0]
    newer = TEXT.replace("1.开放", "1.新的一条。新的内容。\n2.开放").replace("2.建立", "3.建立")
    pairs = {pair.new.title: pair for pair in compare(old, clauses(newer, document(newer))[0]) if pair.new}
    assert pairs["开放在线课程"].fate == Fate.MOVED
    assert pairs["建立学分互认办法"].fate == Fate.MOVED
    assert pairs["新的一条"].fate == Fate.ADDED


def test_words_that_differ() -> None:
    assert words("联合体10个以上", "联合体12个") == [
        Piece("same", "联合体"), Piece("removed", "10"), Piece("added", "12"), Piece("same", "个"),
        Piece("removed", "以上"),
    ]  # fmt: skip
    assert words("", "新") == [Piece("added", "新")]
    assert words("同", "同") == [Piece("same", "同")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "为落实《成渝规划纲要》（川办发〔2020〕1号），",
            [Mention("成渝规划纲要", "川办发〔2020〕1号", Does.IMPLEMENTS)],
        ),
        ("参照《某某管理办法》执行。", [Mention("某某管理办法", "", Does.CITES)]),
        ("《某某暂行办法》（甲发〔2019〕3号）同时废止。", [Mention("某某暂行办法", "甲发〔2019〕3号", Does.REPLACES)]),
        ("出版《川渝故事》一书，排演《山城》。", []),
        ("引用《示例规划》。根据《示例\n规划》开展。", [Mention("示例规划", "", Does.IMPLEMENTS)]),
    ],
)
def test_documents_that_are_named(text: str, found: list[Mention]) -> None:
    assert mentions(text) == found


def test_a_document_does_not_name_itself() -> None:
    assert mentions("印发《示例行动计划》的通知", own=("示例行动计划",)) == []


def test_every_target_is_proposed_once() -> None:
    made, anchors = clauses(TEXT, document())
    assert made
    proposed = propose(document(), anchors)
    assert [one.target.quote for measure in proposed for one in measure.targets] == [
        "互认课程达到200门", "示例产教联合体10个",
    ]  # fmt: skip
    assert len({one.number for one in proposed}) == len(proposed)
    assert [one.number for one in proposed] == ["1", "2.1", "2.2.1", "2.2.2", "3.1"]
