"""Joint cases."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from shuangcheng.cases.actions import cases
from shuangcheng.cases.actions.cases import Paper
from shuangcheng.cases.inputs import OpenInput, StepInput
from shuangcheng.cases.models import Case
from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.exchange.own import own_authority

from ..asked import Asked
from ..outputs.cases import CaseDetail, CaseOut, CasePage
from ..paging import Paging, page
from ..section import CASES_READ, CASES_WRITE, Section
from .common import Read, made, one, version_read

if TYPE_CHECKING:
    from shuangcheng.cases.models.cases import CaseQuerySet

section = Section("Cases", "Joint procedures between two authorities 联办事项.", read=CASES_READ, write=CASES_WRITE)


class PaperInput(Input):
    """A document that is written out; files go in through the page."""

    document: Annotated[str, Field(min_length=1, max_length=40, title=_("材料"))]
    text: Annotated[str, Field(min_length=1, max_length=20_000, title=_("内容"))]


class OpenCaseInput(OpenInput):
    """A case with its documents."""

    papers: Annotated[tuple[PaperInput, ...], Field(max_length=20, title=_("材料"))] = ()


class StepCaseInput(StepInput):
    """A step with its documents."""

    papers: Annotated[tuple[PaperInput, ...], Field(max_length=20, title=_("材料"))] = ()


class CaseFilters(Paging):
    """Which cases."""

    open: bool | None = Field(None, description="Only those that are open, or only those that are closed.")
    mine: bool = Field(False, description="Only those in which it is this authority's turn.")


def _cases(request: Asked) -> "CaseQuerySet":
    return Case.objects.visible_to(request.actor).prefetch_related("history")


def _papers(given: tuple[PaperInput, ...]) -> list[Paper]:
    return [Paper(paper.document, paper.text) for paper in given]


@section.reads("/cases", CasePage, open=False)
def list_cases(request: Asked, filters: Query[CaseFilters]) -> CasePage:
    """List cases.

    The newest first. Officers see all, others those that they opened.
    """
    rows = _cases(request)
    rows = rows if filters.open is None else rows.filter(closed_at__isnull=filters.open)
    rows = rows.turn_of(own_authority()) if filters.mine else rows
    return page(rows, order=("-id",), asked=request, paging=filters, gives=CasePage, each=CaseOut.each)


@section.reads("/cases/{uuid:id}", CaseDetail, open=False)
def get_case(request: Asked, id: UUID) -> CaseDetail:
    """Get one case.

    With what was done in it. The person's number is masked.
    """
    return CaseDetail.each(one(_cases(request), id=id))


@section.writes("/cases", CaseDetail, status=201)
def open_correction(request: Asked, data: OpenCaseInput) -> CaseDetail:
    """Say that a record is wrong.

    Opens a correction 校核纠错 with the authority that holds the record.
    """
    plain = OpenInput.model_validate(data.model_dump(exclude={"papers"}))
    row = cases.open_case(data=plain, by=request.actor, at=request.at, papers=_papers(data.papers))
    made(request, "get_case", row.id)
    return CaseDetail.each(one(_cases(request), id=row.id))


@section.writes("/cases/{uuid:id}/steps", CaseDetail)
def step_case(request: Asked, id: UUID, data: StepCaseInput, read: Query[Read]) -> CaseDetail:
    """Move a case on.

    Choose one of its ways, or `extend`. Send the version that was read.
    """
    row = one(_cases(request), id=id)
    plain = StepInput.model_validate(data.model_dump(exclude={"papers"}))
    version = version_read(request, row, read)
    cases.step(case=row, data=plain, version=version, by=request.actor, at=request.at, papers=_papers(data.papers))
    return CaseDetail.each(one(_cases(request), id=id))
