"""The activity ledger and what is sought."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.desk import attachments
from shuangcheng.desk.search import narrow
from shuangcheng.directory import terms as directory
from shuangcheng.directory.policy import require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import ledger, sought
from shuangcheng.plan.counts import yearly
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.ledger import ActivityInput, SoughtAnswerInput, SoughtInput
from shuangcheng.plan.models import Activity, Sought

from ..asked import Asked
from ..outputs.plan_ledger import (
    ActivityDetail,
    ActivityOut,
    ActivityPage,
    AttachmentOut,
    SoughtOut,
    SoughtPage,
    YearCount,
    YearCounts,
)
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import ActionPlan, Words, made, one
from .removals import Gone

section = Section(
    "Ledger",
    "The activity ledger 活动台账, and what is sought from above 共同争取事项.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)


class ActivityFilters(Paging):
    """Which entries."""

    kind: terms.ActivityKind | None = Field(None, description="What they are counted as.")
    year: int | None = Field(None, ge=1900, le=2200, description="The year.")
    side: terms.Sides | None = Field(None, description="Whose.")
    field: directory.Field | None = Field(None, description="Field 领域.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    alliance: UUID | None = Field(None, description="Id of the alliance.")
    zone: UUID | None = Field(None, description="Id of the zone.")
    item: UUID | None = Field(None, description="Id of the item.")
    q: Words = Field("", description="Words, pinyin or initials of the title.")


class SoughtFilters(Paging):
    """Which matters."""

    kind: terms.SoughtKind | None = Field(None, description="What is sought.")
    state: terms.SoughtState | None = Field(None, description="Where they stand.")
    field: directory.Field | None = Field(None, description="Field 领域.")


def _activities(request: Asked) -> "QuerySet[Activity]":
    rows = Activity.objects.visible_to(request.actor).select_related("alliance__organisation", "zone", "item")
    return rows.prefetch_related("hosts")


def _detail(request: Asked, id: UUID) -> ActivityDetail:
    row = one(_activities(request), id=id)
    files = [AttachmentOut.each(file) for file in attachments.of("activity", row)]
    return ActivityDetail(**dict(ActivityOut.each(row)), files=files)


@section.reads("/activities", ActivityPage)
def list_activities(request: Asked, filters: Query[ActivityFilters]) -> ActivityPage:
    """List the ledger.

    The newest day first.
    """
    names = ("kind", "side", "field", "action_plan", "alliance", "zone", "item")
    given: dict[str, Any] = {name: getattr(filters, name) for name in names}
    rows = _activities(request).filter(**{name: value for name, value in given.items() if value is not None})
    if filters.year is not None:
        rows = rows.filter(on__year=filters.year)
    rows = narrow(rows, "activity", filters.q)
    return page(rows, order=("-on", "-id"), asked=request, paging=filters, gives=ActivityPage, each=ActivityOut.each)


@section.reads("/activities/counts", YearCounts)
def count_activities(request: Asked) -> YearCounts:
    """Count the ledger by year.

    An entry counts as often as its quantity says.
    """
    found = yearly(Activity.objects.visible_to(request.actor))
    return YearCounts(items=[YearCount(year=year, **counts) for year, counts in found])


@section.reads("/activities/{uuid:id}", ActivityDetail)
def get_activity(request: Asked, id: UUID) -> ActivityDetail:
    """Get an entry of the ledger.

    With its files.
    """
    return _detail(request, id)


@section.writes("/activities", ActivityDetail, status=201)
def create_activity(request: Asked, data: ActivityInput) -> ActivityDetail:
    """Enter something in the ledger.

    Officers, and those who work at a host.
    """
    row = ledger.create(data=data, by=request.actor, at=request.at)
    made(request, "get_activity", row.id)
    return _detail(request, row.id)


@section.writes("/activities/{uuid:id}", ActivityDetail, method="PUT")
def edit_activity(request: Asked, id: UUID, data: ActivityInput) -> ActivityDetail:
    """Change an entry.

    Give all its facts.
    """
    ledger.edit(activity=one(_activities(request), id=id), data=data, by=request.actor, at=request.at)
    return _detail(request, id)


@section.writes("/activities/{uuid:id}/remove", Gone)
def remove_activity(request: Asked, id: UUID, data: ReasonInput) -> Gone:
    """Take back an entry that was made by mistake.

    With its files; the audit trail keeps the reason.
    """
    row = one(_activities(request), id=id)
    gone = Gone(id=id, title=row.title)
    ledger.remove(activity=row, data=data, by=request.actor, at=request.at)
    return gone


@section.writes("/activities/{uuid:id}/files", AttachmentOut, status=201)
def attach_activity_file(request: Asked, id: UUID, file: File[UploadedFile]) -> AttachmentOut:
    """Upload a picture or paper.

    As `multipart/form-data` with one part, `file`. It is inspected before it is kept; the same bytes twice are one
    file.
    """
    row = one(_activities(request), id=id)
    require(request.actor, "activity.edit", row)
    content = b"".join(file.chunks())
    kept = ledger.attach(activity=row, name=file.name or "", data=content, by=request.actor, at=request.at)
    return AttachmentOut.each(kept)


@section.reads("/activities/{uuid:id}/files/{uuid:file_id}", bytes)
def get_activity_file(request: Asked, id: UUID, file_id: UUID) -> FileResponse:
    """Download a picture or paper.

    The bytes as they were uploaded.
    """
    row = one(attachments.of("activity", one(_activities(request), id=id)), id=file_id)
    response = FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    response["ETag"] = f'"{row.sha256}"'
    return response


def _sought(request: Asked) -> "QuerySet[Sought]":
    return Sought.objects.visible_to(request.actor).select_related("lead_cq", "lead_sc", "item")


@section.reads("/sought", SoughtPage)
def list_sought(request: Asked, filters: Query[SoughtFilters]) -> SoughtPage:
    """List what is sought from above.

    The newest entry first. The public sees what was granted.
    """
    given: dict[str, Any] = {name: getattr(filters, name) for name in ("kind", "state", "field")}
    rows = _sought(request).filter(**{name: value for name, value in given.items() if value is not None})
    return page(rows, order=("-id",), asked=request, paging=filters, gives=SoughtPage, each=SoughtOut.each)


@section.reads("/sought/{uuid:id}", SoughtOut)
def get_sought(request: Asked, id: UUID) -> SoughtOut:
    """Get one matter.

    With its answer.
    """
    return SoughtOut.each(one(_sought(request), id=id))


@section.writes("/sought", SoughtOut, status=201)
def create_sought(request: Asked, data: SoughtInput) -> SoughtOut:
    """Enter something that is sought.

    Officers do this.
    """
    row = sought.save(data=data, by=request.actor, at=request.at)
    made(request, "get_sought", row.id)
    return SoughtOut.each(one(_sought(request), id=row.id))


@section.writes("/sought/{uuid:id}", SoughtOut, method="PUT")
def edit_sought(request: Asked, id: UUID, data: SoughtInput) -> SoughtOut:
    """Change it.

    Give all its facts; with a day of asking it is submitted.
    """
    sought.save(data=data, row=one(_sought(request), id=id), by=request.actor, at=request.at)
    return SoughtOut.each(one(_sought(request), id=id))


@section.writes("/sought/{uuid:id}/answer", SoughtOut)
def answer_sought(request: Asked, id: UUID, data: SoughtAnswerInput) -> SoughtOut:
    """Enter how it was answered.

    Granted, partly, declined, or no longer sought.
    """
    sought.answer(row=one(_sought(request), id=id), data=data, by=request.actor, at=request.at)
    return SoughtOut.each(one(_sought(request), id=id))
