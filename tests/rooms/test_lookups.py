"""Look-ups: asked and answered between nodes, held against agreement, consent and rate, and kept for the person."""

from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core.agreement import digest_of as digest_of_terms
from shuangcheng.core.agreement import trials
from shuangcheng.core.consent import Receipt, Withdrawals, digest_of, sign_consent, sign_withdrawals, subject_of
from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.core.wire import seconds, sha256
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange import inbox
from shuangcheng.exchange.handlers import Limited
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.registers import asking, keeping
from shuangcheng.registers.actions import consents, holdings
from shuangcheng.registers.inputs.consents import ConsentInput
from shuangcheng.registers.inputs.lookups import LookUpInput
from shuangcheng.registers.models import Access, Consent, LookUp, Sharing
from tests.partner import Partner, problem
from tests.rooms.sharing import agreed, deliver
from tests.world import SYSTEM, World

ID, CERTIFICATE = "999999198503070014", "20155000031000001"
BY = {"name": "李老师", "certificate_number": CERTIFICATE}
ASKING, ANSWERING = 21, 17
BY_ID = {"name": "李老师", "id_number": ID}


def question(*rows: dict[str, str], **changes: Any) -> LookUpInput:
    values = {
        "register_name": "teacher_certificate", "purpose": "recruitment", "basis": "statutory_duty", "node": "sc",
        "rows": [{"by": row} for row in rows or (BY,)],
    }  # fmt: skip
    return read(LookUpInput, values | changes)


def ask(world: World, *rows: dict[str, str], who: str = "cqu_admin", **changes: Any) -> LookUp:
    return asking.ask(data=question(*rows, **changes), by=getattr(world, who).actor, at=timezone.localtime())


def answers(*outcomes: str) -> Any:
    """How the partner answers look-ups."""

    def answer(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
        letter = partner.open(raw)
        partner.received.append(letter)
        rows = zip(letter.says["rows"], outcomes, strict=True)
        told = [
            {"ref": row["ref"], "outcome": outcome} | ({"record": {"status": "valid"}} if outcome == "found" else {})
            for row, outcome in rows
        ]
        says = {"register_name": "teacher_certificate", "answers": told, "withheld": ["subject"]}
        return partner.reply(letter, "lookup_reply.v1", says)

    return answer


def codes(refused: Refused) -> list[str]:
    return [objection.code for objection in refused.objections]


@pytest.fixture
def sharing(world: World, peer: Peer, partner: Partner) -> Sharing:
    """We ask the partner for certificates."""
    row = agreed(world, peer, partner)
    partner.received.clear()
    return row


@pytest.fixture
def held(world: World, peer: Peer, partner: Partner) -> Sharing:
    """The partner asks us, and we hold one certificate."""
    row = agreed(world, peer, partner, part="provider", rows_a_day=100)
    register = REGISTERS["teacher_certificate"]
    holdings.put(register=register, values=register.sample, source="测试", by=SYSTEM, at=timezone.localtime())
    return row


def theirs(sharing: Sharing, *rows: dict[str, Any], **changes: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The partner's letter: type, body, outside."""
    says = {
        "register_name": "teacher_certificate", "asker": "school", "organisation": "成都某中学",
        "rows": [{"ref": str(n), **row} for n, row in enumerate(rows or ({"by": BY},), start=1)],
    }  # fmt: skip
    outside = {
        "purpose": "recruitment", "legal_basis": "statutory_duty", "fields": ["kind", "status", "id_number"],
        "agreement": sharing.digest,
    }  # fmt: skip
    for name, value in changes.items():
        (says if name in ("asker", "consents", "register_name") else outside)[name] = value
    return "lookup.v1", says, outside


def reasons(partner: Partner, letter: tuple[str, dict[str, Any], dict[str, Any]]) -> list[str]:
    type, says, outside = letter
    answer = partner.ask(type, says, **outside)
    assert answer.says["standing"] == "refused"
    return [reason["code"] for reason in answer.says["reasons"]]


# Asking


@pytest.mark.parametrize("who", ["learner", "teacher", "employer", "scu_admin", "sc_officer", "outsider_public"])
def test_who_may_not_ask(world: World, sharing: Sharing, who: str) -> None:
    actor = world.anyone if who == "outsider_public" else getattr(world, who).actor
    with pytest.raises(Refused):
        asking.ask(data=question(), by=actor, at=timezone.localtime())
    assert not LookUp.objects.exists()
    assert not Outgoing.objects.filter(type="lookup.v1").exists()


def test_one_record_is_answered_at_once(world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = answers("found")
    row = ask(world, BY_ID)
    assert (row.state, row.found, row.asker, row.organisation_name) == ("answered", 1, "university", "重庆大学")
    assert keeping.answers(row)[0]["record"] == {"status": "valid"}
    assert "subject" not in row.told
    [letter] = partner.received
    assert letter.says["organisation"] == "重庆大学"
    assert letter.envelope.agreement == sharing.digest
    [access] = Access.objects.all()
    assert (access.lookup_id, access.outcome) == (row.pk, "found")
    lines = AuditLine.objects.filter(verb="lookup.ask")
    assert [line.changes["rows"] for line in lines] == [[None, 1]]
    assert ID not in str(list(lines.values()))


def test_while_the_other_node_is_away_it_waits_and_is_answered_later(
    world: World, sharing: Sharing, partner: Partner
) -> None:
    partner.answer = lambda _partner, _raw: problem(503, "down")
    row = ask(world)
    assert row.state == "waiting"
    partner.answer = answers("no_match")
    Outgoing.objects.update(next_at=timezone.localtime())
    deliver()
    row.refresh_from_db()
    assert (row.state, row.unmatched) == ("answered", 1)


def test_many_records_are_one_letter(world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = answers("found", "no_match", "refused")
    row = ask(world, BY_ID, BY, {"name": "王老师", "certificate_number": "20155000031000002"})
    assert row.state == "waiting"
    deliver()
    row.refresh_from_db()
    assert (row.found, row.unmatched, row.refused, row.rows) == (1, 1, 1, 3)
    assert len(partner.received) == 1


def test_what_the_other_node_refuses_is_told_with_its_reasons(world: World, sharing: Sharing, partner: Partner) -> None:
    says = {"standing": "refused", "reasons": [{"code": "agreement_expired", "message": "到期"}]}
    partner.answer = lambda partner, raw: partner.reply(partner.open(raw), "receipt.v1", says, status=422)
    row = ask(world)
    assert (row.state, row.reasons) == ("refused", says["reasons"])


def test_an_answer_to_other_rows_is_not_taken(world: World, sharing: Sharing, partner: Partner) -> None:
    def answer(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
        says = {"register_name": "teacher_certificate", "answers": [{"ref": "9", "outcome": "found"}]}
        return partner.reply(partner.open(raw), "lookup_reply.v1", says)

    partner.answer = answer
    row = ask(world)
    assert (row.state, row.reasons[0]["code"]) == ("failed", "another_answer")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"register_name": "marks"}, "register"),
        ({"purpose": "enrolment"}, "purpose"),
        ({"basis": "guardian_consent"}, "basis"),
        ({"basis": "contract"}, "basis_not_agreed"),
        ({"purpose": "supervision"}, "purpose_not_agreed"),
        ({"fields": ["salary"]}, "fields"),
        ({"fields": ["issuer"]}, "field_not_agreed"),
        ({"node": "gz"}, "peer"),
        ({"organisation": "四川大学"}, "organisation"),
        ({"register_name": "student_status", "purpose": "admission", "rows": [
            {"by": {"name": "王小明", "pupil_number": "L999999201509010123"}}]}, "no_agreement"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_before_it_is_sent(
    world: World, sharing: Sharing, changes: dict[str, Any], wanted: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(world, **changes)
    assert wanted in codes(refused.value)
    assert not Outgoing.objects.filter(type="lookup.v1").exists()


def test_wrong_rows_are_told_by_row_and_field(world: World, sharing: Sharing) -> None:
    with pytest.raises(Refused) as refused:
        ask(world, BY, {"name": "李老师", "id_number": "999999198503070010"}, {"name": "李老师"})
    places = [objection.where for objection in refused.value.objections]
    assert places == ["rows.1.id_number", "rows.2.by"]
    assert "999999198503070010" not in str(refused.value)


def test_the_own_register_is_looked_up_here_and_logged_alike(world: World, held: Sharing) -> None:
    row = ask(world, BY_ID, node="cq", who="cq_officer", fields=["status", "kind"])
    assert (row.direction, row.state, row.found, row.told) == ("own", "answered", 1, ["kind", "status"])
    assert keeping.answers(row)[0]["record"] == {"kind": "junior", "status": "valid"}
    assert row.entry is not None
    assert Access.objects.get().outcome == "found"


# Consents


def consented(world: World, **changes: Any) -> Consent:
    values = {
        "register_name": "teacher_certificate", "purpose": "recruitment", "name": "李老师", "number": ID,
        "fields": ["kind", "status"],
    }  # fmt: skip
    data = read(ConsentInput, values | changes)
    return consents.take(data=data, by=world.cqu_admin.actor, at=timezone.localtime())


def test_a_question_on_consent_carries_the_receipt(world: World, sharing: Sharing, partner: Partner) -> None:
    with pytest.raises(Refused) as refused:
        ask(world, BY_ID, basis="separate_consent")
    assert codes(refused.value) == ["consent_missing"]
    consent = consented(world)
    assert (consent.name, consent.masked, consent.organisation_id) == ("李*师", "999***********0014", world.cqu.pk)
    partner.answer = answers("found")
    assert ask(world, BY_ID, basis="separate_consent", fields=["status"]).state == "answered"
    [letter] = partner.received
    assert letter.says["rows"][0]["consent"] == consent.digest
    assert letter.envelope.consent == digest_of([letter.says["consents"][0].encode()])


def test_a_withdrawn_consent_carries_nothing_and_the_others_hear(
    world: World, sharing: Sharing, partner: Partner
) -> None:
    consent, at = consented(world), timezone.localtime()
    consents.withdraw(consent=consent, version=consent.version, by=world.cqu_admin.actor, at=at)
    deliver()
    assert partner.received[-1].envelope.type == "withdrawals.v1"
    with pytest.raises(Refused):
        ask(world, BY_ID, basis="separate_consent")


def test_a_guardian_consents_for_a_child(world: World, sharing: Sharing) -> None:
    child = {"register_name": "student_status", "purpose": "enrolment", "number": "L999999202009010123", "name": "小明"}
    with pytest.raises(Refused) as refused:
        consented(world, fields=[], **child)
    assert codes(refused.value) == ["guardian"]
    assert consented(world, fields=[], guardian="王大明", **child).guardian == "王大明"
    with pytest.raises(Refused) as refused:
        consented(world, guardian="王大明")
    assert codes(refused.value) == ["guardian"]


# Answering


def test_a_letter_is_answered_with_what_was_agreed_and_needed(held: Sharing, partner: Partner) -> None:
    type, says, outside = theirs(held)
    answer = partner.ask(type, says, **outside)
    assert answer.envelope.type == "lookup_reply.v1"
    assert answer.says == {
        "register_name": "teacher_certificate",
        "answers": [{"ref": "1", "outcome": "found", "record": {"kind": "junior", "status": "valid"}}],
        "withheld": ["id_number"],
    }
    row = LookUp.objects.get()
    assert (row.direction, row.organisation_name, row.told) == ("answered", "成都某中学", ["kind", "status"])
    assert Access.objects.filter(lookup=row, outcome="found").count() == 1, "by the id number of the record"
    line = AuditLine.objects.get(verb="lookup.answer")
    assert line.changes == {"rows": [None, 1], "found": [None, 1]}


def test_no_match_tells_nothing_and_is_noted(held: Sharing, partner: Partner) -> None:
    type, says, outside = theirs(held, {"by": {"name": "王老师", "id_number": ID}}, {"by": BY})
    answer = partner.ask(type, says, **outside)
    assert answer.says["answers"][0] == {"ref": "1", "outcome": "no_match"}
    assert sorted(Access.objects.values_list("row", "outcome")) == [(0, "no_match"), (1, "found")]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"agreement": "0" * 64}, "another_agreement"),
        ({"purpose": "supervision"}, "purpose_not_agreed"),
        ({"legal_basis": "contract"}, "basis_not_agreed"),
        ({"asker": "person"}, "asker_not_agreed"),
        ({"fields": ["issuer"]}, "field_not_agreed"),
        ({"register_name": "school_licence"}, "register_not_agreed"),
        ({"register_name": "marks"}, "register"),
    ],
)
def test_a_letter_outside_the_agreement_is_refused(
    held: Sharing, partner: Partner, changes: dict[str, Any], wanted: str
) -> None:
    assert wanted in reasons(partner, theirs(held, **changes))
    assert not LookUp.objects.exists()
    assert not Access.objects.exists()


def test_nothing_is_answered_under_an_agreement_that_ended(held: Sharing, partner: Partner) -> None:
    Sharing.objects.update(state="ended")
    assert reasons(partner, theirs(held)) == ["agreement_over"]


def test_over_the_days_limit_the_sender_waits(held: Sharing, partner: Partner) -> None:
    rows = [{"by": BY}] * 60
    type, says, outside = theirs(held, *rows)
    assert len(partner.ask(type, says, **outside).says["answers"]) == 60
    with pytest.raises(Limited, match="每天 100 条"):
        inbox.receive(partner.seal(type, says, **outside).raw, at=timezone.now())
    assert LookUp.objects.count() == 1


def test_a_consent_is_checked_by_the_provider(held: Sharing, partner: Partner) -> None:
    at, salt = seconds(timezone.now()), "A" * 22

    def receipt(number: int, **changes: Any) -> str:
        values = {
            "id": f"019ab000-0000-7000-8000-{number:012d}", "iss": "sc", "subject": subject_of(ID, salt=salt),
            "salt": salt, "register_name": "teacher_certificate", "purpose": "recruitment",
            "fields": ["kind", "status"], "recipients": ["sc"], "given": at - 60, "starts": at - 60,
            "ends": at + 86_400,
        }  # fmt: skip
        return sign_consent(read(Receipt, values | changes), keys=[partner.signer]).decode()

    def letter(raw: str, by: dict[str, str] = BY_ID, **changes: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
        values = {"legal_basis": "separate_consent", "consents": [raw], "consent": digest_of([raw.encode()])}
        return theirs(held, {"by": by, "consent": sha256(raw.encode())}, **(values | changes))

    good = receipt(1)
    type, says, outside = letter(good)
    assert partner.ask(type, says, **outside).says["answers"][0]["outcome"] == "found"
    assert reasons(partner, letter(good, consent="0" * 64)) == ["consent_digest"]
    assert reasons(partner, letter(good, {"name": "李老师", "id_number": "999999198503070022"})) == ["consent_subject"]
    wrong = letter(good, {"name": "李老师", "id_number": "999999198503070010"})
    assert reasons(partner, wrong) == ["id_card.check"]
    assert reasons(partner, letter(good, BY)) == ["consent_missing"], "nobody can tell whose certificate it is"
    assert reasons(partner, letter(receipt(2, purpose="title_review"))) == ["consent_purpose"]
    assert reasons(partner, letter(receipt(3, ends=at - 1))) == ["consent_expired"]
    assert reasons(partner, letter(receipt(4, iss="cq"))) == ["wrong_issuer"]
    withdrawals = Withdrawals(iss="sc", at=at, ids=("019ab000-0000-7000-8000-000000000001",))
    document = sign_withdrawals(withdrawals, keys=[partner.signer]).decode()
    assert partner.ask("withdrawals.v1", {"document": document}).says["standing"] == "handled"
    assert reasons(partner, letter(good)) == ["consent_withdrawn"]


def test_a_guest_of_the_gate_sees_the_sample_only(held: Sharing, partner: Partner) -> None:
    register = REGISTERS["teacher_certificate"]
    known = trials(register, provider="cq", recipient="sc")
    Peer.objects.update(state="guest")
    changes = {"asker": "authority", "fields": ["status", "registered_until"]}
    type, says, outside = theirs(held, agreement=digest_of_terms(known["current"]), **changes)
    sealed = partner.seal(type, says, **outside)
    answer = partner.open(inbox.receive(sealed.raw, at=timezone.now()).raw, in_reply_to=[sealed.digest])
    assert answer.says["answers"] == [{"ref": "1", "outcome": "found", "record": {"status": "valid"}}]
    assert not Access.objects.exists()
    assert reasons(partner, theirs(held, agreement=held.digest, **changes)) == ["another_agreement"]
    expired = digest_of_terms(known["expired"])
    assert reasons(partner, theirs(held, agreement=expired, **changes)) == ["agreement_expired"]
    only = changes | {"fields": ["registered_until"]}
    assert reasons(partner, theirs(held, agreement=digest_of_terms(known["current"]), **only)) == ["field_not_agreed"]


def test_the_statements_of_a_single_look_up_stay_few(
    world: World, sharing: Sharing, partner: Partner, django_assert_max_num_queries: Any
) -> None:
    """As many as the letter's delivery takes, and few more."""
    partner.answer = answers("found")
    ask(world, BY_ID)
    with django_assert_max_num_queries(ASKING):
        ask(world, BY_ID)


def test_the_statements_of_an_answer_stay_few(
    held: Sharing, partner: Partner, django_assert_max_num_queries: Any
) -> None:
    type, says, outside = theirs(held)
    partner.ask(type, says, **outside)
    sealed = partner.seal(type, says, **outside)
    with django_assert_max_num_queries(ANSWERING):
        inbox.receive(sealed.raw, at=timezone.now())
