"""Who looked at a person's records at this node; one line asked for is proved by its place in the log."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..basis import LegalBasis, Purpose
from ..letter import LetterType
from ..register import Asker
from ..schema import Choice
from ..text import _
from ..wire import Authority, Count, Digest, Name, Seconds, Wire
from .lookup_reply import Outcome

MOST = 200


class Proof(Wire):
    """That an entry stands in a signed tree: the leaf's data, its place, the path to the root and the checkpoint."""

    data: Annotated[str, StringConstraints(max_length=2000)] = Field(title=_("日志内容"))
    index: Count = Field(title=_("位置"))
    size: Count = Field(title=_("总条数"))
    proof: tuple[Digest, ...] = Field(title=_("证明路径"), max_length=64)
    root: Digest = Field(title=_("根摘要"))
    checkpoint: Annotated[str, StringConstraints(max_length=16_384)] = Field(title=_("检查点"))


class Relation(Choice):
    """What the telling node had to do with a look-up 查询关系."""

    ANSWERED = "answered", _("本节点答复")
    ASKED = "asked", _("本节点提出")
    OWN = "own", _("本节点内部")


class Line(Wire):
    """One look-up of the person's record."""

    relation: Relation = Field(title=_("查询关系"))
    jti: Annotated[str, StringConstraints(max_length=36)] = Field("", title=_("信件编号"))
    at: Seconds = Field(title=_("查询时间"))
    register_name: Name = Field(title=_("登记簿"))
    purpose: Purpose = Field(title=_("查询用途"))
    legal_basis: LegalBasis = Field(title=_("法律依据"))
    authority: Authority = Field(title=_("查询方节点"))
    asker: Asker = Field(title=_("查询主体"))
    organisation: Annotated[str, StringConstraints(max_length=120)] = Field("", title=_("查询单位"))
    fields: tuple[Name, ...] = Field((), title=_("提供的数据项"), max_length=100)
    outcome: Outcome | None = Field(None, title=_("查询结果"))
    proof: Proof | None = Field(None, title=_("日志证明"))


class Body(Wire):
    """The newest look-ups first; `more` says that there are older ones."""

    lines: tuple[Line, ...] = Field((), title=_("查询记录"), max_length=MOST)
    more: bool = Field(False, title=_("还有更早的"))


LETTER = LetterType(
    name="accesses_reply",
    version=1,
    title=_("谁查过我的答复"),
    body=Body,
    private=True,
    answers=True,
    largest=4 * 1024 * 1024,
    sample={
        "lines": [
            {
                "relation": "answered",
                "at": 1_790_000_000,
                "register_name": "student_status",
                "purpose": "enrolment",
                "legal_basis": "statutory_duty",
                "authority": "cq",
                "asker": "school",
                "organisation": "某某小学",
                "fields": ["stage"],
                "outcome": "found",
            }
        ]
    },
    refused=(
        {"lines": [{"relation": "heard"}]},
        {"lines": [{"relation": "own", "at": "now"}]},
        {"more": "perhaps"},
    ),
)
