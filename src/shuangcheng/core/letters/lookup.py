"""Asking a register for one record or up to 10,000."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..register import Asker
from ..text import _
from ..wire import Digest, Name, Wire

Value = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ref = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Row(Wire):
    """One question: what is asked for, and the receipt that allows it."""

    ref: Ref = Field(title=_("行号"))
    by: dict[Name, Value] = Field(title=_("查询条件"), min_length=1, max_length=5)
    consent: Digest | None = Field(None, title=_("同意凭证摘要"))


class Body(Wire):
    """Who asks, the questions, and the receipts of consent that they name."""

    register_name: Name = Field(title=_("登记簿"))
    asker: Asker = Field(title=_("查询主体"))
    organisation: Annotated[str, StringConstraints(max_length=120)] = Field("", title=_("查询单位"))
    rows: tuple[Row, ...] = Field(title=_("查询各行"), min_length=1, max_length=10_000)
    consents: tuple[str, ...] = Field((), title=_("同意凭证"), max_length=10_000)


LETTER = LetterType(
    name="lookup",
    version=1,
    title=_("查询登记簿"),
    body=Body,
    private=True,
    asks=True,
    largest=16 * 1024 * 1024,
    sample={
        "register_name": "teacher_certificate",
        "asker": "school",
        "organisation": "某某中学",
        "rows": [{"ref": "1", "by": {"name": "李老师", "certificate_number": "20155000031000001"}}],
    },
    refused=(
        {"rows": []},
        {"asker": "parent"},
        {"rows": [{"ref": "1", "by": {}}]},
        {"register_name": "Teacher"},
        {"limit": 1},
    ),
)
