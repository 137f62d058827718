"""How many graduates went where: counted from the register without any person, small cells withheld."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count

from shuangcheng.core.letters.employment_counts import Body as Asked
from shuangcheng.core.letters.employment_counts_reply import MOST, Body
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read, title_of
from shuangcheng.core.suppression import LEAST, suppressed
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.exchange.handlers import Arrived, Reply
from shuangcheng.exchange.models import Outgoing
from shuangcheng.exchange.terms import PeerState
from shuangcheng.exchange.vault import unseal_text

from . import answering
from .models import Holding

REGISTER = REGISTERS["graduate_employment"]
TYPE = "employment_counts.v1"
DIMENSIONS = ("university", "programme", "level", "destination", "industry", "employer_division")
"""What may be counted by, beside the year."""


@dataclass(frozen=True)
class Counted:
    """One cell: what it counts, how many there are, and how both nodes name it; no count where it is withheld."""

    ref: str
    values: tuple[str, ...]
    count: int | None


def check(by: Sequence[str]) -> None:
    """Refuse what is no dimension."""
    if unknown := set(by) - set(DIMENSIONS):
        text = _("不能按这些项统计：%(which)s。可选：%(known)s。")
        known = "、".join(str(title_of(REGISTER.record, name)) for name in DIMENSIONS)
        raise refusal("by", text, where="by", which="、".join(sorted(unknown)), known=known)


def count(*, years: Sequence[int], by: Sequence[str], asked_by: str) -> list[Counted]:
    """The cells of some years, by year and what is wanted; their references are of this node and who asks only."""
    check(by)
    names = [f"record__{name}" for name in ("year", *by)]
    rows = Holding.objects.filter(register=REGISTER.name, record__year__in=[str(year) for year in years])
    found = list(rows.order_by().values_list(*names).annotate(n=Count("pk"))[: MOST + 1])
    if len(found) > MOST:
        text = _("分得太细，超过 %(most)d 个单元。请减少统计口径或年份。")
        raise refusal("too_many_cells", text, where="by", why=Why.TOO_LARGE, most=MOST)
    counts = {tuple(str(value or "") for value in values): n for *values, n in found}
    told = suppressed(counts)
    return [Counted(_reference(cell, by, asked_by), cell, told[cell]) for cell in sorted(told)]


def _reference(cell: tuple[str, ...], by: Sequence[str], asked_by: str) -> str:
    """A name for a cell that means nothing to anybody but the two nodes."""
    text = "\0".join(("employment", settings.SHUANGCHENG.node, asked_by, *by, "", *cell))
    return hmac.digest(settings.DIGEST_KEY, text.encode(), "sha256")[:16].hex()


def answer(arrived: Arrived) -> Reply:
    """Answer a letter that asks for counts; to a guest of the gate there is nothing to count."""
    body = arrived.letter.body
    assert isinstance(body, Asked)
    check(body.by)
    _sharing, terms = answering.held_against(arrived, REGISTER, asker=body.asker, rows=1)
    if missing := [name for name in ("year", *body.by) if name not in terms.fields]:
        text = _("协议不含这些数据项：%(which)s。")
        which = "、".join(str(title_of(REGISTER.record, name)) for name in missing)
        raise refusal("field_not_agreed", text, where="by", why=Why.FORBIDDEN, which=which)
    guest = arrived.peer.state == PeerState.GUEST
    cells = [] if guest else count(years=body.years, by=body.by, asked_by=arrived.peer.authority)
    audit.record(
        by=arrived.by, at=arrived.at, verb="employment.answer", kind="peer", subject=arrived.peer,
        note=Message(REGISTER.title), changes={"cells": [None, len(cells)]},
    )  # fmt: skip
    told = [{"ref": each.ref, "values": list(each.values), "count": each.count} for each in cells]
    return Reply("employment_counts_reply.v1", {"by": ["year", *body.by], "cells": told, "least": LEAST})


def told_in(letter: Outgoing) -> Body | None:
    """The counts that the other node told; None before it did."""
    if letter.reply_content is None or letter.reply_type != "employment_counts_reply.v1":
        return None
    says: dict[str, Any] = json.loads(unseal_text(letter.reply_content, bound_to=f"reply:{letter.pk}"))["says"]
    return read(Body, says)
