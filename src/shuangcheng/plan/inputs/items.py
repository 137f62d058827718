"""Inputs of the list: items, targets, observed values, progress, remarks."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Day, Input, Line, OptionalDay, OptionalLine, Prose
from shuangcheng.core.standing import Comparator
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.fields import ActionPlan, reference

from .. import terms

Money = Annotated[Decimal, Field(ge=0, le=10_000_000_000, decimal_places=2)]
"""Money in 万元."""

Figure = Annotated[Decimal, Field(ge=-100_000_000_000, le=100_000_000_000, decimal_places=4)]
"""A figure that is counted or measured."""

Percent = Annotated[int, Field(ge=0, le=100)]


class ItemInput(Input):
    """A measure, project or milestone 事项."""

    number: Annotated[str, Field(max_length=20, pattern=r"^[0-9A-Za-z]+([.-][0-9A-Za-z]+)*$")] = Field(
        title=_("编号"), description=_("在同一清单内不重复，如 3.2.1"), examples=["3.2"]
    )
    kind: terms.ItemKind = Field(terms.ItemKind.MEASURE, title=_("层级"), examples=["举措"])
    parent: Annotated[str, Field(max_length=20)] = Field(
        "", title=_("上级编号"), description=_("项目填所属举措的编号，节点填所属项目或举措的编号"), examples=["3"]
    )
    title: Annotated[str, Field(min_length=2, max_length=300, title=_("事项"), examples=["组建示例产教联合体"])]
    text: Prose = Field("", title=_("内容"), json_schema_extra={"widget": "prose"})
    clause: OptionalLine = Field("", title=_("依据条款"), description=_("依据文件中的条款号或标题"))
    action_plan: ActionPlan = None
    field: directory.Field = Field(title=_("领域"), examples=["职业教育"])
    lead_cq: OptionalLine = Field("", title=_("重庆牵头单位"), json_schema_extra=reference("organisation"))
    office_cq: Annotated[str, Field(max_length=60)] = Field("", title=_("重庆责任处室"))
    lead_sc: OptionalLine = Field("", title=_("四川牵头单位"), json_schema_extra=reference("organisation"))
    office_sc: Annotated[str, Field(max_length=60)] = Field("", title=_("四川责任处室"))
    partners: tuple[str, ...] = Field(
        (), title=_("参与单位"), max_length=60, json_schema_extra=reference("organisation")
    )
    partners_text: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("其他参与方"), description=_("名录里没有的单位写在这里")
    )
    divisions: tuple[str, ...] = Field((), title=_("所涉区划"), max_length=60, json_schema_extra=reference("division"))
    zone: OptionalLine = Field("", title=_("所属结对或试点"), json_schema_extra=reference("zone"))
    alliance: OptionalLine = Field("", title=_("所属联盟"), json_schema_extra=reference("alliance"))
    task_force: OptionalLine = Field("", title=_("所属专项工作组"), json_schema_extra=reference("body"))
    starts: OptionalDay = Field(None, title=_("开始日期"))
    due: OptionalDay = Field(None, title=_("完成期限"))
    money_planned: Money | None = Field(None, title=_("计划投入（万元）"))
    money_source: Annotated[str, Field(max_length=100)] = Field("", title=_("资金来源"))


class Owner(Input):
    """The plan that an item belongs to."""

    plan: Line = Field(title=_("所属清单"), description=_("清单名称"), examples=["示例清单"])


class PlanItemInput(ItemInput, Owner):
    """An item with the plan that it joins."""

    @property
    def item(self) -> ItemInput:
        """The item alone; what was not given stays so."""
        return ItemInput(**{name: getattr(self, name) for name in self.model_fields_set - {"plan"}})


class BulkInput(Input):
    """What is changed in several items at once 批量修改; what is not given stays as it is."""

    due: OptionalDay = Field(None, title=_("完成期限"))
    action_plan: ActionPlan = None
    lead_cq: OptionalLine = Field("", title=_("重庆牵头单位"), json_schema_extra=reference("organisation"))
    lead_sc: OptionalLine = Field("", title=_("四川牵头单位"), json_schema_extra=reference("organisation"))
    task_force: OptionalLine = Field("", title=_("所属专项工作组"), json_schema_extra=reference("body"))
    partner: OptionalLine = Field("", title=_("增加参与单位"), json_schema_extra=reference("organisation"))
    told: terms.Told | None = Field(None, title=_("状态"), description=_("记为一次进展报告，日期为今天"))
    reason: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("原因"), description=_("有风险、受阻或不再实施时须说明")
    )


class RowInput(Input):
    """What is changed of an item in its row of the list; what is left blank is emptied."""

    told: terms.Told = Field(title=_("状态"), description=_("记为一次进展报告，日期为今天"))
    reason: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("原因"), description=_("有风险、受阻或不再实施时须说明")
    )
    due: OptionalDay = Field(None, title=_("完成期限"))
    lead_cq: OptionalLine = Field("", title=_("重庆牵头单位"), json_schema_extra=reference("organisation"))
    lead_sc: OptionalLine = Field("", title=_("四川牵头单位"), json_schema_extra=reference("organisation"))


class TargetInput(Input):
    """A figure that is promised 目标."""

    subject: Annotated[str, Field(min_length=1, max_length=200, title=_("目标"), examples=["产教联合体"])]
    comparator: Comparator = Field(Comparator.AT_LEAST, title=_("比较方式"))
    value: Figure = Field(title=_("目标值"))
    value_max: Figure | None = Field(None, title=_("区间上限"), description=_("比较方式为“区间”时填写"))
    unit: Annotated[str, Field(max_length=30)] = Field("", title=_("单位"), examples=["个"])
    baseline: Figure | None = Field(None, title=_("基期值"))
    baseline_on: OptionalDay = Field(None, title=_("基期日期"))
    deadline: OptionalDay = Field(None, title=_("达成期限"))
    kind: terms.TargetKind = Field(terms.TargetKind.GOAL, title=_("类型"))
    side: terms.Sides = Field(terms.Sides.BOTH, title=_("适用"))
    quote: Annotated[str, Field(max_length=2000)] = Field("", title=_("原文"), json_schema_extra={"widget": "prose"})


class ObservationInput(Input):
    """An observed value of a target 目标数值."""

    on: Day = Field(title=_("数据日期"))
    value: Figure = Field(title=_("数值"))
    source: OptionalLine = Field("", title=_("数据来源"))


class ProgressInput(Input):
    """A report of progress 进展."""

    on: Day = Field(title=_("日期"))
    told: terms.Told = Field(terms.Told.ON_TRACK, title=_("状态"))
    reason: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("原因"), description=_("有风险、受阻或不再实施时须说明")
    )
    percent: Percent = Field(title=_("完成进度（%）"))
    text: Annotated[str, Field(min_length=2, max_length=5000)] = Field(
        title=_("进展情况"), json_schema_extra={"widget": "prose"}
    )
    money_spent: Money | None = Field(None, title=_("累计投入（万元）"))


class RemarkInput(Input):
    """A contribution to a discussion 意见."""

    kind: terms.RemarkKind = Field(terms.RemarkKind.REMARK, title=_("类型"))
    text: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        title=_("内容"), json_schema_extra={"widget": "prose"}
    )


class ReasonInput(Input):
    """A reason 理由."""

    reason: Line = Field(title=_("理由"))
