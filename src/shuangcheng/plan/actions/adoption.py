"""Writes that bring a list from an older text of its document to a newer one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.policy.difference import Fate, compare
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..locks import held
from ..models import Clause, Item, Plan, PolicyVersion, Proposal, Target
from ..terms import ClauseFate, ProposalState
from . import proposals

FATES = {Fate.CHANGED: ClauseFate.CHANGED, Fate.REMOVED: ClauseFate.REMOVED}


@transaction.atomic
def adopt(*, plan: Plan, version: PolicyVersion, by: Actor, at: datetime) -> list[Item]:
    """Have a list rest on a newer text; items follow their clauses, those whose clause says something else are marked.

    Gives the marked ones. What is new in the text is proposed.
    """
    require(by, "plan.edit", plan)
    plan = held(plan, seen=None)
    old = plan.policy_version
    if old is None or old.policy_id != version.policy_id or old.number >= version.number:
        raise refusal("adopt.older", _("清单已经依据这一文本，或依据的是别的文件。"), why=Why.CONFLICT)
    pairs: dict[UUID | None, tuple[Clause | None, ClauseFate | None]] = {
        pair.old.pk: (pair.new, FATES.get(pair.fate))
        for pair in compare(list(old.clauses.all()), list(version.clauses.all()))
        if pair.old is not None
    }
    marked = [item for item in plan.items.filter(clause__version=old) if _move(item, *pairs[item.clause_id], at=at)]
    for target in Target.objects.filter(item__plan=plan, clause__version=old):
        target.clause = pairs[target.clause_id][0] or target.clause
        target.save()
    for proposal in plan.proposals.filter(clause__version=old, state=ProposalState.PENDING):
        _follow(proposal, *pairs[proposal.clause_id])
    plan.policy_version = version
    plan.version, plan.updated_at = plan.version + 1, at
    plan.save()
    changes = audit.differences({"policy_version": old.number}, {"policy_version": version.number})
    audit.record(by=by, at=at, verb="plan.adopt", kind="plan", subject=plan, changes=changes, note=str(version.policy))
    proposals.read(plan=plan, version=version, by=by, at=at)
    return marked


def _move(item: Item, clause: Clause | None, fate: ClauseFate | None, *, at: datetime) -> bool:
    """Move an item to its clause in the newer text; whether somebody has to look at it."""
    item.clause = clause or item.clause
    item.clause_fate = fate or item.clause_fate
    item.version, item.updated_at = item.version + 1, at
    item.save()
    return fate is not None


def _follow(proposal: Proposal, clause: Clause | None, _fate: ClauseFate | None) -> None:
    """A proposal that is still to be decided stands by the same clause of the newer text."""
    if clause is not None:
        proposal.clause = clause
        if "clause" in proposal.data:
            proposal.data["clause"] = clause.anchor
    proposal.save()


@transaction.atomic
def settle(*, item: Item, by: Actor, at: datetime) -> Item:
    """Say that an item was looked at after its clause had changed."""
    require(by, "item.edit", item)
    item = held(item, seen=None)
    if not item.clause_fate:
        raise refusal("settled", _("这一事项没有待核对的条款变化。"), why=Why.CONFLICT)
    changes = audit.differences({"clause_fate": item.clause_fate}, {"clause_fate": ""})
    item.clause_fate = ""
    item.version, item.updated_at = item.version + 1, at
    item.save()
    audit.record(by=by, at=at, verb="item.settle", kind="item", subject=item, changes=changes)
    return item
