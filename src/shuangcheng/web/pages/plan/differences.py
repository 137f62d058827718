"""What a newer text of a document changes, and what that does to the lists that rest on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.policy.difference import Fate, Pair, compare, words
from shuangcheng.directory.policy import may
from shuangcheng.plan.actions import adoption
from shuangcheng.plan.models import Clause, Item, Plan, Policy

from ...fetch import one
from ...forms import attempt
from ...request import Request
from .library import shown_version

TONES = {Fate.CHANGED: "warn", Fate.ADDED: "ok", Fate.REMOVED: "bad", Fate.MOVED: "now", Fate.SAME: ""}


def _compared(request: Request, policy: Policy, number: int) -> tuple[Any, Any, list[Pair[Clause]]]:
    new = shown_version(request, policy, number)
    old = shown_version(request, policy, number - 1) if number > 1 else new
    clauses = Clause.objects.visible_to(request.actor)
    return old, new, compare(list(clauses.filter(version=old)), list(clauses.filter(version=new)))


def _row(pair: Pair[Clause], resting: dict[str, list[Item]]) -> dict[str, Any]:
    """A clause of the difference as the page shows it."""
    old, new = pair.old, pair.new
    shown = new or old
    return {
        "fate": pair.fate.value,
        "tone": TONES[pair.fate],
        "clause": shown,
        "was": old,
        "title": words(old.title, new.title)
        if old and new
        else words(old.title if old else "", new.title if new else ""),
        "pieces": words(old.text if old else "", new.text if new else ""),
        "items": resting.get(old.anchor, []) if old else [],
    }


def difference(request: Request, id: UUID, number: int) -> HttpResponse:
    """Clauses added, removed, moved and changed since the text before, with the items that rest on them."""
    policy = one(Policy.objects.visible_to(request.actor), id)
    old, new, pairs = _compared(request, policy, number)
    items = (
        Item.objects.visible_to(request.actor).filter(clause__version__policy=policy).select_related("clause", "plan")
    )
    resting: dict[str, list[Item]] = {}
    for item in items:
        if item.clause and (item.clause.version_id == old.pk or item.clause_fate):
            resting.setdefault(item.clause.anchor, []).append(item)
    changed = [pair for pair in pairs if pair.fate != Fate.SAME]
    counts = {fate.value: sum(pair.fate == fate for pair in pairs) for fate in Fate}
    context = {
        "policy": policy,
        "old": old,
        "new": new,
        "rows": [_row(pair, resting) for pair in changed],
        "counts": counts,
        "plans": _plans(request, policy, new.number, pairs, resting),
        "section": "plan",
        "tab": "policies",
    }
    return render(request, "plan/policy_difference.html", context)


def _plans(
    request: Request, policy: Policy, number: int, pairs: list[Pair[Clause]], resting: dict[str, list[Item]]
) -> list[dict[str, Any]]:
    """The lists that rest on the document: how many of their items are touched, and what is still to look at."""
    touched = {pair.old.anchor for pair in pairs if pair.old and pair.fate in (Fate.CHANGED, Fate.REMOVED)}
    plans = (
        Plan.objects.visible_to(request.actor).filter(policy_version__policy=policy).select_related("policy_version")
    )
    rows = []
    for plan in plans:
        own = [item for items in resting.values() for item in items if item.plan_id == plan.id]
        behind = plan.policy_version is not None and plan.policy_version.number < number
        rows.append({
            "plan": plan,
            "behind": behind,
            "touched": sum(bool(item.clause and item.clause.anchor in touched) for item in own) if behind else 0,
            "marked": [item for item in own if item.clause_fate],
            "edits": may(request.actor, "plan.edit", plan),
        })  # fmt: skip
    return rows


@require_POST
def adopt(request: Request, id: UUID, number: int) -> HttpResponse:
    """Bring a list to this text, or say that an item was looked at."""
    policy = one(Policy.objects.visible_to(request.actor), id)
    version = shown_version(request, policy, number)
    by, at = request.actor, request.at
    if "item" in request.POST:
        item = one(Item.objects.visible_to(request.actor).select_related("plan"), request.POST["item"])
        attempt(request, t("已标记为核对过。"), lambda: adoption.settle(item=item, by=by, at=at))
    else:
        plan = one(Plan.objects.visible_to(request.actor), request.POST.get("plan"))
        marked: list[Item] = []
        done = attempt(
            request,
            t("清单已改依新文本。"),
            lambda: marked.extend(adoption.adopt(plan=plan, version=version, by=by, at=at)),
        )
        if done and marked:
            text = t("有 %(n)d 项所依据的条款有变化，请逐项核对。") % {"n": len(marked)}
            messages.warning(request, text, extra_tags="warn")
    return redirect(reverse("policy_difference", args=[id, number]))


urlpatterns = [
    path("policy/<uuid:id>/versions/<int:number>/difference/", difference, name="policy_difference"),
    path("policy/<uuid:id>/versions/<int:number>/adopt/", adopt, name="policy_adopt"),
]
