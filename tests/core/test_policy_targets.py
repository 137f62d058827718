"""Quantities: one sentence for each trap of the genre, in many fields of policy."""

from typing import Any

import pytest

from shuangcheng.core.policy import TargetKind
from tests.core.policy_samples import task, told, vectors

CASES = [
    (trap, case)
    for name in ("targets.json", "targets_more.json")
    for trap, cases in vectors(name).items()
    for case in cases
]


@pytest.mark.parametrize(("trap", "case"), CASES, ids=[f"{trap}-{n}" for n, (trap, _case) in enumerate(CASES)])
def test_a_sentence(trap: str, case: dict[str, Any]) -> None:
    assert [told(target) for target in task(case["text"], year=case.get("year", 2021)).targets] == case["want"]


def test_what_is_reported_is_told_apart() -> None:
    document = task("目前，全省已建成示范学校120所，到2025年达到200所。")
    assert [past.quote for past in document.past_figures] == ["全省已建成示范学校120所"]
    assert [told(target) for target in document.targets] == ["200 所 eq 2025"]


def test_a_baseline_is_kept() -> None:
    target = task("到2025年，平均受教育年限从2020年的10.8年提高到11.3年。").targets[0]
    assert (str(target.baseline), str(target.value)) == ("10.8", "11.3")
    target = task("到2030年，居民收入在2020年基础上翻一番。").targets[0]
    assert (target.baseline_year, target.in_words) == (2020, True)


def test_a_standing_requirement_is_a_norm() -> None:
    assert task("艺术课程课时不低于总课时的9%。").targets[0].kind is TargetKind.NORM
    assert task("到2025年，公办园占比不低于50%。").targets[0].kind is TargetKind.GOAL


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("到2025年，森林覆盖率达到45%。", ["森林覆盖率"]),
        ("到2025年，建设30个数字乡村示范村。", ["数字乡村示范村"]),
        ("到2025年，花生种植、收获机械化率分别达到65%和55%。", ["花生种植机械化率", "花生收获机械化率"]),
        ("到2025年，培育龙头企业20家、合作社300个。", ["龙头企业", "合作社"]),
        ("到2026年新增实训基地5个，2028年达到30个。", ["实训基地", "实训基地"]),
        ("到2027年，力争新增教师200名，总量达到1500名。", ["教师", "总量"]),
        ("到2027年，新增教师200名，达到1500名。", ["教师", "教师"]),
        ("到2025年，组建10个由企业和学校共同参与的产教联合体。", ["产教联合体"]),
    ],
)
def test_a_subject(text: str, subjects: list[str]) -> None:
    assert [target.subject for target in task(text).targets] == subjects


def test_what_is_uncertain_is_said() -> None:
    assert "没有读到完成时限，请补充。" in task("建设30个示范村。").targets[0].doubts
    assert "时限按发文年份推算，请核对。" in task("力争三年内培训医师1000名。").targets[0].doubts
    assert "数量用文字写成，请核对数值。" in task("到2025年，产业规模翻一番。").targets[0].doubts
    carried = task("到2025年，服务体系更加健全。建设站点30个。").targets[0]
    assert (carried.deadline, carried.doubts) == (2025, ("时限取自前文，请核对。",))
    assert task("到2025年，建设站点30个。").targets[0].doubts == ()


TABLES = {
    "cells": "指标\t单位\t2020年\t2025年\t属性\n铁路里程\t公里\t620\t800\t预期性\n森林覆盖率\t%\t43\t≥45\t约束性\n",
    "markdown": (
        "| 指标 | 2020年 | 2025年 |\n|---|---|---|\n| 铁路里程（公里） | 620 | 800 |\n| 森林覆盖率 | 43% | ≥45% |\n"
    ),
    "printed": (
        "“十四五”主要指标\n指标 单位 属性\n2025年\n1 铁路里程 公里 预期性 800\n2 森林覆盖率 % 约束性 ≥45\n"
        "3 收入增长 % 预期性 -与经济增长同步\n"
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_by_its_header(name: str) -> None:
    targets = task(f"主要指标见下表。\n{TABLES[name]}").targets
    assert [told(target) for target in targets] == ["800 公里 eq 2025", "45 % ge 2025"]
    assert [target.subject for target in targets] == ["铁路里程", "森林覆盖率"]
    assert all(target.in_table and target.doubts for target in targets)
    if name != "printed":
        assert [str(target.baseline) for target in targets] == ["620", "43"]
