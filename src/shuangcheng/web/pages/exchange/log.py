"""Pages of the log: how far it has come, its entries, and the proof of each."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory.policy import require
from shuangcheng.exchange import log, standing
from shuangcheng.exchange.models import Entry

from ...fetch import one
from ...listing import answer
from ...lists_exchange import LOG, title
from ...request import Request

PLACE: dict[str, Any] = {"section": "nodes", "tab": "log"}


def _titled(rows: list[Any]) -> None:
    for row in rows:
        row.title = title(row.type)


def index(request: Request) -> HttpResponse:
    """The newest checkpoint, who has cosigned it, and the entries."""
    require(request.actor, "exchange.read")
    rows = Entry.objects.visible_to(request.actor)
    return answer(LOG, rows, request, decorate=_titled, log=standing.log(), **PLACE)


def _proof(request: Request, id: UUID) -> tuple[Entry, log.Proof | None]:
    require(request.actor, "exchange.read")
    entry = one(Entry.objects.visible_to(request.actor), id)
    return entry, log.prove(entry, at=request.at) if entry.index is not None else None


def detail(request: Request, id: UUID) -> HttpResponse:
    """An entry with the proof that it stands in the signed tree."""
    entry, proof = _proof(request, id)
    context = {
        "entry": entry, "title": title(entry.type), "said": log.read(entry), "leaf": log.leaf_hash(entry),
        "proof": proof, "hashes": [hash.hex() for hash in proof.hashes] if proof else [], **PLACE,
    }  # fmt: skip
    return render(request, "exchange/entry.html", context)


def download(request: Request, id: UUID) -> HttpResponse:
    """The proof as a file that anybody can check with this node's public key."""
    entry, proof = _proof(request, id)
    if proof is None:
        text = _("这条记录还没有编入日志。约一分钟后再下载。")
        raise refusal("not_sequenced", text, why=Why.CONFLICT)
    response = JsonResponse(proof.told(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="log-{entry.year}-{entry.index}.json"'
    return response


urlpatterns = [
    path("nodes/log/", index, name="log"),
    path("nodes/log/<uuid:id>/", detail, name="log_entry"),
    path("nodes/log/<uuid:id>/proof.json", download, name="log_proof"),
]
