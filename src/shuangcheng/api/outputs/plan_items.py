"""Answers about items of the list, their targets, progress and discussion."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.core.standing import Comparator, Standing
from shuangcheng.desk.models import Attachment
from shuangcheng.directory import terms as directory
from shuangcheng.directory.models import Organisation
from shuangcheng.plan import terms
from shuangcheng.plan.models import Item, Observation, Progress, Remark, Target

from .base import Output, Page, Ref
from .places import Place


def _ref(row: Any, name: str = "name") -> Ref | None:
    return Ref(id=row.pk, name=str(getattr(row, name))) if row is not None else None


def _number(value: Decimal | None) -> str | None:
    """A figure as text, without needless zeros, so that no digit is lost."""
    return format(value.normalize(), "f") if value is not None else None


class ItemOut(Output):
    """An item of the list 事项."""

    id: UUID = Field(description="Its id.")
    plan: Ref = Field(description="The plan that it belongs to.")
    number: str = Field(description="Its number, once in a plan.")
    kind: terms.ItemKind = Field(description="Measure, project or milestone.")
    parent: Ref | None = Field(description="The item above it.")
    title: str = Field(description="Its title.")
    clause: Ref | None = Field(description="The clause that it comes from.")
    clause_fate: terms.ClauseFate | None = Field(
        description="What a newer text did to the clause; null when there is nothing to look at."
    )
    action_plan: int | None = Field(description="Number of the action plan 行动计划.")
    field: directory.Field = Field(description="Field 领域.")
    lead_cq: Ref | None = Field(description="Lead on the side of Chongqing.")
    office_cq: str = Field(description="Its office, or empty.")
    lead_sc: Ref | None = Field(description="Lead on the side of Sichuan.")
    office_sc: str = Field(description="Its office, or empty.")
    starts: date | None = Field(description="First day.")
    due: date | None = Field(description="Last day.")
    standing: Standing = Field(description="Where it stands today; late and at risk are computed by working days.")
    told: terms.Told = Field(description="What the newest report tells.")
    told_reason: str = Field(description="Why, or empty.")
    percent: int = Field(description="Percent done.")
    reported_on: date | None = Field(description="Day of the newest report.")
    disputed: bool = Field(description="Whether a dispute is open.")

    @classmethod
    def each(cls, row: Item) -> "ItemOut":
        """The answer about a row with its standing, whose plan, parent, clause and leads are at hand."""
        return cls(**_facts(row))


def _facts(row: Item) -> dict[str, Any]:
    names = (
        "number", "kind", "title", "action_plan", "field", "office_cq", "office_sc", "starts", "due", "told",
        "told_reason", "percent", "reported_on", "disputed", "standing",
    )  # fmt: skip
    clause = Ref(id=row.clause.pk, name=str(row.clause)) if row.clause else None
    return {name: getattr(row, name) for name in names} | {
        "id": row.pk, "plan": _ref(row.plan), "parent": _ref(row.parent, "title"), "clause": clause,
        "clause_fate": row.clause_fate or None,
        "lead_cq": _ref(row.lead_cq), "lead_sc": _ref(row.lead_sc),
    }  # fmt: skip


class ItemPage(Page[ItemOut]):
    """A page of items."""


class TargetOut(Output):
    """A figure that is promised 目标. Figures are decimal text."""

    id: UUID = Field(description="Its id.")
    subject: str = Field(description="What is counted.")
    comparator: Comparator = Field(description="How an observed value is held against it.")
    value: str = Field(description="The promised value, the lower end of a range.")
    value_max: str | None = Field(description="Upper end of a range.")
    unit: str = Field(description="Unit, or empty.")
    baseline: str | None = Field(description="Value at the beginning.")
    baseline_on: date | None = Field(description="Day of the baseline.")
    deadline: date | None = Field(description="Day by which it is promised.")
    kind: terms.TargetKind = Field(description="Whether it is a goal or a norm.")
    side: terms.Sides = Field(description="Whose target it is.")
    quote: str = Field(description="As the document says it, or empty.")
    observed: str | None = Field(description="The newest observed value.")
    observed_on: date | None = Field(description="Its day.")
    version: int = Field(description="Counts its changes; name it when changing the target.")

    @classmethod
    def each(cls, row: Target) -> "TargetOut":
        """The answer about a row."""
        figures = ("value", "value_max", "baseline", "observed")
        others = (
            "id", "subject", "comparator", "unit", "baseline_on", "deadline", "kind", "side", "quote", "observed_on",
            "version",
        )  # fmt: skip
        told = {name: _number(getattr(row, name)) for name in figures}
        return cls(**told, **{name: getattr(row, name) for name in others})


class ItemDetail(ItemOut):
    """An item with its partners, places, targets and money."""

    text: str = Field(description="What it says, or empty.")
    clause_label: str = Field(description="The clause as written, when none is linked.")
    partners: list[Ref] = Field(description="Who takes part.")
    partners_text: str = Field(description="Partners that are no organisations here, or empty.")
    divisions: list[Place] = Field(description="Where it is done.")
    zone: Ref | None = Field(description="Pair, zone or pilot.")
    alliance: Ref | None = Field(description="Alliance.")
    task_force: Ref | None = Field(description="Task force.")
    targets: list[TargetOut] = Field(description="Its targets.")
    money_planned: str | None = Field(description="Planned money in 10,000 yuan; only for officers and participants.")
    money_spent: str | None = Field(description="Money spent in 10,000 yuan; only for officers and participants.")
    money_source: str = Field(description="Where the money comes from, or empty.")
    source: str = Field(description="Where the facts come from, or empty.")
    version: int = Field(description="Counts its changes; name it when changing the item.")
    created_at: datetime = Field(description="When it was entered.")
    updated_at: datetime = Field(description="When it last changed.")

    @classmethod
    def of(cls, row: Item, *, inside: bool) -> "ItemDetail":
        """The answer about a row with its lists; money is told to those who have a part in it."""
        plain = ("text", "clause_label", "partners_text", "source", "version", "created_at", "updated_at")
        alliance: Organisation | None = row.alliance.organisation if row.alliance else None
        return cls(
            **_facts(row), **{name: getattr(row, name) for name in plain},
            partners=[Ref(id=one.pk, name=one.name) for one in row.partners.all()],
            divisions=[place for place in map(Place.of, row.divisions.all()) if place], zone=_ref(row.zone),
            alliance=Ref(id=row.alliance.pk, name=alliance.name) if row.alliance and alliance else None,
            task_force=_ref(row.task_force), targets=[TargetOut.each(target) for target in row.targets.all()],
            money_planned=_number(row.money_planned) if inside else None,
            money_spent=_number(row.money_spent) if inside else None, money_source=row.money_source if inside else "",
        )  # fmt: skip


class ObservationOut(Output):
    """An observed value of a target."""

    on: date = Field(description="Its day.")
    value: str = Field(description="The value, decimal text.")
    source: str = Field(description="Where it comes from, or empty.")
    by: str = Field(description="Who entered it; for officers and participants.")

    @classmethod
    def of(cls, row: Observation, *, inside: bool) -> "ObservationOut":
        """The answer about a row."""
        by = row.by_name if inside else ""
        return cls(on=row.on, value=_number(row.value) or "0", source=row.source, by=by)


class ObservationPage(Page[ObservationOut]):
    """A page of observed values."""


class FigureOut(Output):
    """A value of a target in a report."""

    target: UUID = Field(description="The target.")
    value: str = Field(description="The value, decimal text.")


class FileElsewhere(Output):
    """A file that stays on the node where it was given."""

    name: str = Field(description="Its name.")
    sha256: str = Field(description="SHA-256 of its bytes.")
    size: int = Field(description="Its bytes.")


class ProgressOut(Output):
    """A report of progress 进展."""

    id: UUID = Field(description="Its id.")
    on: date = Field(description="Its day.")
    told: terms.Told = Field(description="State that it tells.")
    reason: str = Field(description="Why, or empty.")
    percent: int = Field(description="Percent done.")
    text: str = Field(description="What was done.")
    figures: list[FigureOut] = Field(description="Observed values of the item's targets.")
    money_spent: str | None = Field(description="Money spent so far in 10,000 yuan; for officers and participants.")
    organisation: Ref | None = Field(description="The organisation for which it was told; null for an officer.")
    leads: bool = Field(description="Whether it says where the item stands; a partner's report stands beside it.")
    counts: bool = Field(description="False while its filing is not accepted.")
    side: str = Field(description="On whose side: cq, sc, other, or empty.")
    origin: str = Field(description="The authority on whose node it was reported; empty: this one.")
    elsewhere: list[FileElsewhere] = Field(description="Evidence that stays on the other node.")
    by: str = Field(description="Who reported it; for officers and participants.")
    created_at: datetime = Field(description="When it was reported.")

    @classmethod
    def of(cls, row: Progress, *, inside: bool) -> "ProgressOut":
        """The answer about a row whose organisation is at hand."""
        return cls(
            id=row.pk, on=row.on, told=terms.Told(row.told), reason=row.reason, percent=row.percent, text=row.text,
            figures=[FigureOut(target=UUID(one["target"]), value=one["value"]) for one in row.figures],
            money_spent=_number(row.money_spent) if inside else None, organisation=_ref(row.organisation),
            leads=row.leads, counts=row.counts, side=row.side, origin=row.origin,
            elsewhere=[FileElsewhere(**file) for file in row.evidence],
            by=row.by_name if inside else "", created_at=row.created_at,
        )  # fmt: skip


class ProgressPage(Page[ProgressOut]):
    """A page of progress reports."""


class RemarkOut(Output):
    """A contribution to the discussion 意见."""

    id: UUID = Field(description="Its id.")
    kind: terms.RemarkKind = Field(description="Remark, dispute or settlement.")
    text: str = Field(description="What it says.")
    by: str = Field(description="Who said it.")
    side: str = Field(description="On whose side: cq, sc, other, or empty.")
    at: datetime = Field(description="When.")

    @classmethod
    def each(cls, row: Remark) -> "RemarkOut":
        """The answer about a row."""
        return cls(
            id=row.pk, kind=terms.RemarkKind(row.kind), text=row.text, by=row.by_name, side=row.side, at=row.at
        )  # fmt: skip


class RemarkPage(Page[RemarkOut]):
    """A page of a discussion."""


class EvidenceOut(Output):
    """A file of an item or of a report 佐证材料."""

    id: UUID = Field(description="Its id; the file is at /plan/evidence/{id}/file.")
    of: str = Field(description="`item`, or `progress` for a report's.")
    name: str = Field(description="Its name.")
    media_type: str = Field(description="Its media type.")
    size: int = Field(description="Bytes.")
    sha256: str = Field(description="Digest of its bytes.")
    by: str = Field(description="Who uploaded it; for officers and participants.")
    at: datetime = Field(description="When.")

    @classmethod
    def about(cls, row: Attachment, *, inside: bool) -> "EvidenceOut":
        """The answer about a row."""
        return cls(
            id=row.pk, of=row.subject_kind, name=row.name, media_type=row.media_type, size=row.size,
            sha256=row.sha256, by=row.by_name if inside else "", at=row.at,
        )  # fmt: skip


class EvidenceList(Output):
    """The files of an item and of its reports."""

    items: list[EvidenceOut] = Field(description="The oldest first.")


class BulkChange(Output):
    """What becomes of one item of many."""

    id: UUID = Field(description="The item.")
    number: str = Field(description="Its number.")
    changes: dict[str, list[Any]] = Field(description="Field to [before, after]; empty when nothing changes.")
    refusals: list[str] = Field(description="Why it cannot be, in words.")


class BulkOut(Output):
    """What became, or would become, of several items."""

    written: bool = Field(description="Whether it was written; false for a preview.")
    items: list[BulkChange] = Field(description="Each item.")
