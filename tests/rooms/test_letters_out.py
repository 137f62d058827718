"""Letters out: written with what they tell of, tried again, settled once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shuangcheng.core.outcome import Refused
from shuangcheng.exchange import handlers, log, outbox
from shuangcheng.exchange.models import Entry, Outgoing, Peer
from tests.partner import Partner, problem
from tests.world import SYSTEM

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}


def sent(peer: Peer, **more: object) -> Outgoing:
    return outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=timezone.localtime(), **more)  # type: ignore[arg-type]


def later(minutes: float = 0) -> object:
    return timezone.localtime() + timedelta(minutes=minutes)


def test_a_letter_arrives_and_is_logged_on_its_way(peer: Peer, partner: Partner) -> None:
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    assert (row.state, row.reply_type, row.attempts) == ("delivered", "receipt.v1", 1)
    [letter] = partner.received
    assert letter.says == NOTICE
    assert letter.envelope.jti == str(row.pk)
    out, back = Entry.objects.order_by("id")
    assert (out.direction, log.read(out)["body_hash"]) == ("out", row.body_hash)
    assert (back.direction, back.type) == ("in", "receipt.v1")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (problem(500, "failure"), "waiting"),
        (problem(503, "unavailable"), "waiting"),
        (problem(429, "slow_down"), "waiting"),
        (problem(425, "too_early"), "waiting"),
        (problem(400, "clock_off"), "waiting"),
        (problem(409, "replayed"), "waiting"),
        ((302, "text/html", b""), "waiting"),
        ((200, "text/html", b"<p>"), "waiting"),
        ((200, "application/jose+json", b"{}"), "waiting"),
        (problem(403, "peer_not_active"), "waiting"),
        (problem(403, "key_revoked"), "refused"),
        (problem(409, "jti_taken"), "refused"),
    ],
)
def test_what_is_tried_again_and_what_is_final(
    peer: Peer, partner: Partner, answer: tuple[int, str, bytes], state: str
) -> None:
    partner.answer = lambda _partner, _raw: answer
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    assert row.state == state
    assert row.reasons
    assert (row.next_at is not None) == (state == "waiting")


def test_an_unreachable_node_is_told_on_its_page_and_tried_later(peer: Peer, partner: Partner) -> None:
    partner.close()
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    peer.refresh_from_db()
    assert row.state == "waiting"
    assert peer.failing_since is not None
    assert "unreachable" in peer.failure


def test_each_attempt_is_sealed_anew_around_the_same_body(peer: Peer, partner: Partner) -> None:
    raws: list[bytes] = []

    def once_down(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
        raws.append(raw)
        return problem(503, "down") if len(raws) == 1 else partner.receipt(raw)

    partner.answer = once_down
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    assert outbox.deliver(row.pk, at=timezone.localtime()) is None, "not before its time"
    Outgoing.objects.update(next_at=timezone.localtime())
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    first, second = (partner.open(raw).envelope for raw in raws)
    assert (first.jti, first.body_hash) == (second.jti, second.body_hash)
    assert first.nonce != second.nonce
    assert (row.state, row.attempts, len(row.digests)) == ("delivered", 2, 2)
    assert Entry.objects.filter(direction="out").count() == 1


def test_a_refusal_by_the_other_side_is_final_and_heard(
    peer: Peer, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Outgoing] = []
    monkeypatch.setitem(handlers.FAILURES, "change_notice.v1", lambda row, _at: heard.append(row))
    reasons = [{"code": "no", "message": "不行"}]
    says = {"standing": "refused", "reasons": reasons}
    partner.answer = lambda partner, raw: partner.reply(partner.open(raw), "receipt.v1", says, status=422)
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    assert (row.state, row.reasons) == ("refused", reasons)
    assert [each.pk for each in heard] == [row.pk]


def test_an_answer_to_another_letter_settles_nothing(peer: Peer, partner: Partner) -> None:
    says = {"standing": "handled"}
    partner.answer = lambda partner, _raw: (
        200, "application/jose+json", partner.seal("receipt.v1", says, in_reply_to="0" * 64).raw,
    )  # fmt: skip
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime())
    row.refresh_from_db()
    assert row.state == "waiting"
    assert row.reasons[0]["code"] == "another_request"


def test_after_two_weeks_it_is_given_up_but_kept(peer: Peer, partner: Partner) -> None:
    partner.answer = lambda _partner, _raw: problem(503, "down")
    row = sent(peer)
    outbox.deliver(row.pk, at=timezone.localtime() + timedelta(days=15))
    row.refresh_from_db()
    assert (row.state, row.reasons[0]["code"]) == ("dead", "down")


def test_nothing_is_sent_to_a_suspended_node(peer: Peer) -> None:
    Peer.objects.update(state="suspended")
    peer.refresh_from_db()
    with pytest.raises(Refused, match="不能发信"):
        sent(peer, reference=uuid4())


def test_two_workers_do_not_send_the_same_letter_at_once(peer: Peer, partner: Partner) -> None:
    row = sent(peer)
    at = timezone.localtime()
    Outgoing.objects.filter(pk=row.pk).update(next_at=at + outbox.LEASE)
    assert outbox.deliver(row.pk, at=at) is None
    assert partner.received == []


@pytest.mark.parametrize("attempts", [1, 2, 5, 40])
def test_waits_grow_to_an_hour(attempts: int) -> None:
    longest = min(3600.0, 5 * 2.0 ** (attempts - 1))
    assert longest * 0.5 <= outbox.wait(attempts).total_seconds() <= longest * 1.5
