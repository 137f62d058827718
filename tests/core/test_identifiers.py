"""Numbers of people, organisations and places: vectors, and what no slip of the pen may get past."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shuangcheng.core import identifiers
from shuangcheng.core.identifiers import Sex, invented_id_number, mask_id_number, mask_name, normalise
from shuangcheng.core.identifiers.credit_code import ALPHABET
from shuangcheng.core.outcome import Refused

TODAY = date(2026, 1, 1)
VECTORS = Path(__file__).parent.parent / "vectors" / "identifiers"
PARSERS: dict[str, Callable[[str], Any]] = {
    "id_card": partial(identifiers.parse_id_card, today=TODAY),
    "credit_code": identifiers.parse_credit_code,
    "organisation_code": identifiers.parse_organisation_code,
    "school_code": identifiers.parse_school_code,
    "pupil_number": partial(identifiers.parse_pupil_number, today=TODAY),
    "teacher_certificate": partial(identifiers.parse_teacher_certificate, today=TODAY),
    "division": identifiers.parse_division_code,
}
CASES = [(name, case) for name in PARSERS for case in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))]
DIGITS = "0123456789"
# What hands really type in place of a digit, and what only looks like one
KEYS = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "abcxyz" + " -.+*一〇①٣³Ⅹſ\x00\ud800"


def plain(value: object) -> object:
    """A property of a number as JSON has it."""
    return value.value if isinstance(value, Enum) else value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['desc']}" for name, case in CASES])
def test_vector(name: str, case: dict[str, Any]) -> None:
    if "want" in case:
        parsed = PARSERS[name](case["number"])
        want = {"number": case["number"]} | case["want"]
        assert {key: plain(getattr(parsed, key)) for key in want} == want
        return
    with pytest.raises(Refused) as refused:
        PARSERS[name](case["number"])
    assert [objection.code for objection in refused.value.objections] == case["wantErr"]
    for objection in refused.value.objections:
        assert str(objection).endswith("。")
        assert "%(" not in str(objection)


def test_every_vector_file_is_read() -> None:
    assert {path.stem for path in VECTORS.iterdir()} == set(PARSERS)


def codes(name: str, number: str) -> list[str]:
    """The objections to a number; none if it is accepted."""
    try:
        PARSERS[name](number)
    except Refused as refused:
        return [objection.code for objection in refused.objections]
    return []


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """Citizen's numbers, X at the end more often than one time in eleven."""
    body = f"{draw(st.integers(0, 999999)):06d}{draw(st.dates(date(1900, 1, 1), TODAY)):%Y%m%d}"
    body += f"{draw(st.integers(0, 999)):03d}"
    weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body))
    return body + "10X98765432"[weighted % 11]


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Credit codes computed as the standards put it, apart from the code under test."""
    letters = st.text(ALPHABET, min_size=8, max_size=8)
    organisation = draw(letters)
    values = [int(letter, 36) for letter in organisation]
    check = 11 - sum(a * b for a, b in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    organisation += {10: "X", 11: "0"}.get(check, str(check))
    body = draw(st.text(ALPHABET, min_size=2, max_size=2)) + f"{draw(st.integers(0, 999999)):06d}" + organisation
    weighted = sum(ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + ALPHABET[-weighted % 31]


@given(id_numbers(), st.integers(0, 17), st.sampled_from(KEYS))
def test_an_id_number_finds_every_change_of_one_character(number: str, place: int, key: str) -> None:
    assert codes("id_card", number) == []
    assume(normalise(key) != number[place])
    assert codes("id_card", number[:place] + key + number[place + 1 :])


@given(id_numbers(), st.integers(0, 16))
def test_an_id_number_finds_every_exchange_of_neighbours(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    assert codes("id_card", number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(credit_codes(), st.integers(0, 17), st.sampled_from(KEYS))
def test_a_credit_code_finds_every_change_of_one_character(number: str, place: int, key: str) -> None:
    assert codes("credit_code", number) == []
    assume(normalise(key) != number[place])
    assert codes("credit_code", number[:place] + key + number[place + 1 :])


@given(credit_codes(), st.integers(0, 16))
def test_a_credit_code_finds_every_exchange_of_neighbours(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    assert codes("credit_code", number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(credit_codes(), st.integers(0, 7), st.sampled_from(DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_an_organisation_code_misses_exactly_what_its_docstring_says(code: str, place: int, key: str) -> None:
    number = code[8:17]
    changed = number[:place] + key + number[place + 1 :]
    same_remainder = (int(key, 36) - int(number[place], 36)) % 11 == 0
    assert (codes("organisation_code", changed) == []) == same_remainder


@given(st.text() | st.text(KEYS, max_size=20))
@pytest.mark.parametrize("name", PARSERS)
def test_any_text_is_accepted_or_refused(name: str, text: str) -> None:
    codes(name, text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(id_numbers())
def test_a_full_width_number_is_the_same_number(number: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in number)
    parsed = PARSERS["id_card"](" ".join(wide))
    assert parsed == PARSERS["id_card"](number)


@pytest.mark.parametrize("dash", "-‐‑‒–—―−－\u00ad")
def test_dashes_of_every_keyboard_are_dropped(dash: str) -> None:
    assert normalise(f"60003734{dash}1") == "600037341"


def test_letters_that_only_upper_case_makes_ascii_stay_foreign() -> None:
    assert normalise("ſßı") == "ſßı"


@given(st.integers(0, 499), st.dates(date(1900, 1, 1), TODAY), st.sampled_from(Sex))
def test_an_invented_number_is_valid_and_nobodys(serial: int, birth: date, sex: Sex) -> None:
    number = invented_id_number(serial=serial, birth=birth, sex=sex)
    parsed = PARSERS["id_card"](number)
    assert (parsed.birth, parsed.sex, parsed.invented) == (birth, sex, True)
    assert codes("division", number[:6]) == ["division.province"]


def test_invented_numbers_differ() -> None:
    birth = date(2000, 1, 1)
    numbers = {invented_id_number(serial=serial, birth=birth, sex=sex) for serial in range(500) for sex in Sex}
    assert len(numbers) == 1000


@pytest.mark.parametrize("serial", [-1, 500])
def test_an_invented_number_beyond_its_range_is_an_error(serial: int) -> None:
    with pytest.raises(ValueError, match=f"serial {serial}"):
        invented_id_number(serial=serial, birth=date(2000, 1, 1), sex=Sex.FEMALE)


def test_a_parsed_number_tells_no_place_and_hides_itself_in_logs() -> None:
    number = "360426199101010071"
    parsed = PARSERS["id_card"](number)
    assert set(asdict(parsed)) == {"number", "birth"}
    assert not parsed.invented
    assert number not in repr(parsed)
    assert number not in repr(PARSERS["pupil_number"](f"G{number}"))


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(Refused) as refused:
        PARSERS["id_card"]("3604261991O1010071")
    assert str(refused.value) == "身份证号码的第 11 位是“O”，这一位只能是数字。"
    with pytest.raises(Refused) as refused:
        PARSERS["school_code"]("415001061")
    assert str(refused.value) == "学校标识码应为 10 位，现在是 9 位。请按原件核对，看是否漏填或多填。"


def test_a_refusal_never_repeats_a_whole_personal_number() -> None:
    for number in ("360426199101010072", "360426199113010079", "36042619910101007"):
        with pytest.raises(Refused) as refused:
            PARSERS["id_card"](number)
        assert number not in str(refused.value)


def test_the_credit_code_holds_its_organisation_code() -> None:
    parsed = PARSERS["credit_code"]("91110000600037341L")
    assert parsed.organisation_code == PARSERS["organisation_code"]("60003734-1")


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张小三", "张*三"), ("张三", "张*"), ("张", "*"), ("", ""), (" 欧阳小三 ", "欧**三"), ("阿依·古丽", "阿***丽")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("360426199101010071", "360***********0071"),
        ("G360426199101010071", "G36************0071"),
        ("3604261991", "**********"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@given(id_numbers())
def test_a_masked_number_tells_no_birth_date(number: str) -> None:
    masked = mask_id_number(number)
    assert len(masked) == 18
    assert masked[6:14] == "********"
