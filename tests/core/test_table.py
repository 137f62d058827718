"""Rows of a table: what is read in which spelling, and what is told about the rest."""

from datetime import date, datetime

import pytest

from shuangcheng.core.outcome import Message, Refused
from shuangcheng.core.sheets.reading import Grid
from shuangcheng.core.table import Flaw, Sort, pack, pack_flaw, unpack, unpack_flaw
from shuangcheng.core.table_rows import find_head
from tests.core.table_samples import HEAD, THINGS, Colour, Thing, read


def one(*cells: object) -> Thing:
    """A single row that must be right."""
    (found,) = read([cells])
    assert isinstance(found, Thing), [str(flaw.message) for flaw in found or []]
    return found


def flaws(*cells: object) -> list[Flaw]:
    """What is wrong with a single row."""
    (found,) = read([cells])
    assert isinstance(found, list), found
    return found


def test_columns_come_from_the_input() -> None:
    by_field = {column.field: column for column in THINGS.columns}
    assert [column.title for column in THINGS.columns] == list(HEAD)
    assert by_field["name"].required
    assert by_field["name"].example == "示例物"
    assert by_field["colour"].choices == (("红", "red"), ("蓝", "blue"))
    assert [by_field[name].sort for name in ("since", "count", "used", "remark", "code")] == [
        Sort.DATE, Sort.NUMBER, Sort.YES_NO, Sort.PROSE, Sort.TEXT,
    ]  # fmt: skip
    assert by_field["number"].masked


def test_clean_row() -> None:
    thing = one("台灯", "红", "4150010611", "", date(2026, 11, 22), 3, "是", "")
    assert thing == Thing(
        name="台灯", colour=Colour.RED, code="4150010611", since=date(2026, 11, 22), count=3, used=True
    )


def test_empty_cells_are_not_given() -> None:
    assert one("台灯", "红").model_fields_set == {"name", "colour"}


@pytest.mark.parametrize("written", ["2026-11-22", "2026/11/22", "2026.11.22", "2026年11月22日", "20261122", 20261122,
                                     "2026-11-22 00:00:00", datetime(2026, 11, 22, 8, 30)])  # fmt: skip
def test_dates_as_people_write_them(written: object) -> None:
    assert one("台灯", "红", "", "", written).since == date(2026, 11, 22)


@pytest.mark.parametrize(("written", "code"), [("去年", "date_not_read"), ("2026-02-30", "date_not_real"),
                                               ("2026年11月", "date_not_read"), (45000, "date_not_read")])  # fmt: skip
def test_other_dates_are_told(written: object, code: str) -> None:
    (flaw,) = flaws("台灯", "红", "", "", written)
    assert (flaw.column, flaw.code, flaw.value) == ("启用日期", code, str(written))
    assert "启用日期" in str(flaw.message)


@pytest.mark.parametrize("written", [4150010611, 4150010611.0, "4150010611", " 4150010611 ", "４１５００１０６１１"])
def test_codes_stored_as_numbers(written: object) -> None:
    assert one("台灯", "红", written).code == "4150010611"


def test_a_number_that_lost_digits() -> None:
    (flaw,) = flaws("台灯", "红", 125001030000000123)
    assert flaw.column == "代码"
    assert "文本" in str(flaw.message)


@pytest.mark.parametrize("written", ["红", "red", " 红 ", "红\u200b"])
def test_choices_by_label_or_value(written: str) -> None:
    assert one("台灯", written).colour is Colour.RED


def test_unknown_choice_names_the_choices() -> None:
    (flaw,) = flaws("台灯", "绿")
    assert (flaw.column, flaw.value) == ("颜色", "绿")
    assert "红、蓝" in str(flaw.message)


def test_every_flaw_of_a_row_is_told() -> None:
    assert {flaw.column for flaw in flaws("灯", "绿", "", "", "去年", -1)} == {"名称", "颜色", "启用日期", "数量"}


def test_line_breaks_stay_only_in_prose() -> None:
    thing = one("台\n灯", "红", "", "", None, None, None, "第一行\n第二行")
    assert (thing.name, thing.remark) == ("台灯", "第一行\n第二行")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_error_cells(error: str) -> None:
    (flaw,) = flaws("台灯", "红", error)
    assert flaw.column == "代码"
    assert error in str(flaw.message)


def test_personal_numbers_are_masked() -> None:
    (flaw,) = flaws("台灯", "红", "", "12345678901234567890123")
    assert flaw.value == "123****************0123"
    assert "5678" not in str(flaw.message)


def test_empty_rows_and_the_example_are_passed_over() -> None:
    rows = read([("示例物", "红"), (None, "  "), ("示例物", "蓝")])
    assert rows[:2] == [None, None]
    assert isinstance(rows[2], Thing)


def head(*rows: tuple[object, ...]) -> list[str]:
    """The reasons why these rows have no good head."""
    with pytest.raises(Refused) as refused:
        find_head(THINGS, Grid("a", rows), name="a.xlsx")  # type: ignore[arg-type]
    return [str(objection) for objection in refused.value.objections]


def test_head_below_title_and_notes_in_any_order() -> None:
    rows = (("物品登记表",), ("请填写",), ("备注", "颜 色*", "名称＊"))
    found = find_head(THINGS, Grid("a", rows), name="a.xlsx")
    assert (found.row, found.places) == (2, {"remark": 0, "colour": 1, "name": 2})


def test_no_head() -> None:
    (reason,) = head(("甲", "乙"), ("1", "2"))
    assert "没有找到表头" in reason
    assert "名称、颜色" in reason


def test_unknown_doubled_and_missing_columns_are_all_told() -> None:
    reasons = head(("名称", "名称", "重量"), ("台灯", "台灯", "1"))
    assert any("“名称”这一列出现了两次（A1 和 B1）" in reason for reason in reasons)
    assert any("没有“重量”这一列（C1）" in reason for reason in reasons)
    assert any("缺少“颜色”这一列" in reason for reason in reasons)


def test_untitled_column_with_content() -> None:
    (reason,) = head(("名称", "颜色", ""), ("台灯", "红", "x"))
    assert "C1 没有列名" in reason


def test_report_columns_are_left_aside() -> None:
    found = find_head(THINGS, Grid("a", [("错误", "原行号", "名称", "颜色")]), name="a.xlsx")
    assert set(found.places) == {"name", "colour"}


def test_messages_survive_being_kept() -> None:
    message = Message("%(title)s是 %(n)d", {"title": Message("代码"), "n": 3})
    assert str(unpack(pack(message))) == "代码是 3"
    flaw = Flaw("代码", "x", message, "c")
    kept = unpack_flaw(pack_flaw(flaw))
    assert (kept.column, kept.value, kept.code, str(kept.message)) == ("代码", "x", "c", "代码是 3")
