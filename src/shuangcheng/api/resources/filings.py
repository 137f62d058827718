"""Progress filing."""

from collections import defaultdict
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from ninja import File, Query
from ninja.files import UploadedFile
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.policy import require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import decisions, filings, periods
from shuangcheng.plan.inputs.filings import FilingInput, PeriodFactsInput, PeriodInput, ReturnedInput
from shuangcheng.plan.models import Filing, Item, Period, Progress

from ..asked import Asked
from ..outputs.base import Ref
from ..outputs.plan_filings import (
    FilingDetail,
    FilingEvent,
    FilingLine,
    FilingList,
    FilingOut,
    FilingPage,
    FilingTarget,
    PeriodOut,
    PeriodPage,
)
from ..outputs.plan_ledger import AttachmentOut
from ..paging import Paging, page
from ..section import PLAN_READ, PLAN_WRITE, Section
from .common import Read, made, one

section = Section(
    "Filings", "Progress filing 推进情况报送: periods and what organisations file.", read=PLAN_READ, write=PLAN_WRITE
)


class PeriodFilters(Paging):
    """Which periods."""

    plan: UUID | None = Field(None, description="Id of the plan.")
    side: terms.Sides | None = Field(None, description="Whose organisations file.")
    state: terms.PeriodState | None = Field(None, description="Whether something can be filed.")


class FilingFilters(Paging):
    """Which filings."""

    period: UUID | None = Field(None, description="Id of the period.")
    organisation: UUID | None = Field(None, description="Id of the organisation.")
    state: terms.FilingState | None = Field(None, description="Where they stand.")


class FilingsInput(Input):
    """Several filings at once 报送件."""

    filings: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=500)] = Field(title=_("报送件"))


def _periods(request: Asked) -> "QuerySet[Period]":
    return Period.objects.visible_to(request.actor).select_related("plan").counted()


def _filings(request: Asked) -> "QuerySet[Filing]":
    return Filing.objects.visible_to(request.actor).select_related("period__plan", "organisation")


@section.reads("/periods", PeriodPage, open=False)
def list_periods(request: Asked, filters: Query[PeriodFilters]) -> PeriodPage:
    """List periods.

    The newest first; officers see all, others those in which their organisation files.
    """
    given = {name: getattr(filters, name) for name in ("plan", "side", "state")}
    rows = _periods(request).filter(**{name: value for name, value in given.items() if value is not None})
    return page(rows, order=("-id",), asked=request, paging=filters, gives=PeriodPage, each=PeriodOut.each)


@section.reads("/periods/{uuid:id}", PeriodOut, open=False)
def get_period(request: Asked, id: UUID) -> PeriodOut:
    """Get a period.

    Its filings are found by `/filings?period=`.
    """
    return PeriodOut.each(one(_periods(request), id=id))


@section.writes("/periods", PeriodOut, status=201)
def open_period(request: Asked, data: PeriodInput) -> PeriodOut:
    """Open a period.

    Everybody named as lead or partner on an open item of the plan is asked to file. Officers do this.
    """
    row = periods.begin(data=data, by=request.actor, at=request.at)
    made(request, "get_period", row.id)
    return PeriodOut.each(one(_periods(request), id=row.id))


@section.writes("/periods/{uuid:id}", PeriodOut, method="PUT")
def edit_period(request: Asked, id: UUID, data: PeriodFactsInput, read: Query[Read]) -> PeriodOut:
    """Change a period.

    Give all its facts. Whoever is named on an item by now is asked too; a closed period whose last day is yet to come
    is open again.
    """
    periods.edit(
        period=one(_periods(request), id=id), data=data, by=request.actor, at=request.at, seen=read.version
    )  # fmt: skip
    return PeriodOut.each(one(_periods(request), id=id))


@section.writes("/periods/{uuid:id}/close", PeriodOut)
def close_period(request: Asked, id: UUID) -> PeriodOut:
    """Close a period.

    Nothing more can be filed; what was filed can still be accepted.
    """
    periods.close(period=one(_periods(request), id=id), by=request.actor, at=request.at)
    return PeriodOut.each(one(_periods(request), id=id))


@section.reads("/filings", FilingPage, open=False)
def list_filings(request: Asked, filters: Query[FilingFilters]) -> FilingPage:
    """List filings.

    Officers of both sides see all, others those of their organisation.
    """
    given = {name: getattr(filters, name) for name in ("period", "organisation", "state")}
    rows = _filings(request).filter(**{name: value for name, value in given.items() if value is not None})
    return page(rows, order=("id",), asked=request, paging=filters, gives=FilingPage, each=FilingOut.each)


def _line(item: Item, row: Progress | None, files: list[Attachment]) -> FilingLine:
    said: Any = row or item
    filed = {one["target"]: Decimal(one["value"]) for one in (row.figures if row else [])}
    return FilingLine(
        item=Ref(id=item.id, name=item.title), number=item.number, written=row is not None, told=said.told,
        percent=said.percent, reason=row.reason if row else "", text=row.text if row else "",
        money_spent=row.money_spent if row else None, counts=bool(row and row.counts),
        targets=[
            FilingTarget(
                id=target.id, subject=target.subject, unit=target.unit, observed=target.observed,
                filed=filed.get(str(target.id)),
            )
            for target in item.targets.all()
        ],
        files=[AttachmentOut.each(file) for file in files],
    )  # fmt: skip


def _detail(request: Asked, id: UUID) -> FilingDetail:
    filing = one(_filings(request), id=id)
    lines = Progress.objects.visible_to(request.actor).filter(filing=filing)
    rows = {row.item_id: row for row in lines}
    files: dict[UUID, list[Attachment]] = defaultdict(list)
    for file in Attachment.objects.filter(subject_kind="progress", subject_id__in=[row.pk for row in rows.values()]):
        files[file.subject_id].append(file)
    parts = []
    for item in filing.items().prefetch_related("targets"):
        row = rows.get(item.pk)
        parts.append(_line(item, row, files[row.pk] if row else []))
    past = [
        FilingEvent(what=event["what"], at=event["at"], by=event["by"], answer=event.get("answer", ""))
        for event in filing.history
    ]
    return FilingDetail(**dict(FilingOut.each(filing)), lines=parts, history=past)


@section.reads("/filings/{uuid:id}", FilingDetail, open=False)
def get_filing(request: Asked, id: UUID) -> FilingDetail:
    """Get a filing.

    With what is said of each item, the evidence, and what happened to it.
    """
    return _detail(request, id)


@section.writes("/filings/{uuid:id}", FilingDetail, method="PUT")
def save_filing(request: Asked, id: UUID, data: FilingInput, read: Query[Read]) -> FilingDetail:
    """Save a draft.

    Lines that are not given stay as they are; a line may be unfinished. Nothing counts before it is filed and accepted.
    """
    filings.save(filing=one(_filings(request), id=id), data=data, by=request.actor, at=request.at, seen=read.version)
    return _detail(request, id)


@section.writes("/filings/{uuid:id}/file", FilingDetail)
def file_filing(request: Asked, id: UUID, read: Query[Read]) -> FilingDetail:
    """File what was saved.

    Every item must be told of; it can be changed again only when it is returned.
    """
    filings.file(filing=one(_filings(request), id=id), by=request.actor, at=request.at, seen=read.version)
    return _detail(request, id)


@section.writes("/filings/{uuid:id}/return", FilingDetail)
def return_filing(request: Asked, id: UUID, data: ReturnedInput, read: Query[Read]) -> FilingDetail:
    """Return a filing with a comment.

    Officers of the organisation's side do this; what was accepted no longer counts.
    """
    decisions.send_back(
        filing=one(_filings(request), id=id), data=data, by=request.actor, at=request.at, seen=read.version
    )  # fmt: skip
    return _detail(request, id)


@section.writes("/filings/{uuid:id}/accept", FilingDetail)
def accept_filing(request: Asked, id: UUID, read: Query[Read]) -> FilingDetail:
    """Accept a filing.

    What it reports counts in the list from now on. Officers of the organisation's side do this.
    """
    row = one(_filings(request), id=id)
    seen = {id: read.version} if read.version is not None else None
    decisions.accept(filings=[row], by=request.actor, at=request.at, seen=seen)
    return _detail(request, id)


@section.writes("/filings/remind", FilingList)
def remind_filings(request: Asked, data: FilingsInput) -> FilingList:
    """Remind organisations that have not filed.

    Once a day at most; answers those that were reminded. Officers of the organisations' side do this.
    """
    rows = list(_filings(request).filter(pk__in=data.filings))
    reminded = decisions.remind(filings=rows, by=request.actor, at=request.at)
    shown = _filings(request).filter(pk__in=[row.pk for row in reminded]).order_by("pk")
    return FilingList(items=[FilingOut.each(row) for row in shown])


@section.writes("/filings/{uuid:id}/items/{str:item}/files", AttachmentOut, status=201)
def attach_filing_file(request: Asked, id: UUID, item: str, file: File[UploadedFile]) -> AttachmentOut:
    """Upload evidence of what is said of an item.

    As `multipart/form-data` with one part, `file`; `item` is the number or id of an item. It is inspected before it is
    kept; the same bytes twice are one file.
    """
    row = one(_filings(request), id=id)
    require(request.actor, "filing.file", row)
    content = b"".join(file.chunks())
    kept = filings.attach(
        filing=row, item=item, name=file.name or "", data=content, by=request.actor, at=request.at
    )  # fmt: skip
    return AttachmentOut.each(kept)
