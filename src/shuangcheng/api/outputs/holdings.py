"""Answers about registers and what they hold."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext
from pydantic import Field

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.register import Asker, Register
from shuangcheng.core.schema import title_of
from shuangcheng.registers import records
from shuangcheng.registers.models import Connector, Holding
from shuangcheng.registers.overview import Held
from shuangcheng.registers.tables import masked

from ..asked import say
from .base import Output


class FieldOut(Output):
    """A field of a register."""

    name: str = Field(description="Its name.")
    title: str = Field(description="What it is called.")
    secret: bool = Field(description="Whether it is stored encrypted and shown by its ends only.")


class PurposeOut(Output):
    """What one purpose allows; agreements may allow less."""

    purpose: Purpose = Field(description="What for 用途.")
    askers: list[Asker] = Field(description="Who may ask 查询主体.")
    bases: list[LegalBasis] = Field(description="On which legal bases 依据.")
    fields: list[str] = Field(description="What may then be told.")


class RegisterOut(Output):
    """A register 登记簿 by its declaration, and what is held of it."""

    name: str = Field(description="Its name.")
    title: str = Field(description="What it is called.")
    key: str = Field(description="The field that names a record for good.")
    fields: list[FieldOut] = Field(description="The fields of a record.")
    questions: list[list[str]] = Field(description="The sets of fields by which it may be asked.")
    grants: list[PurposeOut] = Field(description="Who may ask for what.")
    records: int | None = Field(description="How many records are held; null for those who do not keep it.")
    changed_at: datetime | None = Field(description="When a record last changed; null when none is known.")
    upstream: bool | None = Field(description="Whether another system answers; null for those who do not keep it.")

    @classmethod
    def each(cls, held: Held) -> "RegisterOut":
        """The answer about a register."""
        register = held.register
        keeps = held.count is not None
        return cls(
            name=register.name, title=gettext(register.title), key=register.key,
            fields=[
                FieldOut(name=name, title=say(title_of(register.record, name)), secret=name in register.secret)
                for name in register.fields
            ],
            questions=[list(question) for question in register.questions],
            grants=[
                PurposeOut(
                    purpose=purpose, askers=list(grant.askers), bases=list(grant.bases), fields=list(grant.fields)
                )
                for purpose, grant in register.purposes.items()
            ],
            records=held.count, changed_at=held.changed_at,
            upstream=(held.connector is not None and held.connector.enabled) if keeps else None,
        )  # fmt: skip


class RegisterList(Output):
    """All registers."""

    items: list[RegisterOut] = Field(description="The registers.")


class HoldingOut(Output):
    """A record, numbers masked."""

    id: UUID = Field(description="Its id.")
    register_name: str = Field(description="The register that holds it.")
    record: dict[str, str] = Field(description="Field to text as people read it; of numbers only the ends.")
    updated_at: datetime = Field(description="When it last changed.")
    source: str = Field(description="Where it came from.")

    @classmethod
    def each(cls, register: Register, row: Holding) -> "HoldingOut":
        """The answer about a row."""
        shown = masked(register, records.opened(register, records.of_holding(row)))
        return cls(
            id=row.id, register_name=register.name, record=dict(zip(register.fields, shown, strict=True)),
            updated_at=row.updated_at, source=row.source,
        )  # fmt: skip


class ConnectorOut(Output):
    """The system that keeps a register; its credential is never told."""

    url: str = Field(description="Where it is asked.")
    enabled: bool = Field(description="Whether it is asked instead of the holdings.")
    names: dict[str, str] = Field(description="Field of the register to what the system calls it.")
    within: str = Field(description="Where the record stands in its answer.")
    header: str = Field(description="The header that carries the credential.")
    credential: bool = Field(description="Whether a credential is kept.")
    seconds: float = Field(description="How long an answer may take.")
    version: int = Field(description="Give it back when changing the settings.")

    @classmethod
    def each(cls, row: Connector) -> "ConnectorOut":
        """The answer about a row."""
        return cls(
            url=row.url, enabled=row.enabled, names=row.names, within=row.within, header=row.header,
            credential=row.sealed is not None, seconds=row.seconds, version=row.version,
        )  # fmt: skip


class TrialOut(Output):
    """How one question to the other system went."""

    found: bool = Field(description="Whether a record came that fits the register; it is not told.")
