"""Pages of the policy library: refusals first, then bad input, then taking in, renewing and linking."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.plan.actions import items, plans, policies
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Intake, Plan, Policy
from tests import policy_samples as samples
from tests.core import file_samples as files
from tests.world import AT, SYSTEM, World

pytestmark = pytest.mark.django_db

ARTICLE = (
    "川渝携手谱新篇\n11月20日，示例会议在重庆召开，与会代表参观了校园。\n" + "大家表示收获很大，愿意多走动。\n" * 20
)
CONTENTS = "示例规划目录\n" + "".join(f"第{n}章 示例内容{n}…………………{n * 3}\n" for n in "一二三四五六")


def enter(client: Client, world: World, name: str) -> Client:
    client.force_login(getattr(world, name).account)
    return client


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    return enter(client, world, "cq_officer")


@pytest.fixture
def policy(world: World) -> Policy:
    return samples.policy(by=SYSTEM, at=AT)


@pytest.fixture
def plan(policy: Policy) -> Plan:
    data = PlanInput(name="示例清单", policy=policy.title, field="vocational", first_year=2025, last_year=2027)
    return plans.create(data=data, by=SYSTEM, at=AT)


def upload(client: Client, name: str, content: bytes, **more: str) -> Any:
    return client.post("/policy/new/", {"file": SimpleUploadedFile(name, content), **more}, follow=True)


def said(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def forms(policy: Policy, intake: Intake) -> dict[str, tuple[str, str]]:
    return {
        "new": ("get", "/policy/new/"),
        "upload": ("post", "/policy/new/"),
        "edit": ("get", f"/policy/{policy.id}/edit/"),
        "intake": ("get", f"/policy/intakes/{intake.id}/"),
        "take": ("post", f"/policy/intakes/{intake.id}/take/"),
        "discard": ("post", f"/policy/intakes/{intake.id}/discard/"),
        "links": ("post", f"/policy/{policy.id}/links/"),
        "files": ("post", f"/policy/{policy.id}/files/"),
    }


def test_who_may_not_changes_nothing(client: Client, world: World, policy: Policy) -> None:
    intake = samples.intake(samples.NEWER, at=AT)
    body = {"title": "另一份文件", "kind": "cites", "text": samples.NEWER}
    for who in ("", "learner", "cqu_admin", "auditor"):
        visitor = enter(Client(), world, who) if who else client
        for name, (method, path) in forms(policy, intake).items():
            answer = getattr(visitor, method)(path, body if method == "post" else {})
            assert answer.status_code in (302, 403, 404), (who, name)
            if answer.status_code == 302 and not who:
                assert "/account/login/" in answer["Location"] or name in ("links",), (who, name)
    assert not policy.links.exists()
    assert Policy.objects.count() == 1
    assert Intake.objects.filter(pk=intake.pk).exists()


def test_a_draft_is_not_shown_to_the_public(client: Client, world: World, policy: Policy) -> None:
    clause = policy.versions.get().clauses.get(anchor="2.1")
    paths = (f"/policy/{policy.id}/", f"/policy/clauses/{clause.id}/", f"/policy/{policy.id}/versions/1/")
    assert client.get(paths[0]).status_code == 200
    Policy.objects.update(state="draft")
    for path in paths:
        assert client.get(path).status_code == 404
    assert samples.TITLE not in said(client.get("/policy/"))
    assert samples.TITLE in said(enter(client, world, "sc_officer").get("/policy/"))


@pytest.mark.parametrize(
    ("name", "content", "status", "sentence"),
    [
        ("扫描.pdf", files.pdf_file(None, None), 422, "扫描件"),
        ("图片.png", files.png_file(), 422, "不能当作文章读取"),
        ("炸弹.docx", files.repacked(files.docx_file(), change={"word/media/a.bin": b"0" * 60_000_000}), 413, "。"),
        ("空.txt", b"", 422, "。"),
        ("空白.txt", b"  \n \n", 422, "没有文字"),
        ("文件.exe", b"MZ" + bytes(100), 422, "。"),
        ("过长.txt", ("长" * 200_001).encode(), 413, "拆分后上传"),
    ],
)
def test_what_cannot_be_read_is_told(officer: Client, name: str, content: bytes, status: int, sentence: str) -> None:
    answer = upload(officer, name, content)
    assert answer.status_code == status
    assert 'role="alert"' in said(answer)
    assert sentence in said(answer)
    assert not Intake.objects.exists()


def test_a_file_beyond_the_limit_is_told(officer: Client, settings: Any) -> None:
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update={"max_upload_mb": 1})
    answer = officer.post("/policy/new/", {"file": SimpleUploadedFile("大.pdf", b"%PDF-1.4" + bytes(2_000_000))})
    assert answer.status_code == 413
    assert not Intake.objects.exists()


def test_gb18030_is_read(officer: Client) -> None:
    answer = upload(officer, "国标.txt", samples.TEXT.encode("gb18030"))
    assert said(answer).count("已按 GB18030 读取") == 1
    assert Intake.objects.get().text.startswith(samples.TITLE)


def test_an_article_and_a_table_of_contents_are_kept_and_told(officer: Client) -> None:
    assert "没有读到举措" in said(upload(officer, "报道.txt", ARTICLE.encode()))
    contents = upload(officer, "目录.txt", CONTENTS.encode())
    assert contents.status_code == 200
    assert "只读到目录" in said(contents)
    assert "像是一篇报道" not in said(contents)
    assert Intake.objects.count() == 2


def test_what_is_there_already_is_told_with_its_place(officer: Client, policy: Policy) -> None:
    answer = upload(officer, "又一次.txt", samples.TEXT.encode())
    assert answer.status_code == 409
    assert f"/policy/{policy.id}/" in said(answer)
    assert "没有重复收录" in said(answer)


def test_what_waits_already_is_told_with_its_place(officer: Client) -> None:
    place = upload(officer, "一.txt", samples.TEXT.encode()).redirect_chain[-1][0]
    again = upload(officer, "二.txt", samples.TEXT.encode())
    assert again.status_code == 409
    assert place in said(again)
    assert Intake.objects.count() == 1
    officer.post(f"{place}discard/")
    assert upload(officer, "二.txt", samples.TEXT.encode()).status_code == 200


def test_a_pasted_text_is_not_lost(officer: Client) -> None:
    answer = officer.post("/policy/new/", {"text": "太短"})
    assert answer.status_code == 422
    assert "太短</textarea>" in said(answer)


def test_a_file_is_read_corrected_and_taken_in(officer: Client) -> None:
    page = upload(officer, "示例.txt", samples.TEXT.encode())
    address = page.redirect_chain[-1][0]
    assert "组建产教联合体" in said(page)
    body = {"article": "0", "title": samples.TITLE, "issuers": ["重庆市教育委员会", "四川省教育厅"], "side": "both"}
    wrong = officer.post(address, body | {"state": "in_force", "issued": "不是日期", "remark": "留着"})
    assert wrong.status_code == 422
    assert "留着" in said(wrong)
    assert not Policy.objects.exists()
    done = officer.post(address, body | {"state": "in_force", "field": "vocational"}, follow=True)
    policy = Policy.objects.get()
    assert done.redirect_chain[-1][0] == f"/policy/{policy.id}/"
    assert 'id="c-2.2.1"' in said(done)
    file = officer.get(f"/policy/{policy.id}/versions/1/file/")
    assert b"".join(file.streaming_content).decode() == samples.TEXT  # type: ignore[attr-defined]


def test_chosen_articles_of_a_compilation(officer: Client) -> None:
    text = "".join(
        f"渝教示〔2025〕{n}号\n关于示例{n}的通知\n" + f"一、总体要求\n坚持示例{n}。\n（一）做好示例。建设{n}个。\n" * 20
        for n in (1, 2)
    )
    page = upload(officer, "汇编.txt", text.encode())
    address = page.redirect_chain[-1][0]
    assert "其中的文章" in said(page)
    told = officer.post(f"{address}take/", {"field": "vocational"}, follow=True)
    assert "请先勾选" in said(told)
    told = officer.post(f"{address}take/", {"field": "", "articles": ["0"]}, follow=True)
    assert "“领域”" in said(told)
    officer.post(f"{address}take/", {"field": "vocational", "articles": ["0", "1", "9"]})
    assert Policy.objects.count() == 2
    assert not Intake.objects.open().exists()


def test_what_is_waiting_is_listed_and_can_be_given_up(officer: Client, world: World) -> None:
    intake = samples.intake(at=AT)
    assert intake.name in said(officer.get("/policy/"))
    assert intake.name not in said(enter(Client(), world, "learner").get("/policy/"))
    officer.post(f"/policy/intakes/{intake.id}/discard/")
    assert not Intake.objects.exists()


def test_the_second_of_two_officers_keeps_the_text(officer: Client, policy: Policy) -> None:
    body = {"title": "改过的标题", "state": "in_force", "side": "both", "field": "vocational", "remark": "我写的"}
    assert officer.post(f"/policy/{policy.id}/edit/", body | {"version": "1"}).status_code == 302
    second = officer.post(f"/policy/{policy.id}/edit/", body | {"version": "1", "remark": "晚到的"})
    assert second.status_code == 422
    assert "已被他人修改" in said(second)
    assert "晚到的" in said(second)


def test_documents_named_in_the_text_become_links(officer: Client, policy: Policy) -> None:
    page = said(officer.get(f"/policy/{policy.id}/"))
    assert "川渝示例教育总体方案" in page
    officer.post(
        f"/policy/{policy.id}/links/",
        {"kind": "implements", "title": "川渝示例教育总体方案", "doc_number": "川教示〔2024〕9号"},
    )
    link = policy.links.get()
    assert link.kind == "implements"
    officer.post(f"/policy/{policy.id}/links/", {"remove": str(link.id)})
    assert not policy.links.exists()


def test_files_are_added_and_taken_away(officer: Client, policy: Policy) -> None:
    address = f"/policy/{policy.id}/files/"
    officer.post(address, {"file": SimpleUploadedFile("解读.txt", "解读全文".encode())})
    page = said(officer.get(f"/policy/{policy.id}/"))
    assert "解读.txt" in page
    from shuangcheng.desk.models import Attachment

    row = Attachment.objects.get()
    assert b"".join(Client().get(f"{address}{row.id}/").streaming_content).decode() == "解读全文"  # type: ignore[attr-defined]
    officer.post(address, {"remove": str(row.id)})
    assert not Attachment.objects.exists()


def test_measures_and_clauses_point_at_each_other(officer: Client, plan: Plan, policy: Policy) -> None:
    data = ItemInput(number="1", title="组建联合体", clause="2.1", field="vocational")
    item = items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    page = said(officer.get(f"/policy/{policy.id}/"))
    assert f"/plan/items/{item.id}/" in page
    assert item.clause
    answer = officer.get(f"/policy/clauses/{item.clause.id}/")
    assert answer["Location"] == f"/policy/{policy.id}/#c-2.1"


def test_words_of_a_clause_are_found(client: Client, policy: Policy) -> None:
    page = said(client.get("/policy/?q=学分互认"))
    assert "建立学分互认办法" in page
    assert "条款中找到" in page


def test_a_newer_text_shows_what_changed_and_takes_the_list_along(officer: Client, plan: Plan, policy: Policy) -> None:
    for number, clause in (("1", "2.1"), ("2", "2.2.2")):
        data = ItemInput(number=number, title=f"事项{number}", clause=clause, field="vocational")
        items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    page = upload(officer, "新文本.txt", samples.NEWER.encode(), renews=str(policy.id))
    intake = page.redirect_chain[-1][0]
    done = officer.post(intake, {"article": "0", "renews": str(policy.id), "note": "修订"}, follow=True)
    address = done.redirect_chain[-1][0]
    assert address == f"/policy/{policy.id}/versions/2/difference/"
    assert "<del>10</del><ins>12</ins>" in said(done)
    assert "改依新文本" in said(done)
    adopted = officer.post(f"/policy/{policy.id}/versions/2/adopt/", {"plan": str(plan.id)}, follow=True)
    assert "条款已删去" in said(adopted)
    item = plan.items.get(number="1")
    officer.post(f"/policy/{policy.id}/versions/2/adopt/", {"item": str(item.id)})
    item.refresh_from_db()
    assert item.clause_fate == ""
    old = officer.get(f"/policy/{policy.id}/versions/1/")
    assert "后来有更新的文本" in said(old)


def test_pages_cost_few_queries(
    officer: Client, plan: Plan, policy: Policy, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        data = ItemInput(number=str(number), title=f"事项{number}", clause="2.1", field="vocational")
        items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    intake = samples.intake(samples.NEWER, at=AT)
    policies.renew(intake=intake, article=0, policy=policy, by=SYSTEM, at=AT)
    known = 3  # session, account, roles
    for path, most in (
        ("/policy/", 8),
        (f"/policy/{policy.id}/", 15),
        (f"/policy/{policy.id}/versions/2/difference/", 10),
    ):
        with django_assert_max_num_queries(most + known, info=path):
            assert officer.get(path).status_code == 200


def test_the_desk_is_offered_to_whose_plan_it_is(client: Client, world: World, policy: Policy, plan: Plan) -> None:
    Plan.objects.filter(pk=plan.pk).update(side="cq")
    for who, offered in (("cq_officer", True), ("sc_officer", False)):
        page = said(enter(client, world, who).get(f"/policy/{policy.id}/"))
        assert plan.name in page
        assert (f"/plan/plans/{plan.id}/reading/" in page) is offered, who
