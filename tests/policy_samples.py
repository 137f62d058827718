"""An invented policy document in two versions, and its reading made by hand, so that what stores it is tested apart."""

import re
from datetime import datetime
from decimal import Decimal

from shuangcheng.core.policy import Body, Document, DocumentKind, Measure, Role, Section, Target
from shuangcheng.core.policy import Comparator as Compared
from shuangcheng.core.policy.packing import pack
from shuangcheng.directory.actions.agreements import text_digest
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.actions import policies
from shuangcheng.plan.inputs.policies import PolicyInput
from shuangcheng.plan.models import Intake, Policy

TITLE = "川渝示例教育协同行动计划（2025—2027年）"
NUMBER = "渝教示〔2025〕1号"

TEXT = f"""{TITLE}
{NUMBER}
为落实《川渝示例教育总体方案》（川教示〔2024〕9号），制定本计划。
一、总体目标
到2027年，互认课程达到200门。
二、主要任务
（一）组建产教联合体。组建示例产教联合体10个。（重庆市教育委员会、四川省教育厅、双城示例中心负责）
（二）推动课程互选
1.开放在线课程。两地高校开放在线课程，方便学生选修。
2.建立学分互认办法。制定学分互认办法，简化手续。
三、保障措施
（一）加强组织领导。建立联席会议制度。
"""

NEWER = (
    TEXT.replace("联合体10个", "联合体12个")
    .replace("（一）加强组织领导。建立联席会议制度。\n", "（一）加强经费保障。安排专项经费。\n")
    .replace("2.建立学分互认办法。制定学分互认办法，简化手续。\n", "")
)
"""A target is raised, one clause is gone, another takes the place of a third."""

_HEADING = re.compile(r"^(?P<number>[一二三四]、|（[一二三四]）|\d\.)(?P<title>[^。\n]+)(?P<run>。?)", re.MULTILINE)
_LEVELS = {"、": 1, "）": 2, ".": 3}


def document(text: str = TEXT) -> Document:
    """The reading of the sample."""
    matches = list(_HEADING.finditer(text))
    sections: list[Section] = []
    for index, match in enumerate(matches):
        level = _LEVELS[match["number"][-1]]
        above = next((i for i in range(index - 1, -1, -1) if sections[i].level < level), None)
        end = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        sections.append(
            Section(
                start=match.start(),
                end=match.end(),
                level=level,
                number=match["number"],
                title=match["title"],
                run_in=bool(match["run"]),
                body_start=match.end(),
                body_end=end,
                parent=above,
            )
        )
    return Document(
        start=0, end=len(text), kind=DocumentKind.POLICY, title=TITLE, issuers=("重庆市教育委员会", "四川省教育厅"),
        doc_number=NUMBER, date_issued=datetime(2025, 3, 1).date(), sections=tuple(sections),
        measures=tuple(_measures(text, sections)), targets=tuple(_targets(text, sections)),
        bodies=tuple(_bodies(text, sections)),
    )  # fmt: skip


def _measures(text: str, sections: list[Section]) -> list[Measure]:
    run_in = [(place, section) for place, section in enumerate(sections) if section.run_in]
    return [
        Measure(
            start=section.body_start, end=section.body_end, section=place,
            text=text[section.body_start : section.body_end].strip(),
        )
        for place, section in run_in
    ]  # fmt: skip


def _section(sections: list[Section], start: int) -> int:
    return next(place for place, one in enumerate(sections) if one.body_start <= start < one.body_end)


def _targets(text: str, sections: list[Section]) -> list[Target]:
    made = []
    for quote, subject, deadline in (
        ("互认课程达到200门", "互认课程", 2027),
        ("示例产教联合体", "示例产教联合体", None),
    ):
        match = re.search(quote + (r"\d+个" if deadline is None else ""), text)
        assert match
        figure = re.search(r"\d+", match.group())
        assert figure
        made.append(
            Target(
                start=match.start(),
                end=match.end(),
                quote=match.group(),
                value=Decimal(figure.group()),
                unit=match.group()[-1],
                comparator=Compared.EQ,
                subject=subject,
                deadline=deadline,
                section=_section(sections, match.start()),
            )
        )
    return made


def _bodies(text: str, sections: list[Section]) -> list[Body]:
    return [
        Body(
            start=text.index(name), end=text.index(name) + len(name), text=name, name=name,
            role=Role.RESPONSIBLE, span=name, section=_section(sections, text.index(name)),
        )
        for name in ("双城示例中心",)
    ] + [
        Body(
            start=match.start(), end=match.end(), text=match.group(), name=match.group(), role=Role.RESPONSIBLE,
            span=match.group(), section=_section(sections, match.start()),
        )
        for match in re.finditer("重庆市教育委员会|四川省教育厅", text)
    ]  # fmt: skip


def intake(text: str = TEXT, *, at: datetime, **more: object) -> Intake:
    """The sample as it was handed in and read."""
    return Intake.objects.create(
        name="示例.txt", text=text, readings=[pack(document(text))], digests=[text_digest(text)], by_name="测试",
        created_at=at, updated_at=at, **more,
    )  # fmt: skip


def policy(*, by: Actor, at: datetime) -> Policy:
    """The sample in the library."""
    data = PolicyInput(title=TITLE, issuers=("重庆市教育委员会", "四川省教育厅"), doc_number=NUMBER, field="vocational")
    return policies.take(intake=intake(at=at), article=0, data=data, by=by, at=at)
