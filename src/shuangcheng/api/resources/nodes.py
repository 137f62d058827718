"""Other nodes and this node's keys."""

from uuid import UUID

from pydantic import Field

from shuangcheng.core.manifest import published_statement
from shuangcheng.core.schema import Input
from shuangcheng.core.text import _
from shuangcheng.directory.policy import require
from shuangcheng.exchange import gate, standing
from shuangcheng.exchange.actions import keys, peers
from shuangcheng.exchange.inputs import AddressInput, IntroduceInput, SuspendInput
from shuangcheng.exchange.models import OwnKey, OwnManifest, Peer

from ..asked import Asked
from ..outputs.exchange import GateReport, Met, NodeDetail, NodeList, NodeOut, OwnKeys, PublishedKey
from ..section import EXCHANGE_READ, EXCHANGE_WRITE, Section
from .common import made, one

section = Section(
    "Nodes", "Other authorities' nodes 互联节点, the gate 检验, and the keys of this node.",
    read=EXCHANGE_READ, write=EXCHANGE_WRITE,
)  # fmt: skip


class VersionInput(Input):
    """What was read."""

    version: int = Field(title=_("版本"), ge=1, le=2_000_000_000)


class VersionedReasonInput(SuspendInput):
    """Why, and what was read."""

    version: int = Field(title=_("版本"), ge=1, le=2_000_000_000)


def _peer(request: Asked, id: UUID) -> Peer:
    require(request.actor, "exchange.read")
    return one(Peer.objects.visible_to(request.actor), id=id)


def _detail(request: Asked, id: UUID) -> NodeDetail:
    peer = _peer(request, id)
    [about] = standing.of([peer])
    published = published_statement(bytes(peer.manifest)).keys
    return NodeDetail.whole(about, [PublishedKey.each(row) for row in standing.keys(published, at=request.at)])


@section.reads("/nodes", NodeList, open=False)
def list_nodes(request: Asked) -> NodeList:
    """List the nodes.

    With how the exchange with each goes: delays, retries, parked and dead letters.
    """
    require(request.actor, "exchange.read")
    rows = standing.of(list(Peer.objects.visible_to(request.actor)))
    return NodeList(items=[NodeOut.each(row) for row in rows])


@section.reads("/nodes/{uuid:id}", NodeDetail, open=False)
def get_node(request: Asked, id: UUID) -> NodeDetail:
    """Get a node.

    With its keys, what it serves, and the report of the gate.
    """
    return _detail(request, id)


@section.writes("/nodes/look", Met)
def look_at_node(request: Asked, data: AddressInput) -> Met:
    """Fetch what a node says of itself.

    Nothing of it is believed: call its operator, by a number from another source, and compare the fingerprints.
    """
    require(request.actor, "peer.introduce")
    raw, fingerprint = peers.published(data.base_url)
    says, own = published_statement(raw), OwnManifest.objects.first()
    return Met(
        authority=says.authority, name=says.name, base_url=says.base_url, number=says.number, fingerprint=fingerprint,
        own_fingerprint=own.fingerprint if own else "",
    )  # fmt: skip


@section.writes("/nodes", NodeDetail, status=201)
def introduce_node(request: Asked, data: IntroduceInput) -> NodeDetail:
    """Introduce a node.

    By the fingerprint that its operator has read out; another one than its manifest has is refused.
    """
    require(request.actor, "peer.introduce")
    raw, _fingerprint = peers.published(data.base_url)
    peer = peers.introduce(raw=raw, fingerprint=data.fingerprint, by=request.actor, at=request.at)
    made(request, "get_node", peer.id)
    return _detail(request, peer.id)


@section.writes("/nodes/{uuid:id}/gate", GateReport)
def examine_node(request: Asked, id: UUID) -> GateReport:
    """Examine a node.

    Good letters and broken ones in the name of a throw-away guest; it takes some seconds and changes nothing real.
    """
    require(request.actor, "peer.activate")
    return GateReport.model_validate(gate.examine(peer=_peer(request, id), by=request.actor, at=request.at))


@section.writes("/nodes/{uuid:id}/activate", NodeDetail)
def activate_node(request: Asked, id: UUID, data: VersionInput) -> NodeDetail:
    """Activate a node.

    Only one that the gate found all right; letters go to and fro from now on.
    """
    peers.activate(peer=_peer(request, id), version=data.version, by=request.actor, at=request.at)
    return _detail(request, id)


@section.writes("/nodes/{uuid:id}/suspend", NodeDetail)
def suspend_node(request: Asked, id: UUID, data: VersionedReasonInput) -> NodeDetail:
    """Suspend a node.

    Nothing is sent to it or taken from it until it is activated again.
    """
    by, at = request.actor, request.at
    peers.suspend(peer=_peer(request, id), reason=data.reason, version=data.version, by=by, at=at)
    return _detail(request, id)


@section.writes("/nodes/{uuid:id}/refresh", NodeDetail)
def refresh_node(request: Asked, id: UUID) -> NodeDetail:
    """Fetch a node's newer manifest.

    It is taken only when a key of the one before has signed it.
    """
    peers.refresh(peer=_peer(request, id), by=request.actor, at=request.at)
    return _detail(request, id)


def _own(request: Asked) -> OwnKeys:
    require(request.actor, "exchange.read")
    own = one(OwnManifest.objects.all()[:1])
    ids = dict(OwnKey.objects.values_list("kid", "pk"))
    rows = standing.keys(published_statement(bytes(own.raw)).keys, at=request.at)
    return OwnKeys.each(own, [PublishedKey.each(row, ids.get(row.key.kid)) for row in rows])


@section.reads("/keys", OwnKeys, open=False, also=(404,))
def list_keys(request: Asked) -> OwnKeys:
    """List this node's keys.

    With the fingerprint of its manifest.
    """
    return _own(request)


@section.writes("/keys/rotate", OwnKeys)
def rotate_keys(request: Asked) -> OwnKeys:
    """Replace this node's keys.

    The old ones stay good for thirty days.
    """
    keys.rotate(by=request.actor, at=request.at)
    return _own(request)


@section.writes("/keys/{uuid:id}/revoke", OwnKeys)
def revoke_key(request: Asked, id: UUID) -> OwnKeys:
    """Revoke a key.

    For good: what it has signed counts for nothing any more.
    """
    require(request.actor, "key.revoke")
    keys.revoke(key=one(OwnKey.objects.all(), id=id), by=request.actor, at=request.at)
    return _own(request)
