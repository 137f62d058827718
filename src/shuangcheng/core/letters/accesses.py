"""A person asks, through his own node, who looked at his records at the other."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..schema import Choice
from ..text import _
from ..wire import UUID7, Wire


class Kind(Choice):
    """Which number a person is known by 证件类型."""

    ID_CARD = "id_card", _("居民身份证")
    PUPIL = "pupil", _("学籍号")


class Number(Wire):
    """A number that the asking node has verified to be the person's own."""

    kind: Kind = Field(title=_("证件类型"))
    number: Annotated[str, StringConstraints(min_length=4, max_length=40)] = Field(title=_("号码"))


class Body(Wire):
    """The person's numbers, and the one look-up whose place in the log is to be proved, if any."""

    numbers: tuple[Number, ...] = Field(title=_("本人的号码"), min_length=1, max_length=10)
    prove: UUID7 | None = Field(None, title=_("要证明的信件编号"))


LETTER = LetterType(
    name="accesses",
    version=1,
    title=_("谁查过我"),
    body=Body,
    private=True,
    sample={"numbers": [{"kind": "id_card", "number": "999999198503070014"}]},
    refused=(
        {"numbers": []},
        {"numbers": [{"kind": "passport", "number": "E12345678"}]},
        {"name": "张三"},
        {"prove": "1"},
    ),
)
