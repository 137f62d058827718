"""Organisations."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.actions import organisations, removals
from shuangcheng.directory.inputs import MergeInput, OrganisationInput, RenameInput
from shuangcheng.directory.models import Designation, Organisation

from ..asked import Asked
from ..outputs.organisations import NameList, NameOut, OrganisationDetail, OrganisationOut, OrganisationPage
from ..paging import Paging, page
from ..section import Section
from .common import Read, Words, made, one, version_read

section = Section("Organisations", "Schools, universities, authorities, firms and other bodies 机构.")


class OrganisationFilters(Paging):
    """Which organisations."""

    type: terms.OrganisationType | None = Field(None, description="Type; alliances are given only when asked for here.")
    side: terms.Side | None = Field(None, description="On whose territory.")
    division: str = Field("", max_length=200, description="Code of a division: it and everything below it.")
    status: terms.OrganisationStatus | None = Field(None, description="Whether it works.")
    level: str = Field("", max_length=20, description="Level of schooling 办学层次, in full.")
    private: bool | None = Field(None, description="Whether it is privately run.")
    designation: str = Field("", max_length=100, description="A title that it holds, in full, such as 产教融合型企业.")
    code: str = Field("", max_length=20, description="School code or unified social credit code.")
    q: Words = Field("", description="Words, pinyin or initials of a name, today's or a former one.")


@section.reads("/organisations", OrganisationPage)
def list_organisations(request: Asked, filters: Query[OrganisationFilters]) -> OrganisationPage:
    """List organisations.

    In the order of the pinyin of their names. `cqdx` finds 重庆大学, and 重庆三峡学院 is found under its new name.
    """
    rows = _filtered(Organisation.objects.visible_to(request.actor).select_related("division"), filters)
    return page(
        rows, order=("pinyin", "id"), asked=request, paging=filters, gives=OrganisationPage,
        each=OrganisationOut.each,
    )  # fmt: skip


def _filtered(rows: "QuerySet[Organisation]", filters: OrganisationFilters) -> "QuerySet[Organisation]":
    if filters.type is None:
        rows = rows.exclude(type=terms.OrganisationType.ALLIANCE)
    given = {name: getattr(filters, name) for name in ("type", "side", "status", "level", "private")}
    rows = rows.filter(**{name: value for name, value in given.items() if value not in (None, "")})
    if filters.division:
        rows = rows.filter(division__path__startswith=lookup.division(filters.division).path)
    if filters.designation:
        held = Designation.objects.filter(organisation=OuterRef("pk"), title=filters.designation)
        rows = rows.filter(Exists(held))
    if filters.code:
        rows = rows.filter(code=filters.code) | rows.filter(credit_code=filters.code)
    return narrow(rows, "organisation", filters.q)


def found(request: Asked, id: UUID) -> Organisation:
    """The organisation that an address means."""
    return one(Organisation.objects.visible_to(request.actor), id=id)


def _detail(request: Asked, id: UUID) -> OrganisationDetail:
    rows = Organisation.objects.visible_to(request.actor).select_related("division", "merged_into")
    row = one(rows.prefetch_related("names"), id=id)
    request.version = row.version
    return OrganisationDetail.each(row)


@section.reads("/organisations/{uuid:id}", OrganisationDetail)
def get_organisation(request: Asked, id: UUID) -> OrganisationDetail:
    """Get an organisation.

    The `ETag` begins with its version; send it as `If-Match` when changing the organisation.
    """
    return _detail(request, id)


@section.writes("/organisations", OrganisationDetail, status=201)
def create_organisation(request: Asked, data: OrganisationInput) -> OrganisationDetail:
    """Enter an organisation.

    Officers enter organisations of their own side. The codes are checked, and may be in use only once.
    """
    row = organisations.create(data=data, by=request.actor, at=request.at)
    made(request, "get_organisation", row.id)
    return _detail(request, row.id)


@section.writes("/organisations/{uuid:id}", OrganisationDetail, method="PUT", also=(412, 428))
def edit_organisation(request: Asked, id: UUID, data: OrganisationInput, read: Query[Read]) -> OrganisationDetail:
    """Change an organisation.

    Give all its facts and name the version that was read, either by `If-Match` with the `ETag` (412 when somebody has
    changed the organisation meanwhile) or by `version` (409). The name changes only by renaming.
    """
    row = found(request, id)
    stated = version_read(request, row, read)
    organisations.edit(organisation=row, data=data, version=stated, by=request.actor, at=request.at)
    return _detail(request, id)


@section.writes("/organisations/{uuid:id}/rename", OrganisationDetail)
def rename_organisation(request: Asked, id: UUID, data: RenameInput) -> OrganisationDetail:
    """Rename an organisation.

    The old name stays with its last day, and the organisation is found by either.
    """
    organisations.rename(organisation=found(request, id), data=data, by=request.actor, at=request.at)
    return _detail(request, id)


@section.writes("/organisations/{uuid:id}/merge", OrganisationDetail)
def merge_organisation(request: Asked, id: UUID, data: MergeInput) -> OrganisationDetail:
    """Mark an organisation as merged into another.

    Both stay findable; the one that is gone says where it went.
    """
    removals.merge(organisation=found(request, id), data=data, by=request.actor, at=request.at)
    return _detail(request, id)


@section.reads("/organisations/{uuid:id}/names", NameList)
def list_organisation_names(request: Asked, id: UUID) -> NameList:
    """List the former names of an organisation.

    By their last day; those whose dates are not known come last.
    """
    return NameList(items=[NameOut.each(name) for name in found(request, id).names.all()])
