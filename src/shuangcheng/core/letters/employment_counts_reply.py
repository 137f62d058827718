"""How many graduates went where: small cells withheld, each cell under a reference of this pair of nodes."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import Count, Name, Wire

MOST = 20_000


class Cell(Wire):
    """One combination and its count; none where it was withheld."""

    ref: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")] = Field(title=_("单元代号"))
    values: tuple[Annotated[str, StringConstraints(max_length=200)], ...] = Field(title=_("口径取值"), max_length=5)
    count: Count | None = Field(title=_("人数"))


class Body(Wire):
    """The cells by year and by what was asked; `least` is the smallest count that is told."""

    by: tuple[Name, ...] = Field(title=_("统计口径"), min_length=1, max_length=5)
    cells: tuple[Cell, ...] = Field(title=_("单元"), max_length=MOST)
    least: Annotated[Count, Field(ge=2)] = Field(title=_("最小公布人数"))


LETTER = LetterType(
    name="employment_counts_reply",
    version=1,
    title=_("毕业生去向统计结果"),
    body=Body,
    private=True,
    answers=True,
    largest=8 * 1024 * 1024,
    sample={
        "by": ["year", "destination"],
        "cells": [{"ref": "0" * 32, "values": ["2025", "study"], "count": 120}],
        "least": 10,
    },
    refused=(
        {"least": 1},
        {"cells": [{"ref": "0", "values": [], "count": 1}]},
        {"cells": [{"ref": "0" * 32, "values": ["2025"], "count": -1}]},
    ),
)
