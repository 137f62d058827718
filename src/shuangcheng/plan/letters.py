"""Letters about joint lists: what comes from the other node, and what becomes of what went there."""

from collections.abc import Callable
from datetime import datetime

from shuangcheng.core.letter import Letter
from shuangcheng.core.letters import plan_approval, plan_progress, plan_remark, plan_return, plan_version
from shuangcheng.directory.actor import system
from shuangcheng.exchange.handlers import Arrived, answered, failed, handles
from shuangcheng.exchange.models import Outgoing
from shuangcheng.exchange.terms import PeerState

from . import joint
from .actions import hearing, receiving
from .models import Plan

APPROVAL, VERSION = "plan_approval.v1", "plan_version.v1"
SYSTEM = "清单同步"


def _of_active(handler: Callable[[Arrived], object]) -> Callable[[Arrived], None]:
    """The handler for nodes that take part; what a guest of the gate sends is right, and has no effect."""

    def handle(arrived: Arrived) -> None:
        if arrived.peer.state == PeerState.ACTIVE:
            handler(arrived)

    return handle


@handles(VERSION)
@_of_active
def take_version(arrived: Arrived) -> None:
    """A list for this side to approve."""
    body, says = arrived.letter.body, arrived.letter.says
    assert isinstance(body, plan_version.Body)
    receiving.receive(body=body, snapshot=says["snapshot"], peer=arrived.peer, by=arrived.by, at=arrived.at)


@handles(APPROVAL)
@_of_active
def take_approval(arrived: Arrived) -> None:
    """The other side approves what this node has sent."""
    body = arrived.letter.body
    assert isinstance(body, plan_approval.Body)
    receiving.accept(body=body, peer=arrived.peer, by=arrived.by, at=arrived.at)


@handles("plan_return.v1")
@_of_active
def take_return(arrived: Arrived) -> None:
    """What was sent is not to be approved."""
    body = arrived.letter.body
    assert isinstance(body, plan_return.Body)
    receiving.take_return(body=body, peer=arrived.peer, by=arrived.by, at=arrived.at)


@handles("plan_progress.v1")
@_of_active
def take_progress(arrived: Arrived) -> None:
    """A report of the other side."""
    body = arrived.letter.body
    assert isinstance(body, plan_progress.Body)
    hearing.take_progress(body=body, peer=arrived.peer, by=arrived.by, at=arrived.at)


@handles("plan_remark.v1")
@_of_active
def take_remark(arrived: Arrived) -> None:
    """Something that the other side says."""
    body = arrived.letter.body
    assert isinstance(body, plan_remark.Body)
    hearing.take_remark(body=body, peer=arrived.peer, by=arrived.by, at=arrived.at)


def _plan(row: Outgoing) -> Plan | None:
    return Plan.objects.filter(pk=row.reference or row.pk).first()


@answered(APPROVAL)
def approved(row: Outgoing, _letter: Letter, at: datetime) -> None:
    """The list's home has taken this side's approval: it is in force."""
    if plan := _plan(row):
        receiving.follow(plan=plan, by=system(SYSTEM), at=at)


@answered(VERSION)
def arrived(row: Outgoing, _letter: Letter, at: datetime) -> None:
    """The other node has the list: it hears what was reported before."""
    if plan := _plan(row):
        joint.catch_up(plan, at=at)


@failed(VERSION)
@failed(APPROVAL)
def not_taken(row: Outgoing, at: datetime) -> None:
    """What this side approved was not taken: the approval is dropped, and the officers are told why."""
    if plan := _plan(row):
        reason = "；".join(str(each["message"]) for each in row.reasons)
        receiving.drop_own(plan=plan, reason=f"{row.peer.name}：{reason}", by=system(SYSTEM), at=at)
