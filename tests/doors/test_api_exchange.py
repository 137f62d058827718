"""The exchange over the API: refusals first, then what operators do and watchers see."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core import merkle
from shuangcheng.core.manifest import published_fingerprint
from shuangcheng.core.wire import read_base64url
from shuangcheng.exchange import log, outbox, trust
from shuangcheng.exchange.actions import keys
from shuangcheng.exchange.models import Entry, Incoming, Outgoing, OwnKey, Peer
from tests.doors.api_client import Api, codes, token
from tests.faulty import Node
from tests.partner import Partner, problem
from tests.world import SYSTEM, World

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}
READS = ("/nodes", "/nodes/{peer}", "/keys", "/letters/out", "/letters/out/{out}", "/letters/in", "/letters/in/{came}",
         "/log", "/log/entries", "/log/entries/{entry}/proof")  # fmt: skip
WRITES: dict[str, Any] = {
    "/nodes/look": {"base_url": "http://127.0.0.1:1"},
    "/nodes": {"base_url": "http://127.0.0.1:1", "fingerprint": "0" * 40},
    "/nodes/{peer}/gate": None, "/nodes/{peer}/activate": {"version": 1},
    "/nodes/{peer}/suspend": {"version": 1, "reason": "试试"}, "/nodes/{peer}/refresh": None, "/keys/rotate": None,
    "/keys/{key}/revoke": None, "/letters/out/{out}/again": None, "/letters/out/{out}/erase": None,
    "/letters/in/{came}/handle": None, "/letters/in/{came}/erase": None, "/letters/erase": None,
}  # fmt: skip


@pytest.fixture
def ids(world: World, peer: Peer, partner: Partner) -> dict[str, str]:
    at = timezone.localtime()
    partner.answer = lambda _partner, _raw: problem(403, "unknown_type")
    out = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at)
    outbox.deliver(out.pk, at=at)
    partner.answer = Partner.receipt
    partner.ask("later_known.v1", NOTICE | {"secret": "不该看见"})
    log.sequence(at=at)
    key = OwnKey.objects.earliest("not_before")
    rows = {"peer": peer, "out": out, "came": Incoming.objects.get(), "key": key, "entry": Entry.objects.earliest("at")}
    return {name: str(row.pk) for name, row in rows.items()}


@pytest.mark.parametrize("who", ["learner", "cqu_admin", "outsider"])
def test_who_does_not_watch_sees_nothing(world: World, ids: dict[str, str], who: str) -> None:
    api = Api(token(getattr(world, who)))
    for path in READS:
        answer = api.get(path.format(**ids))
        assert (answer.status_code, codes(answer)) == (403, ["no_right"]), path


@pytest.mark.parametrize("who", ["learner", "cqu_admin", "cq_officer", "auditor"])
def test_only_the_operator_writes(world: World, ids: dict[str, str], who: str) -> None:
    api = Api(token(getattr(world, who)))
    for path, body in WRITES.items():
        answer = api.post(path.format(**ids), body)
        assert (answer.status_code, codes(answer)) == (403, ["no_right"]), path
    assert (Peer.objects.get().state, Outgoing.objects.get().state) == ("active", "refused")


def test_a_token_that_only_reads_reads(world: World, ids: dict[str, str]) -> None:
    api = Api(token(world.auditor, "exchange:read"))
    for path in READS:
        answer = api.get(path.format(**ids))
        assert answer.status_code == 200, (path, answer.content.decode())
        assert "不该看见" not in answer.content.decode()
    assert codes(api.post("/letters/erase")) == ["scope"]


def test_a_node_is_looked_at_introduced_examined_activated_and_suspended(world: World, partner: Partner) -> None:
    keys.ensure(by=SYSTEM, at=timezone.localtime())
    raw = partner.manifest()
    api, address = Api(token(world.node_admin)), {"base_url": partner.base_url}
    met = api.post("/nodes/look", address).json()
    assert (met["authority"], met["fingerprint"]) == ("sc", published_fingerprint(raw))
    assert met["own_fingerprint"] == api.get("/keys").json()["fingerprint"]
    wrong = api.post("/nodes", address | {"fingerprint": "12345 " * 8})
    assert (wrong.status_code, codes(wrong)) == (422, ["fingerprint"])
    made = api.post("/nodes", address | {"fingerprint": met["fingerprint"]})
    assert made.status_code == 201
    path = made["Location"]
    partner.us = trust.current(at=timezone.now()).me
    assert codes(api.post(f"{path}/activate", {"version": 1})) == ["gate"]
    node = Node(partner)
    node.faults.add("ids")
    report = api.post(f"{path}/gate").json()
    assert [row["name"] for row in report["rows"] if not row["right"]] == ["used_jti"]
    node.faults.clear()
    assert api.post(f"{path}/gate").json()["wrong"] == 0
    active = api.post(f"{path}/activate", {"version": 1}).json()
    assert (active["state"], active["gate_wrong"]) == ("active", 0)
    assert codes(api.post(f"{path}/suspend", {"version": 1, "reason": "检修"})) == ["changed_meanwhile"]
    gone = api.post(f"{path}/suspend", {"version": active["version"], "reason": "检修"}).json()
    assert (gone["state"], gone["reason"]) == ("suspended", "检修")
    assert api.post(f"{path}/refresh").status_code == 200


def test_keys(world: World, ids: dict[str, str]) -> None:
    api = Api(token(world.node_admin))
    before = api.get("/keys").json()
    after = api.post("/keys/rotate").json()
    assert (after["number"], len(after["keys"])) == (before["number"] + 1, 2 * len(before["keys"]))
    revoked = api.post(f"/keys/{ids['key']}/revoke").json()
    assert [row["id"] for row in revoked["keys"] if row["objection"] == "key_revoked"] == [ids["key"]]
    assert codes(api.post(f"/keys/{ids['key']}/revoke")) == ["revoked"]


def test_letters(world: World, ids: dict[str, str], partner: Partner) -> None:
    api = Api(token(world.node_admin))
    [out] = api.get("/letters/out?state=refused").json()["items"]
    assert out["reasons"] == [{"code": "unknown_type", "message": "unknown_type"}]
    assert api.get("/letters/out?state=dead").json()["items"] == []
    again = api.post(f"/letters/out/{ids['out']}/again").json()
    assert (again["id"], again["state"]) == (ids["out"], "waiting")
    outbox.deliver(Outgoing.objects.get().pk, at=timezone.localtime())
    assert codes(api.post(f"/letters/out/{ids['out']}/erase")) == ["kept"]
    Outgoing.objects.update(created_at=timezone.now() - timedelta(days=181))
    assert api.post("/letters/erase").json() == {"count": 1}
    assert api.get(f"/letters/out/{ids['out']}").json()["erased"]
    assert codes(api.post(f"/letters/out/{ids['out']}/erase")) == ["erased"]
    [came] = api.get(f"/letters/in?peer={ids['peer']}").json()["items"]
    assert (came["state"], came["type"]) == ("parked", "later_known.v1")
    assert codes(api.post(f"/letters/in/{ids['came']}/handle")) == ["type_unknown"]
    assert codes(api.post(f"/letters/in/{ids['came']}/erase")) == ["not_settled"]


def test_the_log_proves(world: World, ids: dict[str, str]) -> None:
    api = Api(token(world.auditor))
    whole = api.get("/log").json()
    assert whole["size"] == Entry.objects.count()
    entries = api.get("/log/entries?direction=out").json()["items"]
    assert {entry["direction"] for entry in entries} == {"out"}
    for entry in entries:
        told = api.get(f"/log/entries/{entry['id']}/proof").json()
        leaf = merkle.leaf_hash(read_base64url(told["data"]))
        assert leaf.hex() == entry["leaf"]
        merkle.verify_inclusion(
            leaf_hash=leaf, index=told["index"], size=told["size"], root=bytes.fromhex(told["root"]),
            proof=[bytes.fromhex(hash) for hash in told["proof"]],
        )  # fmt: skip
    late = log.append(direction=log.Direction.HERE, type="test.v1", at=timezone.localtime(), says={})
    assert codes(api.get(f"/log/entries/{late.pk}/proof")) == ["not_sequenced"]
