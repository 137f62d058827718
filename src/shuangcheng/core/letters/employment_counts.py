"""Asking how many graduates went where, without any person."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..register import Asker
from ..text import _
from ..wire import Name, Wire


class Body(Wire):
    """Who asks, the years of graduation, and what is counted by."""

    asker: Asker = Field(title=_("查询主体"))
    organisation: Annotated[str, StringConstraints(max_length=120)] = Field("", title=_("查询单位"))
    years: tuple[Annotated[int, Field(strict=True, ge=1950, le=2200)], ...] = Field(
        title=_("毕业年份"), min_length=1, max_length=10
    )
    by: tuple[Name, ...] = Field(title=_("统计口径"), min_length=1, max_length=4)


LETTER = LetterType(
    name="employment_counts",
    version=1,
    title=_("毕业生去向统计"),
    body=Body,
    private=True,
    asks=True,
    sample={"asker": "authority", "years": [2025], "by": ["university", "destination"]},
    refused=({"years": []}, {"years": [25]}, {"by": []}, {"asker": "parent"}, {"by": ["Name"]}),
)
