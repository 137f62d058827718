"""Inputs of joint bodies: the body, its members, consultations, reports."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from shuangcheng.core.schema import Day, Input, Line, OptionalDay, OptionalLine, Prose
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.fields import ActionPlan, reference

from .. import terms

PROSE: JsonDict = {"widget": "prose"}


class BodyInput(Input):
    """A joint meeting, joint office or task force 协作机构."""

    name: Annotated[str, Field(min_length=2, max_length=120, title=_("名称"))]
    kind: terms.BodyKind = Field(title=_("类型"))
    side: terms.Sides = Field(terms.Sides.BOTH, title=_("所属"), description=_("川渝共同的，纪要由双方确认"))
    field: directory.Field = Field(
        directory.Field.MECHANISM, title=_("领域"), description=_("选“体制机制”的，议题建议不限领域")
    )
    action_plan: ActionPlan = None
    mandate: Prose = Field("", title=_("职责"), json_schema_extra=PROSE)
    founded: OptionalDay = Field(None, title=_("成立日期"))
    months_between: Annotated[int, Field(ge=1, le=60)] | None = Field(
        None, title=_("间隔月数"), description=_("每隔几个月开会；专项工作组为每隔几个月报告")
    )
    plan: OptionalLine = Field(
        "", title=_("议定事项列入的清单"), description=_("填清单名称；空着时，首次形成议定事项自动编制一份")
    )


class EndInput(Input):
    """The end of a body 撤销."""

    on: Day = Field(title=_("撤销日期"))
    reason: Line = Field(title=_("理由"))


class SeatInput(Input):
    """A member of a body 成员; people are not named."""

    organisation: Line = Field(title=_("成员单位"), json_schema_extra=reference("organisation"))
    post: Annotated[str, Field(max_length=60)] = Field(
        "", title=_("代表职务"), description=_("只填职务，不填姓名，如“分管负责人”"), examples=["分管负责人"]
    )
    role: terms.SeatRole = Field(terms.SeatRole.MEMBER, title=_("机构内职务"))
    joined: OptionalDay = Field(None, title=_("加入日期"))


class SeatEndInput(Input):
    """The end of a membership 退出."""

    on: Day = Field(title=_("退出日期"))


class ConsultationInput(Input):
    """A matter to be talked over between sessions 会商."""

    topic: Line = Field(title=_("议题"))
    text: Annotated[str, Field(min_length=2, max_length=5000)] = Field(title=_("内容"), json_schema_extra=PROSE)
    item: OptionalLine = Field("", title=_("相关事项"), json_schema_extra=reference("item"))
    answer_by: OptionalDay = Field(None, title=_("请于何日前答复"))


class OpinionInput(Input):
    """What somebody says in a consultation 会商意见."""

    text: Annotated[str, Field(min_length=1, max_length=2000)] = Field(title=_("意见"), json_schema_extra=PROSE)


class ConclusionInput(Input):
    """How a consultation ends 会商结果."""

    state: terms.ConsultationState = Field(title=_("结果"))
    conclusion: Annotated[str, Field(max_length=2000)] = Field("", title=_("说明"), json_schema_extra=PROSE)


class BodyReportInput(Input):
    """A regular report of a task force 工作组定期报告."""

    covers_to: Day = Field(title=_("报告截止日期"), description=_("报告写到哪一天为止"))
    title: Annotated[str, Field(min_length=2, max_length=120)] = Field(title=_("标题"))
    done: Annotated[str, Field(min_length=2, max_length=10_000)] = Field(title=_("工作进展"), json_schema_extra=PROSE)
    problems: Annotated[str, Field(max_length=10_000)] = Field("", title=_("存在问题"), json_schema_extra=PROSE)
    next_steps: Annotated[str, Field(max_length=10_000)] = Field("", title=_("下一步安排"), json_schema_extra=PROSE)
