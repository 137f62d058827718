"""The pages of the list and of one item: what they show, what forms do, and how many queries they cost."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuangcheng.desk.importing import actions
from shuangcheng.desk.models import Attachment, Import
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.models import Activity, Item, Progress, Target
from tests.doors.plan_cast import PNG, PlanCast, cast, enter
from tests.world import AT, World

__all__ = ["cast"]
SIGN_IN = 4
"""Queries by which a signed-in reader is known."""


def text(answer: Any) -> str:
    return str(answer.content.decode())


def rows(answer: Any) -> list[str]:
    return [row.number for row in answer.context["shown"].page]


@pytest.mark.parametrize("who", [None, "cq_officer", "cqu_admin"])
def test_the_views_open_with_few_queries(
    client: Client, world: World, cast: PlanCast, who: str | None, django_assert_max_num_queries: Any
) -> None:
    cast.approve()
    enter(client, world, who)
    more = SIGN_IN if who else 0
    for query in ("", "view=board", "view=timetable", "view=timetable&year=2026", "standing=late&order=due", "q=lhT"):
        with django_assert_max_num_queries(8 + more):
            answer = client.get(f"/plan/?{query}")
        assert answer.status_code == 200, query
        assert len(answer.content) < 100_000
    with django_assert_max_num_queries(15 + more):
        assert client.get(f"/plan/items/{cast.late.id}/").status_code == 200


def test_a_number_of_items_does_not_cost_queries(
    client: Client, world: World, cast: PlanCast, django_assert_num_queries: Any
) -> None:
    enter(client, world, "cq_officer")
    with django_assert_num_queries(10):
        client.get("/plan/")
    dated = {"created_at": AT, "updated_at": AT, "plan": cast.plan, "kind": "measure", "field": "basic"}
    Item.objects.bulk_create(Item(number=str(n), position=f"{n:04}", title="甲", **dated) for n in range(50, 90))
    with django_assert_num_queries(10):
        answer = client.get("/plan/?page=2")
    assert len(rows(answer)) == 13


def test_the_late_come_first_in_words(client: Client, world: World, cast: PlanCast) -> None:
    answer = enter(client, world, "cq_officer").get("/plan/")
    assert rows(answer)[0] == "1"
    assert "个工作日" in text(answer)
    assert "8 / 10 个" in text(answer)
    assert "（一）共建联合体" in text(answer)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action_plan=6", ["1"]), ("field=vocational", ["1", "1.1", "1.1.1"]), ("standing=late", ["1"]),
        ("standing=late&standing=not_started", ["1", "1.1", "1.1.1"]), ("side=cq", ["1"]), ("kind=project", ["1.1"]),
        ("disputed=1", ["1"]), ("mine=1", ["1"]), ("standing=nonsense", ["1", "1.1", "1.1.1"]),
        ("q=zjcjlht", ["1"]), ("q=没有这个", []), ("organisation=00000000-0000-7000-8000-000000000000", []),
    ],
)  # fmt: skip
def test_filters(client: Client, world: World, cast: PlanCast, query: str, found: list[str]) -> None:
    assert sorted(rows(enter(client, world, "cqu_admin").get(f"/plan/?{query}"))) == found


def test_items_of_a_closed_plan_are_put_away(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cqu_admin")
    cast.plan.closed = True
    cast.plan.save()
    cast.approve()
    shown = client.get("/plan/?standing=late")
    assert rows(shown) == []
    assert "另有 3 项属于已结束的清单" in text(shown)
    for asked in ("closed=1&standing=late", f"plan={cast.plan.pk}&standing=late", f"clause={cast.clause.pk}&mine=1"):
        shown = client.get(f"/plan/?{asked}")
        assert rows(shown) == ["1"], asked
        assert "已结束的清单" not in text(shown), asked


def test_facets_by_what_the_items_hang_together_with(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    for name, thing in {
        "plan": cast.plan, "lead": world.cqu, "district": world.divisions["潼南区"], "zone": world.zone,
        "alliance": world.alliance, "clause": cast.clause,
    }.items():  # fmt: skip
        assert "1" in rows(client.get(f"/plan/?{name}={thing.pk}")), name
    nothing = client.get(f"/plan/?zone={cast.plan.pk}")
    assert rows(nothing) == []
    assert "没有相关事项" in text(nothing)
    assert rows(client.get(f"/plan/?under={cast.late.pk}")) == ["1.1"]
    assert rows(client.get(f"/plan/?organisation={world.swu.pk}")) == ["1"], "a partner"


def test_a_facet_counts_what_the_others_leave(client: Client, world: World, cast: PlanCast) -> None:
    answer = enter(client, world, "cq_officer").get("/plan/?kind=measure")
    options = {facet.name: {o.value: o.count for o in found} for facet, found in answer.context["shown"].facets}
    assert options["kind"] == {"measure": 1, "project": 1, "milestone": 1}
    assert options["standing"] == {"late": 1}
    assert options["lead"] == {str(world.cqu.pk): 1, str(world.sc_department.pk): 1}
    assert [chip[0] for chip in answer.context["shown"].chips] == ["举措"]


def test_the_timetable_groups_and_narrows_to_a_year(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    told = client.get("/plan/?view=timetable").context["timetable"]
    assert [(group.number, [line.item.number for line in group.lines]) for group in told.groups] == [
        (6, ["1", "1.1", "1.1.1"])
    ], "what stands under an item belongs to its action plan"
    first = told.groups[0].lines[0]
    assert 0 < first.start < first.due == first.start + first.length < 1000
    assert told.groups[0].lines[2].due is None
    year = client.get("/plan/?view=timetable&year=2026").context["timetable"]
    assert [line.item.number for line in year.groups[0].lines] == ["1.1"]
    assert len(year.columns) == 12


def test_the_download_can_be_imported_again(client: Client, world: World, cast: PlanCast) -> None:
    by = world.cq_officer.actor
    answer = enter(client, world, "cq_officer").get("/plan/?format=xlsx&order=number")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[3]]
    late = dict(zip(titles, [cell.value for cell in sheet[4]], strict=True))
    assert (late["编号"], late["推进状态"], late["参与单位"], late["依据条款"]) == ("1", "逾期", "西南大学", "1")
    assert (late["目标进度"], late["累计投入（万元）"], late["所涉区划"]) == ("联合体 8 / 10 个", 300, "重庆市/潼南区")

    def checked(data: bytes) -> Import:
        item = actions.upload(table="item", name="清单.xlsx", data=data, by=by, at=AT)
        actions.check(import_id=item.id, at=AT)
        item.refresh_from_db()
        return item

    same = checked(answer.content)
    assert (same.new, same.changed, same.same, same.wrong) == (0, 0, 3, 0), same.errors or same.notes
    sheet.cell(4, titles.index("事项") + 1).value = "组建示例联合体"
    edited = io.BytesIO()
    book.save(edited)
    item = checked(edited.getvalue())
    assert (item.changed, item.same, item.wrong) == (1, 2, 0)
    actions.confirm(item=item, valid_only=False, by=by, at=AT)
    actions.write(import_id=item.id, at=AT)
    cast.late.refresh_from_db()
    assert (cast.late.title, cast.late.percent, cast.late.zone) == ("组建示例联合体", 60, world.zone)


def test_one_item_tells_all_that_is_known(client: Client, world: World, cast: PlanCast) -> None:
    activity = Activity.objects.create(
        kind="meeting", title="联合体推进会", pinyin="lht", on=AT.date(), field="vocational", item=cast.late,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    shown = text(enter(client, world, "sc_officer").get(f"/plan/items/{cast.late.id}/"))
    for words in (
        "组建联合体。", "（一）共建联合体", "西南大学", "潼南区", "潼南—遂宁教育一体化", "示例教师教育联盟",
        "1.1 示范项目",
        "已组建八个。",
        "口径不一", "1,200.5 万元", "300 万元", "不低于 10 个", "基期", activity.title, "有分歧",
        "报告进展", "个工作日",
    ):  # fmt: skip
        assert words in shown, words
    below = text(client.get(f"/plan/items/{cast.node.id}/"))
    assert below.index("1 组建产教联合体") < below.index("1.1 示范项目")


def test_the_public_sees_neither_money_nor_discussion(client: Client, world: World, cast: PlanCast) -> None:
    cast.approve()
    shown = text(client.get(f"/plan/items/{cast.late.id}/"))
    assert "已组建八个。" in shown
    for words in ("口径不一", "1,200.5", "300 万元", "变更记录", "报告进展", "批量修改", "发表意见"):
        assert words not in shown, words
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/plan/?format=xlsx").content)).worksheets[0]
    assert 300 not in [cell.value for row in sheet.iter_rows() for cell in row]


def test_the_history_says_from_what_to_what(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    body = {
        "number": "1.1.1",
        "kind": "milestone",
        "parent": "1.1",
        "title": "完成终审",
        "field": "basic",
        "version": 1,
    }
    assert client.post(f"/plan/items/{cast.node.id}/edit/", body).status_code == 302
    answer = client.get(f"/plan/items/{cast.node.id}/")
    [(line, changes), *_rest] = answer.context["history"]
    assert line.actor_name == "余小安"
    assert sorted(changes) == [("事项", "完成评审", "完成终审"), ("领域", "职业教育", "基础教育")]


def test_of_two_officers_the_second_keeps_what_he_typed(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    address = f"/plan/items/{cast.node.id}/edit/"
    body = {"number": "1.1.1", "kind": "milestone", "parent": "1.1", "title": "我的名称", "field": "vocational"}
    Item.objects.filter(pk=cast.node.pk).update(version=2, title="他人的名称")
    answer = client.post(address, body | {"version": 1})
    shown = text(answer)
    assert answer.status_code == 422
    assert "已被他人修改" in shown
    assert 'value="我的名称"' in shown
    assert "现在保存的是：他人的名称" in shown
    assert 'name="version" value="2"' in shown
    assert client.post(address, body | {"version": 2}).status_code == 302
    assert client.post(address, body).status_code == 422, "a form without its version is not trusted"
    cast.node.refresh_from_db()
    assert cast.node.title == "我的名称"


def test_an_item_is_added_and_removed(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    assert cast.plan.name in text(client.get("/plan/items/new/"))
    address = f"/plan/items/new/?plan={cast.plan.id}&parent=1"
    form = client.get(address).context["form"]
    assert (form.boxes["parent"].value, form.boxes["field"].value) == ("1", "vocational")
    body = {"number": "1.2", "kind": "project", "parent": "1", "title": "新的项目", "field": "vocational"}
    wrong = client.post(address, body | {"lead_cq": "没有的单位"})
    assert wrong.status_code == 422
    assert 'value="没有的单位"' in text(wrong)
    made = client.post(address, body | {"partners": ["西南大学", ""]})
    item = Item.objects.get(number="1.2")
    assert made["Location"] == f"/plan/items/{item.id}/"
    client.post(f"/plan/items/{item.id}/remove/", {"reason": ""})
    assert Item.objects.filter(pk=item.pk).exists(), "not without a reason"
    assert client.post(f"/plan/items/{item.id}/remove/", {"reason": "重复"})["Location"] == "/plan/"
    assert not Item.objects.filter(pk=item.pk).exists()


def test_progress_is_reported_on_one_page(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cqu_admin")
    address = f"/plan/items/{cast.late.id}/report/"
    figure = f"figure_{cast.target.pk.hex}"
    assert "上次：8" in text(client.get(address))
    body = {"on": cast.report.on, "told": "blocked", "percent": 70, "text": "暂停建设。", figure: "一"}
    refused = client.post(address, body)
    assert refused.status_code == 422
    assert "应为数字" in text(refused)
    assert "暂停建设。" in text(refused)
    body |= {"reason": "用地未批", figure: "9"}
    picture = SimpleUploadedFile("现场.png", PNG)
    assert (
        client.post(address, body | {"file": [picture, SimpleUploadedFile("批文.txt", "批复".encode())]}).status_code
        == 302
    )
    report = Progress.objects.get(told="blocked")
    assert [file.name for file in Attachment.objects.filter(subject_id=report.pk)] == ["现场.png", "批文.txt"]
    cast.target.refresh_from_db()
    assert cast.target.observed == 9
    shown = text(client.get(f"/plan/items/{cast.late.id}/"))
    assert "用地未批" in shown
    assert "联合体 9 个" in shown


def test_a_bad_file_keeps_the_whole_report_back(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cqu_admin")
    body = {"on": cast.report.on, "told": "on_track", "percent": 70, "text": "有进展。"}
    answer = client.post(
        f"/plan/items/{cast.late.id}/report/", body | {"file": SimpleUploadedFile("工具.exe", b"MZ" + b"\0" * 200)}
    )
    assert answer.status_code == 422
    assert "有进展。" in text(answer)
    assert Progress.objects.count() == 1


def test_a_wrong_report_is_withdrawn(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    address = f"/plan/items/{cast.late.id}/progress/{cast.report.id}/withdraw/"
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"reason": "报错了事项"}).status_code == 302
    cast.late.refresh_from_db()
    assert (cast.late.told, cast.late.percent) == ("not_started", 0)


def test_targets(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "sc_officer")
    address = f"/plan/items/{cast.late.id}/targets"
    good = {"subject": "学校", "comparator": "range", "value": "5", "kind": "goal", "side": "both"}
    assert "区间的上限没有填写" in text(client.post(f"{address}/new/", good))
    assert client.post(f"{address}/new/", good | {"value_max": "9"}).status_code == 302
    target = Target.objects.get(subject="学校")
    edited = good | {"subject": "院校", "value_max": "9", "version": 1}
    assert client.post(f"{address}/{target.id}/", edited).status_code == 302
    assert "已被他人修改" in text(client.post(f"{address}/{target.id}/", edited))
    assert client.post(f"{address}/{target.id}/observe/", {"on": "2026-01-05", "value": "6"}).status_code == 302
    assert "不能晚于今天" in text(client.post(f"{address}/{target.id}/observe/", {"on": "2099-01-01", "value": "6"}))
    client.post(f"{address}/{target.id}/remove/")
    assert not Target.objects.filter(pk=target.pk).exists()


def test_discussion(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "swu_admin")
    address = f"/plan/items/{cast.late.id}/remark/"
    assert client.post(address, {"kind": "settled", "text": "已谈妥"}).status_code == 302
    assert "没有未解决的分歧" in text(client.post(address, {"kind": "settled", "text": "再说一次"}))
    assert "已谈妥" in text(client.get(f"/plan/items/{cast.late.id}/"))


def test_evidence(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cqu_admin")
    address = f"/plan/items/{cast.late.id}/evidence/"
    client.post(address, {"file": SimpleUploadedFile("照片.png", PNG)})
    [file] = Attachment.objects.all()
    download = client.get(f"/plan/evidence/{file.id}/")
    assert download["Content-Disposition"].startswith("attachment")
    assert download["Content-Type"] == "application/octet-stream"
    assert b"".join(download.streaming_content) == PNG
    picture = client.get(f"/plan/evidence/{file.id}/?show=1")
    assert picture["Content-Type"] == "image/png"
    assert b"".join(picture.streaming_content) == PNG
    client.post(address, {"file": [SimpleUploadedFile("说明.txt", "好".encode()), SimpleUploadedFile("坏.exe", b"MZ")]})
    assert Attachment.objects.count() == 1, "all of the files or none"
    client.post(f"/plan/evidence/{file.id}/remove/")
    assert not Attachment.objects.exists()
    assert AuditLine.objects.filter(verb="attachment.remove", note="照片.png").exists()


def test_many_are_changed_after_a_look(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    assert client.get("/plan/bulk/")["Location"] == "/plan/", "nothing was chosen"
    assert len(client.get("/plan/bulk/?all=1&field=vocational").context["rows"]) == 3
    chosen = [f"{row.id}:{row.version}" for row in Item.objects.filter(pk__in=[cast.late.pk, cast.project.pk])]
    empty = client.post("/plan/bulk/", {"item": chosen, "do": "look"})
    assert "请至少填写一项" in text(empty)
    body = {"item": chosen, "due": "2027-03-31", "do": "look"}
    looked = client.post("/plan/bulk/", body)
    assert [changes for _item, changes, _reasons in looked.context["rows"]] == [
        [("完成期限", "2025-12-31", "2027-03-31")], [("完成期限", "2099-12-31", "2027-03-31")],
    ]  # fmt: skip
    unseen = client.post(
        "/plan/bulk/", body | {"do": "write", "due": "2027-04-30", "looked": looked.context["looked_at"]}
    )
    assert unseen.status_code == 200, "what was not looked at is shown first"
    cast.late.refresh_from_db()
    assert str(cast.late.due) == "2025-12-31"
    done = client.post("/plan/bulk/", body | {"do": "write", "looked": looked.context["looked_at"]})
    assert done["Location"] == "/plan/"
    changed = Item.objects.filter(pk__in=[cast.late.pk, cast.project.pk])
    assert {str(row.due) for row in changed} == {"2027-03-31"}
