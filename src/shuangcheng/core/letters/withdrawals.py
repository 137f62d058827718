"""Telling which consents were withdrawn, so that nobody answers on them any more."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import Wire


class Body(Wire):
    """The issuer's signed list, whole."""

    document: Annotated[str, StringConstraints(min_length=1, max_length=4 * 1024 * 1024)] = Field(
        title=_("签名的撤回名单")
    )


LETTER = LetterType(
    name="withdrawals",
    version=1,
    title=_("同意撤回名单"),
    body=Body,
    largest=6 * 1024 * 1024,
    sample={"document": "{}"},
    refused=({"document": ""}, {"ids": []}),
)
