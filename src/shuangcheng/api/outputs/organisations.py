"""Answers about organisations, their programmes and designations."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.models import Designation, Organisation, OrganisationName, Programme

from .base import Output, Page, Ref
from .places import Place


def ref(row: Organisation) -> Ref:
    """An organisation that is pointed at."""
    return Ref(id=row.id, name=row.name)


class OrganisationOut(Output):
    """An organisation 机构."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name today.")
    type: terms.OrganisationType = Field(description="Its type.")
    code: str = Field(description="School code 学校标识码, or empty.")
    credit_code: str = Field(description="Unified social credit code 统一社会信用代码, or empty.")
    authority: str = Field(description="Competent authority 主管部门, or empty.")
    division: Place | None = Field(description="Where it is.")
    side: terms.Side = Field(description="On whose territory it is.")
    level: str = Field(description="Level of schooling 办学层次, or empty.")
    private: bool = Field(description="Whether it is privately run 民办.")
    status: terms.OrganisationStatus = Field(description="Whether it works.")
    website: str = Field(description="Its website, or empty.")

    @classmethod
    def each(cls, row: Organisation) -> "OrganisationOut":
        """The answer about a row whose division is at hand."""
        return cls(**_facts(row))


def _facts(row: Organisation) -> dict[str, object]:
    return {
        "id": row.id, "name": row.name, "type": row.type, "code": row.code, "credit_code": row.credit_code,
        "authority": row.authority, "division": Place.of(row.division), "side": row.side, "level": row.level,
        "private": row.private, "status": row.status, "website": row.website,
    }  # fmt: skip


class OrganisationPage(Page[OrganisationOut]):
    """A page of organisations."""


class NameOut(Output):
    """A name that an organisation had 曾用名."""

    name: str = Field(description="The name.")
    valid_from: date | None = Field(description="First day of the name, if known.")
    valid_until: date | None = Field(description="Last day of the name, if known.")
    basis: str = Field(description="Number of the document that changed it, or empty.")

    @classmethod
    def each(cls, row: OrganisationName) -> "NameOut":
        """The answer about a row."""
        return cls(name=row.name, valid_from=row.valid_from, valid_until=row.valid_until, basis=row.basis)


class OrganisationDetail(OrganisationOut):
    """An organisation with its former names and its version."""

    former_names: list[NameOut] = Field(description="Names that it had, by their last day.")
    merged_into: Ref | None = Field(description="The organisation that took it in.")
    remark: str = Field(description="Remark, or empty.")
    source: str = Field(description="Where the facts come from, with the date.")
    version: int = Field(description="Counts its changes; name it when changing the organisation.")
    created_at: datetime = Field(description="When it was entered.")
    updated_at: datetime = Field(description="When it was last changed.")

    @classmethod
    def each(cls, row: Organisation) -> "OrganisationDetail":
        """The answer about a row whose division, names and successor are at hand."""
        return cls(
            **_facts(row), former_names=[NameOut.each(name) for name in row.names.all()],
            merged_into=ref(row.merged_into) if row.merged_into else None, remark=row.remark, source=row.source,
            version=row.version, created_at=row.created_at, updated_at=row.updated_at,
        )  # fmt: skip


class NameList(Output):
    """The former names of an organisation."""

    items: list[NameOut] = Field(description="Names that it had, by their last day.")


class ProgrammeOut(Output):
    """A programme that an organisation runs 专业点."""

    id: UUID = Field(description="Its id.")
    organisation: Ref = Field(description="The organisation that runs it.")
    catalogue: terms.Catalogue = Field(description="The catalogue of its code.")
    code: str = Field(description="Its code in the catalogue.")
    name: str = Field(description="Its name in the catalogue.")
    direction: str = Field(description="Specialisation 专业方向, or empty.")
    years: float | None = Field(description="Length in years 学制.")
    opened: int | None = Field(description="Year in which it was opened.")
    quota: int | None = Field(description="Places in a year 年度招生计划.")
    state: terms.ProgrammeState = Field(description="Whether it takes students.")
    version: int = Field(description="Counts its changes; name it when changing it.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")

    @classmethod
    def each(cls, row: Programme) -> "ProgrammeOut":
        """The answer about a row whose entry and organisation are at hand."""
        return cls(
            id=row.id, organisation=ref(row.organisation), catalogue=row.entry.catalogue, code=row.entry.code,
            name=row.entry.name, direction=row.direction, years=row.years, opened=row.opened, quota=row.quota,
            state=row.state, version=row.version, invented=row.invented,
        )  # fmt: skip


class ProgrammePage(Page[ProgrammeOut]):
    """A page of programmes."""


class DesignationOut(Output):
    """A title that an organisation holds for a term 称号与认定."""

    id: UUID = Field(description="Its id.")
    organisation: Ref = Field(description="The organisation that holds it.")
    title: str = Field(description="The title, such as 产教融合型企业.")
    level: terms.Level = Field(description="Who gives it.")
    valid_from: date | None = Field(description="First day.")
    valid_until: date | None = Field(description="Last day.")
    basis: str = Field(description="The document that gives it, or empty.")
    incentives: str = Field(description="What comes with it 激励政策, or empty.")
    version: int = Field(description="Counts its changes; name it when changing it.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")

    @classmethod
    def each(cls, row: Designation) -> "DesignationOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.id, organisation=ref(row.organisation), title=row.title, level=row.level,
            valid_from=row.valid_from, valid_until=row.valid_until, basis=row.basis, incentives=row.incentives,
            version=row.version, invented=row.invented,
        )  # fmt: skip


class DesignationPage(Page[DesignationOut]):
    """A page of designations."""
