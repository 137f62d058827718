"""The reading desk: proposals beside the document, to be corrected, split, merged, dropped or confirmed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.core.table import unpack
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import proposals as actions
from shuangcheng.plan.inputs.plans import DropInput
from shuangcheng.plan.models import Clause, Plan, Proposal
from shuangcheng.plan.terms import ProposalKind, ProposalState

from ...fetch import one
from ...marking import runs
from ...request import Request
from ...say import say

PAGE = 30
WHOLE = 20_000
"""Characters up to which the whole document stands beside the proposals; of a longer one the chapters shown."""

OUT = (ProposalState.DROPPED, ProposalState.MERGED, ProposalState.SPLIT)
FILTERS: dict[str, Callable[[Proposal], bool]] = {
    "pending": lambda row: row.state == ProposalState.PENDING,
    "doubtful": lambda row: row.state == ProposalState.PENDING and bool(row.doubts),
    "confirmed": lambda row: row.state == ProposalState.CONFIRMED,
    "out": lambda row: row.state in OUT,
    "all": lambda row: True,
}


def _titles() -> dict[str, str]:
    return {
        "pending": t("待核定"), "doubtful": t("有疑问"), "confirmed": t("已列入"), "out": t("不列入、已合并或拆分"),
        "all": t("全部"),
    }  # fmt: skip


def _plan(request: Request, id: UUID) -> Plan:
    plan = one(Plan.objects.visible_to(request.actor).select_related("policy_version__policy"), id)
    require(request.actor, "proposal.decide", plan)
    return plan


def dressed(rows: Sequence[Proposal]) -> list[Proposal]:
    """The measures, each with its targets as `goals` and its doubts as sentences."""
    goals: dict[UUID, list[Proposal]] = defaultdict(list)
    for row in rows:
        row.told = [unpack(packed) for packed in row.doubts]  # type: ignore[attr-defined]
        if row.kind == ProposalKind.TARGET and row.under_id:
            goals[row.under_id].append(row)
    known = {row.pk for row in rows}
    measures = [row for row in rows if row.kind == ProposalKind.MEASURE or row.under_id not in known]
    for row in measures:
        row.goals = goals.get(row.pk, [])  # type: ignore[attr-defined]
    return measures


def proposals_of(request: Request, plan: Plan) -> list[Proposal]:
    rows = (
        Proposal.objects.visible_to(request.actor).filter(plan=plan).select_related("clause", "item", "target", "under")
    )
    return list(rows.order_by("order", "id"))


def _chapter(row: Proposal | Clause) -> str:
    anchor = row.anchor if isinstance(row, Clause) else row.clause.anchor if row.clause else ""
    return anchor.partition(".")[0]


def progress(rows: Sequence[Proposal]) -> dict[str, int]:
    """How many are decided of how many; what a division or merger left behind does not count."""
    live = [row for row in rows if row.state not in (ProposalState.MERGED, ProposalState.SPLIT)]
    live = [row for row in live if row.reason != actions.UNDONE]
    done = sum(row.state != ProposalState.PENDING for row in live)
    return {"done": done, "all": len(live), "left": len(live) - done}


def desk(request: Request, id: UUID) -> HttpResponse:
    """The document and the proposals."""
    plan = _plan(request, id)
    rows = proposals_of(request, plan)
    measures = dressed(rows)
    state = request.GET.get("state", "")
    if state not in FILTERS:
        state = "pending" if any(FILTERS["pending"](row) for row in rows) else "all"
    part = request.GET.get("part", "")
    fits = FILTERS[state]
    shown = [row for row in measures if fits(row) or any(fits(goal) for goal in row.goals)]  # type: ignore[attr-defined]
    waiting: dict[str, int] = defaultdict(int)
    for row in rows:
        waiting[_chapter(row)] += row.state == ProposalState.PENDING
    if part:
        shown = [row for row in shown if _chapter(row) == part]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    clauses = (
        list(Clause.objects.visible_to(request.actor).filter(version=plan.policy_version))
        if plan.policy_version
        else []
    )
    chapters = [(clause, waiting[clause.anchor]) for clause in clauses if clause.level == 1]
    context = {
        "plan": plan,
        "page": page,
        "shown": page,
        "clauses": _marked(clauses, list(page.object_list), part),
        "chapters": chapters,
        "part": part,
        "state": state,
        "filters": [(name, title, sum(map(FILTERS[name], rows))) for name, title in _titles().items()],
        "progress": progress(rows),
        "section": "plan",
        "tab": "plans",
    }
    return render(request, "plan/desk.html", context)


def _marked(clauses: list[Clause], shown: Sequence[Any], part: str) -> list[Clause]:
    """The clauses to stand beside the proposals, each with its text in `runs`."""
    if sum(len(clause.text) for clause in clauses) > WHOLE:
        wanted = {part} if part else {_chapter(row) for row in shown}
        clauses = [clause for clause in clauses if _chapter(clause) in wanted]
    quotes: dict[str, list[tuple[str, Proposal]]] = defaultdict(list)
    for row in shown:
        for one_row in [row, *row.goals]:
            if one_row.clause:
                quotes[one_row.clause.anchor] += [(quote, one_row) for quote in one_row.quote.split("\n")]
    for clause in clauses:
        clause.runs = runs(clause.text, quotes.get(clause.anchor, []))  # type: ignore[attr-defined]
    return clauses


def back_to(row: Proposal, state: str = "all") -> HttpResponse:
    """The place of a proposal at the desk."""
    home = row.under_id if row.kind == ProposalKind.TARGET and row.under_id else row.pk
    return redirect(f"{reverse('reading', args=[row.plan_id])}?state={state}#p-{home}")


@require_POST
def decide_chosen(request: Request, id: UUID) -> HttpResponse:
    """Confirm, drop or merge the chosen proposals; of many, those that are refused stay and are told."""
    plan = _plan(request, id)
    by, at = request.actor, request.at
    ids = request.POST.getlist("ids")
    rows = [row for row in proposals_of(request, plan) if str(row.pk) in ids]
    do = request.POST.get("do")
    done = 0
    try:
        if not rows:
            messages.error(request, t("请先勾选。"), extra_tags="bad")
        elif do == "merge":
            made = actions.merge(proposals=rows, by=by, at=at)
            messages.success(request, t("已合并为“%(title)s”，请核对后列入。") % {"title": made.title}, extra_tags="ok")
            return back_to(made, "pending")
        elif do == "drop":
            data = read(DropInput, {"reason": request.POST.get("reason", "")})
            done = _each(request, rows, lambda row: actions.drop(proposal=row, data=data, by=by, at=at))
        elif do == "confirm":
            done = _each(request, rows, lambda row: actions.confirm(proposal=row, by=by, at=at))
    except Refused as refused:
        if refused.why in (Why.FORBIDDEN, Why.SIGN_IN):
            raise
        for objection in refused.objections:
            messages.error(request, say(objection.message), extra_tags="bad")
    if done:
        messages.success(
            request, ngettext("已办理 %(n)d 项。", "已办理 %(n)d 项。", done) % {"n": done}, extra_tags="ok"
        )
    return redirect(f"{reverse('reading', args=[id])}?{request.POST.get('query', '')[:200]}")


def _each(request: Request, rows: Sequence[Proposal], act: Callable[[Proposal], object]) -> int:
    done = 0
    for row in rows:
        try:
            act(row)
            done += 1
        except Refused as refused:
            for objection in refused.objections:
                text = t("%(number)s %(title)s：") % {"number": row.data.get("number", ""), "title": row.title[:30]}
                messages.error(request, text + say(objection.message), extra_tags="bad")
    return done


urlpatterns = [
    path("plan/plans/<uuid:id>/reading/", desk, name="reading"),
    path("plan/plans/<uuid:id>/reading/decide/", decide_chosen, name="reading_decide"),
]
