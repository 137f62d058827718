"""Letters in: believed, held against replays, handled once, answered, logged."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.text import _
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange import handlers, inbox, log
from shuangcheng.exchange.handlers import Arrived, Later
from shuangcheng.exchange.models import Entry, Incoming, Nonce, Peer
from tests.partner import Partner, fresh

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Arrived]]:
    seen: list[Arrived] = []
    monkeypatch.setitem(handlers.HANDLERS, "change_notice.v1", seen.append)
    return seen


def test_a_letter_is_handled_logged_and_receipted(peer: Peer, partner: Partner, handled: list[Arrived]) -> None:
    answer = partner.ask("change_notice.v1", NOTICE)
    [arrived] = handled
    assert (arrived.letter.says, arrived.peer, arrived.by.kind) == (NOTICE, peer, "peer")
    entry, back = Entry.objects.order_by("id")
    assert answer.says == {"standing": "handled", "reasons": [], "leaf": log.leaf_hash(entry)}
    assert (entry.direction, back.direction) == ("in", "out")
    assert log.read(back)["digest"] == answer.digest


def test_the_same_letter_again_gets_the_same_receipt_and_is_not_handled(
    peer: Peer, partner: Partner, handled: list[Arrived]
) -> None:
    jti, salt = str(uuid7()), "A" * 22
    first = partner.ask("change_notice.v1", NOTICE, jti=jti, salt=salt)
    second = partner.ask("change_notice.v1", NOTICE, jti=jti, salt=salt)
    assert (first.says, first.envelope.jti) == (second.says, second.envelope.jti)
    assert first.envelope.nonce != second.envelope.nonce
    assert len(handled) == 1
    assert Entry.objects.count() == 2


def test_the_same_bytes_again_are_a_replay(peer: Peer, partner: Partner, handled: list[Arrived]) -> None:
    sealed = partner.seal("change_notice.v1", NOTICE)
    inbox.receive(sealed.raw, at=timezone.now())
    with pytest.raises(Refused) as refused:
        inbox.receive(sealed.raw, at=timezone.now())
    assert refused.value.objections[0].code == "replayed"
    assert len(handled) == 1


def test_an_id_with_another_body_is_refused(peer: Peer, partner: Partner, handled: list[Arrived]) -> None:
    jti = str(uuid7())
    partner.ask("change_notice.v1", NOTICE, jti=jti)
    with pytest.raises(Refused) as refused:
        partner.ask("change_notice.v1", NOTICE | {"cursor": 2}, jti=jti)
    assert refused.value.objections[0].code == "jti_taken"
    assert len(handled) == 1


def test_a_refusing_handler_leaves_nothing_but_the_refusal(
    peer: Peer, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(arrived: Arrived) -> None:
        Peer.objects.filter(pk=arrived.peer.pk).update(reason="half")
        raise refusal("no", _("不行。"))

    monkeypatch.setitem(handlers.HANDLERS, "change_notice.v1", refuse)
    answer = partner.ask("change_notice.v1", NOTICE)
    assert answer.says["standing"] == "refused"
    assert answer.says["reasons"] == [{"code": "no", "message": "不行。"}]
    peer.refresh_from_db()
    assert peer.reason == ""
    assert Incoming.objects.get().state == "refused"


def test_a_letter_that_comes_too_early_leaves_no_trace(
    peer: Peer, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def early(_arrived: Arrived) -> None:
        raise Later

    monkeypatch.setitem(handlers.HANDLERS, "change_notice.v1", early)
    with pytest.raises(Later):
        partner.ask("change_notice.v1", NOTICE)
    assert (Incoming.objects.count(), Nonce.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_an_unknown_type_is_parked_and_kept(peer: Peer, partner: Partner) -> None:
    answer = partner.ask("credit_award.v1", {"credits": 4})
    assert answer.says["standing"] == "parked"
    row = Incoming.objects.get()
    assert (row.state, row.type) == ("parked", "credit_award.v1")
    assert row.content is not None
    assert b"credits" not in bytes(row.content)


@pytest.mark.parametrize("state", ["introduced", "suspended"])
def test_only_an_active_node_is_heard(partner: Partner, peer: Peer, state: str) -> None:
    Peer.objects.update(state=state)
    with pytest.raises(Refused):
        partner.ask("change_notice.v1", NOTICE)
    assert Incoming.objects.count() == 0


def test_a_stranger_is_refused(partner: Partner, peer: Peer) -> None:
    partner.signer = fresh()
    with pytest.raises(Refused) as refused:
        partner.ask("change_notice.v1", NOTICE)
    assert refused.value.objections[0].code == "unknown_key"


def test_nonces_are_forgotten_only_when_nothing_can_be_replayed(peer: Peer, partner: Partner) -> None:
    partner.ask("change_notice.v1", NOTICE)
    assert inbox.forget_nonces(at=timezone.now()) == 0
    assert inbox.forget_nonces(at=timezone.now() + inbox.REMEMBERED) == 1
