"""Registers and letter types are complete declarations; what is released is no more than asked, agreed and needed."""

import types
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangcheng.core import letters, procedures, registers
from shuangcheng.core.basis import Purpose
from shuangcheng.core.declared import collect
from shuangcheng.core.letter import LetterType
from shuangcheng.core.letters import LETTERS
from shuangcheng.core.manifest import LetterTypeName
from shuangcheng.core.outcome import Refused
from shuangcheng.core.procedures import PROCEDURES
from shuangcheng.core.register import Register
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.schema import read
from shuangcheng.core.wire import Wire

TODAY = date(2026, 11, 24)
REGISTER_CHANGES = [(name, number) for name, declared in REGISTERS.items() for number in range(len(declared.refused))]
LETTER_CHANGES = [(name, number) for name, declared in LETTERS.items() for number in range(len(declared.refused))]


def test_the_declarations_were_found() -> None:
    assert set(REGISTERS) == {"student_status", "teacher_certificate", "graduate_employment", "school_licence"}
    assert set(PROCEDURES) == {"correction"}
    assert {"lookup.v1", "lookup_reply.v1", "receipt.v1", "change_notice.v1", "checkpoint.v1"} <= set(LETTERS)


@pytest.mark.parametrize("package", [registers, letters, procedures], ids=lambda package: package.__name__)
def test_a_declaration_is_its_file_and_says_what_it_is(package: types.ModuleType) -> None:
    for name, module in vars(package).items():
        if isinstance(module, types.ModuleType) and module.__name__.startswith(package.__name__ + "."):
            assert module.__doc__, name
            assert module.__name__.rpartition(".")[2] == name


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_is_complete(name: str) -> None:
    declared = REGISTERS[name]
    fields = set(declared.fields)
    assert declared.key in fields
    assert declared.questions
    for question in declared.questions:
        assert question
        assert set(question) <= fields
    assert {*declared.checks, *declared.secret} <= fields
    assert len(declared.refused) >= 5
    assert declared.no_match.endswith("。")
    for purpose, grant in declared.purposes.items():
        assert grant.bases, purpose
        assert grant.askers, purpose
        assert set(grant.fields) <= fields, purpose
        assert len(set(grant.fields)) == len(grant.fields), purpose
    if declared.secret:
        assert declared.exact, "a register of persons is never searched by a part of a name"
        assert all(set(question) & set(declared.secret) for question in declared.questions), "a name finds nobody"


@pytest.mark.parametrize("name", REGISTERS)
def test_persons_are_released_for_their_own_purposes_only(name: str) -> None:
    declared = REGISTERS[name]
    person = (
        {"name", "id_number", "pupil_number", "diploma_number"} & set(declared.fields) if declared.secret else set()
    )
    statistics = declared.purposes.get(Purpose.STATISTICS)
    assert not statistics or not person & set(statistics.fields)
    for purpose, grant in declared.purposes.items():
        if purpose is not Purpose.OWN_RECORD:
            assert "id_number" not in grant.fields, "who asks knows it already"


@pytest.mark.parametrize("name", REGISTERS)
def test_a_record_reads_and_reads_again(name: str) -> None:
    declared = REGISTERS[name]
    record = declared.read(declared.sample, today=TODAY)
    assert declared.read(record.model_dump(), today=TODAY) == record


@pytest.mark.parametrize(("name", "number"), REGISTER_CHANGES)
def test_a_wrong_record_is_refused(name: str, number: int) -> None:
    declared = REGISTERS[name]
    with pytest.raises(Refused) as refused:
        declared.read({**declared.sample, **declared.refused[number]}, today=TODAY)
    [objection] = {each.where for each in refused.value.objections}
    assert objection in declared.refused[number]


def test_a_question_is_exactly_one_of_those_declared() -> None:
    declared = REGISTERS["teacher_certificate"]
    good = {"name": " 李老师 ", "certificate_number": "2015 5000 0310 00001"}
    assert declared.question(good, today=TODAY) == {"name": "李老师", "certificate_number": "20155000031000001"}
    for wrong in ({"name": "李老师"}, {**good, "subject": "数学"}, {}, {"name": "李老师", "id_number": " "}):
        with pytest.raises(Refused) as refused:
            declared.question(wrong, today=TODAY)
        assert [each.code for each in refused.value.objections] == ["question"]
        assert "姓名、教师资格证书号码" in str(refused.value)
    with pytest.raises(Refused) as refused:
        declared.question({"name": "李老师", "id_number": "1", "certificate_number": "2"}, today=TODAY)
    assert {each.where for each in refused.value.objections} == {"id_number", "certificate_number"}


@settings(deadline=None)
@given(st.data())
def test_no_more_is_released_than_asked_agreed_and_needed(data: st.DataObject) -> None:
    declared = REGISTERS[data.draw(st.sampled_from(sorted(REGISTERS)))]
    some = st.sets(st.sampled_from([*declared.fields, "secret"]))
    asked, agreed, purpose = data.draw(some), data.draw(some), data.draw(st.sampled_from(Purpose))
    told = declared.released(asked=asked, agreed=agreed, purpose=purpose)
    grant = declared.purposes.get(purpose)
    assert set(told) == asked & agreed & set(grant.fields if grant else ())
    assert list(told) == [name for name in declared.fields if name in told]


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_type_is_complete(name: str) -> None:
    declared = LETTERS[name]
    assert declared.full_name == name
    assert read(type("Named", (Wire,), {"__annotations__": {"name": LetterTypeName}, "__doc__": "."}), {"name": name})
    body = read(declared.body, declared.sample)
    assert body.model_dump(mode="json", exclude_unset=True) == declared.sample
    assert len(declared.refused) >= 2
    if declared.asks:
        assert declared.private


@pytest.mark.parametrize(("name", "number"), LETTER_CHANGES)
def test_a_wrong_body_is_refused(name: str, number: int) -> None:
    declared = LETTERS[name]
    with pytest.raises(Refused):
        read(declared.body, {**declared.sample, **declared.refused[number]})


def test_a_wrong_file_stops_the_node(monkeypatch: pytest.MonkeyPatch) -> None:
    from shuangcheng.core.letters import receipt
    from shuangcheng.core.registers import school_licence

    with monkeypatch.context() as changed:
        changed.setattr(receipt, "LETTER", LETTERS["lookup.v1"])
        with pytest.raises(ValueError, match="declares 'lookup'"):
            collect(letters, "LETTER", LetterType)
    with monkeypatch.context() as changed:
        changed.delattr(school_licence, "REGISTER")
        with pytest.raises(ValueError, match="want a Register"):
            collect(registers, "REGISTER", Register)


def test_samples_are_invented() -> None:
    for declared in REGISTERS.values():
        number: Any = declared.sample.get("id_number", "999999")
        assert number.startswith("999999")
