"""Saying that a letter was taken in, or why not."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..schema import Choice
from ..text import _
from ..wire import Code, Digest, Wire


class Standing(Choice):
    """What became of a letter 收件状态."""

    HANDLED = "handled", _("已办理")
    PARKED = "parked", _("已收下，待升级后办理")
    REFUSED = "refused", _("退回")


class Reason(Wire):
    """One reason of a refusal, for machines and for people."""

    code: Code = Field(title=_("原因代码"))
    message: Annotated[str, StringConstraints(max_length=500)] = Field(title=_("原因"))


class Body(Wire):
    """What became of the letter, and where it stands in the receiver's log."""

    standing: Standing = Field(title=_("收件状态"))
    reasons: tuple[Reason, ...] = Field((), title=_("原因"), max_length=20)
    leaf: Digest | None = Field(None, title=_("日志叶摘要"))


LETTER = LetterType(
    name="receipt",
    version=1,
    title=_("收件回执"),
    body=Body,
    answers=True,
    sample={"standing": "handled", "leaf": "0" * 64},
    refused=({"standing": "lost"}, {"leaf": "0"}, {"reasons": [{"code": "x y", "message": ""}]}),
)
