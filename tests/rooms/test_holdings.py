"""Records of registers: found by all fields of a question or not at all, sealed where they are secret."""

from datetime import timedelta
from typing import Any

import pytest

from shuangcheng.core.outcome import Refused
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.seal import SealBroken
from shuangcheng.directory.actions.people import number_digest
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.terms import NumberKind
from shuangcheng.registers import holdings
from shuangcheng.registers.actions import holdings as actions
from shuangcheng.registers.models import Holding
from tests.world import AT, SYSTEM, World

CERTIFICATES = REGISTERS["teacher_certificate"]
PUPILS = REGISTERS["student_status"]
LICENCES = REGISTERS["school_licence"]
ID = "999999198503070014"
TODAY = AT.date()


def put(register: Any = CERTIFICATES, *, at: Any = AT, **changes: str) -> Holding:
    return actions.put(register=register, values={**register.sample, **changes}, source="测试", by=SYSTEM, at=at)


@pytest.mark.django_db
def test_every_question_of_every_register_finds_its_sample() -> None:
    for register in REGISTERS.values():
        put(register)
        sample = {name: str(value) for name, value in register.sample.items()}
        for question in register.questions:
            if not all(sample.get(name) for name in question):
                continue
            found = holdings.find(register, {name: sample[name] for name in question}, today=TODAY)
            assert found is not None
            assert found.record == {name: sample.get(name, "") for name in register.fields}


@pytest.mark.django_db
def test_a_question_with_one_wrong_field_finds_nothing() -> None:
    put()
    for wrong in (
        {"name": "李老", "id_number": ID},
        {"name": "李老师", "id_number": "999999198503070030"},
        {"name": "李老师", "id_number": ID, "certificate_number": "20155000031000002"},
    ):
        assert holdings.find(CERTIFICATES, wrong, today=TODAY) is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["阿依 古丽•买买提", "阿依古丽·买买提", "阿依古丽・买买提 ", "阿依古丽．买买提"])
def test_names_meet_however_the_dot_and_the_space_are_typed(name: str) -> None:
    put(name="阿依古丽·买买提")
    assert holdings.find(CERTIFICATES, {"name": name, "id_number": ID}, today=TODAY)


@pytest.mark.django_db
def test_many_questions_are_asked_at_once_and_keep_their_order(django_assert_num_queries: Any) -> None:
    for number in range(1, 31):
        put(certificate_number=f"201550000310000{number:02}", name=f"老师{number}")
    asked = [
        {"name": f"老师{number}", "certificate_number": f"201550000310000{number:02}"} for number in range(40, 0, -1)
    ]
    asked.append({"name": "老师7", "id_number": ID})
    with django_assert_num_queries(1):
        assert None not in holdings.find_many(CERTIFICATES, asked[10:], today=TODAY)
    with django_assert_num_queries(2):
        found = holdings.find_many(CERTIFICATES, asked, today=TODAY, fields=["name"])
    assert [one and one.record for one in found[:10]] == [None] * 10
    assert [one and one.record for one in found[10:40]] == [{"name": f"老师{number}"} for number in range(30, 0, -1)]
    assert found[40] is not None
    assert found[40].record == {"name": "老师7"}


@pytest.mark.django_db
def test_no_question_finds_nothing_without_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert holdings.find_many(CERTIFICATES, [], today=TODAY) == []


@pytest.mark.django_db
def test_of_several_records_the_one_that_changed_last_is_told() -> None:
    put(certificate_number="20155000031000003", kind="senior", at=AT + timedelta(days=1))
    put(kind="junior")
    found = holdings.find(CERTIFICATES, {"name": "李老师", "id_number": ID}, today=TODAY, fields=["kind"])
    assert found is not None
    assert found.record == {"kind": "senior"}


@pytest.mark.django_db
def test_what_is_no_question_is_refused() -> None:
    with pytest.raises(Refused, match="恰好填写其中一组"):
        holdings.find(CERTIFICATES, {"name": "李老师"}, today=TODAY)
    with pytest.raises(Refused, match="校验码"):
        holdings.find(CERTIFICATES, {"name": "李老师", "id_number": "999999198503070010"}, today=TODAY)


@pytest.mark.django_db
def test_secrets_are_sealed_to_their_record_and_opened_only_when_wanted() -> None:
    first, second = put(), put(certificate_number="20155000031000003", id_number="999999198503070030")
    first.refresh_from_db()
    stored = repr(list(Holding.objects.values()))
    assert ID not in stored
    assert "20155000031000001" not in stored
    Holding.objects.filter(pk=first.pk).update(sealed=second.sealed)
    question = {"name": "李老师", "id_number": ID}
    found = holdings.find(CERTIFICATES, question, today=TODAY, fields=["status", "issuer"])
    assert found is not None
    assert found.record == {"issuer": "某某区教育委员会", "status": "valid"}
    with pytest.raises(SealBroken):
        holdings.find(CERTIFICATES, question, today=TODAY, fields=["id_number"])


@pytest.mark.django_db
def test_a_record_says_whose_it_is_as_the_directory_does() -> None:
    certificate, pupil, licence = put(), put(PUPILS), put(LICENCES)
    assert bytes(certificate.subject or b"") == number_digest(ID, NumberKind.ID_CARD)
    assert bytes(pupil.subject or b"") == number_digest("L999999201509010123", NumberKind.PUPIL)
    assert licence.subject is None


@pytest.mark.django_db
def test_entering_a_record_again_corrects_it() -> None:
    first = put()
    second = put(status="revoked")
    assert first.pk == second.pk
    found = holdings.find(CERTIFICATES, {"name": "李老师", "id_number": ID}, today=TODAY)
    assert found is not None
    assert found.record["status"] == "revoked"
    lines = AuditLine.objects.filter(subject_kind="holding").order_by("at", "id").values()
    assert sorted(line["verb"] for line in lines) == ["holding.add", "holding.edit"]
    assert ID not in repr(list(lines))


def test_only_those_who_keep_the_registers_enter_and_see_records(world: World) -> None:
    row = put()
    for actor in (world.sc_officer.actor, world.staff.actor, world.learner.actor, world.outsider.actor):
        with pytest.raises(Refused):
            actions.put(register=CERTIFICATES, values=CERTIFICATES.sample, source="", by=actor, at=AT)
        with pytest.raises(Refused):
            actions.remove(holding=row, reason="录入有误", by=actor, at=AT)
        assert not Holding.objects.visible_to(actor).exists()
    assert Holding.objects.visible_to(world.cq_officer.actor).get() == row
    with pytest.raises(Refused, match="理由"):
        actions.remove(holding=row, reason=" ", by=world.cq_officer.actor, at=AT)
    actions.remove(holding=row, reason="录入有误", by=world.cq_officer.actor, at=AT)
    assert not Holding.objects.exists()
