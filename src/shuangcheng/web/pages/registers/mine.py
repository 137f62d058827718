"""谁查过我: who looked at the reader's records, at this node and at the others, with proofs."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shuangcheng.core.outcome import Refused
from shuangcheng.exchange.terms import OutState
from shuangcheng.registers import accesses, asking
from shuangcheng.registers.models import Alert

from ...forms import attempt
from ...listing import answer
from ...lists_registers import ALERTS
from ...registers import node_names
from ...request import Request
from ...say import say

PLACE: dict[str, Any] = {"section": "registers", "tab": "mine"}


@login_required
@never_cache
def index(request: Request) -> HttpResponse:
    """Every look-up of the reader's records, and what the other nodes told last."""
    reasons: list[str] = []
    lines: list[Any] = []
    more = False
    try:
        rows, more = accesses.mine(request.actor)
        lines = [accesses.line_of(row) for row in rows]
    except Refused as refused:
        reasons = [say(each.message) for each in refused.objections]
    here = {line.jti for line in lines}
    others = [(told, [line for line in told.lines if line.jti not in here]) for told in accesses.there(request.actor)]
    context = {
        "reasons": reasons, "lines": lines, "more": more, "others": others, "names": node_names(),
        "me": settings.SHUANGCHENG.node, **PLACE,
    }  # fmt: skip
    return render(request, "registers/mine.html", context)


@login_required
@require_POST
def ask(request: Request) -> HttpResponse:
    """Ask another node who looked there."""
    node = request.POST.get("node", "")

    def run() -> None:
        letter = asking.ask_who_looked(node=node, by=request.actor, at=request.at)
        if letter.state == OutState.WAITING:
            messages.warning(request, t("对方暂时不可达，恢复后自动送达，请稍后再来看。"), extra_tags="warn")

    attempt(request, t("已向对方查询。"), run)
    return redirect("my_lookups")


@login_required
@never_cache
def proof(request: Request, node: str, id: UUID) -> HttpResponse:
    """The proof that a look-up stands in a node's log, as JSON."""
    if node == settings.SHUANGCHENG.node:
        row = accesses.one_of_mine(request.actor, id)
        if row is None:
            raise Http404
        line = accesses.line_of(row, accesses.proof_of(row, at=request.at))
    else:
        letter = asking.ask_who_looked(node=node, by=request.actor, at=request.at, prove=str(id))
        found = accesses.told_in(letter) if letter.state == OutState.DELIVERED else ()
        if not found:
            messages.error(request, t("对方暂时没有给出证明，请稍后再试。"), extra_tags="bad")
            return redirect("my_lookups")
        line = found[0]
    content = json.dumps({"node": node, **line.model_dump(mode="json")}, ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="proof-{node}-{id}.json"'
    return response


@login_required
def alerts(request: Request) -> HttpResponse:
    """What looks odd, for auditors."""
    return answer(ALERTS, Alert.objects.visible_to(request.actor), request, section="registers", tab="lookups")


urlpatterns = [
    path("my/lookups/", index, name="my_lookups"),
    path("my/lookups/ask/", ask, name="my_lookups_ask"),
    path("my/lookups/<slug:node>/<uuid:id>/proof.json", proof, name="my_lookup_proof"),
    path("lookups/alerts/", alerts, name="alerts"),
]
