"""Asking how many graduates went where, without any person."""

from typing import Annotated

from pydantic import Field

from ..letter import LetterType
from ..text import _
from ..wire import Name, Wire


class Body(Wire):
    """The years of graduation and what is counted by."""

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
    sample={"years": [2025], "by": ["university", "destination"]},
    refused=({"years": []}, {"years": [25]}, {"by": []}, {"by": ["Name"]}),
)
