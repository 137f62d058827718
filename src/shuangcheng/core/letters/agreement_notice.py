"""Saying of a data-sharing agreement that it is handed back unsigned, or that it ends early."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..schema import Choice
from ..text import _
from ..wire import UUID7, Count, Digest, Wire


class Act(Choice):
    """What is done to an agreement 协议办理."""

    RETURN = "return", _("退回")
    END = "end", _("终止")


class Body(Wire):
    """Which version of which agreement, what is done to it and why."""

    agreement: UUID7 = Field(title=_("协议编号"))
    version: Annotated[Count, Field(ge=1)] = Field(title=_("版本"))
    digest: Digest = Field(title=_("条款摘要"))
    act: Act = Field(title=_("办理"))
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)] = Field(title=_("理由"))


LETTER = LetterType(
    name="agreement_notice",
    version=1,
    title=_("共享协议退回或终止"),
    body=Body,
    sample={
        "agreement": "019ab000-0000-7000-8000-0000000000aa",
        "version": 1,
        "digest": "0" * 64,
        "act": "return",
        "reason": "数据项请再缩减。",
    },
    refused=({"act": "sign"}, {"reason": ""}, {"digest": "0"}, {"version": 0}),
)
