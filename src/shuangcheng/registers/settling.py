"""The end of a look-up, in the transaction that settles its letter: the answer, or why there is none."""

from datetime import datetime

from shuangcheng.core.letter import Letter
from shuangcheng.core.letters.lookup_reply import Body, Outcome
from shuangcheng.core.text import _
from shuangcheng.exchange.models import Outgoing
from shuangcheng.exchange.terms import OutState

from . import keeping
from .models import LookUp
from .terms import LookUpState


def settle(letter: Outgoing, answer: Letter, at: datetime) -> None:
    """Take the answer to a look-up, in the transaction that settles its letter."""
    row = _of(letter)
    body = answer.body
    refs = [each["ref"] for each in keeping.questions(row)]
    row.answered_at, row.state = at, LookUpState.FAILED
    if isinstance(body, Body) and [each.ref for each in body.answers] == refs:
        row.state, row.told = LookUpState.ANSWERED, [name for name in row.fields if name not in body.withheld]
        keeping.keep_answers(row, [each.model_dump(mode="json") for each in body.answers])
        keeping.note_outcomes(row, [each.outcome for each in body.answers])
    else:
        row.reasons = [{"code": "another_answer", "message": _("对方的答复与所问的不符。请联系对方节点管理员。")}]
    row.save()


def _of(letter: Outgoing) -> LookUp:
    assert letter.reference is not None, "a look-up's letter names it"
    return LookUp.objects.get(pk=letter.reference)


def fail(letter: Outgoing, at: datetime) -> None:
    """Hear that a look-up was refused or could not be delivered."""
    refused = letter.state == OutState.REFUSED
    row = _of(letter)
    row.state = LookUpState.REFUSED if refused else LookUpState.FAILED
    row.reasons, row.answered_at = letter.reasons, at
    row.save(update_fields=["state", "reasons", "answered_at"])
    keeping.note_outcomes(row, [Outcome.REFUSED])
