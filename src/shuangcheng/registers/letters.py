"""Letters of the room: agreements, withdrawn consents, look-ups, and who looked at whom."""

from datetime import datetime

from shuangcheng.core.letter import Letter
from shuangcheng.exchange.handlers import Arrived, Reply, answered, failed, handles
from shuangcheng.exchange.models import Outgoing

from . import accesses, answering, arriving, employment, settling
from .actions import consents


@handles("agreement.v1")
def agreement(arrived: Arrived) -> None:
    """The other side has signed: a version to be signed here, or one that this side has signed already."""
    arriving.agreement(arrived)


@failed("agreement.v1")
def agreement_not_taken(row: Outgoing, at: datetime) -> None:
    """The other node did not take what this side signed."""
    arriving.not_taken(row, at=at)


@handles("agreement_notice.v1")
def agreement_notice(arrived: Arrived) -> None:
    """The other side hands a version back, or ends it."""
    arriving.notice(arrived)


@handles("withdrawals.v1", guests=True)
def withdrawals(arrived: Arrived) -> None:
    """The other side's list of withdrawn consents."""
    consents.hear(arrived=arrived, by=arrived.by, at=arrived.at)


@handles("lookup.v1", guests=True)
def look_up(arrived: Arrived) -> Reply:
    """The other side asks a register of ours."""
    return answering.answer(arrived)


@answered("lookup.v1")
def looked_up(row: Outgoing, answer: Letter, at: datetime) -> None:
    """The answer to a look-up of ours."""
    settling.settle(row, answer, at)


@failed("lookup.v1")
def not_looked_up(row: Outgoing, at: datetime) -> None:
    """A look-up of ours was refused or given up."""
    settling.fail(row, at)


@handles("accesses.v1", guests=True)
def who_looked(arrived: Arrived) -> Reply:
    """A person of the other side asks who looked at his records here."""
    return accesses.answer(arrived)


@handles("employment_counts.v1", guests=True)
def count_graduates(arrived: Arrived) -> Reply:
    """The other side asks how many graduates went where."""
    return employment.answer(arrived)
