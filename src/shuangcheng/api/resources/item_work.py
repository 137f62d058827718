"""Work on items: targets, observed values, progress, discussion, evidence."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.http import FileResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import evidence, items, progress
from shuangcheng.plan.inputs.items import (
    Figure,
    ObservationInput,
    ProgressInput,
    ReasonInput,
    RemarkInput,
    TargetInput,
)
from shuangcheng.plan.models import Item, Observation, Progress, Target

from ..asked import Asked
from ..outputs.plan_items import (
    EvidenceList,
    EvidenceOut,
    ItemDetail,
    ObservationOut,
    ObservationPage,
    ProgressOut,
    ProgressPage,
    RemarkOut,
    RemarkPage,
    TargetOut,
)
from ..paging import Paging, page
from ..problems import not_found
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import Read, made, one, version_read
from .items import detail, found, inside
from .removals import Gone

section = Section(
    "Progress",
    "Targets 目标 of items, observed values, reports of progress 进展, evidence 佐证材料, discussion 讨论.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)


def _target(request: Asked, id: UUID) -> Target:
    rows = Target.objects.filter(item__in=Item.objects.visible_to(request.actor))
    return one(rows.select_related("item__plan", "item__lead_cq", "item__lead_sc"), id=id)


@section.writes("/plan/items/{uuid:id}/targets", TargetOut, status=201)
def add_target(request: Asked, id: UUID, data: TargetInput) -> TargetOut:
    """Add a target to an item.

    `value_max` is given for a range only.
    """
    return TargetOut.each(items.add_target(item=found(request, id), data=data, by=request.actor, at=request.at))


@section.writes("/plan/targets/{uuid:id}", TargetOut, method="PUT", also=(412, 428))
def edit_target(request: Asked, id: UUID, data: TargetInput, read: Query[Read]) -> TargetOut:
    """Change a target.

    Name the version that was read, by `version` (409 when somebody has changed it since) or by `If-Match`.
    """
    row = _target(request, id)
    seen = version_read(request, row, read)
    return TargetOut.each(items.edit_target(target=row, data=data, by=request.actor, at=request.at, seen=seen))


@section.writes("/plan/targets/{uuid:id}", Gone, method="DELETE")
def remove_target(request: Asked, id: UUID, data: ReasonInput) -> Gone:
    """Take back a target.

    For one that was entered by mistake; its observed values go with it.
    """
    row = _target(request, id)
    gone = Gone(id=id, title=row.subject)
    items.remove_target(target=row, data=data, by=request.actor, at=request.at)
    return gone


@section.reads("/plan/targets/{uuid:id}/observations", ObservationPage)
def list_observations(request: Asked, id: UUID, paging: Query[Paging]) -> ObservationPage:
    """List the observed values of a target.

    The newest first.
    """
    target = _target(request, id)
    within = inside(request, target.item)
    return page(
        Observation.objects.filter(target=target), order=("-on", "-id"), asked=request, paging=paging,
        gives=ObservationPage, each=lambda row: ObservationOut.of(row, inside=within),
    )  # fmt: skip


@section.writes("/plan/targets/{uuid:id}/observations", TargetOut)
def observe_target(request: Asked, id: UUID, data: ObservationInput) -> TargetOut:
    """Enter an observed value.

    A later one of the same day replaces it. By officers, and those who work at a lead or partner.
    """
    return TargetOut.each(progress.observe(target=_target(request, id), data=data, by=request.actor, at=request.at))


@section.reads("/plan/items/{uuid:id}/progress", ProgressPage)
def list_progress(request: Asked, id: UUID, paging: Query[Paging]) -> ProgressPage:
    """List the reports of progress on an item.

    The newest first.
    """
    item = found(request, id)
    within = inside(request, item)
    rows = Progress.objects.visible_to(request.actor).filter(item=item).select_related("organisation", "item")
    return page(
        rows, order=("-on", "-created_at", "-id"), asked=request, paging=paging, gives=ProgressPage,
        each=lambda row: ProgressOut.of(row, inside=within),
    )  # fmt: skip


class FigureInput(Input):
    """An observed value in a report."""

    target: UUID = Field(title=_("目标"))
    value: Figure = Field(title=_("数值"))


class ReportInput(ProgressInput):
    """A report with figures 进展."""

    figures: tuple[FigureInput, ...] = Field((), title=_("目标数值"), max_length=100)


@section.writes("/plan/items/{uuid:id}/progress", ProgressOut, status=201)
def report_progress(request: Asked, id: UUID, data: ReportInput) -> ProgressOut:
    """Report progress on an item.

    The item tells what its newest report tells. By officers of a side that leads, and those who work at a lead or
    partner. Evidence is uploaded afterwards.
    """
    plain = ProgressInput.model_construct(**{name: getattr(data, name) for name in ProgressInput.model_fields})
    figures: dict[str, Decimal] = {str(figure.target): figure.value for figure in data.figures}
    row = progress.report(item=found(request, id), data=plain, by=request.actor, at=request.at, figures=figures)
    made(request, "get_item", id)
    return ProgressOut.of(row, inside=True)


def _progress(request: Asked, id: UUID) -> Progress:
    rows = Progress.objects.visible_to(request.actor).filter(item__in=Item.objects.visible_to(request.actor))
    return one(rows.select_related("item__plan", "item__lead_cq", "item__lead_sc"), id=id)


@section.writes("/plan/progress/{uuid:id}/withdraw", ItemDetail)
def withdraw_progress(request: Asked, id: UUID, data: ReasonInput) -> ItemDetail:
    """Withdraw a wrong report.

    With its figures and files; the item tells again what the report before told. By its author, or an officer.
    """
    item = progress.withdraw(progress=_progress(request, id), data=data, by=request.actor, at=request.at)
    return detail(request, item.pk)


@section.reads("/plan/items/{uuid:id}/remarks", RemarkPage, open=False)
def list_remarks(request: Asked, id: UUID, paging: Query[Paging]) -> RemarkPage:
    """List the discussion of an item.

    The oldest first. For officers and those who have a part in the item.
    """
    item = found(request, id)
    if not inside(request, item):
        require(request.actor, "item.discuss", item)
    rows = item.remarks.all()
    return page(rows, order=("at", "id"), asked=request, paging=paging, gives=RemarkPage, each=RemarkOut.each)


@section.writes("/plan/items/{uuid:id}/remarks", RemarkOut, status=201)
def add_remark(request: Asked, id: UUID, data: RemarkInput) -> RemarkOut:
    """Say something about an item.

    A dispute marks the item until it is settled.
    """
    row = progress.remark(item=found(request, id), data=data, by=request.actor, at=request.at)
    return RemarkOut.each(row)


@section.reads("/plan/items/{uuid:id}/evidence", EvidenceList)
def list_evidence(request: Asked, id: UUID) -> EvidenceList:
    """List the evidence of an item.

    Its own files and those of its reports.
    """
    item = found(request, id)
    reports = Progress.objects.visible_to(request.actor).filter(item=item).values("pk")
    own = Q(subject_kind="item", subject_id=item.pk) | Q(subject_kind="progress", subject_id__in=reports)
    within = inside(request, item)
    return EvidenceList(items=[EvidenceOut.about(row, inside=within) for row in Attachment.objects.filter(own)])


@section.writes("/plan/items/{uuid:id}/evidence", EvidenceOut, status=201)
def upload_evidence(request: Asked, id: UUID, file: File[UploadedFile]) -> EvidenceOut:
    """Upload evidence of an item.

    As `multipart/form-data` with one part, `file`. It is inspected before it is kept.
    """
    row = evidence.attach(
        subject=found(request, id), name=file.name or "", data=b"".join(file.chunks()), by=request.actor, at=request.at
    )
    return EvidenceOut.about(row, inside=True)


@section.writes("/plan/progress/{uuid:id}/evidence", EvidenceOut, status=201)
def upload_progress_evidence(request: Asked, id: UUID, file: File[UploadedFile]) -> EvidenceOut:
    """Upload evidence of a report.

    As `multipart/form-data` with one part, `file`. It is inspected before it is kept.
    """
    row = evidence.attach(
        subject=_progress(request, id), name=file.name or "", data=b"".join(file.chunks()), by=request.actor,
        at=request.at,
    )  # fmt: skip
    return EvidenceOut.about(row, inside=True)


def _evidence(request: Asked, id: UUID) -> tuple[Attachment, Item | Progress]:
    """A file and what it belongs to, which must be visible."""
    file = one(Attachment.objects.filter(subject_kind__in=["item", "progress"]), id=id)
    if file.subject_kind == "item":
        return file, found(request, file.subject_id)
    return file, _progress(request, file.subject_id)


@section.reads("/plan/evidence/{uuid:id}/file", bytes)
def get_evidence_file(request: Asked, id: UUID) -> FileResponse:
    """Download evidence.

    The bytes as they were uploaded, always as a download.
    """
    file, _subject = _evidence(request, id)
    if not file.file:
        raise not_found()
    response = FileResponse(
        file.file.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["ETag"] = f'"{file.sha256}"'
    return response


@section.writes("/plan/evidence/{uuid:id}", Gone, method="DELETE")
def remove_evidence(request: Asked, id: UUID) -> Gone:
    """Take evidence away.

    The audit trail keeps its name and digest.
    """
    file, subject = _evidence(request, id)
    gone = Gone(id=id, title=file.name)
    evidence.remove(attachment=file, subject=subject, by=request.actor, at=request.at)
    return gone
