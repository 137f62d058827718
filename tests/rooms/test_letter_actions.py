"""What an operator does with letters: again, now, and erased."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core.letter import LetterType
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.letters.change_notice import Body
from shuangcheng.core.outcome import Refused, refusal
from shuangcheng.core.text import _
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange import handlers, outbox
from shuangcheng.exchange.actions import letters
from shuangcheng.exchange.handlers import Arrived, Reply
from shuangcheng.exchange.models import Entry, Incoming, Outgoing, Peer
from tests.partner import Partner, problem
from tests.world import SYSTEM, World

NOTICE = {"kind": "organisation", "ids": ["019ab000-0000-7000-8000-000000000001"], "cursor": 1}


def at(**ahead: float) -> Any:
    return timezone.localtime() + timedelta(**ahead)


def settled(peer: Peer, state: str) -> Outgoing:
    row = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at())
    outbox.deliver(row.pk, at=at())
    row.refresh_from_db()
    assert row.state == state
    return row


def code(action: Any, **arguments: Any) -> str:
    with pytest.raises(Refused) as refused:
        action(**arguments)
    return refused.value.objections[0].code


@pytest.mark.parametrize("who", ["cq_officer", "auditor", "learner"])
def test_only_the_operator_touches_letters(world: World, peer: Peer, who: str) -> None:
    row = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at())
    by = getattr(world, who).actor
    assert code(letters.again, letter=row, by=by, at=at()) == "no_right"
    assert code(letters.erase, letter=row, by=by, at=at()) == "no_right"
    assert code(letters.erase_past_term, by=by, at=at()) == "no_right"
    assert code(letters.handle, letter=Incoming(), by=by, at=at()) == "no_right"


def test_what_was_refused_unsigned_goes_again_under_its_number(peer: Peer, partner: Partner) -> None:
    partner.answer = lambda _partner, _raw: problem(403, "unknown_type")
    row = settled(peer, "refused")
    partner.answer = Partner.receipt
    assert letters.again(letter=row, by=SYSTEM, at=at()).pk == row.pk
    outbox.deliver(row.pk, at=at())
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("delivered", 2)
    assert str(row.pk) == partner.received[0].envelope.jti
    line = AuditLine.objects.get(verb="letter.again")
    assert line.changes["state"] == ["refused", "waiting"]
    assert Entry.objects.filter(direction="out").count() == 1


def test_what_was_refused_by_a_signed_answer_goes_again_under_a_new_number(peer: Peer, partner: Partner) -> None:
    reasons = [{"code": "no", "message": "不行。"}]
    partner.answer = lambda partner, raw: partner.reply(
        partner.open(raw), "receipt.v1", {"standing": "refused", "reasons": reasons}, status=422
    )
    row = settled(peer, "refused")
    partner.answer = Partner.receipt
    sent = letters.again(letter=row, by=SYSTEM, at=at())
    outbox.deliver(sent.pk, at=at())
    sent.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, sent.state) == ("refused", "delivered")
    assert partner.received[0].says == NOTICE
    assert (sent.body_hash == row.body_hash, sent.pk == row.pk) == (False, False)


def test_a_dead_letter_gets_its_two_weeks_anew(peer: Peer, partner: Partner) -> None:
    partner.answer = lambda _partner, _raw: problem(503, "unavailable")
    row = settled(peer, "waiting")
    Outgoing.objects.update(next_at=at())
    outbox.deliver(row.pk, at=at(days=15))
    row.refresh_from_db()
    assert row.state == "dead"
    letters.again(letter=row, by=SYSTEM, at=at(days=20))
    outbox.deliver(row.pk, at=at(days=20))
    row.refresh_from_db()
    assert row.state == "waiting"


def test_what_is_on_its_way_or_there_does_not_go_again(peer: Peer) -> None:
    assert code(letters.again, letter=settled(peer, "delivered"), by=SYSTEM, at=at()) == "not_settled"


# Parked letters


@pytest.fixture
def parked(peer: Peer, partner: Partner) -> Incoming:
    partner.ask("later_known.v1", NOTICE, jti="019ab000-0000-7000-8000-00000000000a", salt="A" * 22)
    return Incoming.objects.get()


def learn(monkeypatch: pytest.MonkeyPatch, handler: Any) -> None:
    declared = LetterType("later_known", 1, "…", Body, NOTICE, ())
    monkeypatch.setitem(LETTERS, "later_known.v1", declared)
    monkeypatch.setitem(handlers.HANDLERS, "later_known.v1", handler)


def test_a_parked_letter_waits_for_its_type(parked: Incoming) -> None:
    assert code(letters.handle, letter=parked, by=SYSTEM, at=at()) == "type_unknown"
    assert Incoming.objects.get().state == "parked"


def test_a_parked_letter_is_handled_once_and_its_sender_learns_of_it(
    parked: Incoming, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Arrived] = []
    learn(monkeypatch, seen.append)
    letters.handle(letter=parked, by=SYSTEM, at=at())
    assert [(each.letter.says, each.letter.envelope.type) for each in seen] == [(NOTICE, "later_known.v1")]
    assert code(letters.handle, letter=parked, by=SYSTEM, at=at()) == "not_parked"
    before = Entry.objects.count()
    answer = partner.ask("later_known.v1", NOTICE, jti=str(parked.jti), salt="A" * 22)
    assert (answer.says["standing"], answer.envelope.jti) == ("handled", str(Incoming.objects.get().reply_jti))
    assert (len(seen), Entry.objects.count()) == (1, before + 1), "the new answer is logged, once"
    partner.ask("later_known.v1", NOTICE, jti=str(parked.jti), salt="A" * 22)
    assert Entry.objects.count() == before + 1
    assert AuditLine.objects.filter(verb="letter.handle").count() == 1


def test_a_parked_letter_may_be_refused_in_the_end(parked: Incoming, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_arrived: Arrived) -> Reply | None:
        raise refusal("no", _("不行。"))

    learn(monkeypatch, refuse)
    row = letters.handle(letter=parked, by=SYSTEM, at=at())
    assert (row.state, row.reasons[0]["code"]) == ("refused", "no")


# Bodies


def test_a_body_is_erased_after_its_term_only(peer: Peer, partner: Partner) -> None:
    row = settled(peer, "delivered")
    partner.ask("change_notice.v1", NOTICE)
    came = Incoming.objects.get()
    for letter in (row, came):
        assert code(letters.erase, letter=letter, by=SYSTEM, at=at(days=179)) == "kept"
        erased = letters.erase(letter=letter, by=SYSTEM, at=at(days=181))
        assert (erased.content, erased.reply_content) == (None, None)
        assert code(letters.erase, letter=letter, by=SYSTEM, at=at(days=181)) == "erased"
    assert AuditLine.objects.filter(verb="letter.erase").count() == 2


def test_what_is_not_settled_keeps_its_body(peer: Peer, parked: Incoming) -> None:
    row = outbox.send(to=peer, type="change_notice.v1", says=NOTICE, by=SYSTEM, at=at())
    for letter in (row, parked):
        assert code(letters.erase, letter=letter, by=SYSTEM, at=at(days=181)) == "not_settled"
    assert letters.erase_past_term(by=SYSTEM, at=at(days=181)) == 0


def test_all_bodies_past_their_term_go_at_once(peer: Peer, partner: Partner) -> None:
    settled(peer, "delivered")
    partner.ask("change_notice.v1", NOTICE)
    assert letters.erase_past_term(by=SYSTEM, at=at(days=179)) == 0
    assert letters.erase_past_term(by=SYSTEM, at=at(days=181)) == 2
    assert not Outgoing.objects.exclude(content=None).exists()
    assert not Incoming.objects.exclude(reply_content=None).exists()
