"""Look-ups, consents, and who looked at one's own records."""

from uuid import UUID

from django.conf import settings
from ninja import Query
from pydantic import Field

from shuangcheng.core.basis import Purpose
from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.directory.policy import may, require
from shuangcheng.registers import accesses, asking, terms
from shuangcheng.registers.actions import consents, lookups
from shuangcheng.registers.inputs.consents import ConsentInput, ScopeInput
from shuangcheng.registers.inputs.lookups import LookUpInput
from shuangcheng.registers.models import Consent, LookUp

from ..asked import Asked
from ..outputs.registers import (
    AccessList,
    AccessOut,
    AccessProofOut,
    ConsentOut,
    ConsentPage,
    LookUpDetail,
    LookUpOut,
    LookUpPage,
)
from ..paging import Paging, page
from ..problems import not_found
from ..section import REGISTERS_READ, REGISTERS_WRITE, Section
from .common import Read, made, one, version_read

section = Section(
    "Look-ups",
    "Asking registers 登记簿查询, consents 同意凭证, and who looked at one's own records 谁查过我.",
    read=REGISTERS_READ,
    write=REGISTERS_WRITE,
)


class LookUpFilters(Paging):
    """Which look-ups."""

    direction: terms.Direction | None = Field(None, description="Who asked whom.")
    state: terms.LookUpState | None = Field(None, description="Where they stand.")
    register_name: str = Field("", max_length=40, description="The register.")


class ConsentFilters(Paging):
    """Which consents."""

    register_name: str = Field("", max_length=40, description="The register.")
    purpose: Purpose | None = Field(None, description="What for.")


class NodeInput(Input):
    """Another node."""

    node: str = Field(min_length=2, max_length=20, title=_("节点"))


@section.reads("/lookups", LookUpPage, open=False)
def list_lookups(request: Asked, filters: Query[LookUpFilters]) -> LookUpPage:
    """List look-ups.

    One's own and those of one's organisation; officers and auditors see the outsides of all.
    """
    rows = LookUp.objects.visible_to(request.actor).select_related("peer")
    rows = rows.filter(direction=filters.direction) if filters.direction else rows
    rows = rows.filter(state=filters.state) if filters.state else rows
    rows = rows.filter(register=filters.register_name) if filters.register_name else rows
    return page(rows, order=("-at", "-id"), asked=request, paging=filters, gives=LookUpPage, each=LookUpOut.each)


def _detail(request: Asked, id: UUID) -> LookUpDetail:
    row = one(LookUp.objects.visible_to(request.actor).select_related("peer"), id=id)
    return LookUpDetail.of(row, reads=may(request.actor, "lookup.read", row))


@section.reads("/lookups/{uuid:id}", LookUpDetail, open=False, scope=REGISTERS_READ)
def get_lookup(request: Asked, id: UUID) -> LookUpDetail:
    """Get a look-up.

    With the answers, for who asked and for those who work at the same organisation.
    """
    return _detail(request, id)


@section.writes("/lookups", LookUpDetail, status=201, also=(404,))
def ask_register(request: Asked, data: LookUpInput) -> LookUpDetail:
    """Ask a register.

    One row is answered at once where the other node is there; up to 10,000 rows are one letter, whose answer is got
    with the look-up's id. A row names exactly one of the sets of fields by which the register may be asked.
    """
    begun = lookups.begin(data=data, by=request.actor, at=request.at)
    made(request, "get_lookup", begun.lookup.pk)

    def sent() -> LookUpDetail:
        asking.finish(begun, at=request.at)
        return _detail(request, begun.lookup.pk)

    request.afterwards = sent
    return _detail(request, begun.lookup.pk)


@section.reads("/consents", ConsentPage, open=False)
def list_consents(request: Asked, filters: Query[ConsentFilters]) -> ConsentPage:
    """List consents.

    One's own and those that one's organisation took.
    """
    rows = Consent.objects.visible_to(request.actor)
    rows = rows.filter(register=filters.register_name) if filters.register_name else rows
    rows = rows.filter(purpose=filters.purpose) if filters.purpose else rows
    return page(
        rows, order=("-given_at", "-id"), asked=request, paging=filters, gives=ConsentPage, each=ConsentOut.each
    )  # fmt: skip


@section.reads("/consents/{uuid:id}", ConsentOut, open=False)
def get_consent(request: Asked, id: UUID) -> ConsentOut:
    """Get a consent.

    The number is masked.
    """
    row = one(Consent.objects.visible_to(request.actor), id=id)
    request.version = row.version
    return ConsentOut.each(row)


@section.writes("/consents", ConsentOut, status=201, also=(404,))
def take_consent(request: Asked, data: ConsentInput) -> ConsentOut:
    """Take a consent with the person present.

    For a child under 14 the guardian's.
    """
    row = consents.take(data=data, by=request.actor, at=request.at)
    made(request, "get_consent", row.id)
    return ConsentOut.each(row)


@section.writes("/me/consents", ConsentOut, status=201, also=(404, 409))
def give_consent(request: Asked, data: ScopeInput) -> ConsentOut:
    """Give one's own consent.

    For who is known by a verified number.
    """
    row = consents.give(data=data, by=request.actor, at=request.at)
    made(request, "get_consent", row.id)
    return ConsentOut.each(row)


@section.writes("/consents/{uuid:id}/withdraw", ConsentOut, also=(409, 412, 428))
def withdraw_consent(request: Asked, id: UUID, read: Query[Read]) -> ConsentOut:
    """Withdraw a consent.

    The other nodes hear of it at once.
    """
    row = one(Consent.objects.visible_to(request.actor), id=id)
    version = version_read(request, row, read)
    return ConsentOut.each(consents.withdraw(consent=row, version=version, by=request.actor, at=request.at))


@section.reads("/me/lookups", AccessList, open=False, also=(409,))
def list_who_looked(request: Asked) -> AccessList:
    """List who looked at one's own records.

    At this node, and what the other nodes told when they were asked last.
    """
    require(request.actor, "lookup.own")
    me, at = settings.SHUANGCHENG.node, request.at
    items = [AccessOut.each(me, accesses.line_of(row), at) for row in accesses.mine(request.actor)[0]]
    for told in accesses.there(request.actor):
        items += [AccessOut.each(told.peer.authority, line, at) for line in told.lines]
    return AccessList(items=items)


@section.writes("/me/lookups/ask", AccessList, also=(404, 409))
def ask_who_looked(request: Asked, data: NodeInput) -> AccessList:
    """Ask another node who looked at one's own records there.

    Answered at once where the other node is there.
    """
    letter = asking.ask_who_looked(node=data.node, by=request.actor, at=request.at)
    lines = accesses.told_in(letter)
    return AccessList(items=[AccessOut.each(data.node, line, request.at) for line in lines])


@section.reads("/me/lookups/{uuid:id}/proof", AccessProofOut, open=False, also=(409,))
def get_access_proof(request: Asked, id: UUID) -> AccessProofOut:
    """Get the proof that a look-up of one's own record stands in this node's log.

    `id` is the `jti` of the line.
    """
    require(request.actor, "lookup.own")
    row = accesses.one_of_mine(request.actor, id)
    proof = accesses.proof_of(row, at=request.at) if row else None
    if proof is None:
        raise not_found()
    return AccessProofOut(**proof.model_dump(mode="json"))
