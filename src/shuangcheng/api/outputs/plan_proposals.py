"""Answers about what the reader proposes for a list."""

from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.core.table import unpack
from shuangcheng.plan import terms
from shuangcheng.plan.models import Proposal

from ..asked import say
from .base import Output, Page


class ProposalOut(Output):
    """A measure or target that was read in a document, and what became of it."""

    id: UUID = Field(description="Its id.")
    plan: UUID = Field(description="The plan.")
    kind: terms.ProposalKind = Field(description="Measure or target.")
    state: terms.ProposalState = Field(description="What became of it; nothing proposed is deleted.")
    anchor: str = Field(description="Anchor of the clause, or empty.")
    quote: str = Field(description="As the document says it.")
    found: dict[str, Any] = Field(description="As the reader found it; never changed. Empty for parts and mergers.")
    data: dict[str, Any] = Field(description="As it stands now: the facts of an item or a target.")
    doubts: list[str] = Field(description="What the reader was not certain of, in sentences.")
    under: UUID | None = Field(description="The proposed measure that a target belongs to.")
    part_of: UUID | None = Field(description="The proposal it was split from.")
    merged_into: UUID | None = Field(description="The proposal it was merged into.")
    item: UUID | None = Field(description="The item it became.")
    target: UUID | None = Field(description="The target it became.")
    reason: str = Field(description="Why it was left out, or empty.")
    version: int = Field(description="Name it when deciding or correcting; grows with each change.")

    @classmethod
    def each(cls, row: Proposal) -> "ProposalOut":
        """The answer about a row whose clause is at hand."""
        return cls(
            id=row.id, plan=row.plan_id, kind=row.kind, state=row.state, anchor=row.clause.anchor if row.clause else "",
            quote=row.quote, found=row.found, data=row.data, doubts=[say(unpack(packed)) for packed in row.doubts],
            under=row.under_id, part_of=row.part_of_id, merged_into=row.merged_into_id, item=row.item_id,
            target=row.target_id, reason=row.reason, version=row.version,
        )  # fmt: skip


class ProposalPage(Page[ProposalOut]):
    """A page of proposals."""


class ProposalList(Output):
    """Some proposals."""

    items: list[ProposalOut] = Field(description="The proposals, in the order of the document.")
