"""Data-sharing agreements between authorities."""

from uuid import UUID

from ninja import Query
from pydantic import Field

from shuangcheng.registers import terms
from shuangcheng.registers.actions import sharings as actions
from shuangcheng.registers.inputs.sharings import ScopeInput, SharingReasonInput, TermsInput
from shuangcheng.registers.models import Sharing

from ..asked import Asked
from ..outputs.registers import SharingOut, SharingPage
from ..paging import Paging, page
from ..section import REGISTERS_READ, REGISTERS_WRITE, Section
from .common import Read, made, one, version_read
from .removals import Gone

section = Section(
    "Data sharing",
    "What two authorities have agreed may be asked of a register 数据共享协议.",
    read=REGISTERS_READ,
    write=REGISTERS_WRITE,
)


class SharingFilters(Paging):
    """Which agreements."""

    register_name: str = Field("", max_length=40, description="The register.")
    state: terms.SharingState | None = Field(None, description="Where they stand.")


class DraftInput(ScopeInput, TermsInput):
    """With whom, about what, and the terms."""


def _one(request: Asked, id: UUID) -> Sharing:
    return one(Sharing.objects.visible_to(request.actor), id=id)


@section.reads("/data-sharing", SharingPage, open=False)
def list_sharings(request: Asked, filters: Query[SharingFilters]) -> SharingPage:
    """List the agreements.

    Each version is one; the newest first.
    """
    rows = Sharing.objects.visible_to(request.actor)
    rows = rows.filter(register=filters.register_name) if filters.register_name else rows
    rows = rows.filter(state=filters.state) if filters.state else rows
    return page(
        rows, order=("-created_at", "-id"), asked=request, paging=filters, gives=SharingPage, each=SharingOut.each
    )  # fmt: skip


@section.reads("/data-sharing/{uuid:id}", SharingOut, open=False)
def get_sharing(request: Asked, id: UUID) -> SharingOut:
    """Get one version of an agreement.

    Signed ones are for everybody who signs in.
    """
    row = _one(request, id)
    request.version = row.version
    return SharingOut.each(row)


@section.writes("/data-sharing", SharingOut, status=201, also=(404,))
def draft_sharing(request: Asked, data: DraftInput) -> SharingOut:
    """Draft an agreement.

    Within what the register declares; nothing is sent before it is signed.
    """
    whole = data.model_dump()
    scope = ScopeInput.model_validate({name: whole[name] for name in ScopeInput.model_fields})
    terms_ = TermsInput.model_validate({name: whole[name] for name in TermsInput.model_fields})
    row = actions.draft(scope=scope, data=terms_, by=request.actor, at=request.at)
    made(request, "get_sharing", row.id)
    return SharingOut.each(row)


@section.writes("/data-sharing/{uuid:id}", SharingOut, method="PUT", also=(409, 412, 428))
def edit_sharing(request: Asked, id: UUID, data: TermsInput, read: Query[Read]) -> SharingOut:
    """Change a draft.

    Give all its terms.
    """
    row = _one(request, id)
    version = version_read(request, row, read)
    return SharingOut.each(
        actions.edit(sharing=row, data=data, version=version, by=request.actor, at=request.at)
    )  # fmt: skip


@section.writes("/data-sharing/{uuid:id}/revise", SharingOut, status=201, also=(409,))
def revise_sharing(request: Asked, id: UUID, data: TermsInput) -> SharingOut:
    """Draft a new version.

    It replaces the one in force once both have signed it.
    """
    row = actions.revise(sharing=_one(request, id), data=data, by=request.actor, at=request.at)
    made(request, "get_sharing", row.id)
    return SharingOut.each(row)


@section.writes("/data-sharing/{uuid:id}/sign", SharingOut, also=(409, 412, 428))
def sign_sharing(request: Asked, id: UUID, read: Query[Read]) -> SharingOut:
    """Sign for this side.

    A draft goes to the other side; what the other side has signed is in force.
    """
    row = _one(request, id)
    version = version_read(request, row, read)
    return SharingOut.each(actions.sign(sharing=row, version=version, by=request.actor, at=request.at))


@section.writes("/data-sharing/{uuid:id}/return", SharingOut, also=(409, 412, 428))
def return_sharing(request: Asked, id: UUID, data: SharingReasonInput, read: Query[Read]) -> SharingOut:
    """Hand back unsigned what the other side has signed.

    With a reason, which the other side reads.
    """
    row = _one(request, id)
    version = version_read(request, row, read)
    return SharingOut.each(
        actions.give_back(sharing=row, data=data, version=version, by=request.actor, at=request.at)
    )  # fmt: skip


@section.writes("/data-sharing/{uuid:id}/end", SharingOut, also=(409, 412, 428))
def end_sharing(request: Asked, id: UUID, data: SharingReasonInput, read: Query[Read]) -> SharingOut:
    """End an agreement early.

    Or take back one that the other side has not signed yet.
    """
    row = _one(request, id)
    version = version_read(request, row, read)
    return SharingOut.each(
        actions.end(sharing=row, data=data, version=version, by=request.actor, at=request.at)
    )  # fmt: skip


@section.writes("/data-sharing/{uuid:id}/discard", Gone, also=(409, 412, 428))
def discard_sharing(request: Asked, id: UUID, read: Query[Read]) -> Gone:
    """Delete a draft.

    Only one that nobody has signed.
    """
    row = _one(request, id)
    actions.discard(sharing=row, version=version_read(request, row, read), by=request.actor, at=request.at)
    return Gone(id=id, title=f"{row.register} v{row.number}")
