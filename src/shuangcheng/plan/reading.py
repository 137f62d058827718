"""From what the core proposes to rows an officer can work on: organisations found, numbers free, doubts kept."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from shuangcheng.core.outcome import Message
from shuangcheng.core.policy import Document
from shuangcheng.core.policy.clauses import clauses
from shuangcheng.core.policy.packing import unpack
from shuangcheng.core.policy.proposals import ProposedMeasure, ProposedTarget, propose
from shuangcheng.core.table import pack
from shuangcheng.core.text import _
from shuangcheng.directory.models import Organisation
from shuangcheng.directory.terms import Side

from .models import Clause, Intake, Plan, PolicyVersion, Proposal
from .terms import ProposalKind, Sides

UNKNOWN_BODY = _("责任单位“%(names)s”在名录里没有找到，已写入“其他参与方”，请核对。")
SEVERAL_LEADS = _("读到不止一个牵头单位，其余的列为参与单位，请核对：%(names)s。")
PAST_DEADLINE = _("期限已过，请核对是否仍要列入。")


def _sides(document: Document) -> str:
    """Whose document it is, from who issued it."""
    issuers = "".join(document.issuers) or document.title
    cq, sc = Sides.CHONGQING.label in issuers, Sides.SICHUAN.label in issuers
    return Sides.CHONGQING if cq and not sc else Sides.SICHUAN if sc and not cq else Sides.BOTH


def title_page(intake: Intake, document: Document) -> dict[str, Any]:
    """What is proposed for the title page."""
    return {
        "title": document.title[:300],
        "issuers": [issuer[:200] for issuer in document.issuers],
        "doc_number": (document.doc_number or "")[:80],
        "issued": document.date_issued,
        "side": _sides(document),
        "source": (document.source or intake.name)[:200],
    }


class Maker:
    """Makes the proposals of one text for one list."""

    def __init__(self, plan: Plan, version: PolicyVersion, at: datetime) -> None:
        self.plan, self.version, self.at = plan, version, at
        self.document = unpack(version.reading)
        _made, self.anchors = clauses(version.text, self.document)
        self.clauses = {clause.anchor: clause for clause in version.clauses.all()}
        self.known = _organisations(body.name for body in self.document.bodies)
        self.taken = set(plan.items.values_list("number", flat=True))
        self.taken |= {str(data.get("number", "")) for data in plan.proposals.values_list("data", flat=True)}

    def make(self) -> list[Proposal]:
        """The proposals in the order of the text, not yet saved; those said before in the same words are left out."""
        said = set(self.plan.proposals.filter(part_of=None).values_list("kind", "quote"))
        made: list[Proposal] = []
        for proposed in propose(self.document, self.anchors):
            measure = self._measure(proposed)
            targets = [self._target(one, measure) for one in proposed.targets]
            fresh = [target for target in targets if (target.kind, target.quote) not in said]
            if (measure.kind, measure.quote) in said and not fresh:
                continue
            made += [measure, *fresh]
        for order, proposal in enumerate(made, start=1):
            proposal.order = order
        return made

    def _proposal(self, kind: ProposalKind, anchor: str, **values: Any) -> Proposal:
        return Proposal(
            plan=self.plan, policy_version=self.version, clause=self._clause(anchor), kind=kind, created_at=self.at,
            updated_at=self.at, **values,
        )  # fmt: skip

    def _clause(self, anchor: str) -> Clause | None:
        return self.clauses.get(anchor)

    def _measure(self, proposed: ProposedMeasure) -> Proposal:
        bodies, doubts = self._bodies(proposed)
        deadlines = [one.target.deadline for one in proposed.targets if one.target.deadline]
        data: dict[str, Any] = {
            "number": self._free(proposed.number), "kind": "measure", "title": proposed.title, "text": proposed.text,
            "clause": proposed.anchor if proposed.anchor in self.clauses else "", "field": self.plan.field, **bodies,
        }  # fmt: skip
        if deadlines:
            data["due"] = date(max(deadlines), 12, 31).isoformat()
        found = data | {"leads": list(proposed.leads), "partners_named": list(proposed.partners)}
        return self._proposal(
            ProposalKind.MEASURE, proposed.anchor, quote=proposed.quote, start=proposed.start, end=proposed.end,
            found=found, data=data,
            doubts=[*(pack(Message(text)) for text in proposed.doubts), *(pack(doubt) for doubt in doubts)],
        )  # fmt: skip

    def _bodies(self, proposed: ProposedMeasure) -> tuple[dict[str, Any], list[Message]]:
        """Who leads on each side, who takes part, and who is not in the directory."""
        bodies: dict[str, Any] = {}
        partners: list[str] = []
        unknown: list[str] = []
        for name in proposed.leads:
            found = self.known.get(name)
            if found is None:
                unknown.append(name)
                continue
            place = {Side.CHONGQING: "lead_cq", Side.SICHUAN: "lead_sc"}.get(Side(found.side))
            if place and place not in bodies:
                bodies[place] = found.name
            else:
                partners.append(found.name)
        doubts = [Message(SEVERAL_LEADS, {"names": "、".join(partners)})] if partners else []
        for name in proposed.partners:
            (partners if name in self.known else unknown).append(self.known[name].name if name in self.known else name)
        if unknown:
            doubts.append(Message(UNKNOWN_BODY, {"names": "、".join(unknown)}))
            bodies["partners_text"] = "、".join(unknown)[:300]
        if partners:
            bodies["partners"] = list(dict.fromkeys(partners))
        return bodies, doubts

    def _target(self, proposed: ProposedTarget, measure: Proposal) -> Proposal:
        target = proposed.target
        data: dict[str, Any] = {
            "subject": (target.subject or target.quote)[:200], "comparator": target.comparator.value,
            "value": str(target.value),
            "value_max": None if target.value_max is None else str(target.value_max), "unit": target.unit[:30],
            "kind": target.kind.value, "side": self.plan.side or Sides.BOTH, "quote": target.quote[:2000],
        }  # fmt: skip
        if target.baseline is not None:
            data["baseline"] = str(target.baseline)
        if target.baseline_year:
            data["baseline_on"] = date(target.baseline_year, 12, 31).isoformat()
        doubts = list(target.doubts)
        if target.deadline:
            data["deadline"] = date(target.deadline, 12, 31).isoformat()
            if date(target.deadline, 12, 31) < self.at.date():
                doubts.append(PAST_DEADLINE)
        return self._proposal(
            ProposalKind.TARGET, proposed.anchor, quote=target.quote, start=target.start, end=target.end, under=measure,
            found=dict(data), data=data, doubts=[pack(Message(text)) for text in doubts],
        )  # fmt: skip

    def _free(self, number: str) -> str:
        made, again = number, 1
        while made in self.taken:
            again += 1
            made = f"{number}-{again}"
        self.taken.add(made)
        return made


def _organisations(names: Iterable[str]) -> dict[str, Organisation]:
    """The organisations of these names or former names."""
    wanted = set(names)
    found = {row.name: row for row in Organisation.objects.filter(names__name__in=wanted).prefetch_related("names")}
    known: dict[str, Organisation] = {}
    for row in found.values():
        known |= {former.name: row for former in row.names.all() if former.name in wanted}
    return known | {row.name: row for row in Organisation.objects.filter(name__in=wanted)}
