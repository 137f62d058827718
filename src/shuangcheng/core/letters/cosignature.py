"""The other side's cosignature of a checkpoint: it has seen that the log only grew."""

from pydantic import Field

from ..letter import LetterType
from ..text import _
from ..wire import Wire
from .checkpoint import Note


class Body(Wire):
    """The checkpoint with the cosignature."""

    note: Note = Field(title=_("检查点"))


LETTER = LetterType(
    name="cosignature",
    version=1,
    title=_("检查点会签"),
    body=Body,
    answers=True,
    sample={"note": "cq.example/log/2026\n0\n…\n"},
    refused=({"note": ""}, {"note": 1}),
)
