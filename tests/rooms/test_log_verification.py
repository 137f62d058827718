"""Checking the log again: whatever was touched is found, and the first wrong entry is named."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db.models import Max
from django.utils import timezone

from shuangcheng.cli import commands
from shuangcheng.core import merkle
from shuangcheng.core.checkpoint import cosign, sign_checkpoint
from shuangcheng.core.wire import seconds
from shuangcheng.exchange import log, outbox, verification, witness
from shuangcheng.exchange.actions import keys
from shuangcheng.exchange.models import Checkpoint, Entry, Incoming, Node, Outgoing, OwnKey, Peer, Tree, Witnessed
from shuangcheng.exchange.terms import Direction
from shuangcheng.exchange.vault import seal_text
from shuangcheng.exchange.verification import Wrong
from shuangcheng.exchange.verification_letters import verify_letters
from tests import faulty
from tests.partner import Partner, introduced
from tests.rooms.test_log import Theirs, _signer, cosigned
from tests.world import SYSTEM

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}


def year() -> int:
    return log.year_of(timezone.now())


def grow(count: int) -> None:
    at = timezone.localtime()
    for n in range(count):
        log.append(direction=Direction.HERE, type="test.v1", at=at, says={"n": n})
    log.sequence(at=at)


@pytest.fixture
def kept(peer: Peer, partner: Partner) -> None:
    """Ten entries under three checkpoints, one cosigned; the first four tell of a letter each way."""
    at = timezone.localtime()
    row = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at)
    outbox.deliver(row.pk, at=at)
    partner.ask("change_notice.v1", NOTICE)
    log.sequence(at=at)
    partner.answer = cosigned
    grow(3)
    witness.ask(by=SYSTEM, at=at)
    outbox.deliver(Outgoing.objects.get(state="waiting").pk, at=at)
    grow(3)
    assert Checkpoint.objects.count() == 3


def check() -> Any:
    checked = verification.verify_year(year(), at=timezone.localtime())
    return checked, verify_letters()


def test_what_nobody_touched_is_right(kept: None) -> None:
    checked, letters = check()
    assert (checked.entries, checked.checkpoints, checked.cosignatures, letters) == (10, 3, 1, 2)
    assert verification.years() == [year()]


def test_a_revoked_key_and_erased_bodies_spoil_nothing(kept: None) -> None:
    keys.revoke(key=OwnKey.objects.get(use="Ed25519"), by=SYSTEM, at=timezone.localtime())
    Outgoing.objects.update(content=None)
    Incoming.objects.update(content=None, reply_content=None)
    grow(1)
    assert check()[0].entries == 11


def void(_result: object) -> None:
    """Makes a tampering of an expression with a result."""


def flipped(raw: bytes | memoryview) -> bytes:
    changed = bytearray(raw)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


def entry(index: int) -> Entry:
    return Entry.objects.get(index=index)


def change(row: Any, **values: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def flip(row: Any, field: str) -> None:
    change(row, **{field: flipped(getattr(row, field))})


def node(level: int, place: int) -> Node:
    return Node.objects.get(level=level, place=place)


def checkpoint(number: int) -> Checkpoint:
    return Checkpoint.objects.order_by("size")[number]


def swap(first: int, second: int) -> None:
    one, two = entry(first), entry(second)
    change(one, index=99)
    change(two, index=first)
    change(one, index=second)


def shift_down_after(index: int) -> None:
    """A row is removed and those after it move up, so that no gap shows."""
    entry(index).delete()
    for row in Entry.objects.filter(index__gt=index).order_by("index"):
        change(row, index=row.index - 1)  # type: ignore[operator]


def rewrite(index: int) -> None:
    """An entry is changed and every hash above it made right again, but for what was signed."""
    row = entry(index)
    change(row, data=bytes(row.data).replace(b'"n":1', b'"n":7'))
    frontier = merkle.Frontier()
    for data in Entry.objects.order_by("index").values_list("data", flat=True):
        for level, place, hash in frontier.append(merkle.leaf_hash(bytes(data))):
            Node.objects.filter(level=level, place=place).update(hash=hash)
    Tree.objects.update(root=frontier.root(), frontier=b"".join(frontier.hashes))


def forge_checkpoint(partner: Partner) -> None:
    """A checkpoint of a rewritten log, signed with a key that is not this node's."""
    rewrite(8)
    signer = _signer(partner, year())
    newest, tree = checkpoint(2), Tree.objects.get()
    origin = newest.note.split("\n", 1)[0]
    forged = type(signer)(origin, signer.private)  # type: ignore[attr-defined,call-arg]
    note = sign_checkpoint(size=10, root=bytes(tree.root), signer=forged)
    change(newest, root=tree.root, note=note)


def backdate(partner: Partner) -> None:
    """A cosignature that the other node made of something else."""
    newest = checkpoint(2)
    note = cosign(checkpoint(0).note, signer=_signer(partner, year()), time=seconds(timezone.now()))  # type: ignore[arg-type]
    change(newest, note=newest.note + note.splitlines(keepends=True)[-1], cosigned={"sc": seconds(timezone.now())})


def another_content() -> None:
    row = Outgoing.objects.get(type="change_notice.v1")
    change(row, content=seal_text('{"salt":"","says":{}}', bound_to=f"outgoing:{row.pk}"))


def first_out() -> Outgoing:
    return Outgoing.objects.get(type="change_notice.v1")


TAMPERINGS: dict[str, tuple[Callable[[], None], int | None]] = {
    "entry data": (lambda: flip(entry(5), "data"), 5),
    "first entry": (lambda: flip(entry(0), "data"), 0),
    "last entry": (lambda: flip(entry(9), "data"), 9),
    "entry time": (lambda: change(entry(6), at=timezone.now() - timedelta(days=1)), 6),
    "entry type": (lambda: change(entry(6), type="other.v1"), 6),
    "entry direction": (lambda: change(entry(0), direction="in"), 0),
    "entry letter": (lambda: change(entry(0), jti=entry(2).jti), 0),
    "leaf hash": (lambda: flip(node(0, 4), "hash"), 4),
    "inner hash": (lambda: flip(node(1, 1), "hash"), 3),
    "top hash": (lambda: flip(node(3, 0), "hash"), 7),
    "hash removed": (lambda: void(node(2, 1).delete()), 7),
    "hash added": (lambda: void(Node.objects.create(year=year(), level=0, place=10, hash=bytes(32))), 10),
    "level added": (lambda: void(Node.objects.create(year=year(), level=4, place=0, hash=bytes(32))), 0),
    "row removed": (lambda: void(entry(5).delete()), 5),
    "row removed and closed up": (lambda: shift_down_after(5), 5),
    "last row removed": (lambda: void(entry(9).delete()), 9),
    "rows reordered": (lambda: swap(5, 9), 5),
    "neighbours reordered": (lambda: swap(8, 9), 8),
    "rewritten": (lambda: rewrite(5), 6),
    "checkpoint note": (lambda: change(checkpoint(1), note=checkpoint(1).note.replace("\n7\n", "\n6\n")), 6),
    "checkpoint signature": (lambda: change(checkpoint(2), note=checkpoint(2).note[:-8] + "AAAAAA=\n"), 9),
    "checkpoint root": (lambda: flip(checkpoint(1), "root"), 6),
    "checkpoint size": (lambda: change(checkpoint(1), size=8), 7),
    "checkpoint too large": (lambda: change(checkpoint(2), size=12), 10),
    "checkpoint removed": (lambda: void(checkpoint(2).delete()), 7),
    "cosigner": (lambda: change(checkpoint(0), cosigned={"sc": 1}), 3),
    "unknown cosigner": (lambda: change(checkpoint(0), cosigned={"gz": 1}), 3),
    "cosigning time": (lambda: change(checkpoint(1), cosigned={"sc": 1}), 6),
    "tree size": (lambda: void(Tree.objects.update(size=11)), 10),
    "tree root": (lambda: void(Tree.objects.update(root=bytes(32))), 9),
    "tree frontier": (lambda: void(Tree.objects.update(frontier=bytes(64))), 9),
    "body sent": (lambda: flip(first_out(), "content"), 0),
    "another body sent": (another_content, 0),
    "hash of a body sent": (lambda: change(first_out(), body_hash="0" * 64), 0),
    "digests of what was sent": (lambda: change(first_out(), digests=["0" * 64]), 0),
    "type of what was sent": (lambda: change(first_out(), type="agreement.v1"), 0),
    "body that came": (lambda: flip(Incoming.objects.get(), "content"), 2),
    "hash of a body that came": (lambda: change(Incoming.objects.get(), body_hash="0" * 64), 2),
    "digest of what came": (lambda: change(Incoming.objects.get(), digest="0" * 64), 2),
    "answer": (lambda: flip(Incoming.objects.get(), "reply_content"), 3),
    "number of what came": (lambda: change(Incoming.objects.get(), jti=Outgoing().pk), None),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_whatever_is_touched_is_found(kept: None, name: str) -> None:
    touch, index = TAMPERINGS[name]
    touch()
    with pytest.raises(Wrong) as wrong:
        check()
    assert (wrong.value.year, wrong.value.index) == (year(), index), str(wrong.value)
    assert "%(" not in str(wrong.value)


@pytest.mark.parametrize("forge", [forge_checkpoint, backdate])
def test_a_forged_signature_is_found(kept: None, partner: Partner, forge: Callable[[Partner], None]) -> None:
    forge(partner)
    with pytest.raises(Wrong) as wrong:
        check()
    assert wrong.value.index == 9


def test_batches_meet(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "BATCH", 7)
    monkeypatch.setattr(log, "BATCH", 13)
    grow(100)
    assert check()[0].entries == 100
    assert Node.objects.aggregate(top=Max("level"))["top"] == 6
    flip(node(5, 1), "hash")
    with pytest.raises(Wrong) as wrong:
        check()
    assert wrong.value.index == 63


# From a terminal


COMMANDS = {command.name: command for command in commands}


def run(command: str, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMANDS[command], list(arguments))
    return result.exit_code, result.output


def test_the_terminal_says_what_is_right_and_what_is_wrong(kept: None) -> None:
    code, said = run("log", "verify")
    assert (code, f"{year()} 年日志：10 条记录、3 个检查点、1 次会签，全部正确" in said) == (0, True)
    assert "信件：2 封" in said
    flip(entry(5), "data")
    code, said = run("log", "verify", "--year", str(year()))
    assert (code, f"{year()} 年日志第 5 条：" in said) == (1, True)


def test_the_terminal_compares_with_the_other_node(kept: None, partner: Partner) -> None:
    theirs = Theirs(partner)
    theirs.grow(4)
    partner.ask("checkpoint.v1", theirs.says(0))
    path = f"/exchange/log/{year()}/checkpoint"
    code, said = run("log", "verify", "--peer")
    assert (code, "未核对" in said) == (0, True)
    partner.pages[path] = str(theirs.says(0)["note"]).encode()
    code, said = run("log", "verify", "--peer")
    assert (code, "4 条，与本节点会签过的相符" in said) == (0, True)
    forged = Theirs(partner)
    forged.grow(3)
    partner.pages[path] = str(forged.says(0)["note"]).encode()
    code, said = run("log", "verify", "--peer")
    assert (code, "少于本节点会签过的 4 条" in said) == (1, True)
    Witnessed.objects.update(size=3)
    code, said = run("log", "verify", "--peer")
    assert (code, "会签过的（3 条）不同" in said) == (1, True)


def test_the_gate_from_a_terminal(partner: Partner) -> None:
    introduced(partner, active=False)
    node = faulty.Node(partner)
    code, said = run("conformance", partner.base_url + "/")
    assert (code, "0 项不对" in said) == (0, True)
    node.faults.add("audience")
    code, said = run("conformance", partner.base_url)
    assert (code, "✗ 应为 wrong_audience" in said) == (1, True)
    code, said = run("conformance", "http://127.0.0.1:1")
    assert (code, "没有登记地址" in said) == (2, True)
