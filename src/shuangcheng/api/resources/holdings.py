"""Registers: what may be asked, and for those who keep them the records."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import Input, Line, Prose
from shuangcheng.core.text import _
from shuangcheng.directory.policy import require
from shuangcheng.registers import overview
from shuangcheng.registers.actions import connectors, holdings
from shuangcheng.registers.inputs.connectors import ConnectorInput
from shuangcheng.registers.models import Connector, Holding

from ..asked import Asked
from ..outputs.holdings import ConnectorOut, HoldingOut, RegisterList, RegisterOut, TrialOut
from ..section import REGISTERS_READ, REGISTERS_WRITE, Section
from .common import one

section = Section(
    "Registers", "Authoritative registers 登记簿: what may be asked, records, and where they are kept.",
    read=REGISTERS_READ, write=REGISTERS_WRITE,
)  # fmt: skip

Value = Annotated[str, StringConstraints(max_length=200)]


class RecordNumberInput(Input):
    """The number that names a record 记录编号."""

    number: Line = Field(title=_("号码"))


class RecordInput(Input):
    """One record; the fields are those of the register."""

    record: dict[Line, Value] = Field(title=_("记录"), max_length=100)
    source: Line = Field(title=_("来源"))


class RemovalInput(Input):
    """Why a record is taken out 删除的理由."""

    reason: Prose = Field(title=_("理由"), max_length=200)


class VersionedConnectorInput(ConnectorInput):
    """The settings, and what was read; 0 when there were none."""

    version: int = Field(title=_("版本"), ge=0, le=2_000_000_000)


class QuestionInput(Input):
    """One question to try."""

    by: dict[Line, Line] = Field(title=_("查询条件"), min_length=1, max_length=5)


def _register(name: str) -> Register:
    if name not in REGISTERS:
        raise refusal("register", _("没有“%(name)s”这个登记簿。"), why=Why.MISSING, name=name[:40])
    return REGISTERS[name]


@section.reads("/registers", RegisterList, open=False)
def list_registers(request: Asked) -> RegisterList:
    """List the registers.

    With who may ask for what, and for those who keep them how much they hold.
    """
    return RegisterList(items=[RegisterOut.each(held) for held in overview.of(request.actor)])


@section.writes("/registers/{slug:name}/find", HoldingOut, scope=REGISTERS_WRITE, also=(404,))
def find_holding(request: Asked, name: str, data: RecordNumberInput) -> HoldingOut:
    """Find a record by its number.

    For those who keep the register; everybody else looks up. The number goes in the body and never in an address.
    """
    register = _register(name)
    row = holdings.find(register=register, number=data.number, by=request.actor, at=request.at)
    if row is None:
        raise refusal("no_record", _("没有这个号码的记录。"), why=Why.MISSING)
    return HoldingOut.each(register, row)


@section.writes("/registers/{slug:name}/records", HoldingOut, also=(404,))
def put_holding(request: Asked, name: str, data: RecordInput) -> HoldingOut:
    """Enter a record.

    Or replace the one with the same number, as a whole. Many records are better imported.
    """
    register = _register(name)
    row = holdings.put(register=register, values=data.record, source=data.source, by=request.actor, at=request.at)
    return HoldingOut.each(register, row)


@section.writes("/registers/{slug:name}/records/{uuid:id}/remove", HoldingOut, also=(404,))
def remove_holding(request: Asked, name: str, id: UUID, data: RemovalInput) -> HoldingOut:
    """Take a record out of its register.

    For a reason that is kept.
    """
    register = _register(name)
    row = one(Holding.objects.visible_to(request.actor).filter(register=name), id=id)
    told = HoldingOut.each(register, row)
    holdings.remove(holding=row, reason=data.reason, by=request.actor, at=request.at)
    return told


def _connector(request: Asked, name: str) -> Connector:
    require(request.actor, "connector.keep")
    return one(Connector.objects.visible_to(request.actor), register=_register(name).name)


@section.reads("/registers/{slug:name}/connector", ConnectorOut, scope=REGISTERS_WRITE, open=False)
def get_connector(request: Asked, name: str) -> ConnectorOut:
    """Get the system that keeps a register.

    For the administrator of the node.
    """
    return ConnectorOut.each(_connector(request, name))


@section.writes("/registers/{slug:name}/connector", ConnectorOut, method="PUT", also=(404,))
def save_connector(request: Asked, name: str, data: VersionedConnectorInput) -> ConnectorOut:
    """Say which system keeps a register.

    `secret` is kept sealed and never told; left empty it stays as it is.
    """
    settings = ConnectorInput(**data.model_dump(exclude={"version"}))
    row = connectors.save(register=_register(name), data=settings, by=request.actor, at=request.at, seen=data.version)
    return ConnectorOut.each(row)


@section.writes("/registers/{slug:name}/connector/test", TrialOut, also=(404,))
def test_connector(request: Asked, name: str, data: QuestionInput) -> TrialOut:
    """Ask the system that keeps a register one question.

    Refused with what is wrong when it gives no usable answer.
    """
    missed = connectors.test(
        connector=_connector(request, name), register=_register(name), question=data.by, by=request.actor,
        at=request.at,
    )  # fmt: skip
    return TrialOut(found=not missed)
