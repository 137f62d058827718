"""Pages of one proposal: decide it, correct it, split it; in its card at the desk or on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import proposals as actions
from shuangcheng.plan.inputs.items import ItemInput, TargetInput
from shuangcheng.plan.inputs.plans import DropInput, ProposedTargetInput, SplitInput
from shuangcheng.plan.models import Proposal
from shuangcheng.plan.terms import ProposalKind

from ...fetch import one
from ...forms import Form, submit
from ...request import Request
from ...say import say
from .reading import back_to, dressed, progress, proposals_of

KEPT_OFF = (
    "office_cq", "office_sc", "divisions", "zone", "alliance", "task_force", "starts", "money_planned", "money_source",
)  # fmt: skip
"""Facts of an item that no document says; they are filled in later, in the list."""


def _proposal(request: Request, id: UUID) -> Proposal:
    rows = Proposal.objects.visible_to(request.actor).select_related(
        "plan", "clause", "under", "item", "policy_version"
    )
    row = one(rows, id)
    require(request.actor, "proposal.decide", row.plan)
    return row


def _card(request: Request, row: Proposal, refused: Refused | None = None) -> HttpResponse:
    """The card of a measure as it is now, and the progress beside it."""
    rows = proposals_of(request, row.plan)
    home = row.under_id if row.kind == ProposalKind.TARGET and row.under_id else row.pk
    card = next(one_row for one_row in dressed(rows) if one_row.pk == home)
    reasons = [say(objection.message) for objection in refused.objections] if refused else []
    context = {"row": card, "plan": row.plan, "reasons": reasons, "progress": progress(rows), "swapped": True}
    return render(request, "plan/proposal.html", context)


@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Confirm, drop or restore one proposal."""
    row = _proposal(request, id)
    by, at = request.actor, request.at
    sent = request.POST.get("version", "")
    seen = int(sent) if sent.isdecimal() else None
    refused: Refused | None = None
    try:
        match request.POST.get("do"):
            case "confirm":
                actions.confirm(proposal=row, by=by, at=at, seen=seen)
            case "drop":
                data = read(DropInput, {"reason": request.POST.get("reason", "")})
                actions.drop(proposal=row, data=data, by=by, at=at, seen=seen)
            case "restore":
                actions.restore(proposal=row, by=by, at=at)
    except Refused as error:
        if error.why in (Why.FORBIDDEN, Why.SIGN_IN):
            raise
        refused = error
    if request.htmx:
        return _card(request, row, refused)
    for objection in refused.objections if refused else ():
        messages.error(request, say(objection.message), extra_tags="bad")
    return back_to(row)


def edit(request: Request, id: UUID) -> HttpResponse:
    """Correct a proposal, in its card or on a page of its own."""
    row = _proposal(request, id)
    goal = row.kind == ProposalKind.TARGET
    model: type[Any] = ProposedTargetInput if goal else ItemInput
    hide = ("quote",) if goal else KEPT_OFF
    initial = dict(row.data) | ({"under": row.under.data.get("number", "")} if goal and row.under else {})
    form: Form[Any] = Form(model, initial, hide=hide, version=row.version)

    def act(data: Any) -> Proposal:
        if goal:
            under, data = data.under, TargetInput.model_validate(data.model_dump(exclude={"under"}))
        else:
            under = ""
        return actions.correct(proposal=row, data=data, under=under, by=request.actor, at=request.at, seen=form.version)

    fixed = {name: row.data[name] for name in hide if name in row.data}
    if request.method == "POST" and submit(form, request, act, **fixed):
        row.refresh_from_db()
        if request.htmx:
            return _card(request, row)
        messages.success(request, t("已更正。"), extra_tags="ok")
        return back_to(row)
    home = row.under_id if goal and row.under_id else row.pk
    context = {
        "form": form, "row": row, "home": home, "heading": t("更正拟列事项"), "button": t("保存更正"),
        "back": f"{reverse('reading', args=[row.plan_id])}?state=all#p-{home}",
        "crumbs": [
            (reverse("plan", args=[row.plan_id]), row.plan.name),
            (reverse("reading", args=[row.plan_id]), t("读取与核定")),
        ],
        "lede": row.quote[:300], "section": "plan", "tab": "plans",
    }  # fmt: skip
    if request.htmx:
        return render(request, "plan/proposal_edit.html", context)
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


def card(request: Request, id: UUID) -> HttpResponse:
    """A proposal's card, or its place at the desk."""
    row = _proposal(request, id)
    return _card(request, row) if request.htmx else back_to(row)


def split(request: Request, id: UUID) -> HttpResponse:
    """Divide a proposal: one line for each part."""
    row = _proposal(request, id)
    whole = str(row.data.get("text") or row.quote)
    text = request.POST.get("text", "") or whole.replace("。", "。\n").replace("；", "；\n").strip()
    reasons: list[str] = []
    if request.method == "POST":
        sent = request.POST.get("version", "")
        try:
            data = read(SplitInput, {"parts": [line.strip() for line in text.splitlines() if line.strip()]})
            parts = actions.split(
                proposal=row, data=data, by=request.actor, at=request.at,
                seen=int(sent) if sent.isdecimal() else None,
            )  # fmt: skip
        except Refused as refused:
            if refused.why in (Why.FORBIDDEN, Why.SIGN_IN):
                raise
            reasons = [say(objection.message) for objection in refused.objections]
        else:
            messages.success(request, t("已拆分为 %(n)d 项。") % {"n": len(parts)}, extra_tags="ok")
            return back_to(parts[0], "pending")
    context = {"row": row, "plan": row.plan, "text": text, "reasons": reasons, "section": "plan", "tab": "plans"}
    return render(request, "plan/proposal_split.html", context, status=422 if reasons else 200)


urlpatterns = [
    path("plan/proposals/<uuid:id>/", card, name="proposal"),
    path("plan/proposals/<uuid:id>/decide/", decide, name="proposal_decide"),
    path("plan/proposals/<uuid:id>/edit/", edit, name="proposal_edit"),
    path("plan/proposals/<uuid:id>/split/", split, name="proposal_split"),
]
