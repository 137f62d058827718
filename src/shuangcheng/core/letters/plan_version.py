"""Sending a joint list as one side has approved it, for the other side to approve."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Digest, Name, Seconds, Wire

Words = Annotated[str, StringConstraints(max_length=20_000)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Figure = Annotated[str, StringConstraints(pattern=r"^-?\d{1,14}(\.\d{1,4})?$")]
"""A figure as decimal text, so that no digit is lost."""
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=20)]


class Target(Wire):
    """A figure that an item promises."""

    id: UUID7 = Field(title=_("编号"))
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_("目标"))
    comparator: Name = Field(title=_("比较方式"))
    value: Figure = Field(title=_("目标值"))
    value_max: Figure | None = Field(title=_("区间上限"))
    unit: Annotated[str, StringConstraints(max_length=30)] = Field(title=_("单位"))
    baseline: Figure | None = Field(title=_("基期值"))
    baseline_on: Date | None = Field(title=_("基期日期"))
    deadline: Date | None = Field(title=_("达成期限"))
    kind: Name = Field(title=_("类型"))
    side: Name = Field(title=_("适用"))


class Item(Wire):
    """A measure, project or milestone; organisations and places by their names."""

    id: UUID7 = Field(title=_("编号"))
    number: Number = Field(title=_("事项编号"))
    parent: Number | None = Field(title=_("上级编号"))
    kind: Name = Field(title=_("层级"))
    title: Title = Field(title=_("事项"))
    text: Words = Field(title=_("内容"))
    clause: Title | None = Field(title=_("依据条款"))
    clause_label: Annotated[str, StringConstraints(max_length=120)] = Field(title=_("条款"))
    action_plan: Annotated[int, Field(strict=True, ge=1, le=10)] | None = Field(title=_("行动计划"))
    field: Name = Field(title=_("领域"))
    lead_cq: Title | None = Field(title=_("重庆牵头单位"))
    office_cq: Annotated[str, StringConstraints(max_length=60)] = Field(title=_("重庆责任处室"))
    lead_sc: Title | None = Field(title=_("四川牵头单位"))
    office_sc: Annotated[str, StringConstraints(max_length=60)] = Field(title=_("四川责任处室"))
    partners: tuple[Title, ...] = Field(title=_("参与单位"), max_length=60)
    partners_text: Annotated[str, StringConstraints(max_length=300)] = Field(title=_("其他参与方"))
    divisions: tuple[Title, ...] = Field(title=_("所涉区划"), max_length=60)
    zone: Title | None = Field(title=_("所属结对或试点"))
    alliance: Title | None = Field(title=_("所属联盟"))
    task_force: Title | None = Field(title=_("所属专项工作组"))
    starts: Date | None = Field(title=_("开始日期"))
    due: Date | None = Field(title=_("完成期限"))
    money_planned: Figure | None = Field(title=_("计划投入"))
    money_source: Annotated[str, StringConstraints(max_length=100)] = Field(title=_("资金来源"))
    targets: tuple[Target, ...] = Field(title=_("目标"), max_length=200)


class Snapshot(Wire):
    """A list as an approval fixes it; its canonical JSON has the digest."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_("清单"))
    side: Name = Field(title=_("归属"))
    field: Name = Field(title=_("领域"))
    first_year: Count = Field(title=_("起始年份"))
    last_year: Count = Field(title=_("终止年份"))
    purpose: Words = Field(title=_("说明"))
    policy: Title | None = Field(title=_("依据文件"))
    policy_sha256: Digest | None = Field(title=_("依据文件摘要"))
    items: tuple[Item, ...] = Field(title=_("事项"), min_length=1, max_length=2000)


class Body(Wire):
    """The list, and who approved it; `number` counts the letters about it, so that an older one is seen."""

    plan: UUID7 = Field(title=_("清单编号"))
    number: Annotated[Count, Field(ge=1)] = Field(title=_("来件序号"))
    digest: Digest = Field(title=_("内容摘要"))
    by: PersonName = Field(title=_("核定人"))
    at: Seconds = Field(title=_("核定时间"))
    snapshot: Snapshot = Field(title=_("清单内容"))


_ITEM: dict[str, object] = {
    "id": "019ab000-0000-7000-8000-000000000002", "number": "1", "parent": None, "kind": "measure",
    "title": "组建示例产教联合体", "text": "", "clause": None, "clause_label": "", "action_plan": 6,
    "field": "vocational", "lead_cq": "重庆市教育委员会", "office_cq": "职教处", "lead_sc": "四川省教育厅",
    "office_sc": "", "partners": [], "partners_text": "", "divisions": [], "zone": None, "alliance": None,
    "task_force": None, "starts": None, "due": "2027-12-31", "money_planned": None, "money_source": "", "targets": [],
}  # fmt: skip
_SNAPSHOT: dict[str, object] = {
    "name": "示例清单", "side": "both", "field": "vocational", "first_year": 2026, "last_year": 2027, "purpose": "",
    "policy": None, "policy_sha256": None, "items": [_ITEM],
}  # fmt: skip
LETTER = LetterType(
    name="plan_version",
    version=1,
    title=_("送核清单"),
    body=Body,
    private=True,
    largest=8 * 1024 * 1024,
    sample={
        "plan": "019ab000-0000-7000-8000-000000000001", "number": 1, "digest": "0" * 64, "by": "余小安",
        "at": 1_767_225_600, "snapshot": _SNAPSHOT,
    },
    refused=(
        {"number": 0},
        {"digest": "0"},
        {"snapshot": _SNAPSHOT | {"items": []}},
        {"snapshot": _SNAPSHOT | {"items": [_ITEM | {"due": "soon"}]}},
        {"snapshot": _SNAPSHOT | {"remark": ""}},
    ),
)  # fmt: skip
