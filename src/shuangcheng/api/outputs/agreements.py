"""Answers about agreements, their versions, zones and verification."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.models import Agreement, AgreementVersion, Zone

from .alliances import figures
from .base import Figure, Output, Page, Ref
from .organisations import ref
from .places import Place


class ZoneOut(Output):
    """A pair 结对, border zone 毗邻地区, experimental or demonstration zone 试验区/示范区, or pilot 试点."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Its name.")
    kind: terms.ZoneKind = Field(description="Its kind.")
    level: terms.Level = Field(description="Its level.")
    aims_at: terms.Level | None = Field(description="The level it aims at 拟升级别.")
    field: terms.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划 it belongs to, 1 to 10.")
    divisions: list[Place] = Field(description="The places in it.")
    leads: list[Ref] = Field(description="The organisations that lead it 牵头单位.")
    valid_from: date | None = Field(description="First day of its term.")
    valid_until: date | None = Field(description="Last day of its term.")
    basis: str = Field(description="The document that makes it, or empty.")
    tasks: str = Field(description="Its main tasks 主要任务.")
    reported: list[Figure] = Field(description="Figures that sources report about it.")
    version: int = Field(description="Counts its changes; name it when changing or deciding.")

    @classmethod
    def each(cls, row: Zone) -> "ZoneOut":
        """The answer about a row whose divisions and leads are at hand."""
        return cls(
            id=row.id, name=row.name, kind=row.kind, level=row.level, aims_at=row.aims_at or None, field=row.field,
            action_plan=row.action_plan, divisions=[Place.each(division) for division in row.divisions.all()],
            leads=[ref(lead) for lead in row.leads.all()], valid_from=row.valid_from, valid_until=row.valid_until,
            basis=row.basis, tasks=row.tasks, reported=figures(row.reported), version=row.version,
        )  # fmt: skip


class ZonePage(Page[ZoneOut]):
    """A page of zones."""


class AgreementOut(Output):
    """An agreement 合作协议."""

    id: UUID = Field(description="Its id.")
    title: str = Field(description="Its title.")
    number: str = Field(description="Document number 文号, or empty.")
    field: terms.Field = Field(description="Its field 领域.")
    action_plan: int | None = Field(description="Number of the action plan 行动计划 it belongs to, 1 to 10.")
    parties: list[Ref] = Field(description="The parties.")
    alliance: Ref | None = Field(description="The alliance it belongs to.")
    zone: Ref | None = Field(description="The zone it belongs to.")
    signed: date | None = Field(description="Day of signing.")
    expires: date | None = Field(description="Last day on which it holds.")
    state: terms.AgreementState = Field(description="Where it stands.")
    file_name: str = Field(description="Name of the signed file, or empty.")
    file_sha256: str = Field(description="SHA-256 of the signed file, or empty.")
    invented: bool = Field(description="Whether it was made up for a demonstration.")

    @classmethod
    def each(cls, row: Agreement) -> "AgreementOut":
        """The answer about a row whose parties, alliance and zone are at hand."""
        return cls(**_facts(row))


def _facts(row: Agreement) -> dict[str, object]:
    return {
        "id": row.id, "title": row.title, "number": row.number, "field": row.field, "action_plan": row.action_plan,
        "parties": [ref(party) for party in row.parties.all()],
        "alliance": Ref(id=row.alliance.id, name=row.alliance.organisation.name) if row.alliance else None,
        "zone": Ref(id=row.zone.id, name=row.zone.name) if row.zone else None,
        "signed": row.signed, "expires": row.expires, "state": row.state, "file_name": row.file_name,
        "file_sha256": row.file_sha256, "invented": row.invented,
    }  # fmt: skip


class AgreementPage(Page[AgreementOut]):
    """A page of agreements."""


class AgreementDetail(AgreementOut):
    """An agreement with its text."""

    text: str = Field(description="Its text, or empty when there is only a file.")
    revises: UUID | None = Field(description="Id of the approved agreement whose place this draft is to take 修改稿.")
    being_revised: bool = Field(description="Whether a change of it is being agreed; until then it holds as it is.")
    source: str = Field(description="Where the facts come from, with the date.")
    version: int = Field(description="Counts its changes; name it when changing or deciding.")
    updated_at: datetime = Field(description="When it last changed.")

    @classmethod
    def each(cls, row: Agreement) -> "AgreementDetail":
        """The answer about a row whose parties, alliance and zone are at hand."""
        return cls(
            **_facts(row),
            text=row.text,
            revises=row.revises_id,
            being_revised=hasattr(row, "revision"),
            source=row.source,
            version=row.version,
            updated_at=row.updated_at,
        )


class Attached(Output):
    """An agreement whose file was just taken in."""

    agreement: AgreementDetail = Field(description="The agreement.")
    warnings: list[str] = Field(description="What could not be read from the file, in sentences.")


class VersionOut(Output):
    """An agreement as it was approved once; never changed."""

    number: int = Field(description="1 for the first approval.")
    digest: str = Field(description="SHA-256 of the canonical JSON (RFC 8785) of the snapshot.")
    text_sha256: str = Field(description="SHA-256 of the text with uniform line ends and no trailing space.")
    file_sha256: str = Field(description="SHA-256 of the file, or empty.")
    approved_at: datetime = Field(description="When it was approved.")
    approved_by: str = Field(description="Who approved it.")

    @classmethod
    def each(cls, row: AgreementVersion) -> "VersionOut":
        """The answer about a row."""
        return cls(
            number=row.number, digest=row.digest, text_sha256=row.text_sha256, file_sha256=row.file_sha256,
            approved_at=row.approved_at, approved_by=row.approved_by,
        )  # fmt: skip


class VersionList(Output):
    """The approved versions of an agreement, the newest first."""

    items: list[VersionOut] = Field(description="The versions.")


class VersionDetail(VersionOut):
    """An approved version with its snapshot."""

    snapshot: dict[str, Any] = Field(
        description="What was approved: title, number, parties, signed, expires, text, text_sha256, file_sha256. Its "
        "canonical JSON has the version's digest."
    )

    @classmethod
    def each(cls, row: AgreementVersion) -> "VersionDetail":
        """The answer about a row."""
        return cls(**VersionOut.each(row).model_dump(), snapshot=row.snapshot)


class Match(Output):
    """An approved version that has the digest asked for."""

    of: list[Literal["snapshot", "text", "file"]] = Field(description="What has the digest.")
    agreement: Ref = Field(description="The agreement, by its title when it was approved.")
    parties: list[str] = Field(description="Its parties when it was approved.")
    version: VersionOut = Field(description="The approved version.")
    newest: bool = Field(description="Whether no later version was approved.")
    state: terms.AgreementState = Field(description="Where the agreement stands now.")
