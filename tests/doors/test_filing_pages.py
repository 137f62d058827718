"""Pages of progress filing: refusals first."""

from io import BytesIO

import openpyxl
import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.desk.importing import actions as importing
from shuangcheng.desk.models import Attachment, Import, Notice
from shuangcheng.plan.actions import decisions, filings, periods
from shuangcheng.plan.inputs.filings import ReturnedInput
from shuangcheng.plan.models import Filing, Period, Progress
from tests.rooms.filings import PERIOD, Asked, build, content, filed
from tests.world import AT, SYSTEM, World


@pytest.fixture
def asked(world: World, settings: LazySettings, tmp_path: object) -> Asked:
    settings.MEDIA_ROOT = tmp_path
    return build()


def enter(client: Client, world: World, who: str) -> Client:
    if who:
        client.force_login(getattr(world, who).account)
    return client


def form(
    asked: Asked, *, version: int = 1, do: str = "save", summary: str = "总体顺利。", **changes: str
) -> dict[str, str]:
    """The page of 重庆大学 as its browser sends it."""
    prefix = f"i{asked.led.pk.hex}-"
    told = {"told": "on_track", "percent": "60", "text": "已组建八个。", f"figure_{asked.target.pk.hex}": "8"} | changes
    return {"version": str(version), "do": do, "summary": summary} | {
        f"{prefix}{name}": value for name, value in told.items()
    }


def address(filing: Filing, rest: str = "") -> str:
    return f"/plan/filings/{filing.pk}/{rest}"


@pytest.mark.parametrize(
    ("who", "status"), [("", 302), ("learner", 404), ("outsider", 404), ("scu_admin", 404), ("sc_officer", 403)]
)
def test_nobody_else_fills_in(client: Client, world: World, asked: Asked, who: str, status: int):
    enter(client, world, who)
    assert client.post(address(asked.cqu), form(asked)).status_code == status
    assert client.get(address(asked.cqu, "workbook/")).status_code == status
    book = {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")}
    assert client.post(address(asked.cqu, "upload/"), book).status_code == status
    assert not Progress.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize("who", ["", "learner", "outsider", "cqu_admin", "sc_officer", "node_admin"])
@pytest.mark.parametrize("do", ["accept", "return", "remind"])
def test_nobody_else_decides(client: Client, world: World, asked: Asked, who: str, do: str):
    filing = filed(asked.cqu, asked.line())
    enter(client, world, who)
    sent = {"do": do, "answer": "退回", "version": str(filing.version)}
    client.post(address(filing, "decide/"), sent)
    client.post(f"/plan/filing/{asked.period.pk}/decide/", sent | {"filing": f"{filing.pk}:{filing.version}"})
    after = Filing.objects.get(pk=filing.pk)
    assert (after.state, after.reminded_at) == ("filed", None)


@pytest.mark.parametrize(("who", "status"), [("", 302), ("learner", 403), ("cqu_admin", 403), ("node_admin", 403)])
def test_nobody_else_opens_or_changes(client: Client, world: World, asked: Asked, who: str, status: int):
    enter(client, world, who)
    assert client.get("/plan/filing/new/").status_code == status
    assert client.post("/plan/filing/new/", PERIOD | {"title": "另一期"}).status_code == status
    for part in ("edit", "close"):
        client.post(f"/plan/filing/{asked.period.pk}/{part}/", PERIOD | {"title": "改名"})
    assert [(row.title, row.state) for row in Period.objects.all()] == [("下半年推进情况", "open")]


def test_what_is_not_ones_own_is_not_shown(client: Client, world: World, asked: Asked):
    enter(client, world, "outsider")
    assert "下半年推进情况" not in client.get("/plan/filing/").content.decode()
    assert client.get(f"/plan/filing/{asked.period.pk}/").status_code == 404
    assert client.get(f"/plan/filing/{asked.period.pk}/summary/").status_code == 404
    enter(client, world, "cqu_admin")
    page = client.get(f"/plan/filing/{asked.period.pk}/").content.decode()
    assert "重庆大学" in page
    assert "四川大学" not in page


def test_an_officer_opens_a_period(client: Client, world: World, asked: Asked):
    enter(client, world, "cq_officer")
    assert "示例清单" in client.get("/plan/filing/new/").content.decode()
    wrong = client.post("/plan/filing/new/", PERIOD | {"title": "另一期", "due": "2020-01-01", "note": "写了很久"})
    assert wrong.status_code == 422
    for words in ("报送截止日期已经过去", "写了很久"):
        assert words in wrong.content.decode()
    page = client.post("/plan/filing/new/", PERIOD | {"title": "另一期"}, follow=True).content.decode()
    assert "已开启报送，并通知 4 个单位。" in page
    assert page.count("未报") > 4


def test_the_second_of_two_officers_keeps_his_text(client: Client, world: World, asked: Asked):
    enter(client, world, "cq_officer")
    path = f"/plan/filing/{asked.period.pk}/edit/"
    assert client.post(path, PERIOD | {"version": "1", "title": "全年"}).status_code == 302
    answer = client.post(path, PERIOD | {"version": "1", "note": "我写的要求"})
    assert answer.status_code == 422
    for words in ("已被他人修改", "我写的要求", "现在保存的是：全年"):
        assert words in answer.content.decode()


def test_a_draft_is_saved_then_filed(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    page = client.get(address(asked.cqu)).content.decode()
    for words in ("组建产教联合体", "联合体（个）", "目标：不低于 10 个", "保存草稿"):
        assert words in page
    page = client.post(address(asked.cqu), form(asked), follow=True).content.decode()
    assert "草稿已保存。" in page
    assert "已组建八个。" in page
    page = client.post(address(asked.cqu), form(asked, version=2, do="file"), follow=True).content.decode()
    assert "已报送，等待审核。" in page
    assert Filing.objects.get(pk=asked.cqu.pk).state == "filed"
    assert "保存草稿" not in page


def test_what_is_in_the_way_is_said_at_its_place_and_kept(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    answer = client.post(address(asked.cqu), form(asked, do="file", told="done", text="写了很久"))
    assert answer.status_code == 422
    for words in ("完成进度应为百分之百", "写了很久", "还没有报送"):
        assert words in answer.content.decode()
    assert Progress.objects.get().text == "写了很久", "kept as a draft"
    assert Filing.objects.get(pk=asked.cqu.pk).state == "draft"


def test_a_line_that_cannot_be_read_does_not_hold_up_the_others(client: Client, world: World, asked: Asked):
    asked.other.partners.add(world.cqu)
    enter(client, world, "staff")
    other = {f"i{asked.other.pk.hex}-text": "另一项的进展", f"i{asked.other.pk.hex}-percent": "30"}
    answer = client.post(address(asked.cqu), form(asked, percent="六成") | other)
    assert answer.status_code == 422
    for words in ("应为整数", 'value="六成"', "请更正事项 1 中标红的各项"):
        assert words in answer.content.decode()
    assert Progress.objects.get().text == "另一项的进展"


def test_saving_by_itself_answers_with_the_new_version(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    answer = client.post(address(asked.cqu), form(asked), headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert 'name="version" value="2"' in text
    assert "草稿已自动保存" in text
    assert "<html" not in text
    stale = client.post(address(asked.cqu), form(asked, text="晚了"), headers={"HX-Request": "true"}).content.decode()
    assert 'name="version" value="1"' in stale
    assert "已被他人修改" in stale
    assert Progress.objects.get().text == "已组建八个。"


def test_the_second_of_two_writers_keeps_his_text(client: Client, world: World, asked: Asked):
    filings.save(filing=asked.cqu, data=content(asked.line(text="甲写的")), by=SYSTEM, at=AT)
    enter(client, world, "staff")
    answer = client.post(address(asked.cqu), form(asked, text="乙写的"))
    assert answer.status_code == 422
    page = answer.content.decode()
    for words in ("已被他人修改", "乙写的", "现在保存的是：甲写的", 'name="version" value="2"'):
        assert words in page
    assert Progress.objects.get().text == "甲写的"


def test_evidence_comes_with_the_draft_and_goes(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    name = f"file-{asked.led.pk.hex}"
    files = {name: [SimpleUploadedFile("说明.txt", "证明".encode()), SimpleUploadedFile("坏.png", b"no picture")]}
    answer = client.post(address(asked.cqu), form(asked) | files)
    assert answer.status_code == 422
    assert "坏.png" in answer.content.decode()
    row = Attachment.objects.get()
    page = client.get(address(asked.cqu)).content.decode()
    assert f"/plan/evidence/{row.pk}/" in page
    assert b"".join(client.get(f"/plan/evidence/{row.pk}/").streaming_content) == "证明".encode()
    version = Filing.objects.get(pk=asked.cqu.pk).version
    enter(client, world, "scu_admin")
    assert client.get(f"/plan/evidence/{row.pk}/").status_code == 404
    enter(client, world, "staff")
    sent = form(asked, version=version, do=f"remove {row.pk}", text="没有丢")
    page = client.post(address(asked.cqu), sent, follow=True).content.decode()
    assert "附件已删除" in page
    assert "没有丢" in page
    assert not Attachment.objects.exists()


def test_officers_of_both_sides_read_and_the_own_one_decides(client: Client, world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    enter(client, world, "sc_officer")
    page = client.get(address(filing)).content.decode()
    assert "已组建八个。" in page
    assert "审核" not in page.split("历次报送与审核")[0]
    enter(client, world, "cq_officer")
    assert "通过后，所报状态、进度、数值和投入计入清单。" in client.get(address(filing)).content.decode()
    wrong = client.post(address(filing, "decide/"), {"do": "return", "answer": "", "version": str(filing.version)})
    assert wrong.status_code == 422
    sent = {"do": "return", "answer": "请补充来源", "version": str(filing.version)}
    page = client.post(address(filing, "decide/"), sent, follow=True).content.decode()
    assert "已退回，并通知报送单位。" in page
    enter(client, world, "staff")
    page = client.get(address(filing)).content.decode()
    for words in ("请补充来源", "当时所报内容", "保存草稿"):
        assert words in page
    filing = filed(filing, asked.line(text="已补充。"))
    enter(client, world, "cq_officer")
    sent = {"do": "accept", "version": str(filing.version)}
    page = client.post(address(filing, "decide/"), sent, follow=True).content.decode()
    assert "已通过，所报进展计入清单。" in page
    assert "已计入清单" in page


def test_several_at_once_and_reminding(client: Client, world: World, asked: Asked):
    rows = [filed(asked.cqu, asked.line()), filed(asked.swu, asked.line(figures={}))]
    enter(client, world, "cq_officer")
    path = f"/plan/filing/{asked.period.pk}/decide/"
    stale = {"do": "accept", "filing": [f"{row.pk}:1" for row in rows]}
    assert "已被他人修改" in client.post(path, stale, follow=True).content.decode()
    sent = {"do": "accept", "filing": [f"{row.pk}:{row.version}" for row in rows]}
    assert "已通过 2 个报送件。" in client.post(path, sent, follow=True).content.decode()
    assert "没有需要催报的单位" in client.post(path, {"do": "remind_all"}, follow=True).content.decode()
    enter(client, world, "sc_officer")
    assert "已催报。" in client.post(path, {"do": "remind_all"}, follow=True).content.decode()
    assert Notice.objects.filter(person=world.scu_admin.actor.person_id, message__text=decisions.REMINDED).exists()


def test_what_waits_is_on_the_desk(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    page = client.get("/my/").content.decode()
    assert "待报送" in page
    assert address(asked.cqu) in page
    filed(asked.cqu, asked.line())
    assert address(asked.cqu) not in client.get("/my/").content.decode()
    enter(client, world, "cq_officer")
    assert address(asked.cqu) in client.get("/my/").content.decode()
    enter(client, world, "sc_officer")
    page = client.get("/my/").content.decode()
    assert address(asked.cqu) not in page
    assert address(asked.department) in page, "an authority has to file as well"


def test_an_officer_says_so_before_he_fills_in_for_others(client: Client, world: World, asked: Asked):
    enter(client, world, "cq_officer")
    page = client.get(address(asked.cqu)).content.decode()
    assert "代为填报" in page
    assert "保存草稿" not in page
    assert "保存草稿" in client.get(address(asked.cqu, "?fill")).content.decode()
    assert client.post(address(asked.cqu), form(asked))["Location"] == address(asked.cqu, "?fill")


def test_closed_the_form_is_gone(client: Client, world: World, asked: Asked):
    periods.close(period=asked.period, by=SYSTEM, at=AT)
    enter(client, world, "staff")
    assert "保存草稿" not in client.get(address(asked.cqu)).content.decode()
    answer = client.post(address(asked.cqu), form(asked, text="晚了的话"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "已经截止，不能再填报" in page
    assert "晚了的话" in page, "what was typed can be copied"


# By Excel


def sheet_of(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_a_workbook_goes_out_is_filled_in_and_comes_back(client: Client, world: World, asked: Asked):
    enter(client, world, "staff")
    content = client.get(address(asked.cqu, "workbook/")).content
    rows = sheet_of(content)
    head = [str(cell).rstrip("*") for cell in rows[2]]
    told = dict(zip(head, rows[4], strict=True))
    assert (told["报送单位"], told["事项编号"], told["目标数值"]) == ("重庆大学", "1", "联合体（个）：")
    book = openpyxl.load_workbook(BytesIO(content))
    for title, value in (
        ("状态", "按期推进"),
        ("完成进度（%）", 60),
        ("进展情况", "表格里写的"),
        ("目标数值", "联合体（个）：8"),
    ):
        book.worksheets[0].cell(5, head.index(title) + 1, value)
    out = BytesIO()
    book.save(out)
    sent = {"file": SimpleUploadedFile("填报.xlsx", out.getvalue())}
    assert client.post(address(asked.cqu, "upload/"), sent)["Location"].startswith("/imports/")
    item = Import.objects.get()
    importing.check(import_id=item.pk, at=AT)
    item.refresh_from_db()
    assert (item.new, item.wrong) == (1, 0), item.errors
    importing.confirm(item=item, valid_only=False, by=world.staff.actor, at=AT)
    importing.write(import_id=item.pk, at=AT)
    line = Progress.objects.get()
    assert (line.text, line.percent, line.counts) == ("表格里写的", 60, False)
    assert line.figures == [{"target": str(asked.target.pk), "value": "8"}]
    assert Filing.objects.get(pk=asked.cqu.pk).state == "draft"
    again = importing.upload(table="filing", name="填报.xlsx", data=out.getvalue(), by=world.staff.actor, at=AT)
    importing.check(import_id=again.pk, at=AT)
    again.refresh_from_db()
    assert (again.same, again.new, again.changed) == (1, 0, 0)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"事项编号": "2"}, "事项编号"),
        ({"报送期": "没有这一期"}, "报送期"),
        ({"完成进度（%）": "六成"}, "完成进度（%）"),
        ({"状态": "已完成", "完成进度（%）": "60"}, "完成进度（%）"),
        ({"状态": "受阻"}, "原因"),
        ({"目标数值": "别的目标：8"}, "目标数值"),
        ({"目标数值": "联合体：八"}, "目标数值"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_by_row_and_column(
    world: World, asked: Asked, changes: dict[str, str], column: str
):
    row = {
        "报送期": "下半年推进情况", "报送单位": "重庆大学", "事项编号": "1", "状态": "按期推进", "完成进度（%）": "60",
        "原因": "", "进展情况": "好", "目标数值": "",
    } | changes  # fmt: skip
    data = f"{','.join(row)}\n{','.join(row.values())}\n".encode()
    item = importing.upload(table="filing", name="填报.csv", data=data, by=world.staff.actor, at=AT)
    importing.check(import_id=item.pk, at=AT)
    item.refresh_from_db()
    assert [(error[0], error[1]) for error in item.errors] == [(2, column)], item.errors


def test_another_organisations_rows_are_not_imported(world: World, asked: Asked):
    data = "报送期,报送单位,事项编号,进展情况\n下半年推进情况,重庆大学,1,混进来的\n".encode()
    item = importing.upload(table="filing", name="填报.csv", data=data, by=world.outsider.actor, at=AT)
    importing.check(import_id=item.pk, at=AT)
    item.refresh_from_db()
    assert (item.new, item.wrong) == (0, 1)


# Summary


def test_the_summary_as_page_and_excel(client: Client, world: World, asked: Asked):
    filed(asked.cqu, asked.line())
    filings.save(filing=asked.swu, data=content(asked.line(text="草稿不在汇总里", figures={})), by=SYSTEM, at=AT)
    enter(client, world, "sc_officer")
    path = f"/plan/filing/{asked.period.pk}/summary/"
    page = client.get(path).content.decode()
    for words in ("组建产教联合体", "已组建八个。", "待审核", "1 个事项，1 份进展"):
        assert words in page
    assert "草稿不在汇总里" not in page
    text = str(sheet_of(client.get(f"{path}?format=xlsx").content))
    for words in ("组建产教联合体", "重庆大学", "联合体 8 个"):
        assert words in text
    enter(client, world, "scu_admin")
    assert "已组建八个。" not in client.get(path).content.decode(), "not accepted yet"
    decisions.accept(filings=[Filing.objects.get(pk=asked.cqu.pk)], by=SYSTEM, at=AT)
    assert "已组建八个。" in client.get(path).content.decode()


def test_lists_as_excel(client: Client, world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    decisions.send_back(filing=filing, data=ReturnedInput(answer="补充"), by=SYSTEM, at=AT)
    enter(client, world, "cq_officer")
    assert "下半年推进情况" in str(sheet_of(client.get("/plan/filing/?format=xlsx").content))
    text = str(sheet_of(client.get(f"/plan/filing/{asked.period.pk}/?format=xlsx").content))
    for words in ("重庆大学", "已退回", "补充"):
        assert words in text


def test_queries(client: Client, world: World, asked: Asked, django_assert_max_num_queries: DjangoAssertNumQueries):
    filed(asked.swu, asked.line(figures={}))
    for number in range(3):
        asked.other.partners.add(world.cqu if number else world.swufe)
    enter(client, world, "cq_officer")
    with django_assert_max_num_queries(8):
        client.get("/plan/filing/")
    with django_assert_max_num_queries(12):
        client.get(f"/plan/filing/{asked.period.pk}/")
    with django_assert_max_num_queries(15):
        client.get(address(asked.swu))
    with django_assert_max_num_queries(12):
        client.get(f"/plan/filing/{asked.period.pk}/summary/")
    enter(client, world, "staff")
    with django_assert_max_num_queries(15):
        assert "保存草稿" in client.get(address(asked.cqu)).content.decode()
