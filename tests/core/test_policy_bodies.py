"""Who is to do it: roles, brackets, lines, elided prefixes, and the rule that the first named leads."""

from typing import Any

import pytest

from shuangcheng.core.policy import Document, Role
from tests.core.policy_samples import task, vectors


def told(document: Document) -> list[str]:
    return [f"{body.role} {body.name}" for body in document.bodies]


@pytest.mark.parametrize("case", vectors("bodies.json"), ids=lambda case: case["text"][:12])
def test_a_measure(case: dict[str, Any]) -> None:
    assert told(task(case["text"])) == case["want"]


def test_the_first_named_leads_where_the_document_says_so() -> None:
    document = task(
        "加强监管。（科技部、教育部负责。列第一位者为牵头单位，下同）\n（二）完善制度。（财政部、教育部负责）"
    )
    assert told(document) == ["lead 科技部", "responsible 教育部", "lead 财政部", "responsible 教育部"]
    assert document.bodies[0].doubts == ("按文中“列第一位者为牵头单位”的说明认定为牵头单位。",)


def test_what_was_put_in_or_left_open_is_said() -> None:
    bodies = task("加强监管。（市人社局、文广新局等负责）").bodies
    assert [len(body.doubts) for body in bodies] == [0, 2]
    assert bodies[1].text == "文广新局"
    assert bodies[0].role is Role.RESPONSIBLE


def test_a_measure_is_told_without_its_bodies() -> None:
    document = task("建立协调机制，定期研究重大事项。（市教委负责）\n责任单位：市教委")
    assert [measure.text for measure in document.measures] == ["建立协调机制，定期研究重大事项。"]


def test_platforms_and_projects_are_named_once() -> None:
    document = task(
        "建设东河职业教育公共服务平台，实施“数字学校”优质资源共享项目。依托东河职业教育公共服务平台，建设一批重点项目。"
    )
    assert [(named.text, named.kind) for named in document.named] == [
        ("东河职业教育公共服务平台", "platform"),
        ("“数字学校”优质资源共享项目", "project"),
    ]
