"""Taking an approval of a joint list back, or returning the list to the side that sent it, with the reason."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Digest, Wire
from .plan_version import PersonName


class Body(Wire):
    """Which content of which list is not to be approved, and why; `number` counts what is told of it."""

    plan: UUID7 = Field(title=_("清单编号"))
    number: Annotated[Count, Field(ge=1)] = Field(title=_("来件序号"))
    digest: Digest = Field(title=_("内容摘要"))
    by: PersonName = Field(title=_("经办人"))
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)] = Field(title=_("理由"))


LETTER = LetterType(
    name="plan_return",
    version=1,
    title=_("退回清单"),
    body=Body,
    private=True,
    sample={
        "plan": "019ab000-0000-7000-8000-000000000001",
        "number": 2,
        "digest": "0" * 64,
        "by": "舒小川",
        "reason": "第三项的牵头单位请改为省教科院。",
    },
    refused=({"reason": ""}, {"number": 0}, {"digest": ""}, {"reason": "长" * 301}),
)
