"""Inputs of progress filing: periods, what an organisation files, decisions."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Day, Input, Line, Prose
from shuangcheng.core.text import _

from .. import terms
from .items import Figure, Money, Percent


class PeriodFactsInput(Input):
    """What may be changed in a period 报送要求."""

    title: Annotated[str, Field(min_length=2, max_length=120, title=_("名称"), examples=["2026 年下半年推进情况报送"])]
    covers_from: Day = Field(title=_("报送内容起始日期"))
    covers_to: Day = Field(title=_("报送内容截止日期"))
    due: Day = Field(title=_("报送截止日期"), description=_("截止前 3 个工作日和逾期次日，系统会自动催报"))
    note: Annotated[str, Field(max_length=2000)] = Field("", title=_("填报要求"), json_schema_extra={"widget": "prose"})


class PeriodInput(PeriodFactsInput):
    """A period in which progress is filed 报送期."""

    plan: Line = Field(title=_("所属清单"), description=_("清单名称"))
    side: terms.Sides = Field(
        terms.Sides.BOTH, title=_("报送范围"), description=_("由清单在办事项的牵头单位和参与单位报送")
    )


class LineInput(Input):
    """What is said of one item, as far as it is known; a state or percent that is left out stays as it is."""

    told: terms.Told | None = Field(None, title=_("状态"))
    percent: Percent | None = Field(None, title=_("完成进度（%）"))
    money_spent: Money | None = Field(None, title=_("累计投入（万元）"))
    text: Annotated[str, Field(max_length=5000)] = Field("", title=_("进展情况"), json_schema_extra={"widget": "prose"})
    reason: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("原因"), description=_("有风险、受阻或不再实施时须说明")
    )


class ItemLineInput(LineInput):
    """What is said of one item, with the item and the figures of its targets."""

    item: Line = Field(title=_("事项"), description=_("事项的编号或标识"))
    figures: dict[str, Figure] = Field({}, title=_("目标数值"), description=_("目标的标识和数值"), max_length=50)


class FilingInput(Input):
    """What an organisation writes 报送内容; lines that are not given stay as they are."""

    summary: Prose | None = Field(None, title=_("总体情况"), json_schema_extra={"widget": "prose"})
    lines: tuple[ItemLineInput, ...] = Field((), title=_("事项进展"), max_length=500)


class ReturnedInput(Input):
    """Why it is returned 退回意见."""

    answer: Annotated[str, Field(min_length=2, max_length=1000)] = Field(
        title=_("退回意见"), json_schema_extra={"widget": "prose"}
    )
