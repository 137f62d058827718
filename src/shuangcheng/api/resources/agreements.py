"""Agreements and their files."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.core.files import Limits, check_size, extract_text, inspect
from shuangcheng.core.outcome import Refused
from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.actions import agreements
from shuangcheng.directory.inputs import AgreementInput
from shuangcheng.directory.models import Agreement
from shuangcheng.directory.policy import require

from ..asked import Asked, say
from ..outputs.agreements import AgreementDetail, AgreementOut, AgreementPage, Attached
from ..paging import Paging, page
from ..problems import not_found
from ..section import Section
from .common import ActionPlan, EndReasonInput, Read, Words, made, one, version_read

section = Section("Agreements", "Agreements between organisations 合作协议, with their files.")


class AgreementFilters(Paging):
    """Which agreements."""

    state: terms.AgreementState | None = Field(None, description="Where they stand.")
    field: terms.Field | None = Field(None, description="Field 领域.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    party: str = Field("", max_length=200, description="Id, code or name of an organisation that is a party.")
    alliance: UUID | None = Field(None, description="Id of the alliance it belongs to.")
    zone: UUID | None = Field(None, description="Id of the zone it belongs to.")
    q: Words = Field("", description="Words, pinyin or initials of the title.")


def visible(request: Asked) -> "QuerySet[Agreement]":
    """The agreements that the actor may see; a subquery, because joins for the rights may repeat rows."""
    seen = Agreement.objects.visible_to(request.actor).order_by().values("pk")
    return Agreement.objects.filter(pk__in=seen)


def _shown(request: Asked) -> "QuerySet[Agreement]":
    return visible(request).select_related("alliance__organisation", "zone", "revision").prefetch_related("parties")


def _detail(request: Asked, id: UUID) -> AgreementDetail:
    row = one(_shown(request), id=id)
    request.version = row.version
    return AgreementDetail.each(row)


@section.reads("/agreements", AgreementPage)
def list_agreements(request: Asked, filters: Query[AgreementFilters]) -> AgreementPage:
    """List agreements.

    The newest entry first. Drafts are for officers and the parties.
    """
    rows = _shown(request)
    given = {name: getattr(filters, name) for name in ("state", "field", "action_plan", "alliance", "zone")}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.party:
        party = lookup.organisation(filters.party, where="party")
        rows = rows.filter(pk__in=party.agreements.order_by().values("pk"))
    rows = narrow(rows, "agreement", filters.q)
    return page(
        rows, order=("-id",), asked=request, paging=filters, gives=AgreementPage, each=AgreementOut.each
    )  # fmt: skip


@section.reads("/agreements/{uuid:id}", AgreementDetail)
def get_agreement(request: Asked, id: UUID) -> AgreementDetail:
    """Get an agreement.

    With its text; the file has an address of its own.
    """
    return _detail(request, id)


@section.writes("/agreements", AgreementDetail, status=201)
def draft_agreement(request: Asked, data: AgreementInput) -> AgreementDetail:
    """Begin an agreement.

    By an officer or the administrator of a party. It is a draft until it is approved.
    """
    row = agreements.draft(data=data, by=request.actor, at=request.at)
    made(request, "get_agreement", row.id)
    return _detail(request, row.id)


@section.writes("/agreements/{uuid:id}", AgreementDetail, method="PUT", also=(412, 428))
def edit_agreement(request: Asked, id: UUID, data: AgreementInput, read: Query[Read]) -> AgreementDetail:
    """Change an agreement.

    Give all its facts and name the version that was read, by `If-Match` or `version`. The change of an approved
    agreement is a draft of its own, which is answered and `revises` it; the approved agreement stays until that is
    approved.
    """
    row = one(visible(request), id=id)
    stated = version_read(request, row, read)
    saved = agreements.edit(agreement=row, data=data, version=stated, by=request.actor, at=request.at)
    return _detail(request, saved.id)


@section.writes("/agreements/{uuid:id}/approve", AgreementDetail, also=(412, 428))
def approve_agreement(request: Asked, id: UUID, read: Query[Read]) -> AgreementDetail:
    """Approve an agreement.

    Fixes what was read: a version with its digest, that anybody can verify. Name the version that was read, by
    `If-Match` or `version`. A revision takes the place of what it `revises`. Officers do this.
    """
    row = one(visible(request), id=id)
    stated = version_read(request, row, read)
    approved = agreements.approve(agreement=row, version=stated, by=request.actor, at=request.at)
    return _detail(request, approved.agreement_id)


@section.writes("/agreements/{uuid:id}/end", AgreementDetail)
def end_agreement(request: Asked, id: UUID, data: EndReasonInput) -> AgreementDetail:
    """End an agreement.

    Before or at its last day, with the reason. Officers do this.
    """
    agreements.end(agreement=one(visible(request), id=id), reason=data.reason, by=request.actor, at=request.at)
    return _detail(request, id)


@section.writes("/agreements/{uuid:id}/file", Attached)
def attach_agreement_file(request: Asked, id: UUID, file: File[UploadedFile]) -> Attached:
    """Upload the signed file.

    As `multipart/form-data` with one part, `file`: PDF, Word or an image. It is inspected before it is kept; its text
    fills the agreement's when that is empty.
    """
    row = one(visible(request), id=id)
    require(request.actor, "agreement.edit", row)
    name, limits = file.name or "", Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024)
    check_size(name=name, size=file.size or 0, limits=limits)
    content = b"".join(file.chunks())
    inspected = inspect(name=name, data=content, limits=limits)
    warnings = [say(message) for message in inspected.warnings]
    try:
        text = extract_text(inspected=inspected, data=content, limits=limits).text
    except Refused as refused:
        # A scan is a good file; it only has no text to give.
        text, warnings = "", [*warnings, *(say(objection.message) for objection in refused.objections)]
    agreements.attach(agreement=row, name=name, content=content, text=text, by=request.actor, at=request.at)
    return Attached(agreement=_detail(request, id), warnings=warnings)


@section.reads("/agreements/{uuid:id}/file", bytes)
def get_agreement_file(request: Asked, id: UUID) -> FileResponse:
    """Download the signed file.

    The bytes as they were uploaded, always as a download.
    """
    row = one(visible(request), id=id)
    if not row.file:
        raise not_found()
    response = FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.file_name, content_type="application/octet-stream"
    )
    response["ETag"] = f'"{row.file_sha256}"'
    return response
