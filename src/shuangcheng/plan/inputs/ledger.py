"""Inputs of the ledger and of what is sought from above."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Day, Input, OptionalDay, OptionalLine, Prose
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.fields import ActionPlan, reference

from .. import terms

Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


class ActivityInput(Input):
    """A joint meeting, activity, project or piece of work 台账记录."""

    kind: terms.ActivityKind = Field(title=_("类别"), examples=["重要活动"])
    title: Annotated[str, Field(min_length=2, max_length=200, title=_("名称"), examples=["示例教研活动"])]
    on: Day = Field(title=_("日期"), examples=["2026-05-20"])
    until: OptionalDay = Field(None, title=_("结束日期"))
    hosts: tuple[str, ...] = Field((), title=_("主办单位"), max_length=20, json_schema_extra=reference("organisation"))
    hosts_text: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("其他主办方"), description=_("名录里没有的单位写在这里")
    )
    side: terms.Sides = Field(terms.Sides.BOTH, title=_("参与方"), examples=["川渝共同"])
    place: Annotated[str, Field(max_length=120)] = Field("", title=_("地点"))
    people: Count | None = Field(None, title=_("参与人数"))
    result: Prose = Field("", title=_("成果"), json_schema_extra={"widget": "prose"})
    field: directory.Field = Field(directory.Field.MECHANISM, title=_("领域"), examples=["基础教育"])
    action_plan: ActionPlan = None
    alliance: OptionalLine = Field("", title=_("所属联盟"), json_schema_extra=reference("alliance"))
    zone: OptionalLine = Field("", title=_("所属结对或试点"), json_schema_extra=reference("zone"))
    item: OptionalLine = Field("", title=_("所属事项"), json_schema_extra=reference("item"))
    quantity: Annotated[int, Field(ge=1, le=100_000)] = Field(
        1, title=_("次数"), description=_("一条记录代表多次时填写，如只有汇总数的材料")
    )


class SoughtInput(Input):
    """Something sought from above 共同争取事项."""

    kind: terms.SoughtKind = Field(title=_("类别"))
    title: Annotated[str, Field(min_length=2, max_length=200, title=_("事项"))]
    text: Prose = Field("", title=_("内容和理由"), json_schema_extra={"widget": "prose"})
    channel: OptionalLine = Field("", title=_("争取渠道"), description=_("向哪个部门、以什么方式争取"))
    field: directory.Field = Field(directory.Field.MECHANISM, title=_("领域"))
    action_plan: ActionPlan = None
    lead_cq: OptionalLine = Field("", title=_("重庆牵头单位"), json_schema_extra=reference("organisation"))
    lead_sc: OptionalLine = Field("", title=_("四川牵头单位"), json_schema_extra=reference("organisation"))
    item: OptionalLine = Field("", title=_("所属事项"), json_schema_extra=reference("item"))
    asked_on: OptionalDay = Field(None, title=_("上报日期"), description=_("填写后即为“已上报”"))
    expected: OptionalDay = Field(None, title=_("预计答复日期"))


class SoughtAnswerInput(Input):
    """How it was answered 答复."""

    state: terms.SoughtState = Field(title=_("结果"))
    answered_on: OptionalDay = Field(None, title=_("答复日期"))
    answer: Annotated[str, Field(min_length=2, max_length=2000)] = Field(
        title=_("答复内容"), json_schema_extra={"widget": "prose"}
    )
