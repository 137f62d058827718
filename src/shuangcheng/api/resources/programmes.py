"""Programmes and designations of organisations."""

from uuid import UUID

from ninja import Query
from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import DesignationInput, ProgrammeInput
from shuangcheng.directory.models import Designation, Organisation, Programme

from ..asked import Asked
from ..outputs.organisations import DesignationOut, DesignationPage, ProgrammeOut, ProgrammePage
from ..paging import Paging, page
from ..section import Section
from .common import Read, one, version_read
from .organisations import found

section = Section("Programmes and titles", "Programmes of organisations 专业点, and titles they hold 称号与认定.")


class ProgrammeFilters(Paging):
    """Which programmes."""

    catalogue: terms.Catalogue | None = Field(None, description="Only those of this catalogue.")
    code: str = Field("", max_length=20, description="Beginning of the code.")
    state: terms.ProgrammeState | None = Field(None, description="Whether it takes students.")
    side: terms.Side | None = Field(None, description="On whose territory the organisation is.")


def _programmes(request: Asked, filters: ProgrammeFilters, **more: object) -> ProgrammePage:
    seen = Organisation.objects.visible_to(request.actor)
    rows = Programme.objects.filter(organisation__in=seen, **more).select_related("entry", "organisation")
    if filters.catalogue:
        rows = rows.filter(entry__catalogue=filters.catalogue)
    if filters.code:
        rows = rows.filter(entry__code__startswith=filters.code)
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.side:
        rows = rows.filter(organisation__side=filters.side)
    return page(
        rows, order=("entry__code", "id"), asked=request, paging=filters, gives=ProgrammePage,
        each=ProgrammeOut.each,
    )  # fmt: skip


@section.reads("/programmes", ProgrammePage)
def list_programmes(request: Asked, filters: Query[ProgrammeFilters]) -> ProgrammePage:
    """List programmes of all organisations.

    In the order of their codes: who on which side runs 080901?
    """
    return _programmes(request, filters)


@section.reads("/organisations/{uuid:id}/programmes", ProgrammePage)
def list_organisation_programmes(request: Asked, id: UUID, filters: Query[ProgrammeFilters]) -> ProgrammePage:
    """List the programmes of an organisation.

    In the order of their codes.
    """
    return _programmes(request, filters, organisation=found(request, id))


@section.writes("/organisations/{uuid:id}/programmes", ProgrammeOut, status=201)
def add_programme(request: Asked, id: UUID, data: ProgrammeInput) -> ProgrammeOut:
    """Enter a programme of an organisation.

    The code is one of the catalogue's programmes, not of a group.
    """
    row = organisations.add_programme(organisation=found(request, id), data=data, by=request.actor, at=request.at)
    return ProgrammeOut.each(row)


@section.writes("/programmes/{uuid:id}", ProgrammeOut, method="PUT", also=(412, 428))
def edit_programme(request: Asked, id: UUID, data: ProgrammeInput, read: Query[Read]) -> ProgrammeOut:
    """Change a programme.

    Give all its facts and name the version that was read. The code stays: another code is another programme.
    """
    seen = Organisation.objects.visible_to(request.actor)
    row = one(Programme.objects.filter(organisation__in=seen).select_related("entry", "organisation"), id=id)
    stated = version_read(request, row, read)
    row = organisations.edit_programme(programme=row, data=data, version=stated, by=request.actor, at=request.at)
    return ProgrammeOut.each(row)


@section.reads("/organisations/{uuid:id}/designations", DesignationPage)
def list_designations(request: Asked, id: UUID, filters: Query[Paging]) -> DesignationPage:
    """List the titles of an organisation.

    In the order of the titles, those that have ended included.
    """
    rows = found(request, id).designations.select_related("organisation")
    return page(
        rows, order=("title", "id"), asked=request, paging=filters, gives=DesignationPage, each=DesignationOut.each
    )  # fmt: skip


@section.writes("/organisations/{uuid:id}/designations", DesignationOut, status=201)
def add_designation(request: Asked, id: UUID, data: DesignationInput) -> DesignationOut:
    """Record a title that an organisation holds.

    Officers record titles of organisations of their own side.
    """
    row = organisations.designate(organisation=found(request, id), data=data, by=request.actor, at=request.at)
    return DesignationOut.each(row)


@section.writes("/designations/{uuid:id}", DesignationOut, method="PUT", also=(412, 428))
def edit_designation(request: Asked, id: UUID, data: DesignationInput, read: Query[Read]) -> DesignationOut:
    """Correct a title.

    Give all its facts and name the version that was read.
    """
    seen = Organisation.objects.visible_to(request.actor)
    row = one(Designation.objects.filter(organisation__in=seen).select_related("organisation"), id=id)
    stated = version_read(request, row, read)
    row = organisations.edit_designation(designation=row, data=data, version=stated, by=request.actor, at=request.at)
    return DesignationOut.each(row)
