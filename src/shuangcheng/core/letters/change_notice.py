"""Saying that things have changed: their ids only, so that whoever may read them comes and reads."""

from typing import Annotated

from pydantic import Field

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Name, Wire


class Body(Wire):
    """Which things have changed, and how far the feed has come."""

    kind: Name = Field(title=_("类别"))
    ids: tuple[UUID7, ...] = Field(title=_("编号"), min_length=1, max_length=1000)
    cursor: Annotated[Count, Field(ge=1)] = Field(title=_("更新位置"))


LETTER = LetterType(
    name="change_notice",
    version=1,
    title=_("变更通知"),
    body=Body,
    sample={"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 12},
    refused=({"ids": []}, {"ids": ["1"]}, {"cursor": "12"}, {"cursor": 0}, {"name": "某校"}),
)
