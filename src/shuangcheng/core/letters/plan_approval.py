"""Approving a joint list that the other side has sent, exactly as it was sent."""

from pydantic import Field

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Digest, Seconds, Wire
from .plan_version import PersonName


class Body(Wire):
    """Which content of which list is approved, and by whom."""

    plan: UUID7 = Field(title=_("清单编号"))
    digest: Digest = Field(title=_("内容摘要"))
    by: PersonName = Field(title=_("核定人"))
    at: Seconds = Field(title=_("核定时间"))


LETTER = LetterType(
    name="plan_approval",
    version=1,
    title=_("核定清单"),
    body=Body,
    private=True,
    sample={
        "plan": "019ab000-0000-7000-8000-000000000001",
        "digest": "0" * 64,
        "by": "舒小川",
        "at": 1_767_225_600,
    },
    refused=({"digest": "0"}, {"by": ""}, {"plan": "1"}, {"at": "today"}),
)
