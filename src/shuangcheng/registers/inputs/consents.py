"""What taking and giving a consent is told."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.basis import Purpose
from shuangcheng.core.schema import Input, Line
from shuangcheng.core.text import _

from .sharings import GIVEN

LONGEST_DAYS = 365


class ScopeInput(Input):
    """To what a person consents: a register, a purpose, the fields, for how long."""

    register_name: Annotated[str, Field(max_length=40)] = Field(title=_("登记簿"), json_schema_extra=GIVEN)
    purpose: Purpose = Field(title=_("用途"), json_schema_extra=GIVEN)
    fields: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        (), title=_("数据项"), max_length=100, description=_("不选即该用途需要的全部数据项"), json_schema_extra=GIVEN
    )
    days: int = Field(90, ge=1, le=LONGEST_DAYS, title=_("有效天数"), description=_("最长 365 天，可随时撤回"))


class ConsentInput(ScopeInput):
    """A consent that is taken with the person present."""

    name: Line = Field(title=_("本人姓名"))
    number: Annotated[str, Field(min_length=1, max_length=40)] = Field(title=_("身份证号码或学籍号"))
    guardian: Annotated[str, Field(max_length=60)] = Field(
        "", title=_("监护人姓名"), description=_("本人不满十四周岁时必填")
    )
    organisation: Annotated[str, Field(max_length=120)] = Field(
        "", title=_("经办单位"), description=_("在不止一个单位任职时填写"), json_schema_extra=GIVEN
    )
