"""Moving a joint case one step on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Digest, Name, Wire


class Paper(Wire):
    """A document that goes with a step."""

    document: Name = Field(title=_("材料"))
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_("文件名"))
    sha256: Digest = Field(title=_("文件摘要"))
    text: Annotated[str, StringConstraints(max_length=20_000)] = Field("", title=_("说明"))


class Body(Wire):
    """What was done in which case; `number` counts its steps, so that none is done twice or out of order."""

    case: UUID7 = Field(title=_("事项编号"))
    procedure: Name = Field(title=_("事项类型"))
    number: Annotated[Count, Field(ge=1)] = Field(title=_("步骤序号"))
    way: Name = Field(title=_("办理结果"))
    papers: tuple[Paper, ...] = Field((), title=_("材料"), max_length=20)
    remark: Annotated[str, StringConstraints(max_length=2000)] = Field("", title=_("备注"))


LETTER = LetterType(
    name="case_step",
    version=1,
    title=_("事项办理"),
    body=Body,
    private=True,
    largest=1024 * 1024,
    sample={
        "case": "019ab000-0000-7000-8000-000000000001",
        "procedure": "correction",
        "number": 2,
        "way": "accept",
        "papers": [{"document": "evidence", "name": "证明.pdf", "sha256": "0" * 64}],
    },
    refused=({"number": 0}, {"way": ""}, {"case": "1"}, {"papers": [{"document": "evidence"}]}),
)
