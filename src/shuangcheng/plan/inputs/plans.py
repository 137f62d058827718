"""Inputs of plans and of what is proposed for them."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Input, Line, OptionalLine, Prose
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.fields import Year, reference

from .. import terms
from .items import TargetInput


class PlanInput(Input):
    """A list 清单."""

    name: Annotated[str, Field(min_length=2, max_length=200)] = Field(
        title=_("清单名称"), examples=["成渝地区双城经济圈教育协同发展行动计划工作清单"]
    )
    policy: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("依据文件"), description=_("文件名称或发文字号"), json_schema_extra=reference("policy")
    )
    side: terms.Sides = Field(terms.Sides.BOTH, title=_("归属"))
    field: directory.Field = Field(title=_("领域"))
    first_year: Year = Field(title=_("起始年份"))
    last_year: Year = Field(title=_("终止年份"))
    purpose: Prose = Field("", title=_("说明"), json_schema_extra={"widget": "prose"})


class SplitInput(Input):
    """The parts of a proposal, one text each 拆分."""

    parts: tuple[Annotated[str, Field(min_length=2, max_length=20_000)], ...] = Field(
        title=_("各部分"), min_length=2, max_length=20
    )


class DropInput(Input):
    """Why a proposal is not taken into the list 不列入的理由."""

    reason: Line = Field(title=_("理由"))


class ProposedTargetInput(TargetInput):
    """A target as it is corrected at the reading desk, with the measure that it belongs to."""

    under: OptionalLine = Field("", title=_("所属举措"), description=_("举措的编号"))
