"""Headings and their levels: schemes of numbers, false headings, titles that run in."""

from typing import Any

import pytest

from shuangcheng.core.policy import Section, read
from tests.core.policy_samples import vectors


def sections(text: str) -> tuple[Section, ...]:
    return read(f"某市发展规划\n{text}")[0].sections


def told(text: str) -> list[str]:
    return [f"{section.level} {section.number} {section.title}".replace("  ", " ") for section in sections(text)]


@pytest.mark.parametrize("case", vectors("outline.json"), ids=lambda case: case["text"][:12])
def test_a_scheme(case: dict[str, Any]) -> None:
    assert told(case["text"]) == case["want"]


@pytest.mark.parametrize(
    "line",
    ["3.3名左右，社区服务更加便捷。", "2.5亿千瓦以上，利用率保持领先。", "三、四年级学生参加劳动实践。",
     "二、三产业融合发展。", "2025年底前完成改造。", "（1）完善设施；", "1.5%左右。"],
)  # fmt: skip
def test_a_line_that_only_looks_like_a_heading(line: str) -> None:
    assert told(f"一、目标\n每千人指导员达到\n{line}\n二、任务\n推进落实。") == ["1 一、 目标", "1 二、 任务"]


def test_a_title_may_be_a_sentence_or_run_in() -> None:
    found = sections(
        "一、任务\n1.到2025年，基本建成服务体系。加快建设。\n2.目标任务：加快建设服务体系，不断提升能力水平。\n3.健全机制\n"
    )
    assert [(section.title, section.run_in) for section in found[1:]] == [
        ("到2025年，基本建成服务体系", True),
        ("目标任务", True),
        ("健全机制", False),
    ]


def test_a_table_of_contents_is_no_outline() -> None:
    contents = "目录\n一、要求\n（一）思想\n二、任务\n（二）机制\n"
    body = "一、要求\n（一）思想\n坚持创新。\n二、任务\n（二）机制\n建立机制。\n"
    assert told(contents + body) == told(body)
    dotted = contents.replace("求\n", "求………………1\n").replace("务\n", "务………………2\n").replace("想\n", "想……1\n")
    assert told(dotted.replace("机制\n", "机制……3\n") + body) == told(body)


def test_subsections_know_their_parents() -> None:
    found = sections("一、要求\n（一）思想。坚持。\n1.创新。突破。\n二、任务\n（二）机制。建立。")
    assert [section.parent for section in found] == [None, 0, 1, None, 3]


def test_boxes_and_lists_are_no_sections() -> None:
    box = "一、任务\n（一）建设铁路。加快建设。\n专栏1 重大工程\n1.铁路工程：建成东线。\n2.公路工程：开工南环。\n"
    assert told(f"{box}（二）建设公路。推进建设。\n") == ["1 一、 任务", "2 （一） 建设铁路", "2 （二） 建设公路"]
    articles = "第一章 总则\n第一条 本办法适用于下列机构：\n（一）高等学校；\n（二）中等学校。\n第二章 附则\n"
    assert told(articles) == ["1 第一章 总则", "2 第一条 本办法适用于下列机构：", "1 第二章 附则"]


def test_actions_may_number_the_sections() -> None:
    assert told("一、行动\n行动一：扩容行动\n1.增加供给。新建。\n行动二：提质行动\n1.加强管理。健全。\n") == [
        "1 一、 行动", "2 行动一： 扩容行动", "3 1. 增加供给", "2 行动二： 提质行动", "3 1. 加强管理",
    ]  # fmt: skip
