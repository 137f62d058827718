"""Files to grids, grids to files: every oddity of a spreadsheet has its sentence."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.sheets import workbook
from shuangcheng.core.sheets.forms import Marked, error_report, template
from shuangcheng.core.sheets.raw import NOT_CALCULATED, address, place
from shuangcheng.core.table_rows import RowReader, find_head
from tests.core.table_samples import FAR_ROW, HEAD, THINGS, Thing, book, grid, saved, with_sheet_xml

LAMP = ("台灯", "红")


def reason(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        grid(data, name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("where", "text"), [((0, 0), "A1"), ((4, 25), "Z5"), ((0, 26), "AA1"), ((9, 59), "BH10"), ((0, 702), "AAA1")]
)
def test_addresses(where: tuple[int, int], text: str) -> None:
    assert address(*where) == text
    assert place(text) == where


def test_first_sheet_with_content_and_a_note_about_the_others() -> None:
    made = openpyxl.Workbook()
    made.active.title = "空"
    made.create_sheet("数据").append(["名称"])
    made.create_sheet("其他").append(["x"])
    made.create_sheet("选项").append(["x"])
    made["选项"].sheet_state = "hidden"
    found = grid(saved(made))
    assert found.name == "数据"
    assert "有 2 个有内容的工作表" in str(found.notes[0])


def test_nothing_in_it() -> None:
    assert "没有内容" in reason(book([]))


def test_merged_cells_in_the_data_are_named() -> None:
    data = book([HEAD, LAMP, LAMP, LAMP], lambda sheet: sheet.merge_cells("B3:B4"))
    with pytest.raises(Refused) as refused:
        find_head(THINGS, grid(data), name="a.xlsx")
    assert "B3:B4" in str(refused.value)
    assert "取消合并" in str(refused.value)


def test_merged_title_is_harmless() -> None:
    data = book([["物品登记表"], HEAD, LAMP], lambda sheet: sheet.merge_cells("A1:H1"))
    assert find_head(THINGS, grid(data), name="a.xlsx").row == 1


@pytest.mark.parametrize(
    "row",
    [
        FAR_ROW,
        FAR_ROW.replace('"XFD1048576"', '"XFD1048576" s="/>"'),
        FAR_ROW.replace("XFD", "xfd"),
        FAR_ROW.replace('"XFD1048576"', "'XFD1048576' "),
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="2"><c r="BI2"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_is_refused_before_the_parser_allocates_up_to_it(row: str) -> None:
    data = with_sheet_xml(book([HEAD]), lambda xml: xml.replace("</sheetData>", f"{row}</sheetData>"))
    with pytest.raises(Refused) as refused:
        grid(data)
    assert refused.value.why == Why.TOO_LARGE
    assert "还有内容" in str(refused.value)


def test_a_far_cell_in_a_hidden_sheet_is_refused_too() -> None:
    made = openpyxl.Workbook()
    made.active.append(list(HEAD))
    made.create_sheet("藏").cell(300_000, 1, "x")
    made["藏"].sheet_state = "hidden"
    assert "藏" in reason(saved(made))


def test_a_far_cell_with_a_format_only_is_harmless() -> None:
    row = '<row r="3"><c r="XFD3" s="0"/></row>'
    data = with_sheet_xml(book([HEAD, LAMP]), lambda xml: xml.replace("</sheetData>", f"{row}</sheetData>"))
    assert len(grid(data).rows) == 2


def test_a_sheet_that_is_not_where_the_workbook_says() -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book([HEAD]))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("worksheets/sheet1", "other/Sheet1"), old.read(name))
    assert "读不出来" in reason(out.getvalue())


def test_errors_and_uncalculated_formulas_are_not_passed_over() -> None:
    cells = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>A1</f></c><c r="C2"><f>A1</f><v></v></c></row>'
    data = with_sheet_xml(book([HEAD]), lambda xml: xml.replace("</sheetData>", f"{cells}</sheetData>"))
    assert list(grid(data).rows[1][:3]) == ["#N/A", NOT_CALCULATED, NOT_CALCULATED]


def test_formulas_give_their_stored_result() -> None:
    cells = '<row r="2"><c r="A2" t="str"><f>B1</f><v>台灯</v></c></row>'
    data = with_sheet_xml(book([HEAD]), lambda xml: xml.replace("</sheetData>", f"{cells}</sheetData>"))
    assert grid(data).rows[1][0] == "台灯"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\r\n" for row in (HEAD, ("台灯" * 10, "红", *[""] * 6)))
    found = grid(text.encode(encoding), "a.csv")
    assert found.rows[1][:2] == ["台灯" * 10, "红"]


def test_csv_with_a_lonely_quote() -> None:
    assert "第 2 行的引号没有成对" in reason('名称,颜色\n"台灯,红\n'.encode(), "a.csv")


def test_csv_that_is_too_long_or_too_wide() -> None:
    assert "超过 200,000 行" in reason("名称,颜色\n".encode() * 200_031, "a.csv")
    assert "BI 列还有内容" in reason((",".join(["x"] * 61) + "\n").encode(), "a.csv")


def test_what_is_no_table() -> None:
    assert "不是表格" in reason("只是文字".encode(), "a.txt")


def test_download() -> None:
    rows = [
        ["重庆大学", date(2026, 1, 2), 3, Decimal("1.5"), True, None],
        ["=1+1", datetime(2026, 1, 2, 3, 4, tzinfo=UTC), -2, "-1", False, "@x\x00"],
    ]
    data = workbook(title="机构/名录", columns=list("甲乙丙丁戊己"), rows=rows, note="数据截至 2026-11-22")
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert values[0] == list("甲乙丙丁戊己")
    assert values[1] == ["重庆大学", datetime(2026, 1, 2), 3, 1.5, "是", None]
    assert values[2] == ["=1+1", datetime(2026, 1, 2, 3, 4), -2, "-1", "否", "@x"]
    assert sheet["A5"].data_type == "s"
    assert sheet["A2"].value == "数据截至 2026-11-22"
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:F5"
    assert sheet.title == "机构名录"


def test_download_of_what_a_spreadsheet_does_not_know() -> None:
    rows = [[date(1895, 10, 2), float("inf"), "第一行\n<b>&第二行", 10**17]]
    sheet = openpyxl.load_workbook(BytesIO(workbook(title="校史", columns=list("甲乙丙丁"), rows=rows))).active
    assert [cell.value for cell in sheet[3]] == ["1895-10-02", "inf", "第一行\n<b>&第二行", 10**17]


def test_download_without_rows() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook(title="空", columns=["甲"], rows=[], note="无"))).active
    assert (sheet["A3"].value, sheet.max_row, sheet.auto_filter.ref) == ("甲", 3, "A3")


def test_the_same_rows_give_the_same_bytes() -> None:
    first, second = (workbook(title="一", columns=["甲"], rows=[["乙"]]) for _time in range(2))
    assert first == second


def test_template_is_read_by_its_own_table() -> None:
    data = template(THINGS)
    found = grid(data)
    head = find_head(THINGS, found, name="a.xlsx")
    assert set(head.places) == set(Thing.model_fields)
    reader = RowReader(THINGS, head)
    assert [reader.read(cells) for cells in found.rows[head.row + 1 :]] == [None]


def test_template_offers_choices_and_keeps_codes_as_text() -> None:
    sheet = openpyxl.load_workbook(BytesIO(template(THINGS))).worksheets[0]
    assert [cell.value for cell in sheet[3]][:3] == ["名称*", "颜色*", "代码"]
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists == {"B5": "选项!$B$1:$B$2", "G5": "选项!$G$1:$G$2"}
    assert sheet.column_dimensions["A"].number_format == "@"
    assert sheet.column_dimensions["A"].max == 4  # 名称, 颜色, 代码, 证件号
    assert "十位数字" in sheet["C3"].comment.text


def test_error_report_can_be_corrected_and_uploaded() -> None:
    rows = [Marked(7, ("台灯", "绿", *[""] * 6), ["“颜色”只能从以下各项中选：红、蓝。"], frozenset({1}))]
    data = error_report(title="物品", titles=HEAD, rows=rows, note="1 行有错误")
    sheet = openpyxl.load_workbook(BytesIO(data)).active
    assert [cell.value for cell in sheet[4]][:4] == [rows[0].reasons[0], 7, "台灯", "绿"]
    assert sheet["D4"].fill.fgColor.rgb != sheet["C4"].fill.fgColor.rgb
    found = grid(data)
    head = find_head(THINGS, found, name="a.xlsx")
    assert isinstance(RowReader(THINGS, head).read(found.rows[head.row + 1]), list)
