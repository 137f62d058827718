"""Counting graduates: in the own register, or by a letter to another node."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.letter import Sealed
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require
from shuangcheng.exchange import outbox
from shuangcheng.exchange.models import Outgoing

from .. import agreements, employment, standing
from ..employment import REGISTER, Counted
from ..inputs.employment import CountInput

MOST_YEARS = 10


@transaction.atomic
def count(*, data: CountInput, by: Actor, at: datetime) -> list[Counted]:
    """Count in the own register."""
    cells = employment.count(years=_years(data, by), by=data.by, asked_by=settings.SHUANGCHENG.node)
    audit.record(by=by, at=at, verb="employment.count", kind="register", title=REGISTER.title)
    return cells


@transaction.atomic
def ask(*, data: CountInput, by: Actor, at: datetime) -> tuple[Outgoing, Sealed]:
    """Ask another node to count; the caller sends the sealed letter at once."""
    years, who = _years(data, by), standing.standing(by, data.organisation)
    employment.check(data.by)
    sharing = agreements.asked_under(REGISTER.name, at=at).get(data.node)
    if sharing is None:
        text = _("本方与这个节点没有查询“%(register)s”的现行协议，请联系教育行政部门签署。")
        raise refusal("no_agreement", text, where="node", register=Message(REGISTER.title))
    says = {"asker": who.asker.value, "organisation": who.name, "years": years, "by": list(data.by)}
    outside = {
        "purpose": Purpose.STATISTICS.value, "legal_basis": LegalBasis.STATUTORY_DUTY.value,
        "fields": ["year", *data.by], "agreement": sharing.digest,
    }  # fmt: skip
    letter, sealed = outbox.send_at_once(
        to=sharing.peer, type=employment.TYPE, says=says, by=by, at=at, kind="employment", reference=by.person_id,
        outside=outside,
    )  # fmt: skip
    audit.record(by=by, at=at, verb="employment.count", kind="peer", subject=sharing.peer)
    return letter, sealed


def _years(data: CountInput, by: Actor) -> list[int]:
    """The years, for who may ask for statistics."""
    require(by, "employment.count")
    who = standing.standing(by, data.organisation)
    if who.asker not in REGISTER.purposes[Purpose.STATISTICS].askers:
        text = _("%(asker)s不能以这项用途查询。")
        raise refusal("asker", text, why=Why.FORBIDDEN, asker=Message(who.asker.label))
    if not data.first <= data.last < data.first + MOST_YEARS:
        raise refusal("years", _("请填写先后正确、不超过十年的毕业年份。"), where="last")
    return list(range(data.first, data.last + 1))
