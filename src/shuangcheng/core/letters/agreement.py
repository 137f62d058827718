"""Proposing a data-sharing agreement, or handing it back signed by both."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import Wire


class Body(Wire):
    """The signed document: by one side it is a proposal, by both it is in force."""

    document: Annotated[str, StringConstraints(min_length=1, max_length=60_000)] = Field(title=_("签名的协议"))


LETTER = LetterType(
    name="agreement",
    version=1,
    title=_("数据共享协议"),
    body=Body,
    largest=128 * 1024,
    sample={"document": "{}"},
    refused=({"document": ""}, {"text": "…"}),
)
