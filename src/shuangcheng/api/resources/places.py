"""Divisions and catalogues."""

from ninja import Query
from pydantic import Field

from shuangcheng.core.schema import Day, Input
from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.models import CatalogueEntry, Division

from ..asked import Asked
from ..outputs.places import CatalogueEntryOut, CatalogueEntryPage, DivisionOut, DivisionPage
from ..paging import Paging, page
from ..section import Section
from .common import Words, one

section = Section("Places and catalogues", "Administrative divisions 行政区划, and the national catalogues 目录与分类.")


class DivisionFilters(Paging):
    """Which divisions."""

    parent: str = Field("", max_length=36, description="Code or id of the division above.")
    level: terms.DivisionLevel | None = Field(None, description="Level.")
    code: str = Field("", max_length=12, description="Code; more than one division when it was used again.")
    valid_on: Day | None = Field(None, description="Only those valid on this day, such as 2026-11-22.")
    q: Words = Field("", description="Words, pinyin or initials of the name.")


@section.reads("/divisions", DivisionPage)
def list_divisions(request: Asked, filters: Query[DivisionFilters]) -> DivisionPage:
    """List divisions.

    In the order of their codes. Codes have validity dates: 500105 ended in 2025, 500157 began. Without `valid_on` all
    are given, those that ended too.
    """
    rows = Division.objects.visible_to(request.actor).select_related("parent")
    if filters.parent:
        rows = rows.filter(parent=_division(filters.parent))
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.code:
        rows = rows.filter(code=filters.code)
    if filters.valid_on:
        rows = rows.valid_on(filters.valid_on)
    rows = narrow(rows, "division", filters.q)
    return page(
        rows, order=("code", "id"), asked=request, paging=filters, gives=DivisionPage, each=DivisionOut.each
    )  # fmt: skip


def _division(key: str) -> Division:
    found = lookup.uuid_or_none(key)
    return one(Division.objects.all(), id=found) if found else lookup.division(key, where="parent")


class Moment(Input):
    """The day that is meant."""

    valid_on: Day | None = Field(None, description="The division that had the code on this day.")


@section.reads("/divisions/{key}", DivisionOut)
def get_division(request: Asked, key: str, when: Query[Moment]) -> DivisionOut:
    """Get a division by code or id.

    A code that was used twice gives the division valid on `valid_on`, else the newest.
    """
    rows = Division.objects.visible_to(request.actor).select_related("parent")
    if found := lookup.uuid_or_none(key):
        return DivisionOut.each(one(rows, id=found))
    if when.valid_on:
        rows = rows.valid_on(when.valid_on)
    return DivisionOut.each(one(rows.newest_first(), code=key))


class CatalogueFilters(Paging):
    """Which lines of which catalogue."""

    catalogue: terms.Catalogue = Field(description="The catalogue.")
    parent: str | None = Field(None, max_length=20, description="Code of the line above; empty for the top lines.")
    leaf: bool | None = Field(None, description="Only lines that stand for themselves, or only groups.")
    q: Words = Field("", description="Beginning of a code, or part of a name.")


@section.reads("/catalogues", CatalogueEntryPage)
def list_catalogue_entries(request: Asked, filters: Query[CatalogueFilters]) -> CatalogueEntryPage:
    """List the lines of a catalogue.

    In the order of their codes: undergraduate 2026, vocational college 2026, graduate 2022, industries GB/T 4754-2017,
    occupations 2022.
    """
    rows = CatalogueEntry.objects.visible_to(request.actor).filter(catalogue=filters.catalogue)
    if filters.parent is not None:
        rows = rows.filter(parent_code=filters.parent)
    if filters.leaf is not None:
        rows = rows.filter(leaf=filters.leaf)
    if filters.q:
        rows = rows.filter(code__startswith=filters.q) | rows.filter(name__contains=filters.q)
    return page(
        rows, order=("code", "id"), asked=request, paging=filters, gives=CatalogueEntryPage,
        each=CatalogueEntryOut.each,
    )  # fmt: skip
