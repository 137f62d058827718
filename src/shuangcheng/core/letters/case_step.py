"""Moving a joint case one step on."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from ..letter import LetterType
from ..text import _
from ..wire import UUID7, Count, Digest, Name, Seconds, Wire, read_base64url, sha256

Remark = Annotated[str, StringConstraints(max_length=2000)]


class Paper(Wire):
    """A document that goes with a step: written out, a file, or both."""

    document: Name = Field(title=_("材料"))
    text: Annotated[str, StringConstraints(max_length=20_000)] = Field("", title=_("说明"))
    name: Annotated[str, StringConstraints(max_length=200)] = Field("", title=_("文件名"))
    sha256: Digest | None = Field(None, title=_("文件摘要"))
    content: str = Field("", title=_("文件内容"), max_length=12 * 1024 * 1024)
    """The file in base64url."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.text and not self.content:
            raise ValueError("neither text nor a file")
        if bool(self.content) != bool(self.name) or bool(self.content) != bool(self.sha256):
            raise ValueError("a file with its name and its digest, or none of them")
        if self.sha256 and sha256(read_base64url(self.content)) != self.sha256:
            raise ValueError("the file's digest differs")
        return self


class Body(Wire):
    """What was done in which case; `number` counts the sender's steps, so that none is done twice or out of order."""

    case: UUID7 = Field(title=_("事项编号"))
    procedure: Name = Field(title=_("事项类型"))
    number: Annotated[Count, Field(ge=1)] = Field(title=_("步骤序号"))
    way: Name = Field(title=_("办理结果"))
    papers: tuple[Paper, ...] = Field((), title=_("材料"), max_length=20)
    remark: Remark = Field("", title=_("备注"))
    by: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(title=_("经办人"))
    at: Seconds = Field(title=_("办理时间"))


LETTER = LetterType(
    name="case_step",
    version=1,
    title=_("事项办理"),
    body=Body,
    private=True,
    largest=16 * 1024 * 1024,
    sample={
        "case": "019ab000-0000-7000-8000-000000000001",
        "procedure": "correction",
        "number": 2,
        "way": "accept",
        "papers": [
            {"document": "evidence", "name": "证明.txt", "sha256": sha256("证明".encode()), "content": "6K-B5piO"},
            {"document": "reasons", "text": "见附件。"},
        ],
        "by": "某某",
        "at": 1_795_500_000,
    },
    refused=(
        {"number": 0},
        {"way": ""},
        {"case": "1"},
        {"papers": [{"document": "evidence"}]},
        {"papers": [{"document": "evidence", "name": "证明.txt", "sha256": "0" * 64, "content": "6K-B5piO"}]},
        {"at": "2026"},
    ),
)
