"""Pages of the exchange: refusals first, then what operators, officers and auditors do and see."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuangcheng.core import merkle
from shuangcheng.core.manifest import published_fingerprint
from shuangcheng.core.wire import read_base64url
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange import log, outbox
from shuangcheng.exchange.actions import keys
from shuangcheng.exchange.models import Checkpoint, Entry, Incoming, Outgoing, OwnKey, OwnManifest, Peer
from tests.faulty import Node
from tests.partner import Partner, problem
from tests.world import SYSTEM, World

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}
PAGES = ("", "letters/out/", "letters/in/", "log/", "keys/")
NAMED = ("{peer}/", "letters/out/{out}/", "letters/in/{came}/", "log/{entry}/", "log/{entry}/proof.json")
ACTS = (
    "{peer}/check/", "{peer}/activate/", "{peer}/suspend/", "{peer}/refresh/", "keys/rotate/", "keys/{key}/revoke/",
    "letters/out/{out}/again/", "letters/in/{came}/handle/", "letters/{out}/erase/", "letters/erase/",
)  # fmt: skip


@pytest.fixture
def traffic(world: World, peer: Peer, partner: Partner) -> dict[str, str]:
    """A letter each way, both in the log, the one out refused, the one in parked."""
    at = timezone.localtime()
    partner.answer = lambda _partner, _raw: problem(403, "unknown_type")
    out = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at)
    outbox.deliver(out.pk, at=at)
    partner.answer = Partner.receipt
    partner.ask("later_known.v1", NOTICE | {"secret": "不该看见"})
    log.sequence(at=at)
    ids = {
        "peer": peer.pk, "out": out.pk, "came": Incoming.objects.get().pk, "key": OwnKey.objects.first().pk,  # type: ignore[union-attr]
        "entry": Entry.objects.earliest("index").pk,
    }  # fmt: skip
    return {name: str(value) for name, value in ids.items()}


def signed_in(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(f"/nodes/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("", 302), ("learner", 403), ("cqu_admin", 403), ("expert_person", 403)])
def test_the_exchange_is_not_for_everybody(
    client: Client, world: World, traffic: dict[str, str], who: str, status: int
) -> None:
    if who:
        signed_in(client, world, who)
    for path in (*PAGES, *NAMED, "new/"):
        assert client.get(f"/nodes/{path.format(**traffic)}").status_code in (status, 404), path
    assert "互联" not in client.get("/").content.decode().split("</nav>")[0]


@pytest.mark.parametrize("who", ["", "learner", "cq_officer", "auditor"])
def test_only_the_operator_acts(client: Client, world: World, traffic: dict[str, str], who: str) -> None:
    if who:
        signed_in(client, world, who)
    lines = AuditLine.objects.exclude(verb__startswith="account.")
    before = lines.count()
    for path in ACTS:
        client.post(f"/nodes/{path.format(**traffic)}", {"version": "1", "reason": "试试"})
    assert client.get("/nodes/new/").status_code == (403 if who else 302)
    sent = {"base_url": "http://127.0.0.1:1", "fingerprint": "0" * 40}
    assert client.post("/nodes/new/", sent).status_code == (403 if who else 302)
    assert lines.count() == before
    assert Peer.objects.get().state == "active"


@pytest.mark.parametrize("who", ["cq_officer", "auditor", "node_admin"])
def test_who_watches_reads_outsides_only(client: Client, world: World, traffic: dict[str, str], who: str) -> None:
    signed_in(client, world, who)
    for path in (*PAGES, *NAMED):
        assert "不该看见" not in page(client, path.format(**traffic)), path
    assert "互联" in client.get("/").content.decode().split("</nav>")[0]
    overview = page(client, "")
    for words in ("四川省教育厅", "已互联", "退回", OwnManifest.objects.get().fingerprint):
        assert words in overview
    assert ("登记节点" in overview) == (who == "node_admin")


def test_acts_need_a_post(client: Client, world: World, traffic: dict[str, str]) -> None:
    signed_in(client, world, "node_admin")
    for path in ACTS:
        assert client.get(f"/nodes/{path.format(**traffic)}").status_code == 405


# Introducing, examining, activating


@pytest.fixture
def operator(client: Client, world: World) -> Client:
    keys.ensure(by=SYSTEM, at=timezone.localtime())
    return signed_in(client, world, "node_admin")


def test_a_node_is_introduced_by_the_fingerprint_that_was_read_out(operator: Client, partner: Partner) -> None:
    raw = partner.manifest()
    fingerprint = published_fingerprint(raw)
    first = operator.post("/nodes/new/", {"base_url": partner.base_url + "/"}).content.decode()
    for words in ("四川省教育厅", fingerprint, OwnManifest.objects.get().fingerprint, "对方念出的指纹"):
        assert words in first
    assert not Peer.objects.exists()
    typed = fingerprint.replace(fingerprint[:5], "00000")
    wrong = operator.post("/nodes/new/", {"base_url": partner.base_url, "fingerprint": typed})
    assert wrong.status_code == 422
    assert "指纹不符" in wrong.content.decode()
    assert not Peer.objects.exists()
    right = operator.post("/nodes/new/", {"base_url": partner.base_url, "fingerprint": fingerprint})
    peer = Peer.objects.get()
    assert right["Location"] == f"/nodes/{peer.pk}/"
    assert (peer.state, peer.introduced_by) == ("introduced", "管小平")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "没有填写"),
        ("http://node.example.cn", "应以 https:// 开头"),
        ("file:///etc/passwd", "应以 https:// 开头"),
        ("https://user:pass@node.example.cn", "应以 https:// 开头"),
        ("http://127.0.0.1:9", "连不上"),
    ],
)
def test_a_wrong_address_is_said_and_kept(operator: Client, address: str, words: str) -> None:
    answer = operator.post("/nodes/new/", {"base_url": address})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert address in answer.content.decode()


def test_examining_activating_suspending(operator: Client, partner: Partner, peer: Peer) -> None:
    Peer.objects.update(state="introduced", gate=None, gate_at=None)
    address = f"/nodes/{peer.pk}/"
    refused = operator.post(f"{address}activate/", {"version": peer.version}, follow=True).content.decode()
    assert "还没有通过检验" in refused
    partner.doors["/exchange/guests"] = lambda _raw, _media_type: problem(404, "not_found")
    assert "没有接受检验" in operator.post(f"{address}check/", follow=True).content.decode()
    node = Node(partner)
    node.faults.add("nonces")
    failed = operator.post(f"{address}check/", follow=True).content.decode()
    assert "项不对" in failed
    assert "原样重放" in failed
    node.faults.clear()
    assert "全部正确" in operator.post(f"{address}check/", follow=True).content.decode()
    peer.refresh_from_db()
    assert "已启用互联" in operator.post(f"{address}activate/", {"version": peer.version}, follow=True).content.decode()
    version = Peer.objects.get().version
    assert operator.post(f"{address}suspend/", {"version": version, "reason": ""}).status_code == 422
    stale = operator.post(f"{address}suspend/", {"version": version - 1, "reason": "例行检修"})
    assert (stale.status_code, "例行检修" in stale.content.decode()) == (422, True)
    operator.post(f"{address}suspend/", {"version": version, "reason": "例行检修"})
    assert (Peer.objects.get().state, Peer.objects.get().reason) == ("suspended", "例行检修")


def test_a_new_manifest_is_fetched(operator: Client, partner: Partner, peer: Peer) -> None:
    page = operator.post(f"/nodes/{peer.pk}/refresh/", follow=True).content.decode()
    assert "已取得对方现在的公告" in page
    partner.close()
    assert "连不上" in operator.post(f"/nodes/{peer.pk}/refresh/", follow=True).content.decode()


# Keys


def test_keys_are_rotated_and_revoked(operator: Client, world: World) -> None:
    before = OwnKey.objects.count()
    assert "已换用新密钥" in operator.post("/nodes/keys/rotate/", follow=True).content.decode()
    assert OwnKey.objects.count() == 2 * before
    key = OwnKey.objects.earliest("not_before")
    assert "已吊销" in operator.post(f"/nodes/keys/{key.pk}/revoke/", follow=True).content.decode()
    key.refresh_from_db()
    assert key.revoked is not None
    assert "已经吊销" in operator.post(f"/nodes/keys/{key.pk}/revoke/", follow=True).content.decode()


# Letters


def test_letters_are_filtered_and_downloaded(operator: Client, traffic: dict[str, str]) -> None:
    assert "unknown_type" in page(operator, "letters/out/?state=refused")
    assert "没有符合条件的记录" in page(operator, "letters/out/?state=dead")
    assert traffic["out"] in page(operator, f"letters/out/?peer={traffic['peer']}&type=change_notice.v1")
    assert "later_known.v1" in page(operator, "letters/in/?state=parked")
    for path in ("out", "in"):
        assert operator.get(f"/nodes/letters/{path}/?format=xlsx").content.startswith(b"PK")


def test_a_refused_letter_is_sent_again(operator: Client, traffic: dict[str, str], partner: Partner) -> None:
    answer = operator.post(f"/nodes/letters/out/{traffic['out']}/again/", follow=True).content.decode()
    assert "已重新投递" in answer
    outbox.deliver(Outgoing.objects.get().pk, at=timezone.localtime())
    assert Outgoing.objects.get().state == "delivered"
    answer = operator.post(f"/nodes/letters/out/{traffic['out']}/again/", follow=True).content.decode()
    assert "不需要重发" in answer


def test_a_parked_letter_waits_for_its_type(operator: Client, traffic: dict[str, str]) -> None:
    answer = operator.post(f"/nodes/letters/in/{traffic['came']}/handle/", follow=True).content.decode()
    assert "还不认识" in answer


def test_a_body_is_erased_past_its_term(operator: Client, traffic: dict[str, str]) -> None:
    address = f"/nodes/letters/{traffic['out']}/erase/"
    assert "期满后才能删除" in operator.post(address, follow=True).content.decode()
    Outgoing.objects.update(created_at=timezone.now() - timedelta(days=181))
    assert "删除内容" in page(operator, f"letters/out/{traffic['out']}/")
    assert "已删除内容" in operator.post(address, follow=True).content.decode()
    assert Outgoing.objects.get().content is None
    assert "已删除保存期满" in operator.post("/nodes/letters/erase/", follow=True).content.decode()


# The log


def test_an_entry_comes_with_a_proof_that_anybody_can_check(operator: Client, traffic: dict[str, str]) -> None:
    shown = page(operator, f"log/{traffic['entry']}/")
    answer = operator.get(f"/nodes/log/{traffic['entry']}/proof.json")
    assert answer["Content-Disposition"].endswith('-0.json"')
    told = json.loads(answer.content)
    hashes = [bytes.fromhex(hash) for hash in told["proof"]]
    leaf = merkle.leaf_hash(read_base64url(told["data"]))
    merkle.verify_inclusion(
        leaf_hash=leaf, index=told["index"], size=told["size"], proof=hashes, root=bytes.fromhex(told["root"])
    )
    assert told["checkpoint"] == Checkpoint.objects.get().note
    for words in (leaf.hex(), *told["proof"], told["root"]):
        assert words in shown


def test_what_waits_for_its_place_has_no_proof_yet(operator: Client, traffic: dict[str, str], peer: Peer) -> None:
    entry = log.append(direction=log.Direction.HERE, type="test.v1", at=timezone.localtime(), says={"n": 1})
    assert "还没有编入日志" in page(operator, f"log/{entry.pk}/")
    assert operator.get(f"/nodes/log/{entry.pk}/proof.json").status_code == 409
    assert "待编入" in page(operator, "log/?type=test.v1")
    assert "没有符合条件的记录" in page(operator, "log/?type=test.v1&direction=out")


def test_queries(
    client: Client, world: World, traffic: dict[str, str], partner: Partner,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    signed_in(client, world, "cq_officer")
    for _n in range(4):
        partner.ask("later_known.v1", NOTICE)
    for path in PAGES:
        with django_assert_max_num_queries(15):
            page(client, path)
    for path in NAMED:
        with django_assert_max_num_queries(20):
            page(client, path.format(**traffic))
