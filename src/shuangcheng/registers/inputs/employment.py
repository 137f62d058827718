"""What counting graduates is told."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _

from .sharings import GIVEN


class CountInput(Input):
    """Where, which years, and what is counted by."""

    node: Annotated[str, Field(max_length=20)] = Field(title=_("向谁统计"), json_schema_extra=GIVEN)
    first: int = Field(ge=1950, le=2200, title=_("起始毕业年份"))
    last: int = Field(ge=1950, le=2200, title=_("截止毕业年份"))
    by: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        title=_("按什么统计"), min_length=1, max_length=4, json_schema_extra=GIVEN
    )
    organisation: Annotated[str, Field(max_length=120)] = Field("", title=_("查询单位"), json_schema_extra=GIVEN)
