"""Several names in one cell, and values as rows hold them."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from shuangcheng.core.table import Plain

JOINT = "；"


def _several(value: object) -> object:
    return [part.strip() for part in re.split(r"[；;、\n]", value) if part.strip()] if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_several), Field(max_length=60)]
"""Names in one cell, parted by semicolons, 顿号 or line breaks."""


def joined(names: Iterable[str]) -> str:
    """The names as one cell, in an order of their own."""
    return JOINT.join(sorted(set(names)))


def plain(value: Any) -> Plain:
    """A value as a row holds it: money without needless zeros, days as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, StrEnum):
        return value.value
    return value if value is None or isinstance(value, bool | int | str) else str(value)
