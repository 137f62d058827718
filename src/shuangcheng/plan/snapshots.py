"""What an approval of a plan fixes, and what has changed since."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

from shuangcheng.directory.audit import plain

from .models import Item, Plan, Target

FACTS = (
    "kind", "title", "text", "clause", "clause_label", "action_plan", "field", "office_cq", "office_sc",
    "partners_text", "starts", "due", "money_planned", "money_source",
)  # fmt: skip
PROMISED = (
    "subject",
    "comparator",
    "value",
    "value_max",
    "unit",
    "baseline",
    "baseline_on",
    "deadline",
    "kind",
    "side",
)
Snapshot = dict[str, Any]


def _item(item: Item) -> Snapshot:
    """An item by names, not by ids, so that it means the same on the other side's node."""
    facts = {name: plain(getattr(item, name)) for name in FACTS}
    one = {name: plain(getattr(item, name)) for name in ("lead_cq", "lead_sc", "zone", "alliance", "task_force")}
    many = {name: sorted(str(row) for row in getattr(item, name).all()) for name in ("partners", "divisions")}
    targets = [_target(target) for target in item.targets.all()]
    parent = item.parent.number if item.parent else None
    return {"id": str(item.id), "number": item.number, "parent": parent, **facts, **one, **many, "targets": targets}


def _target(target: Target) -> Snapshot:
    return {"id": str(target.id)} | {name: plain(getattr(target, name)) for name in PROMISED}


def snapshot_of(plan: Plan) -> Snapshot:
    """The plan as an approval fixes it: its facts, items and targets; not progress.

    One that is kept on another node is what that node has sent.
    """
    if plan.received is not None:
        received: Snapshot = plan.received
        return received
    items = plan.items.select_related("parent", "clause", "lead_cq", "lead_sc", "zone", "alliance", "task_force")
    items = items.prefetch_related("partners", "divisions", "targets")
    policy = plan.policy_version.policy if plan.policy_version else None
    return {
        "name": plan.name,
        "side": plan.side,
        "field": plan.field,
        "first_year": plan.first_year,
        "last_year": plan.last_year,
        "purpose": plan.purpose,
        "policy": policy.title if policy else None,
        "policy_sha256": plan.policy_version.text_sha256 if plan.policy_version else None,
        "items": [_item(item) for item in items],
    }


def digest_of(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(snapshot)).hexdigest()


@dataclass(frozen=True)
class Changed:
    """An item that stands in both with other facts: field -> (before, after)."""

    number: str
    title: str
    id: str
    facts: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Differences:
    """What has changed between two snapshots of a plan."""

    facts: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    added: tuple[Snapshot, ...] = ()
    removed: tuple[Snapshot, ...] = ()
    changed: tuple[Changed, ...] = ()

    @property
    def count(self) -> int:
        """How many things changed."""
        return len(self.facts) + len(self.added) + len(self.removed) + len(self.changed)


def _targets(snapshot: Snapshot) -> list[str]:
    """Targets as a line each, for comparing and for reading."""
    signs = {"ge": "≥", "le": "≤", "approx": "≈", "eq": "=", "range": ""}
    return [
        f"{row['subject']} {signs[row['comparator']]}{row['value']}"
        f"{'–' + row['value_max'] if row['value_max'] else ''}{row['unit']}"
        f"{' · ' + row['deadline'] if row['deadline'] else ''}"
        for row in snapshot["targets"]
    ]


def _facts(before: Snapshot, after: Snapshot, *, silent: tuple[str, ...]) -> dict[str, tuple[Any, Any]]:
    return {name: (before.get(name), value) for name, value in after.items()
            if name not in silent and before.get(name) != value}  # fmt: skip


def differences(before: Snapshot, after: Snapshot) -> Differences:
    """What has changed from `before` to `after`; an item is the same while it keeps its id."""
    old = {item["id"]: item for item in before["items"]}
    new = {item["id"]: item for item in after["items"]}
    changed = []
    for id in (id for id in new if id in old):
        facts = _facts(old[id], new[id], silent=("id", "targets"))
        if old[id]["targets"] != new[id]["targets"]:
            facts["targets"] = (_targets(old[id]), _targets(new[id]))
        if facts:
            changed.append(Changed(new[id]["number"], new[id]["title"], id, facts))
    return Differences(
        facts=_facts(before, after, silent=("items",)),
        added=tuple(item for id, item in new.items() if id not in old),
        removed=tuple(item for id, item in old.items() if id not in new),
        changed=tuple(changed),
    )
