"""The gate: our own node passes it, nodes that are wrong in one way fail it, and its guests change nothing."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from shuangcheng.core import attacks, guest
from shuangcheng.core.guest import sign_guest
from shuangcheng.core.outcome import Refused
from shuangcheng.exchange import client, gate, handlers, trust
from shuangcheng.exchange.actions import guests, peers
from shuangcheng.exchange.gate import Visitor
from shuangcheng.exchange.handlers import Arrived
from shuangcheng.exchange.models import Entry, Incoming, Nonce, Peer
from tests.faulty import FAULTS, Node
from tests.partner import Partner, fresh, introduced, problem
from tests.world import SYSTEM


def visitor(partner: Partner, *, at: str) -> Visitor:
    """The partner's guest at our node."""
    us = trust.current(at=timezone.now()).me
    return Visitor(us, host=partner.authority, keys=[partner.signer], base_url=partner.base_url, address=at)


@pytest.fixture
def ours(live_server: LiveServer, partner: Partner) -> Iterator[Visitor]:
    introduced(partner, active=False)
    yield visitor(partner, at=live_server.url)
    client._pool().clear()  # lets the server's threads end, and with them their connections to the database
    while others():
        time.sleep(0.02)


def others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_our_own_node_passes(ours: Visitor) -> None:
    rows = gate.run(ours)
    assert [row for row in rows if not row.right] == []
    assert len(rows) == len(attacks.ATTACKS) + len(gate.PROBES) + 1
    peer = Peer.objects.get(state="guest")
    assert (peer.authority, peer.guest_of.authority) == (ours.authority, "sc")  # type: ignore[union-attr]


@pytest.mark.django_db(transaction=True)
def test_a_guest_reaches_no_handler_that_does_not_ask_for_guests(
    ours: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Arrived] = []
    monkeypatch.setitem(handlers.HANDLERS, "change_notice.v1", seen.append)
    ours.enrol()
    assert gate.told(ours.say(ours.kit.notice())) == "handled"
    assert seen == []
    monkeypatch.setattr(handlers, "FOR_GUESTS", {"change_notice.v1"})
    assert gate.told(ours.say(ours.kit.notice())) == "handled"
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_guests_leave_nothing_but_the_log(ours: Visitor) -> None:
    ours.enrol()
    ours.say(ours.kit.notice())
    later = timezone.localtime() + guests.STAYS
    assert guests.purge(by=SYSTEM, at=timezone.localtime()) == 0
    Peer.objects.update(expires_at=timezone.now())
    assert ours.send(ours.kit.send(ours.kit.notice())) == "guest_over"
    assert guests.purge(by=SYSTEM, at=later) == 1
    assert (Peer.objects.count(), Incoming.objects.count(), Nonce.objects.count()) == (1, 0, 0)
    assert Entry.objects.filter(direction="in").count() == 1
    assert ours.send(ours.kit.send(ours.kit.notice())) == "unknown_key"


def document(partner: Partner, made: Visitor, **changes: object) -> bytes:
    values = {"iss": "sc", "aud": made.target.authority, "at": timezone.now(), "keys": [partner.signer]} | changes
    return sign_guest(made.manifest.raw, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: {"keys": [fresh()]}, "unknown_key"),
        (lambda: {"aud": "elsewhere"}, "wrong_audience"),
        (lambda: {"iss": "elsewhere"}, "wrong_audience"),
        (lambda: {"at": timezone.now() - timedelta(minutes=7)}, "clock_off"),
        (lambda: {"at": timezone.now() + timedelta(minutes=7)}, "clock_off"),
    ],
)
def test_who_is_not_vouched_for_is_not_admitted(
    peer: Peer, partner: Partner, change: Callable[[], dict[str, object]], code: str
) -> None:
    made = Visitor(trust.current(at=timezone.now()).me, host="sc", keys=[partner.signer], base_url=partner.base_url)
    with pytest.raises(Refused) as refused:
        guests.admit(raw=document(partner, made, **change()), by=SYSTEM, at=timezone.now())
    assert refused.value.objections[0].code == code
    assert Peer.objects.filter(state="guest").count() == 0


def test_a_suspended_node_sends_no_guests_and_nobody_too_many(peer: Peer, partner: Partner) -> None:
    us = trust.current(at=timezone.now()).me
    made = [Visitor(us, host="sc", keys=[partner.signer], base_url=partner.base_url) for _n in range(guests.MOST + 1)]
    raws = [document(partner, each) for each in made]
    for raw in raws[:-1]:
        guests.admit(raw=raw, by=SYSTEM, at=timezone.now())
    for raw, code in ((raws[0], "guest_known"), (raws[-1], "too_many_guests")):
        with pytest.raises(Refused) as refused:
            guests.admit(raw=raw, by=SYSTEM, at=timezone.now())
        assert refused.value.objections[0].code == code
    Peer.objects.filter(pk=peer.pk).update(state="suspended")
    with pytest.raises(Refused) as refused:
        guests.admit(raw=raws[-1], by=SYSTEM, at=timezone.now())
    assert refused.value.objections[0].code == "unknown_key"


def test_a_guest_cannot_bring_the_key_of_another(peer: Peer, partner: Partner) -> None:
    made = Visitor(trust.current(at=timezone.now()).me, host="sc", keys=[partner.signer], base_url=partner.base_url)
    made.signing["revoked"] = partner.signer  # a revoked key need not sign for itself
    made.manifest = made._manifest()
    with pytest.raises(Refused) as refused:
        guests.admit(raw=document(partner, made), by=SYSTEM, at=timezone.now())
    assert refused.value.objections[0].code == "key_taken"


def test_nobody_is_introduced_under_the_name_of_a_guest(partner: Partner) -> None:
    partner.authority = guest.PREFIX + "x"
    with pytest.raises(Refused) as refused:
        introduced(partner)
    assert refused.value.objections[0].code == "reserved"


# Against other nodes


@pytest.fixture
def node(partner: Partner) -> Node:
    """Another node with an inbox of its own, sound until a test breaks it."""
    return Node(partner)


def test_a_sound_node_passes_and_the_report_is_kept(partner: Partner, node: Node) -> None:
    peer = introduced(partner, active=False)
    report = gate.examine(peer=peer, by=SYSTEM, at=timezone.localtime())
    assert [row for row in report["rows"] if not row["right"]] == []
    peer.refresh_from_db()
    assert peer.gate == report
    assert peers.activate(peer=peer, version=peer.version, by=SYSTEM, at=timezone.localtime()).state == "active"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_node_fails_and_stays_out(partner: Partner, node: Node, fault: str) -> None:
    peer = introduced(partner, active=False)
    node.faults.add(fault)
    report = gate.examine(peer=peer, by=SYSTEM, at=timezone.localtime())
    wrong = {row["name"] for row in report["rows"] if not row["right"]}
    assert wrong >= FAULTS[fault]
    with pytest.raises(Refused) as refused:
        peers.activate(peer=peer, version=peer.version, by=SYSTEM, at=timezone.localtime())
    assert refused.value.objections[0].code == "gate"


def test_a_node_that_admits_no_guests_says_so(partner: Partner) -> None:
    peer = introduced(partner, active=False)
    partner.doors["/exchange/guests"] = lambda _raw, _media_type: problem(404, "not_found")
    with pytest.raises(Refused) as refused:
        gate.examine(peer=peer, by=SYSTEM, at=timezone.localtime())
    assert refused.value.objections[0].code == "not_admitted"
    partner.close()
    with pytest.raises(Refused) as refused:
        gate.examine(peer=peer, by=SYSTEM, at=timezone.localtime())
    assert refused.value.objections[0].code == "unreachable"
