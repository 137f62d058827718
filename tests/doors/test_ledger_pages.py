"""Pages of the ledger and of what is sought: refusals first."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.core.schema import read
from shuangcheng.desk.models import Attachment
from shuangcheng.plan.actions import ledger, sought
from shuangcheng.plan.inputs.ledger import ActivityInput, SoughtInput
from shuangcheng.plan.models import Activity, Sought
from tests.core.file_samples import png_file
from tests.world import AT, SYSTEM, World

FORM = {"kind": "event", "title": "双城教研活动", "on": "2026-05-20", "side": "both", "field": "basic", "quantity": "1"}


@pytest.fixture
def activity(world: World) -> Activity:
    data = read(ActivityInput, FORM | {"hosts": ["重庆市教育委员会"], "zone": "潼南—遂宁教育一体化"})
    return ledger.create(data=data, by=SYSTEM, at=AT)


def signed_in(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


@pytest.mark.parametrize("path", ["new/", "{id}/edit/"])
@pytest.mark.parametrize(("who", "status"), [("", 302), ("learner", 403), ("node_admin", 403), ("outsider", 403)])
def test_forms_are_not_for_everybody(
    client: Client, world: World, activity: Activity, path: str, who: str, status: int
):
    if who:
        signed_in(client, world, who)
    if who == "outsider" and path == "new/":
        return  # whoever works at a unit may enter what it hosts
    address = f"/plan/ledger/{path.format(id=activity.id)}"
    assert client.get(address).status_code == status
    assert client.post(address, FORM | {"title": "改掉"}).status_code == status
    assert Activity.objects.get().title == "双城教研活动"


@pytest.mark.parametrize("path", ["remove/", "files/"])
@pytest.mark.parametrize("who", ["", "learner", "outsider"])
def test_nobody_else_takes_away_or_adds(client: Client, world: World, activity: Activity, path: str, who: str):
    if who:
        signed_in(client, world, who)
    sent = {"reason": "没有理由", "file": SimpleUploadedFile("现场.png", png_file())}
    client.post(f"/plan/ledger/{activity.id}/{path}", sent)
    assert (Activity.objects.count(), Attachment.objects.count()) == (1, 0)


def test_everybody_reads_counts_and_downloads(client: Client, world: World, activity: Activity):
    page = client.get("/plan/ledger/").content.decode()
    for words in ("双城教研活动", "分年统计", "2026", "重要活动", "登录"):
        assert words in page
    assert "登记台账" not in page
    book = openpyxl.load_workbook(BytesIO(client.get("/plan/ledger/?format=xlsx").content))
    [sheet] = [sheet for sheet in book.worksheets if sheet.max_row > 1][:1]
    assert any("双城教研活动" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert client.get("/plan/ledger/?kind=meeting").content.decode().count("没有符合条件的记录") == 1
    assert client.get(f"/plan/ledger/{activity.id}/").status_code == 200


def test_saving_and_going_on_keeps_the_day_and_the_hosts(client: Client, world: World):
    signed_in(client, world, "cq_officer")
    answer = client.post("/plan/ledger/new/", FORM | {"hosts": ["四川省教育厅"], "do": "next"}, follow=True)
    page = answer.content.decode()
    assert "已登记“双城教研活动”。" in page
    assert 'value="2026-05-20"' in page
    assert 'value="四川省教育厅"' in page
    assert 'value="双城教研活动"' not in page


def test_bad_input_is_said_and_kept(client: Client, world: World):
    signed_in(client, world, "cq_officer")
    answer = client.post(
        "/plan/ledger/new/", FORM | {"on": "2036-01-01", "hosts": ["没有的单位"], "result": "写了很久"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("日期不能晚于今天", "没有找到“没有的单位”", "写了很久"):
        assert words in page
    assert not Activity.objects.exists()


def test_the_second_of_two_is_told_and_keeps_his_text(client: Client, world: World, activity: Activity):
    signed_in(client, world, "cq_officer")
    address = f"/plan/ledger/{activity.id}/edit/"
    assert client.post(address, FORM | {"version": "1", "people": "300"}).status_code == 302
    answer = client.post(address, FORM | {"version": "1", "result": "我写的成果"})
    assert answer.status_code == 422
    assert "已被他人修改" in answer.content.decode()
    assert "我写的成果" in answer.content.decode()


def test_pictures_come_show_and_go(client: Client, world: World, activity: Activity):
    signed_in(client, world, "cq_officer")
    files = [SimpleUploadedFile("现场.png", png_file()), SimpleUploadedFile("坏.png", b"not a picture")]
    page = client.post(f"/plan/ledger/{activity.id}/files/", {"file": files}, follow=True).content.decode()
    assert "“现场.png”已上传。" in page
    row = Attachment.objects.get()
    address = f"/plan/ledger/{activity.id}/files/{row.id}/"
    client.logout()
    shown, kept = client.get(f"{address}?show"), client.get(address)
    assert shown["Content-Type"] == "image/png"
    assert kept["Content-Disposition"].startswith("attachment")
    for answer in (shown, kept):
        assert b"".join(answer.streaming_content) == png_file()
    assert client.get(f"/plan/ledger/{row.id}/files/{row.id}/").status_code == 404
    signed_in(client, world, "cq_officer").post(f"{address}remove/")
    assert not Attachment.objects.exists()


def test_an_entry_is_removed_with_a_reason(client: Client, world: World, activity: Activity):
    signed_in(client, world, "cq_officer")
    page = client.post(f"/plan/ledger/{activity.id}/remove/", {"reason": ""}, follow=True).content.decode()
    assert "“理由”没有填写" in page
    assert client.post(f"/plan/ledger/{activity.id}/remove/", {"reason": "重复"})["Location"] == "/plan/ledger/"


def test_queries(
    client: Client, world: World, activity: Activity, django_assert_max_num_queries: DjangoAssertNumQueries
):
    for number in range(5):
        data = read(ActivityInput, FORM | {"title": f"活动{number}", "hosts": ["重庆大学"]})
        ledger.create(data=data, by=SYSTEM, at=AT)
    with django_assert_max_num_queries(14):
        client.get("/plan/ledger/")
    with django_assert_max_num_queries(10):
        client.get(f"/plan/ledger/{activity.id}/")


SOUGHT = {"kind": "policy", "title": "增投招生计划", "field": "higher"}


@pytest.mark.parametrize(("who", "status"), [("", 302), ("learner", 403), ("cqu_admin", 403)])
def test_what_is_sought_is_entered_by_officers(client: Client, world: World, who: str, status: int):
    if who:
        signed_in(client, world, who)
    assert client.post("/plan/sought/new/", SOUGHT).status_code == status
    assert not Sought.objects.exists()


def test_what_is_not_granted_is_hidden(client: Client, world: World):
    row = sought.save(data=read(SoughtInput, SOUGHT), by=SYSTEM, at=AT)
    assert client.get(f"/plan/sought/{row.id}/").status_code == 404
    assert "增投招生计划" not in client.get("/plan/sought/").content.decode()


def test_an_officer_enters_submits_and_answers(client: Client, world: World):
    signed_in(client, world, "sc_officer")
    page = client.post("/plan/sought/new/", SOUGHT | {"asked_on": "2026-01-05"}, follow=True).content.decode()
    assert "已上报" in page
    row = Sought.objects.get()
    wrong = client.post(f"/plan/sought/{row.id}/", {"state": "granted", "answer": ""})
    assert wrong.status_code == 422
    page = client.post(
        f"/plan/sought/{row.id}/", {"state": "granted", "answer": "同意。"}, follow=True
    ).content.decode()
    assert "已获支持" in page
    client.logout()
    assert "增投招生计划" in client.get("/plan/sought/").content.decode()
