"""Saying something about an item of a joint list: a remark, a dispute, or that a dispute is settled."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Name, Wire
from .plan_version import PersonName


class Body(Wire):
    """What was said of which item, by whom and when."""

    remark: UUID7 = Field(title=_("意见编号"))
    plan: UUID7 = Field(title=_("清单编号"))
    item: UUID7 = Field(title=_("事项编号"))
    kind: Name = Field(title=_("类型"))
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)] = Field(title=_("内容"))
    by: PersonName = Field(title=_("发表人"))
    moment: Annotated[Count, Field(ge=1)] = Field(title=_("发表时间（微秒）"))


LETTER = LetterType(
    name="plan_remark",
    version=1,
    title=_("清单意见"),
    body=Body,
    private=True,
    sample={
        "remark": "019ab000-0000-7000-8000-000000000005",
        "plan": "019ab000-0000-7000-8000-000000000001",
        "item": "019ab000-0000-7000-8000-000000000002",
        "kind": "dispute",
        "text": "完成期限建议改到年底。",
        "by": "舒小川",
        "moment": 1_767_225_600_000_000,
    },
    refused=({"text": ""}, {"kind": ""}, {"moment": 0}, {"side": "sc"}),
)
