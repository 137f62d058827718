"""Pages of this node's own keys and manifest."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.manifest import published_statement
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.exchange import standing
from shuangcheng.exchange.actions import keys as actions
from shuangcheng.exchange.models import OwnKey, OwnManifest

from ...fetch import one
from ...forms import attempt
from ...request import Request


def index(request: Request) -> HttpResponse:
    """The keys with their validity, and what this node says of itself."""
    require(request.actor, "exchange.read")
    own = OwnManifest.objects.first()
    says = published_statement(bytes(own.raw)) if own else None
    ids = dict(OwnKey.objects.values_list("kid", "pk"))
    rows = standing.keys(says.keys, at=request.at) if says else []
    lines = AuditLine.objects.filter(subject_kind="manifest")
    context = {
        "own": own,
        "says": says,
        "keys": [(ids.get(row.key.kid), row) for row in rows],
        "operates": may(request.actor, "key.rotate"),
        "changes": lines[:10],
        "section": "nodes",
        "tab": "keys",
    }
    return render(request, "exchange/keys.html", context)


@require_POST
def rotate(request: Request) -> HttpResponse:
    """Replace all keys with overlap."""
    text = t("已换用新密钥，旧密钥在交接期内仍然有效。")
    attempt(request, text, lambda: actions.rotate(by=request.actor, at=request.at))
    return redirect("node_keys")


@require_POST
def revoke(request: Request, id: UUID) -> HttpResponse:
    """Revoke a key that others may have."""
    require(request.actor, "key.revoke")
    key = one(OwnKey.objects.all(), id)
    text = t("已吊销。对方取得新公告以后，用它签的来件一律不收。")
    attempt(request, text, lambda: actions.revoke(key=key, by=request.actor, at=request.at))
    return redirect("node_keys")


urlpatterns = [
    path("nodes/keys/", index, name="node_keys"),
    path("nodes/keys/rotate/", rotate, name="node_keys_rotate"),
    path("nodes/keys/<uuid:id>/revoke/", revoke, name="node_key_revoke"),
]
