"""Showing the other side how far the own log has come, for its cosignature."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..letter import LetterType
from ..text import _
from ..wire import Count, Digest, Wire

Note = Annotated[str, StringConstraints(min_length=1, max_length=16_384)]


class Body(Wire):
    """A signed checkpoint and the proof that it grew from the one that the other side has cosigned."""

    note: Note = Field(title=_("检查点"))
    since: Count = Field(title=_("上次检查点的条数"))
    proof: tuple[Digest, ...] = Field(title=_("一致性证明"), max_length=64)


LETTER = LetterType(
    name="checkpoint",
    version=1,
    title=_("日志检查点"),
    body=Body,
    sample={"note": "cq.example/log/2026\n0\n…\n", "since": 0, "proof": []},
    refused=({"note": ""}, {"since": -1}, {"proof": ["0"]}),
)
