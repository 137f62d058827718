"""Writes of the reading desk: what the reader proposes is corrected, split, merged, dropped or taken into the list."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.schema import read as read_input
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..inputs.items import ItemInput, TargetInput
from ..inputs.plans import DropInput, SplitInput
from ..locks import held
from ..models import Plan, PolicyVersion, Proposal
from ..reading import Maker
from ..terms import ProposalKind, ProposalState
from . import items

NOT_PENDING = _("“%(title)s”已经核定（%(state)s），没有改动。需要重做的，请先恢复。")
UNDONE = _("拆分或合并已撤销")


@transaction.atomic
def read(*, plan: Plan, version: PolicyVersion, by: Actor, at: datetime) -> list[Proposal]:
    """Propose what stands in a text for a list; what was proposed before, in the same words, is not proposed again."""
    require(by, "proposal.decide", plan)
    plan = held(plan, seen=None)
    basis = plan.policy_version
    if basis is None:
        plan.policy_version = basis = version
        plan.version, plan.updated_at = plan.version + 1, at
        plan.save()
    if basis != version:
        text = _("这份清单依据的是《%(title)s》第 %(number)d 版。请先把清单改依新的文本，再读取。")
        values = {"title": basis.policy.title, "number": basis.number}
        raise refusal("basis.other", text, where="version", why=Why.CONFLICT, **values)
    made = Maker(plan, version, at).make()
    last = plan.proposals.aggregate(last=Max("order"))["last"] or 0
    Proposal.objects.bulk_create(_numbered(made, last))
    changes = audit.differences({}, {"n": len(made)})
    audit.record(
        by=by, at=at, verb="proposal.read", kind="plan", subject=plan, changes=changes, note=str(version.policy)
    )
    return made


def _numbered(proposals: Iterable[Proposal], last: int) -> list[Proposal]:
    """In order after what is there, with room between for parts."""
    made = list(proposals)
    for proposal in made:
        proposal.order = (last // 100 + proposal.order) * 100
    return made


def _pending(proposal: Proposal, seen: int | None = None) -> Proposal:
    """The proposal, locked; refused unless it is still to be decided."""
    proposal = held(proposal, seen=seen)
    if proposal.state != ProposalState.PENDING:
        state = ProposalState(proposal.state).label
        raise refusal("proposal.decided", NOT_PENDING, why=Why.CONFLICT, title=proposal.title, state=state)
    return proposal


def _save(proposal: Proposal, by: Actor, at: datetime) -> None:
    proposal.version += 1
    proposal.updated_at, proposal.by_name = at, by.name
    proposal.save()


@transaction.atomic
def correct(
    *, proposal: Proposal, data: ItemInput | TargetInput, by: Actor, at: datetime, under: str = "",
    seen: int | None = None,
) -> Proposal:  # fmt: skip
    """Correct a proposal; what was found stays beside it. `under` moves a target to the measure of that number."""
    require(by, "proposal.decide", proposal.plan)
    proposal = _pending(proposal, seen)
    after = data.model_dump(mode="json")
    changes = audit.differences(proposal.data, {name: after.get(name) for name in {*proposal.data, *after}})
    proposal.data = after
    if under and proposal.kind == ProposalKind.TARGET:
        proposal.under = _measure(proposal.plan, under)
    _save(proposal, by, at)
    audit.record(by=by, at=at, verb="proposal.correct", kind="proposal", subject=proposal, changes=changes)
    return proposal


def _measure(plan: Plan, number: str) -> Proposal:
    live = (ProposalState.PENDING, ProposalState.CONFIRMED)
    found = plan.proposals.filter(kind=ProposalKind.MEASURE, state__in=live, data__number=number.strip()).first()
    if found is None:
        text = _("没有编号为“%(number)s”的举措。")
        raise refusal("not_found", text, where="under", number=number[:20])
    return found


def _part(whole: Proposal, text: str, place: int, by: Actor, at: datetime) -> Proposal:
    """A piece of a proposal, with its data and `text` for what it says."""
    title = text.strip().split("。")[0][:300]
    changed = {"subject": text.strip()[:200]} if whole.kind == ProposalKind.TARGET else {"title": title, "text": text}
    if number := whole.data.get("number"):
        changed["number"] = f"{number}.{place}"
    return Proposal.objects.create(
        plan=whole.plan, policy_version=whole.policy_version, clause=whole.clause, order=whole.order + place,
        kind=whole.kind, quote=text, start=whole.start, end=whole.end, data=whole.data | changed, under=whole.under,
        part_of=whole, by_name=by.name, created_at=at, updated_at=at,
    )  # fmt: skip


@transaction.atomic
def split(*, proposal: Proposal, data: SplitInput, by: Actor, at: datetime, seen: int | None = None) -> list[Proposal]:
    """Divide a proposal; its targets go to the part that holds their words, the others to the first."""
    require(by, "proposal.decide", proposal.plan)
    proposal = _pending(proposal, seen)
    Proposal.objects.filter(plan=proposal.plan, order__gt=proposal.order).update(order=F("order") + len(data.parts))
    parts = [_part(proposal, text, place, by, at) for place, text in enumerate(data.parts, start=1)]
    for target in proposal.proposed_targets.filter(state=ProposalState.PENDING):
        target.under = next((part for part in parts if target.quote in part.quote), parts[0])
        target.save()
    proposal.state = ProposalState.SPLIT
    _save(proposal, by, at)
    changes = audit.differences({}, {"parts": list(data.parts)})
    audit.record(by=by, at=at, verb="proposal.split", kind="proposal", subject=proposal, changes=changes)
    return parts


@transaction.atomic
def merge(*, proposals: Sequence[Proposal], by: Actor, at: datetime) -> Proposal:
    """Join measures of one list into a new proposal; each stays as it was found, and knows what it became."""
    rows = [_pending(row) for row in sorted(proposals, key=lambda row: row.order)]
    if len({row.pk for row in rows}) < 2:
        raise refusal("merge.few", _("合并至少要选两项举措。"))
    first = rows[0]
    require(by, "proposal.decide", first.plan)
    if any(row.plan_id != first.plan_id or row.kind != ProposalKind.MEASURE for row in rows):
        raise refusal("merge.kinds", _("只有同一份清单里的举措可以合并；目标请改到所属举措下，或注明理由不列入。"))
    texts = [str(row.data.get("text") or row.quote) for row in rows]
    doubts = [doubt for row in rows for doubt in row.doubts]
    made = Proposal.objects.create(
        plan=first.plan, policy_version=first.policy_version, clause=first.clause, order=first.order, kind=first.kind,
        quote="\n".join(row.quote for row in rows), start=first.start, end=rows[-1].end, doubts=doubts,
        data=first.data | {"text": "\n".join(texts)}, by_name=by.name, created_at=at, updated_at=at,
    )  # fmt: skip
    for row in rows:
        row.state, row.merged_into = ProposalState.MERGED, made
        _save(row, by, at)
        row.proposed_targets.update(under=made)
    changes = audit.differences({}, {"merged": [row.title for row in rows]})
    audit.record(by=by, at=at, verb="proposal.merge", kind="proposal", subject=made, changes=changes)
    return made


@transaction.atomic
def drop(*, proposal: Proposal, data: DropInput, by: Actor, at: datetime, seen: int | None = None) -> Proposal:
    """Leave a proposal out of the list, with the reason; the targets of a measure go with it."""
    require(by, "proposal.decide", proposal.plan)
    proposal = _pending(proposal, seen)
    for row in [proposal, *proposal.proposed_targets.filter(state=ProposalState.PENDING)]:
        row.state, row.reason = ProposalState.DROPPED, data.reason
        _save(row, by, at)
    audit.record(by=by, at=at, verb="proposal.drop", kind="proposal", subject=proposal, note=data.reason)
    return proposal


@transaction.atomic
def restore(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """Put a proposal back among those to decide; what was made of it must not have been decided yet."""
    require(by, "proposal.decide", proposal.plan)
    proposal = held(proposal, seen=None)
    match proposal.state:
        case ProposalState.DROPPED if proposal.reason != UNDONE:
            back, gone = [proposal], []
            reason = {"reason": proposal.reason, "state": ProposalState.DROPPED}
            back += proposal.proposed_targets.filter(**reason) if proposal.kind == ProposalKind.MEASURE else []
        case ProposalState.SPLIT:
            back, gone = [proposal], list(proposal.parts.all())
        case ProposalState.MERGED if proposal.merged_into:
            back, gone = list(proposal.merged_into.merged.all()), [proposal.merged_into]
        case ProposalState.CONFIRMED if proposal.item is None and proposal.target is None:
            back, gone = [proposal], []
        case _:
            raise refusal(
                "restore.state", _("这一项不需要恢复，或已列入清单。已列入的请在清单里修改。"), why=Why.CONFLICT
            )
    _take_back(gone, back, by, at)
    for row in back:
        row.state, row.reason, row.merged_into = ProposalState.PENDING, "", None
        _save(row, by, at)
    audit.record(by=by, at=at, verb="proposal.restore", kind="proposal", subject=proposal)
    return proposal


def _take_back(gone: Sequence[Proposal], back: Sequence[Proposal], by: Actor, at: datetime) -> None:
    """What a division or a merger made is dropped, and its targets return to where their words stand."""
    for row in gone:
        if row.state != ProposalState.PENDING:
            state = ProposalState(row.state).label
            raise refusal("proposal.decided", NOT_PENDING, why=Why.CONFLICT, title=row.title, state=state)
        for target in row.proposed_targets.all():
            target.under = next((one for one in back if one.start <= target.start and target.end <= one.end), back[0])
            target.save()
        row.state, row.reason = ProposalState.DROPPED, UNDONE
        _save(row, by, at)


@transaction.atomic
def confirm(*, proposal: Proposal, by: Actor, at: datetime, seen: int | None = None) -> Proposal:
    """Take a proposal into the list: a measure becomes an item with its targets, a target joins its measure's item."""
    require(by, "proposal.decide", proposal.plan)
    proposal = _pending(proposal, seen)
    if proposal.kind == ProposalKind.TARGET:
        _confirm_target(proposal, by, at)
    else:
        data = read_input(ItemInput, proposal.data)
        note = str(proposal.policy_version.policy)[:200]
        proposal.item = items.create(plan=proposal.plan, data=data, by=by, at=at, source=note)
        proposal.state = ProposalState.CONFIRMED
        _save(proposal, by, at)
        for target in proposal.proposed_targets.filter(state=ProposalState.PENDING):
            _confirm_target(target, by, at)
    audit.record(by=by, at=at, verb="proposal.confirm", kind="proposal", subject=proposal)
    return proposal


def _confirm_target(proposal: Proposal, by: Actor, at: datetime) -> None:
    home = proposal.under
    item = home.item if home else None
    if item is None:
        raise refusal("target.homeless", _("目标所属的举措还没有列入清单，请先列入举措，或把目标改到别的举措下。"))
    data = read_input(TargetInput, proposal.data)
    proposal.target = items.add_target(item=item, data=data, by=by, at=at)
    proposal.state = ProposalState.CONFIRMED
    _save(proposal, by, at)
