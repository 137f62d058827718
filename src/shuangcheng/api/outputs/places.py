"""Answers about divisions and catalogues."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.models import CatalogueEntry, Division

from .base import Output, Page


class Place(Output):
    """A division that is pointed at."""

    id: UUID = Field(description="Its id; a code can be used again, an id cannot.")
    code: str = Field(description="Division code 行政区划代码: six digits, nine for townships.")
    name: str = Field(description="Its name.")

    @classmethod
    def of(cls, row: Division | None) -> "Place | None":
        """The place of a row, if it has one."""
        return cls(id=row.id, code=row.code, name=row.name) if row else None

    @classmethod
    def each(cls, row: Division) -> "Place":
        """The place of a row."""
        return cls(id=row.id, code=row.code, name=row.name)


class DivisionOut(Place):
    """An administrative division 行政区划, for as long as its code was valid."""

    level: terms.DivisionLevel = Field(description="Level of the division.")
    parent: Place | None = Field(description="The division above; null for provinces.")
    valid_from: date | None = Field(description="First day; null when it has been so as long as the data reach.")
    valid_until: date | None = Field(description="Last day; null when it is valid today.")
    successor_code: str = Field(description="Code of the division that took its place, or empty.")
    document: str = Field(description="Number of the document that changed it, or empty.")

    @classmethod
    def each(cls, row: Division) -> "DivisionOut":
        """The answer about a row whose parent is at hand."""
        return cls(
            id=row.id, code=row.code, name=row.name, level=row.level, parent=Place.of(row.parent),
            valid_from=row.valid_from, valid_until=row.valid_until, successor_code=row.successor_code,
            document=row.document,
        )  # fmt: skip


class DivisionPage(Page[DivisionOut]):
    """A page of divisions."""


class CatalogueEntryOut(Output):
    """A line of a national catalogue or classification 目录与分类."""

    id: UUID = Field(description="Its id.")
    catalogue: terms.Catalogue = Field(description="The catalogue it stands in.")
    code: str = Field(description="Its code in that catalogue.")
    name: str = Field(description="Its name.")
    level: str = Field(description="What sort of line it is, in the catalogue's own words, such as 门类 or 专业.")
    parent_code: str = Field(description="Code of the line above, or empty.")
    flags: str = Field(description="Marks that the catalogue gives it, such as T or K, or empty.")
    leaf: bool = Field(description="Whether it stands for itself, not for a group.")

    @classmethod
    def each(cls, row: CatalogueEntry) -> "CatalogueEntryOut":
        """The answer about a row."""
        return cls(
            id=row.id, catalogue=row.catalogue, code=row.code, name=row.name, level=row.level,
            parent_code=row.parent_code, flags=row.flags, leaf=row.leaf,
        )  # fmt: skip


class CatalogueEntryPage(Page[CatalogueEntryOut]):
    """A page of catalogue lines."""
