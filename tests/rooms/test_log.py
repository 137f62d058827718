"""The log: places given once, proofs that hold, trees that two nodes watch for each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangcheng.core import merkle
from shuangcheng.core.checkpoint import Verifier, cosign, open_checkpoint, sign_checkpoint
from shuangcheng.core.wire import seconds
from shuangcheng.exchange import log, outbox, trust, witness
from shuangcheng.exchange.models import Checkpoint, Entry, Outgoing, Peer, Tree, Witnessed
from shuangcheng.exchange.terms import Direction
from tests.partner import Partner
from tests.world import SYSTEM


def appended(count: int) -> list[Entry]:
    at = timezone.localtime()
    return [log.append(direction=Direction.HERE, type="test.v1", at=at, says={"n": n}) for n in range(count)]


def test_every_entry_gets_one_place_and_a_proof(peer: Peer) -> None:
    entries = appended(11)
    assert log.sequence(at=timezone.localtime()) == 11
    entries += appended(3)
    proof = log.prove(entries[-1], at=timezone.localtime())
    assert (proof.index, proof.size) == (13, 14)
    for entry in entries:
        entry.refresh_from_db()
        made = log.prove(entry, at=timezone.localtime())
        merkle.verify_inclusion(
            leaf_hash=merkle.leaf_hash(made.data), index=made.index, size=made.size, proof=list(made.hashes),
            root=made.root,
        )  # fmt: skip
    assert [entry.index for entry in entries] == list(range(14))
    me = trust.current(at=timezone.now()).me
    year = log.year_of(timezone.now())
    [verifier] = trust.log_verifiers(me, year)
    assert open_checkpoint(proof.note, log=verifier).root == proof.root


def test_nothing_new_makes_no_checkpoint(peer: Peer) -> None:
    appended(1)
    log.sequence(at=timezone.localtime())
    assert log.sequence(at=timezone.localtime()) == 0
    assert Checkpoint.objects.count() == 1


def test_each_year_has_its_tree(peer: Peer) -> None:
    at = timezone.localtime()
    for when in (at, at + timedelta(days=366)):
        log.append(direction=Direction.HERE, type="test.v1", at=when, says={})
    log.sequence(at=at)
    assert [tree.size for tree in Tree.objects.all()] == [1, 1]


def cosigned(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
    letter = partner.open(raw)
    signer = _signer(partner, log.year_of(timezone.now()))
    note = cosign(letter.says["note"], signer=signer, time=seconds(timezone.now()))
    return partner.reply(letter, "cosignature.v1", {"note": note})


def _signer(partner: Partner, year: int) -> object:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from shuangcheng.core.checkpoint import Signer

    private = Ed25519PrivateKey.from_private_bytes(partner.signer.raw)
    return Signer(trust.log_name(partner.opened, year), private)


def test_the_other_node_cosigns_what_grew(peer: Peer, partner: Partner) -> None:
    partner.answer = cosigned
    for count in (3, 5):
        appended(count)
        log.sequence(at=timezone.localtime())
        assert witness.ask(by=SYSTEM, at=timezone.localtime()) == 1
        assert witness.ask(by=SYSTEM, at=timezone.localtime()) == 0, "one question at a time"
        [row] = Outgoing.objects.filter(state="waiting")
        outbox.deliver(row.pk, at=timezone.localtime())
    newest = Checkpoint.objects.first()
    assert newest is not None
    assert list(newest.cosigned) == ["sc"]
    assert Entry.objects.filter(index=None).count() == 0, "letters about the log are not logged"


def test_a_cosignature_that_is_not_theirs_is_not_kept(peer: Peer, partner: Partner) -> None:
    partner.answer = lambda partner, raw: partner.reply(
        partner.open(raw), "cosignature.v1", {"note": partner.open(raw).says["note"]}
    )
    appended(1)
    log.sequence(at=timezone.localtime())
    witness.ask(by=SYSTEM, at=timezone.localtime())
    outbox.deliver(Outgoing.objects.get().pk, at=timezone.localtime())
    assert Checkpoint.objects.get().cosigned == {}


class Theirs:
    """The partner's own log."""

    def __init__(self, partner: Partner) -> None:
        self.partner, self.year, self.leaves = partner, log.year_of(timezone.now()), []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.frontier = merkle.Frontier()

    def grow(self, count: int) -> None:
        for n in range(count):
            for level, place, hash in self.frontier.append(merkle.leaf_hash(f"{self.frontier.size} {n}".encode())):
                self.nodes[level, place] = hash

    def says(self, since: int) -> dict[str, object]:
        size = self.frontier.size
        get = lambda level, place: self.nodes[level, place]  # noqa: E731
        proof = merkle.consistency_proof(size1=since, size2=size, get=get) if since else []
        note = sign_checkpoint(size=size, root=self.frontier.root(), signer=_signer(self.partner, self.year))  # type: ignore[arg-type]
        return {"note": note, "since": since, "proof": [hash.hex() for hash in proof]}


def test_ours_cosigns_a_log_that_only_grew(peer: Peer, partner: Partner) -> None:
    theirs = Theirs(partner)
    theirs.grow(4)
    partner.ask("checkpoint.v1", theirs.says(0))
    theirs.grow(3)
    answer = partner.ask("checkpoint.v1", theirs.says(4))
    me = trust.current(at=timezone.now()).me
    verifier = _signer(partner, theirs.year).verifier  # type: ignore[attr-defined]
    opened = open_checkpoint(answer.says["note"], log=verifier, cosigners=trust.log_verifiers(me, theirs.year))
    assert list(opened.cosigned) == [trust.log_name(me, theirs.year)]
    assert Witnessed.objects.get().size == 7


@pytest.mark.parametrize("since", [0, 3, 4])
def test_a_log_that_forgot_is_not_cosigned(peer: Peer, partner: Partner, since: int) -> None:
    theirs = Theirs(partner)
    theirs.grow(4)
    partner.ask("checkpoint.v1", theirs.says(0))
    forged = Theirs(partner)
    forged.frontier.append(merkle.leaf_hash(b"another"))
    forged.nodes[0, 0] = merkle.leaf_hash(b"another")
    forged.grow(6)
    answer = partner.ask("checkpoint.v1", forged.says(since))
    assert answer.says["reasons"][0]["code"] == "log_forked"
    assert Witnessed.objects.get().size == 4


def test_a_checkpoint_by_another_key_is_not_cosigned(peer: Peer, partner: Partner) -> None:
    theirs = Theirs(partner)
    theirs.grow(1)
    says = theirs.says(0)
    stranger = Partner("sc")
    stranger.base_url = partner.base_url
    says["note"] = sign_checkpoint(size=1, root=theirs.frontier.root(), signer=_signer(stranger, theirs.year))  # type: ignore[arg-type]
    answer = partner.ask("checkpoint.v1", says)
    assert answer.says["reasons"][0]["code"] == "checkpoint"
    stranger.close()


def test_verifiers_are_named_after_the_node_and_the_year(peer: Peer, partner: Partner) -> None:
    assert trust.log_name(partner.opened, 2026).endswith("/log/2026")
    assert isinstance(_signer(partner, 2026).verifier, Verifier)  # type: ignore[attr-defined]
