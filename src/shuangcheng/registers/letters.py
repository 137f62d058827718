"""Letters of the room: agreements, withdrawn consents, look-ups, and who looked at whom."""

from datetime import datetime

from shuangcheng.exchange.handlers import Arrived, failed, handles
from shuangcheng.exchange.models import Outgoing

from . import arriving


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
