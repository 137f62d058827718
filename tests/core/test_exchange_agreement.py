"""Agreements and consents: who may ask for what, with every reason told."""

from datetime import date, timedelta
from typing import Any

import pytest

from shuangcheng.core import agreement, consent
from shuangcheng.core.agreement import Agreement, Question, Terms, open_agreement, sign_agreement
from shuangcheng.core.basis import LegalBasis, Purpose, guarded
from shuangcheng.core.consent import Consent, Receipt, Withdrawals, open_consent, open_withdrawals, sign_consent
from shuangcheng.core.letter import Envelope
from shuangcheng.core.outcome import Refused
from shuangcheng.core.register import Asker
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.core.wire import seconds
from tests.core.exchange_cast import NOW, PEERS, private

AT = seconds(NOW)
REGISTER = REGISTERS["teacher_certificate"]
NUMBER, SALT = "999999198503070014", "A" * 22


def terms(**changes: Any) -> Terms:
    values = {
        "id": "019ab000-0000-7000-8000-0000000000aa", "version": 1, "provider": "sc", "recipient": "cq",
        "register_name": "teacher_certificate", "purposes": ["recruitment"],
        "bases": ["statutory_duty", "separate_consent"], "askers": ["school", "authority"],
        "fields": ["kind", "status", "id_number"], "rows_a_letter": 100, "rows_a_day": 5000,
        "starts": AT - 86_400, "ends": AT + 86_400,
    }  # fmt: skip
    return Terms.model_validate(values | changes)


def signed(given: Terms) -> bytes:
    """Signed by both: each signs alone, and the signatures are joined."""
    first, second = (sign_agreement(given, keys=[private(f"{side} good")]) for side in ("cq", "sc"))
    return agreement.join(first, second)


def agreed(**changes: Any) -> Agreement:
    return open_agreement(signed(terms(**changes)), parties=PEERS, signed_at=NOW)


AGREED = agreed()


def envelope(**changes: Any) -> Envelope:
    values = {
        "iss": "cq", "aud": "sc", "jti": "019ab000-0000-7000-8000-000000000001", "nonce": "A" * 22, "iat": AT,
        "exp": AT + 300, "type": "lookup.v1", "purpose": "recruitment", "legal_basis": "statutory_duty",
        "fields": ["status", "registered_until"], "agreement": AGREED.digest, "body_hash": "0" * 64, "body": "{}",
    }  # fmt: skip
    return Envelope.model_validate(values | changes)


def reasons(*, under: Agreement = AGREED, asker: Asker = Asker.SCHOOL, rows: int = 1, **changes: Any) -> set[str]:
    changes.setdefault("agreement", under.digest)
    question = Question.of(envelope(**changes), asker=asker, rows=rows)
    found = agreement.objections(under.terms, REGISTER, question, digest=under.digest, at=NOW)
    assert all(str(objection).endswith("。") and "%(" not in str(objection) for objection in found)
    return {objection.code for objection in found}


def test_a_question_within_the_agreement_is_answered() -> None:
    assert reasons() == set()
    fields = {"asked": ["status", "registered_until", "kind"], "agreed": AGREED.terms.fields}
    assert REGISTER.released(**fields, purpose=Purpose.RECRUITMENT) == ("kind", "status")
    assert REGISTER.released(**fields, purpose=Purpose.ENROLMENT) == ()


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ({"agreement": "1" * 64}, "another_agreement"),
        ({"iss": "sc", "aud": "cq"}, "another_party"),
        ({"under": agreed(register_name="student_status")}, "register_not_agreed"),
        ({"under": agreed(starts=AT + 1)}, "agreement_not_yet"),
        ({"under": agreed(ends=AT)}, "agreement_expired"),
        ({"purpose": "title_review"}, "purpose_not_agreed"),
        ({"purpose": "enrolment"}, "purpose_not_agreed"),
        ({"legal_basis": "contract"}, "basis_not_agreed"),
        ({"under": agreed(bases=["guardian_consent"]), "legal_basis": "guardian_consent"}, "basis_not_agreed"),
        ({"asker": Asker.UNIVERSITY}, "asker_not_agreed"),
        ({"under": agreed(askers=["person"]), "asker": Asker.PERSON}, "asker_not_agreed"),
        ({"fields": ["issued_on"]}, "field_not_agreed"),
        ({"fields": ["id_number"]}, "field_not_agreed"),
        ({"rows": 101}, "too_many_rows"),
        ({"rows": 0}, "too_many_rows"),
    ],
)
def test_a_question_outside_the_agreement_is_refused(how: dict[str, Any], wanted: str) -> None:
    assert wanted in reasons(**how)


def test_every_reason_is_told() -> None:
    assert reasons(under=agreed(ends=AT), asker=Asker.UNIVERSITY, rows=0, fields=["issued_on"]) == {
        "agreement_expired", "asker_not_agreed", "too_many_rows", "field_not_agreed",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (sign_agreement(terms(), keys=[private("cq good")]), "not_both"),
        (sign_agreement(terms(), keys=[private("cq good"), private("cq second")]), "not_both"),
        (sign_agreement(terms(), keys=[private("cq good"), private("sc revoked")]), "key_revoked"),
        (sign_agreement(terms(), keys=[private("cq good"), private("nobody")]), "unknown_key"),
        (sign_agreement(terms(provider="gz"), keys=[private("cq good"), private("sc good")]), "not_both"),
        (signed(terms()).replace(b"payload", b"payloaf"), "not_signed"),
    ],
)
def test_an_agreement_needs_both(raw: bytes, wanted: str) -> None:
    with pytest.raises(Refused) as refused:
        open_agreement(raw, parties=PEERS, signed_at=NOW)
    assert [objection.code for objection in refused.value.objections] == [wanted]


def test_signatures_under_other_terms_are_not_joined() -> None:
    mine, theirs = (sign_agreement(terms(version=n), keys=[private("cq good")]) for n in (1, 2))
    with pytest.raises(Refused) as refused:
        agreement.join(mine, theirs)
    assert [objection.code for objection in refused.value.objections] == ["terms_differ"]


@pytest.mark.parametrize(
    "changes",
    [{"provider": "cq"}, {"ends": 0}, {"fields": []}, {"rows_a_letter": 10_001}, {"purposes": ["spying"]}, {"x": 1}],
)
def test_terms_that_say_nonsense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read(Terms, terms().model_dump() | changes)


@pytest.mark.parametrize("name", REGISTERS)
def test_a_guest_of_the_gate_asks_under_terms_that_both_can_compute(name: str) -> None:
    register = REGISTERS[name]
    trials = agreement.trials(register, provider="sc", recipient="gate-1")
    purpose, last = next(iter(register.purposes)), list(register.purposes)[-1]

    def told(kind: str, purpose: Purpose, fields: tuple[str, ...]) -> list[str]:
        question = Question(
            iss="gate-1", aud="sc", agreement=agreement.digest_of(trials[kind]), purpose=purpose,
            basis=LegalBasis.STATUTORY_DUTY, fields=fields, asker=Asker.AUTHORITY, rows=1,
        )  # fmt: skip
        digest = agreement.digest_of(trials[kind])
        return [each.code for each in agreement.objections(trials[kind], register, question, digest=digest, at=NOW)]

    assert told("current", purpose, register.fields) == []
    assert told("expired", purpose, register.fields) == ["agreement_expired"]
    assert told("current", purpose, register.fields[-1:]) == ["field_not_agreed"]
    assert "purpose_not_agreed" in told("current", last, register.fields)


# Consents


def receipt(**changes: Any) -> Receipt:
    values = {
        "id": "019ab000-0000-7000-8000-0000000000cc", "iss": "cq",
        "subject": consent.subject_of(NUMBER, salt=SALT), "salt": SALT,
        "register_name": "teacher_certificate", "purpose": "recruitment", "fields": ["kind", "status"],
        "recipients": ["cq"], "given": AT - 3600, "starts": AT - 3600, "ends": AT + 86_400,
    }  # fmt: skip
    return Receipt.model_validate(values | changes)


def given(**changes: Any) -> Consent:
    return open_consent(sign_consent(receipt(**changes), keys=[private("cq good")]), issuers=PEERS, at=NOW)


def doubts(one: Consent, *, withdrawn: tuple[str, ...] = (), **changes: Any) -> list[str]:
    asked = {
        "register": "teacher_certificate", "purpose": Purpose.RECRUITMENT, "basis": LegalBasis.SEPARATE_CONSENT,
        "fields": ["status"], "recipient": "cq", "number": NUMBER, "at": NOW,
    }  # fmt: skip
    found = consent.objections(one, withdrawn=withdrawn, **asked | changes)
    assert all(str(objection).endswith("。") and "%(" not in str(objection) for objection in found)
    return [objection.code for objection in found]


def test_a_consent_carries_what_it_says() -> None:
    assert doubts(given()) == []
    assert doubts(given(guardian=True), basis=LegalBasis.GUARDIAN_CONSENT) == []
    assert len(given().digest) == 64
    assert consent.digest_of([given().raw]) != consent.digest_of([given().raw] * 2)


@pytest.mark.parametrize(
    ("changes", "asked", "wanted"),
    [
        ({}, {"withdrawn": ("019ab000-0000-7000-8000-0000000000cc",)}, "consent_withdrawn"),
        ({"starts": AT + 1}, {}, "consent_not_yet"),
        ({"ends": AT}, {}, "consent_expired"),
        ({"register_name": "student_status"}, {}, "consent_register"),
        ({"purpose": "title_review"}, {}, "consent_purpose"),
        ({}, {"fields": ["status", "issuer"]}, "consent_fields"),
        ({"recipients": ["sc"]}, {}, "consent_recipient"),
        ({"guardian": True}, {}, "consent_guardian"),
        ({}, {"basis": LegalBasis.GUARDIAN_CONSENT}, "consent_guardian"),
        ({}, {"number": "999999198503070022"}, "consent_subject"),
        ({"salt": "B" * 21 + "A"}, {}, "consent_subject"),
    ],
)
def test_a_consent_carries_nothing_else(changes: dict[str, Any], asked: dict[str, Any], wanted: str) -> None:
    assert doubts(given(**changes), **asked) == [wanted]


@pytest.mark.parametrize(
    ("changes", "key", "wanted"),
    [
        ({"given": AT + 61}, "cq good", "clock_off"),
        ({"iss": "sc"}, "cq good", "wrong_issuer"),
        ({"iss": "gz"}, "cq good", "wrong_issuer"),
        ({}, "cq revoked", "key_revoked"),
        ({}, "cq early", "key_not_yet"),
        ({}, "nobody", "unknown_key"),
    ],
)
def test_a_consent_that_proves_nothing_is_refused(changes: dict[str, Any], key: str, wanted: str) -> None:
    with pytest.raises(Refused) as refused:
        open_consent(sign_consent(receipt(**changes), keys=[private(key)]), issuers=PEERS, at=NOW)
    assert [objection.code for objection in refused.value.objections] == [wanted]


def test_a_consent_outlives_the_key_that_signed_it() -> None:
    raw = sign_consent(receipt(), keys=[private("cq expired")])
    assert open_consent(raw, issuers=PEERS, at=NOW).receipt.iss == "cq"
    with pytest.raises(Refused):
        open_consent(sign_consent(receipt(given=AT), keys=[private("cq expired")]), issuers=PEERS, at=NOW)


def test_a_consent_does_not_last_for_ever() -> None:
    with pytest.raises(Refused):
        read(Receipt, receipt().model_dump() | {"ends": AT + 367 * 86_400})


def test_the_list_of_withdrawn_consents() -> None:
    said = Withdrawals(iss="cq", at=AT - 10, ids=(receipt().id,))
    raw = consent.sign_withdrawals(said, keys=[private("cq good")])
    assert open_withdrawals(raw, issuers=PEERS, at=NOW, after=AT - 10) == said
    for how, wanted in (({"after": AT - 9}, "list_old"), ({"at": NOW - timedelta(seconds=71)}, "clock_off")):
        with pytest.raises(Refused) as refused:
            open_withdrawals(raw, issuers=PEERS, **{"at": NOW} | how)  # type: ignore[arg-type]
        assert [objection.code for objection in refused.value.objections] == [wanted]
    with pytest.raises(Refused):
        open_withdrawals(sign_consent(receipt(), keys=[private("cq good")]), issuers=PEERS, at=NOW)
    with pytest.raises(Refused):
        open_consent(raw, issuers=PEERS, at=NOW)


def test_guardians_consent_until_the_fourteenth_birthday() -> None:
    assert guarded(date(2012, 11, 25), today=date(2026, 11, 24))
    assert not guarded(date(2012, 11, 24), today=date(2026, 11, 24))
    assert guarded(date(2012, 2, 29), today=date(2026, 2, 28))


def test_nobody_makes_these_by_hand() -> None:
    with pytest.raises(TypeError, match="Agreement is made only"):
        Agreement(terms=terms(), digest="0" * 64, raw=b"", verified=object())
    with pytest.raises(TypeError, match="Consent is made only"):
        Consent(receipt=receipt(), raw=b"", verified=object())


@pytest.mark.parametrize("salt", ["A" * 21 + "B", "A" * 21, "A" * 23, "=" * 22, "A" * 21 + "\n"])
def test_random_bytes_have_one_spelling(salt: str) -> None:
    with pytest.raises(Refused):
        read(Receipt, receipt().model_dump() | {"salt": salt})
