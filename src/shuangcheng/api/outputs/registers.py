"""Answers about data-sharing agreements, look-ups, consents and who looked at whom."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.letters.accesses_reply import Line
from shuangcheng.core.letters.lookup_reply import Outcome
from shuangcheng.core.register import Asker
from shuangcheng.registers import keeping, terms
from shuangcheng.registers.employment import Counted
from shuangcheng.registers.models import Consent, LookUp, Sharing

from .base import Output, Page


class SharingOut(Output):
    """One version of a data-sharing agreement 数据共享协议."""

    id: UUID = Field(description="Its id.")
    family: UUID = Field(description="The id that all versions of the agreement share.")
    number: int = Field(description="Which version it is.")
    register_name: str = Field(description="The register it is about.")
    provider: str = Field(description="The authority that answers.")
    recipient: str = Field(description="The authority that asks.")
    purposes: list[Purpose] = Field(description="What may be asked for.")
    bases: list[LegalBasis] = Field(description="On what law.")
    askers: list[Asker] = Field(description="By whom.")
    fields: list[str] = Field(description="What is told, as far as the purpose needs it.")
    rows_a_letter: int = Field(description="Rows in a letter at most.")
    rows_a_day: int = Field(description="Rows a day at most.")
    starts_at: datetime = Field(description="From when it holds.")
    ends_at: datetime = Field(description="Until when it holds.")
    state: terms.SharingState = Field(description="Where it stands.")
    reason: str = Field(description="Why it was returned or ended.")
    digest: str = Field(description="SHA-256 of the terms as both sign them; letters name it.")
    version: int = Field(description="Give it back when deciding on it.")

    @classmethod
    def each(cls, row: Sharing) -> "SharingOut":
        """The answer about a row."""
        told = row.terms
        return cls(
            id=row.id, family=row.family, number=row.number, register_name=row.register, provider=row.provider,
            recipient=row.recipient, purposes=told["purposes"], bases=told["bases"], askers=told["askers"],
            fields=told["fields"], rows_a_letter=told["rows_a_letter"], rows_a_day=told["rows_a_day"],
            starts_at=row.starts_at, ends_at=row.ends_at, state=terms.SharingState(row.state), reason=row.reason,
            digest=row.digest, version=row.version,
        )  # fmt: skip


class SharingPage(Page[SharingOut]):
    """A page of agreements."""


class SharingMatch(Output):
    """A data-sharing agreement signed by both that has the digest asked for."""

    register_name: str = Field(description="The register it is about.")
    provider: str = Field(description="The authority that answers.")
    recipient: str = Field(description="The authority that asks.")
    number: int = Field(description="Which version it is.")
    state: terms.SharingState = Field(description="Where it stands.")
    complete_at: datetime | None = Field(description="When both had signed it.")

    @classmethod
    def each(cls, row: Sharing) -> "SharingMatch":
        """The answer about a row."""
        return cls(
            register_name=row.register, provider=row.provider, recipient=row.recipient, number=row.number,
            state=terms.SharingState(row.state), complete_at=row.complete_at,
        )  # fmt: skip


class LookUpOut(Output):
    """That a register was asked 查询记录: by whom, what for, and what came of it in numbers."""

    id: UUID = Field(description="Its id.")
    direction: terms.Direction = Field(description="Who asked whom.")
    node: str | None = Field(description="The other authority; null when the own register was asked.")
    register_name: str = Field(description="The register.")
    purpose: Purpose = Field(description="What for.")
    basis: LegalBasis = Field(description="On what law.")
    asker: Asker = Field(description="What sort of body asked.")
    organisation: str = Field(description="The name of the body that asked.")
    by: str = Field(description="Who asked, where it was at this node.")
    matter: str = Field(description="The matter 事由.")
    fields: list[str] = Field(description="The fields asked for.")
    told: list[str] = Field(description="The fields released.")
    state: terms.LookUpState = Field(description="Where it stands; ask again while it is waiting.")
    reasons: list[dict[str, str]] = Field(description="Why it was refused: code and message.")
    rows: int = Field(description="How many rows were asked.")
    found: int = Field(description="How many were found.")
    unmatched: int = Field(description="How many had no match.")
    refused: int = Field(description="How many were refused.")
    letter: UUID | None = Field(description="The id of the letter between the nodes.")
    at: datetime = Field(description="When it was asked.")
    answered_at: datetime | None = Field(description="When it was answered.")

    @classmethod
    def each(cls, row: LookUp) -> "LookUpOut":
        """The answer about a row whose peer is at hand."""
        return cls(
            id=row.id, direction=terms.Direction(row.direction), node=row.peer.authority if row.peer else None,
            register_name=row.register, purpose=Purpose(row.purpose), basis=LegalBasis(row.basis),
            asker=Asker(row.asker), organisation=row.organisation_name, by=row.by_name, matter=row.matter,
            fields=row.fields, told=row.told, state=terms.LookUpState(row.state), reasons=row.reasons, rows=row.rows,
            found=row.found, unmatched=row.unmatched, refused=row.refused, letter=row.letter, at=row.at,
            answered_at=row.answered_at,
        )  # fmt: skip


class LookUpPage(Page[LookUpOut]):
    """A page of look-ups."""


class AnswerOut(Output):
    """What was answered to one row."""

    ref: str = Field(description="The row, as it was named in asking.")
    outcome: Outcome = Field(description="What became of it.")
    record: dict[str, str] = Field(description="The released fields of the record.")
    reasons: list[str] = Field(description="Codes of why it was refused.")


class LookUpDetail(LookUpOut):
    """A look-up with the answers, for who may read them."""

    answers: list[AnswerOut] = Field(description="Row by row; empty while it waits and once contents are erased.")

    @classmethod
    def of(cls, row: LookUp, *, reads: bool) -> "LookUpDetail":
        """The answer about a row."""
        told = keeping.answers(row) if reads else []
        answers = [
            AnswerOut(
                ref=each["ref"], outcome=each["outcome"], record=each.get("record", {}), reasons=each.get("reasons", [])
            )
            for each in told
        ]
        return cls(**dict(LookUpOut.each(row)), answers=answers)


class ConsentOut(Output):
    """A consent 同意凭证; the number is masked."""

    id: UUID = Field(description="Its id.")
    name: str = Field(description="Whose, masked.")
    masked: str = Field(description="The number, masked.")
    guardian: str = Field(description="Who consented for a child under 14.")
    register_name: str = Field(description="The register.")
    purpose: Purpose = Field(description="What for.")
    fields: list[str] = Field(description="The fields.")
    recipients: list[str] = Field(description="The authorities that may ask on it.")
    digest: str = Field(description="SHA-256 of the signed receipt; letters name it.")
    given_at: datetime = Field(description="When it was given.")
    ends_at: datetime = Field(description="Until when it is good.")
    withdrawn_at: datetime | None = Field(description="When it was withdrawn.")
    version: int = Field(description="Give it back when withdrawing.")

    @classmethod
    def each(cls, row: Consent) -> "ConsentOut":
        """The answer about a row."""
        return cls(
            id=row.id, name=row.name, masked=row.masked, guardian=row.guardian, register_name=row.register,
            purpose=Purpose(row.purpose), fields=row.fields, recipients=row.recipients, digest=row.digest,
            given_at=row.given_at, ends_at=row.ends_at, withdrawn_at=row.withdrawn_at, version=row.version,
        )  # fmt: skip


class ConsentPage(Page[ConsentOut]):
    """A page of consents."""


class AccessOut(Output):
    """That somebody looked at one's own record 谁查过我."""

    node: str = Field(description="The authority whose node tells it.")
    jti: str = Field(description="The id of the letter or of the look-up.")
    at: datetime = Field(description="When.")
    register_name: str = Field(description="The register.")
    purpose: Purpose = Field(description="What for.")
    basis: LegalBasis = Field(description="On what law.")
    authority: str = Field(description="The authority that asked.")
    asker: Asker = Field(description="What sort of body asked.")
    organisation: str = Field(description="The body that asked.")
    fields: list[str] = Field(description="The fields that were told.")
    outcome: Outcome | None = Field(description="What came of it.")

    @classmethod
    def each(cls, node: str, line: Line, at: datetime) -> "AccessOut":
        """The answer about a line; `at` lends its time zone."""
        return cls(
            node=node, jti=line.jti, at=datetime.fromtimestamp(line.at, at.tzinfo), register_name=line.register_name,
            purpose=line.purpose, basis=line.legal_basis, authority=line.authority, asker=line.asker,
            organisation=line.organisation, fields=list(line.fields), outcome=line.outcome,
        )  # fmt: skip


class AccessList(Output):
    """Who looked at one's own records: at this node, and what the others told last."""

    items: list[AccessOut] = Field(description="Of this node first, each the newest first.")


class AccessProofOut(Output):
    """That a look-up stands in this node's log: anybody can check it with the node's public key."""

    data: str = Field(description="What the leaf's hash covers, base64url.")
    index: int = Field(description="Its place in the tree.")
    size: int = Field(description="Leaves of the tree.")
    proof: list[str] = Field(description="The hashes of the path, hexadecimal (RFC 9162).")
    root: str = Field(description="The root, hexadecimal.")
    checkpoint: str = Field(description="The signed checkpoint (C2SP signed note).")


class CellOut(Output):
    """One combination and how many graduates it has."""

    ref: str = Field(description="How both nodes name the cell; it means nothing to others.")
    values: list[str] = Field(description="The values, in the order of `by`.")
    count: int | None = Field(description="How many; null where it is withheld.")

    @classmethod
    def each(cls, cell: Counted) -> "CellOut":
        """The answer about a cell."""
        return cls(ref=cell.ref, values=list(cell.values), count=cell.count)


class CountsOut(Output):
    """Graduates' destinations in numbers."""

    state: Literal["answered", "waiting", "refused"] = Field(description="Whether it was answered.")
    by: list[str] = Field(description="What is counted by.")
    cells: list[CellOut] = Field(description="The cells that have anybody.")
    least: int = Field(description="The smallest count that is told.")
    reasons: list[dict[str, str]] = Field(description="Why it was refused or has to wait: code and message.")
