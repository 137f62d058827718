"""What a register answers to a look-up, row by row."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..schema import Choice
from ..text import _
from ..wire import Code, Name, Wire
from .lookup import Ref


class Outcome(Choice):
    """What became of a row 查询结果."""

    FOUND = "found", _("查到")
    NO_MATCH = "no_match", _("没有查到")
    REFUSED = "refused", _("不予提供")


class Answer(Wire):
    """The answer to one row: the record's released fields, or why there is none."""

    ref: Ref = Field(title=_("行号"))
    outcome: Outcome = Field(title=_("查询结果"))
    record: dict[Name, Annotated[str, StringConstraints(max_length=500)]] = Field({}, title=_("记录"), max_length=100)
    reasons: tuple[Code, ...] = Field((), title=_("原因"), max_length=20)


class Body(Wire):
    """The answers, and which of the fields asked for were withheld from all of them."""

    register_name: Name = Field(title=_("登记簿"))
    answers: tuple[Answer, ...] = Field(title=_("各行结果"), min_length=1, max_length=10_000)
    withheld: tuple[Name, ...] = Field((), title=_("未提供的数据项"), max_length=100)


LETTER = LetterType(
    name="lookup_reply",
    version=1,
    title=_("查询结果"),
    body=Body,
    private=True,
    answers=True,
    largest=16 * 1024 * 1024,
    sample={
        "register_name": "teacher_certificate",
        "answers": [{"ref": "1", "outcome": "found", "record": {"status": "valid"}}],
        "withheld": ["id_number"],
    },
    refused=(
        {"answers": []},
        {"answers": [{"ref": "1", "outcome": "perhaps"}]},
        {"answers": [{"ref": "1", "outcome": "found", "record": {"Status": "valid"}}]},
    ),
)
