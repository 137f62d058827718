"""What a look-up keeps: questions and answers sealed until they are erased, and whom it concerned."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange.vault import seal_text, unseal_text

from .models import Access, LookUp

KEPT = timedelta(days=180)
"""How long contents are kept; that a look-up was, and whom it concerned, is kept with the audit trail."""
COPIED_FROM = 50
"""From so many lines on they are written by COPY."""


def keep(row: LookUp, *, questions: Sequence[Any], answers: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Seal what is asked, and what is answered, into a row that the caller saves."""
    row.questions = _sealed(row, "questions", questions)
    row.erase_at = row.at + KEPT
    if answers is not None:
        keep_answers(row, answers)


def keep_answers(row: LookUp, answers: Sequence[Mapping[str, Any]]) -> None:
    """Seal what was answered, and count it."""
    row.answers = _sealed(row, "answers", answers)
    outcomes = [answer["outcome"] for answer in answers]
    row.found, row.unmatched, row.refused = (
        outcomes.count(one.value) for one in (Outcome.FOUND, Outcome.NO_MATCH, Outcome.REFUSED)
    )


def _sealed(row: LookUp, part: str, what: Sequence[Any]) -> bytes:
    text = json.dumps(list(what), ensure_ascii=False, separators=(",", ":"))
    return seal_text(text, bound_to=f"lookup:{row.pk}:{part}")


def questions(row: LookUp) -> list[dict[str, Any]]:
    """What was asked, row by row; nothing once it is erased."""
    return _opened(row, "questions", row.questions)


def answers(row: LookUp) -> list[dict[str, Any]]:
    """What was answered, row by row; nothing before and once it is erased."""
    return _opened(row, "answers", row.answers)


def _opened(row: LookUp, part: str, sealed: bytes | memoryview | None) -> list[dict[str, Any]]:
    if sealed is None:
        return []
    found: list[dict[str, Any]] = json.loads(unseal_text(sealed, bound_to=f"lookup:{row.pk}:{part}"))
    return found


def note_accesses(row: LookUp, touched: Iterable[tuple[Collection[bytes], Outcome | None]]) -> None:
    """Note whom a look-up concerned, row by row."""
    lines = [
        Access(lookup=row, subject=subject, row=number, outcome=outcome or "", at=row.at)
        for number, (digests, outcome) in enumerate(touched)
        for subject in sorted(digests)
    ]
    if len(lines) < COPIED_FROM:
        Access.objects.bulk_create(lines)
        return
    with connection.cursor() as cursor, cursor.copy(
        "COPY registers_access (id, lookup_id, subject, row, outcome, at) FROM STDIN"
    ) as copy:  # fmt: skip
        for line in lines:
            copy.write_row((uuid7(), row.pk, line.subject, line.row, line.outcome, line.at))


def note_outcomes(row: LookUp, outcomes: Sequence[str]) -> None:
    """Note what came of each row, once it is answered."""
    for outcome in set(outcomes):
        lines = Access.objects.filter(lookup=row)
        if len(outcomes) > 1:
            lines = lines.filter(row__in=[place for place, each in enumerate(outcomes) if each == outcome])
        lines.update(outcome=outcome)
