"""Opening a joint case: what it is about, said to the side that has to deal with it first."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Authority, Name, Seconds, Wire
from .case_step import Paper, Remark

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Body(Wire):
    """A new case, as whoever opened it tells it."""

    case: UUID7 = Field(title=_("事项编号"))
    number: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{4,40}$")] = Field(title=_("事项号"))
    procedure: Name = Field(title=_("事项类型"))
    asker: Authority = Field(title=_("提出方"))
    holder: Authority = Field(title=_("持有方"))
    title: Line = Field(title=_("事由"))
    register_name: Name = Field(title=_("登记簿"))
    person: Annotated[str, StringConstraints(max_length=100)] = Field("", title=_("当事人"))
    person_number: Annotated[str, StringConstraints(max_length=40)] = Field("", title=_("证件号码"))
    told: Remark = Field(title=_("存在的问题"))
    wanted: Remark = Field("", title=_("请求更正为"))
    by: Line = Field(title=_("经办人"))
    opened: Seconds = Field(title=_("提出时间"))
    papers: tuple[Paper, ...] = Field((), title=_("材料"), max_length=20)


LETTER = LetterType(
    name="case_open",
    version=1,
    title=_("事项提出"),
    body=Body,
    private=True,
    largest=16 * 1024 * 1024,
    sample={
        "case": "019ab000-0000-7000-8000-000000000001",
        "number": "cq-2026-0001",
        "procedure": "correction",
        "asker": "cq",
        "holder": "sc",
        "title": "学籍状态有误",
        "register_name": "student_status",
        "person": "王小明",
        "told": "状态应为在读。",
        "by": "某某",
        "opened": 1_795_500_000,
    },
    refused=({"case": "1"}, {"number": "第一号"}, {"told": "x" * 2001}, {"holder": ""}, {"title": ""}),
)
