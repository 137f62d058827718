"""Pages of the other nodes: how they are, introducing one, the gate, activating and suspending."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import Statement, published_statement
from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.exchange import gate, standing
from shuangcheng.exchange.actions import peers as actions
from shuangcheng.exchange.inputs import AddressInput, IntroduceInput, SuspendInput
from shuangcheng.exchange.models import Mirror, OwnManifest, Peer

from ...fetch import one
from ...forms import Form, attempt, submit, version_read
from ...request import Request
from ...say import say

PLACE: dict[str, Any] = {"section": "nodes", "tab": "nodes"}


def index(request: Request) -> HttpResponse:
    """How every node is, and how the exchange with it goes."""
    require(request.actor, "exchange.read")
    rows = list(Peer.objects.visible_to(request.actor))
    context = {
        "peers": standing.of(rows),
        "own": OwnManifest.objects.first(),
        "log": standing.log(),
        "introduces": may(request.actor, "peer.introduce"),
        **PLACE,
    }
    return render(request, "exchange/nodes.html", context)


@dataclass(frozen=True)
class Found:
    """What a node that is not known yet says of itself."""

    says: Statement
    fingerprint: str
    raw: bytes


def _look(base_url: str) -> Found:
    raw, fingerprint = actions.published(base_url)
    return Found(published_statement(raw), fingerprint, raw)


def new(request: Request) -> HttpResponse:
    """Introduce a node: its address first, then the fingerprint that its operator has read out on the telephone."""
    require(request.actor, "peer.introduce")
    first: Form[AddressInput] = Form(AddressInput)
    second: Form[IntroduceInput] | None = None
    found: Found | None = None
    if request.method == "POST":
        found = submit(first, request, lambda data: _look(data.base_url))
        if found is not None:
            second = Form(IntroduceInput, {"base_url": first.boxes["base_url"].value})
        if found is not None and second is not None and "fingerprint" in request.POST:
            raw, by, at = found.raw, request.actor, request.at
            peer = submit(
                second, request, lambda data: actions.introduce(raw=raw, fingerprint=data.fingerprint, by=by, at=at)
            )
            if peer:
                messages.success(request, t("已登记“%(name)s”。下一步：检验。") % {"name": peer.name}, extra_tags="ok")
                return redirect("node", id=peer.id)
    context = {
        "form": second or first, "found": found, "own": OwnManifest.objects.first(), **PLACE,
    }  # fmt: skip
    wrong = first.wrong or bool(second and second.wrong)
    return render(request, "exchange/introduce.html", context, status=422 if wrong else 200)


def detail(request: Request, id: UUID) -> HttpResponse:
    """One node: keys, what it serves, the gate's report, how the exchange goes."""
    require(request.actor, "exchange.read")
    peer = one(Peer.objects.visible_to(request.actor), id)
    return _page(request, peer, Form(SuspendInput))


def _page(request: Request, peer: Peer, form: "Form[SuspendInput]", *, status: int = 200) -> HttpResponse:
    [about] = standing.of([peer])
    says = published_statement(bytes(peer.manifest))
    mirrored = Mirror.objects.filter(peer=peer).values_list("kind").order_by("kind")
    context = {
        "about": about,
        "peer": peer,
        "says": says,
        "keys": standing.keys(says.keys, at=request.at),
        "registers": [(REGISTERS[name].title if name in REGISTERS else name) for name in says.registers],
        "letters": [(name, LETTERS[name].title if name in LETTERS else "") for name in says.letters],
        "mirrored": mirrored.annotate(n=Count("pk"), gone=Count("pk", filter=Q(body=None))),
        "changes": AuditLine.objects.told_of("peer", peer.id, to=request.actor)[:10],
        "operates": may(request.actor, "peer.activate", peer),
        "form": form,
        **PLACE,
    }
    return render(request, "exchange/node.html", context, status=status)


@require_POST
def check(request: Request, id: UUID) -> HttpResponse:
    """Run the gate against a node and keep what it found."""
    require(request.actor, "peer.activate")
    peer = one(Peer.objects.visible_to(request.actor), id)
    try:
        report = gate.examine(peer=peer, by=request.actor, at=request.at)
    except Refused as refused:
        for objection in refused.objections:
            messages.error(request, say(objection.message), extra_tags="bad")
        return redirect("node", id=id)
    if report["wrong"]:
        text = t("检验完毕：%(all)d 项中有 %(wrong)d 项不对，见下面的检验报告。")
        messages.error(request, text % {"all": len(report["rows"]), "wrong": report["wrong"]}, extra_tags="bad")
    else:
        messages.success(request, t("检验完毕：%(all)d 项全部正确。") % {"all": len(report["rows"])}, extra_tags="ok")
    return redirect("node", id=id)


@require_POST
def activate(request: Request, id: UUID) -> HttpResponse:
    """Exchange letters from now on."""
    peer = one(Peer.objects.visible_to(request.actor), id)
    version, by, at = version_read(request), request.actor, request.at
    attempt(request, t("已启用互联。"), lambda: actions.activate(peer=peer, version=version, by=by, at=at))
    return redirect("node", id=id)


@require_POST
def suspend(request: Request, id: UUID) -> HttpResponse:
    """Exchange nothing until it is activated again."""
    peer = one(Peer.objects.visible_to(request.actor), id)
    require(request.actor, "peer.suspend", peer)
    form = Form(SuspendInput, version=peer.version)
    by, at = request.actor, request.at

    def act(data: SuspendInput) -> Peer:
        return actions.suspend(peer=peer, reason=data.reason, version=form.version or 0, by=by, at=at)

    if submit(form, request, act):
        messages.success(request, t("已暂停互联。"), extra_tags="ok")
        return redirect("node", id=id)
    return _page(request, peer, form, status=422)


@require_POST
def refresh(request: Request, id: UUID) -> HttpResponse:
    """Fetch what a node says of itself now."""
    peer = one(Peer.objects.visible_to(request.actor), id)
    require(request.actor, "peer.refresh", peer)
    by, at = request.actor, request.at
    attempt(request, t("已取得对方现在的公告。"), lambda: actions.refresh(peer=peer, by=by, at=at))
    return redirect("node", id=id)


urlpatterns = [
    path("nodes/", index, name="nodes"),
    path("nodes/new/", new, name="node_new"),
    path("nodes/<uuid:id>/", detail, name="node"),
    path("nodes/<uuid:id>/check/", check, name="node_check"),
    path("nodes/<uuid:id>/activate/", activate, name="node_activate"),
    path("nodes/<uuid:id>/suspend/", suspend, name="node_suspend"),
    path("nodes/<uuid:id>/refresh/", refresh, name="node_refresh"),
]
