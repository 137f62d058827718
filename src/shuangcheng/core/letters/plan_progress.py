"""Telling what one side has reported on an item of a joint list, or that it no longer counts."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Digest, Name, Seconds, Wire
from .plan_version import Date, Figure, PersonName


class Measured(Wire):
    """The observed value of a target."""

    target: UUID7 = Field(title=_("目标编号"))
    value: Figure = Field(title=_("数值"))


class File(Wire):
    """A file that stays with the reporter."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_("文件名"))
    sha256: Digest = Field(title=_("文件摘要"))
    size: Count = Field(title=_("字节数"))


class Body(Wire):
    """A report; `number` counts the letters about it, so that an older one is seen; `moment`: since when it counts."""

    progress: UUID7 = Field(title=_("进展编号"))
    plan: UUID7 = Field(title=_("清单编号"))
    item: UUID7 = Field(title=_("事项编号"))
    number: Annotated[Count, Field(ge=1)] = Field(title=_("来件序号"))
    counts: bool = Field(title=_("计入"))
    moment: Annotated[Count, Field(ge=1)] = Field(title=_("计入时间（微秒）"))
    on: Date = Field(title=_("日期"))
    told: Name = Field(title=_("状态"))
    reason: Annotated[str, StringConstraints(max_length=300)] = Field("", title=_("原因"))
    percent: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(title=_("完成进度"))
    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)] = Field(title=_("进展情况"))
    money_spent: Figure | None = Field(None, title=_("累计投入"))
    figures: tuple[Measured, ...] = Field((), title=_("目标数值"), max_length=200)
    evidence: tuple[File, ...] = Field((), title=_("佐证材料"), max_length=50)
    organisation: Annotated[str, StringConstraints(max_length=120)] = Field("", title=_("报告单位"))
    by: PersonName = Field(title=_("报告人"))
    at: Seconds = Field(title=_("报告时间"))


LETTER = LetterType(
    name="plan_progress",
    version=1,
    title=_("清单进展"),
    body=Body,
    private=True,
    sample={
        "progress": "019ab000-0000-7000-8000-000000000003",
        "plan": "019ab000-0000-7000-8000-000000000001",
        "item": "019ab000-0000-7000-8000-000000000002",
        "number": 1,
        "counts": True,
        "moment": 1_767_225_600_000_000,
        "on": "2026-01-01",
        "told": "on_track",
        "percent": 40,
        "text": "已组建两个联合体。",
        "figures": [{"target": "019ab000-0000-7000-8000-000000000004", "value": "2"}],
        "evidence": [{"name": "名单.pdf", "sha256": "0" * 64, "size": 1024}],
        "by": "舒小川",
        "at": 1_767_225_600,
    },
    refused=({"percent": 101}, {"on": "soon"}, {"number": 0}, {"evidence": [{"name": "x"}]}, {"text": ""}),
)
