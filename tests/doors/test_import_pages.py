"""The pages of bulk entry: who may, what is shown while it runs, before it is confirmed and afterwards."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shuangcheng.desk.importing import actions, keeping
from shuangcheng.desk.models import Import, ImportState
from shuangcheng.directory.models import Organisation
from tests.core.table_samples import book, grid
from tests.rooms.test_imports import CREDIT, GOOD, HEAD
from tests.world import AT, World

WRONG = ("甲", "小学", "500103", "215000000", "", "", "")
CHANGED = ("西南大学", "本科高校", "500109", "4150010635", "", "", "两校合并组建")


def enter(client: Client, world: World, name: str) -> Client:
    client.force_login(getattr(world, name).account)
    return client


def send(client: Client, data: bytes, name: str = "名单.xlsx", table: str = "organisation") -> object:
    return client.post(f"/imports/new/{table}/", {"file": SimpleUploadedFile(name, data)})


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    return enter(client, world, "cq_officer")


def checked(officer: Client, *rows: tuple[object, ...]) -> Import:
    """An import uploaded through the page, and checked."""
    answer = send(officer, book([HEAD, *rows]))
    assert answer.status_code == 302, answer.content.decode()
    item = Import.objects.get()
    assert answer["Location"] == f"/imports/{item.id}/"
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("path", ["/imports/", "/imports/new/organisation/", "/imports/template/organisation.xlsx"])
def test_the_public_is_sent_to_sign_in(client: Client, world: World, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", ["learner", "auditor", "cqu_admin", "node_admin"])
def test_others_have_no_right(client: Client, world: World, name: str) -> None:
    enter(client, world, name)
    assert client.get("/imports/new/organisation/").status_code == 403
    assert client.get("/imports/template/organisation.xlsx").status_code == 403
    assert send(client, book([HEAD, GOOD])).status_code == 403
    assert not Import.objects.exists()


def test_others_imports_do_not_exist(officer: Client, world: World) -> None:
    item = checked(officer, GOOD)
    other = enter(Client(), world, "sc_officer")
    assert other.get(f"/imports/{item.id}/").status_code == 404
    assert other.get(f"/imports/{item.id}/errors.xlsx").status_code == 404
    assert other.post(f"/imports/{item.id}/confirm/").status_code == 404
    assert other.post(f"/imports/{item.id}/cancel/").status_code == 404
    item.refresh_from_db()
    assert item.state == ImportState.CHECKED
    assert "名单.xlsx" not in other.get("/imports/").content.decode()


def test_unknown_table(officer: Client) -> None:
    assert officer.get("/imports/new/nothing/").status_code == 404


def test_what_may_be_imported_is_offered(client: Client, world: World) -> None:
    page = enter(client, world, "cqu_admin").get("/imports/").content.decode()
    assert "导入专业点" in page
    assert "导入机构" not in page
    assert "还没有导入过文件" in page
    page = enter(Client(), world, "learner").get("/imports/").content.decode()
    assert "没有批量导入的权限" in page


@pytest.mark.parametrize("table", ["organisation", "programme"])
def test_template_is_a_workbook_in_both_languages(officer: Client, table: str) -> None:
    for language in ("zh-hans", "en"):
        officer.cookies["sc_cq_language"] = language
        answer = officer.get(f"/imports/template/{table}.xlsx")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
        assert "*" in sheet["A3"].value


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_form_says_what_it_takes(officer: Client, language: str) -> None:
    officer.cookies["sc_cq_language"] = language
    page = officer.get("/imports/new/organisation/").content.decode()
    assert 'data-max-bytes="20971520"' in page
    assert "中等职业学校" in page
    assert "/imports/template/organisation.xlsx" in page


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "a.xlsx"),
        ("a.xlsm", book([HEAD]), "宏"),
        ("a.pdf", b"%PDF-1.7\n", "不是表格"),
        ("a.csv", b"\xff\xfe\xfa\xfb\x00\x01\x02", "残缺"),
    ],
)
def test_bad_files_are_answered_in_a_sentence(officer: Client, name: str, data: bytes, sentence: str) -> None:
    answer = send(officer, data, name)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "没有保存任何内容" in page
    assert not Import.objects.exists()


def test_no_file(officer: Client) -> None:
    answer = officer.post("/imports/new/organisation/")
    assert answer.status_code == 422
    assert "请先选择文件" in answer.content.decode()


def test_progress_is_polled_until_it_is_over(officer: Client) -> None:
    send(officer, book([HEAD, GOOD]))
    item = Import.objects.get()
    page = officer.get(f"/imports/{item.id}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "<noscript>" in page
    Import.objects.update(state=ImportState.CHECKING, progress=40)
    part = officer.get(f"/imports/{item.id}/", headers={"HX-Request": "true"})
    assert 'value="40"' in part.content.decode()
    assert "<html" not in part.content.decode()
    Import.objects.update(state=ImportState.UPLOADED)
    actions.check(import_id=item.id, at=AT)
    part = officer.get(f"/imports/{item.id}/", headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    assert "every 1s" not in officer.get(f"/imports/{item.id}/").content.decode()


def test_preview_errors_and_report(officer: Client) -> None:
    item = checked(officer, GOOD, WRONG, CHANGED)
    page = officer.get(f"/imports/{item.id}/").content.decode()
    assert "只导入正确的行" in page
    assert "确认导入" not in page
    assert "示例区第一小学" in page
    assert "<del>—</del>" in page
    assert "10 位" in page
    answer = officer.get(f"/imports/{item.id}/errors.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[3]][:4] == ["错误", "原行号", "机构名称", "机构类型"]
    assert (sheet["B4"].value, sheet["C4"].value, sheet["F4"].value) == (3, "甲", "215000000")
    assert "10 位" in sheet["A4"].value
    assert sheet.max_row == 4


def test_the_corrected_report_is_taken_in(officer: Client) -> None:
    item = checked(officer, GOOD, WRONG)
    report = openpyxl.load_workbook(BytesIO(officer.get(f"/imports/{item.id}/errors.xlsx").content))
    for place, value in (("C4", "示例区第九小学"), ("D4", "中小学校"), ("F4", "2150000009")):
        report.active[place] = value
    out = BytesIO()
    report.save(out)
    Import.objects.all().delete()
    send(officer, out.getvalue())
    again = Import.objects.get()
    actions.check(import_id=again.id, at=AT)
    again.refresh_from_db()
    assert (again.state, again.new, again.wrong) == (ImportState.CHECKED, 1, 0)


def test_confirm_writes_and_the_page_tells(officer: Client) -> None:
    item = checked(officer, GOOD)
    assert "确认导入" in officer.get(f"/imports/{item.id}/").content.decode()
    answer = officer.post(f"/imports/{item.id}/confirm/", follow=True)
    assert "正在写入" in answer.content.decode()
    actions.write(import_id=item.id, at=AT)
    page = officer.get(f"/imports/{item.id}/").content.decode()
    assert "已新增" in page
    assert item.sha256 in page
    assert Organisation.objects.filter(code="2150000001").exists()
    assert "已完成" in officer.get("/imports/").content.decode()


def test_wrong_rows_are_not_confirmed_by_accident(officer: Client) -> None:
    item = checked(officer, GOOD, WRONG)
    page = officer.post(f"/imports/{item.id}/confirm/", follow=True).content.decode()
    assert "1 行有错误" in page
    item.refresh_from_db()
    assert item.state == ImportState.CHECKED
    officer.post(f"/imports/{item.id}/confirm/", {"valid_only": "1"})
    item.refresh_from_db()
    assert (item.state, item.valid_only) == (ImportState.WRITING, True)


def test_cancel(officer: Client) -> None:
    item = checked(officer, GOOD)
    page = officer.post(f"/imports/{item.id}/cancel/", follow=True).content.decode()
    assert "没有写入任何内容" in page
    item.refresh_from_db()
    assert item.state == ImportState.CANCELLED
    assert not keeping.there(item)


def test_unreadable_says_why_and_offers_another_try(officer: Client) -> None:
    item = checked(officer, GOOD)
    Import.objects.all().delete()
    send(officer, book([("名字", "类别"), ("a", "b")]))
    item = Import.objects.get()
    actions.check(import_id=item.id, at=AT)
    page = officer.get(f"/imports/{item.id}/").content.decode()
    assert "没有找到表头" in page
    assert "再导入一个文件" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", list(ImportState))
def test_every_state_has_its_page(officer: Client, state: ImportState, language: str) -> None:
    officer.cookies["sc_cq_language"] = language
    item = checked(officer, GOOD, WRONG)
    Import.objects.update(state=state)
    assert officer.get(f"/imports/{item.id}/").status_code == 200


def test_list_downloads(officer: Client) -> None:
    checked(officer, GOOD)
    answer = officer.get("/imports/?format=xlsx")
    row = grid(answer.content).rows[3]
    assert list(row[:2]) == ["名单.xlsx", "机构"]
    made = timezone.localtime(Import.objects.get().created_at)
    assert f"{row[4]:%Y-%m-%d %H:%M}" == f"{made:%Y-%m-%d %H:%M}", "the hour of the pages, not that of Greenwich"


def test_a_csv_of_an_office_computer(officer: Client) -> None:
    rows = [HEAD, (*GOOD[:4], CREDIT, *GOOD[5:])]
    text = "\r\n".join(",".join(str(cell) for cell in row) for row in rows)
    send(officer, text.encode("gb18030"), "名单.csv")
    item = Import.objects.get()
    actions.check(import_id=item.id, at=AT)
    page = officer.get(f"/imports/{item.id}/").content.decode()
    assert "GB18030" in page
    assert "示例区第一小学" in page
