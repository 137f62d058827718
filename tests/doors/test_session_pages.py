"""Pages of sessions: the agenda, attendance, papers, minutes; refusals first."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from pytest_django import DjangoAssertNumQueries

from shuangcheng.desk import attachments
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import agenda, sessions
from shuangcheng.plan.inputs.sessions import MatterInput
from shuangcheng.plan.minutes import content, digest_of
from shuangcheng.plan.models import Activity, AgendaEntry, Body, Item, Session
from tests.rooms.meetings import confirm, held_session, make_body, make_item, make_plan, make_session, resolve, written
from tests.world import AT, SYSTEM, World


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


def enter(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


def page(client: Client, session: Session, part: str = "") -> str:
    answer = client.get(f"/plan/sessions/{session.id}/{part}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def changing(session: Session) -> list[tuple[str, dict[str, str]]]:
    top = f"/plan/sessions/{session.id}"
    entry = session.agenda.get()
    return [
        (f"{top}/edit/", {"number": "9"}),
        (f"{top}/act/", {"do": "propose"}),
        (f"{top}/act/", {"do": "hold"}),
        (f"{top}/agenda/{entry.id}/", {"do": "drop", "reason": "不议"}),
        (f"{top}/attendance/", {"organisation": "重庆大学"}),
        (f"{top}/minutes/edit/", {"text": "会议纪要正文示例内容。"}),
        (f"{top}/minutes/decide/", {"do": "confirm", "digest": "0" * 64}),
        (f"{top}/resolutions/new/", {"text": "共建基地。"}),
    ]


@pytest.mark.parametrize("who", ["learner", "outsider", "scu_admin", "cqu_admin", "node_admin"])
def test_who_does_not_run_the_body_changes_nothing(client: Client, world: World, body: Body, who: str):
    session = held_session(body)
    enter(client, world, who)
    lines = AuditLine.objects.exclude(verb__startswith="account.").count()
    for path, sent in changing(session):
        answer = client.post(path, sent, follow=True)
        refused = answer.status_code in (403, 404) or "没有办理这项业务的权限" in answer.content.decode()
        assert refused, path
    assert AuditLine.objects.exclude(verb__startswith="account.").count() == lines


def test_the_public_is_sent_to_sign_in(client: Client, body: Body):
    session = held_session(body)
    for path, sent in changing(session):
        answer = client.post(path, sent)
        assert answer.status_code == 404 or answer["Location"].startswith("/account/login/"), path


def test_a_session_in_the_making_is_for_those_concerned(client: Client, world: World, body: Body):
    session = make_session(body)
    for who, status in {None: 404, "outsider": 404, "learner": 404, "staff": 200, "sc_officer": 200}.items():
        if who:
            enter(client, world, who)
        assert client.get(f"/plan/sessions/{session.id}/").status_code == status, who


def test_what_is_not_confirmed_is_not_public(client: Client, world: World, body: Body):
    session = held_session(body)
    resolve(session, SYSTEM)
    written(session, SYSTEM)
    sessions.add_paper(session=session, name="秘密材料.txt", data="内容".encode(), by=SYSTEM, at=AT)
    hidden = ("审议年度工作要点", "共建一个产教联合体", "一、会议名称", "秘密材料.txt", "分管负责人")
    for who in (None, "learner", "outsider"):
        if who:
            enter(client, world, who)
        text = page(client, session)
        assert not [word for word in hidden if word in text], who
        assert client.get(f"/plan/sessions/{session.id}/minutes/").status_code == 404
        assert client.get(f"/plan/sessions/{session.id}/minutes/word/").status_code == 404
    for officer in (world.cq_officer, world.sc_officer):
        confirm(session, officer.actor)
    client.logout()
    text = page(client, session)
    assert [word for word in hidden if word not in text] == ["秘密材料.txt"]
    assert "余小安" not in text, "who confirmed is told to those concerned"


def test_from_preparation_to_the_meeting(client: Client, world: World, body: Body):
    enter(client, world, "cq_officer")
    new = client.get(f"/plan/bodies/{body.id}/sessions/new/").content.decode()
    assert 'name="number" value="1"' in new, "the next number is proposed"
    make_item(make_plan(), "1", due="2025-12-26")
    sent = {"number": "1", "on": "2026-11-20", "place": "重庆", "host": "重庆市教育委员会"}
    client.post(f"/plan/bodies/{body.id}/sessions/new/", sent)
    session = Session.objects.get()
    top = f"/plan/sessions/{session.id}"
    client.post(f"{top}/act/", {"do": "propose"})
    text = page(client, session)
    assert "逾期 2" in text
    assert "个工作日" in text
    client.post(f"{top}/agenda/{AgendaEntry.objects.get().id}/", {"do": "accept"})
    client.post(f"{top}/agenda/new/", {"title": "审议要点"})
    second = AgendaEntry.objects.get(title="审议要点")
    client.post(f"{top}/agenda/{second.id}/", {"do": "up"})
    text = page(client, session)
    assert text.index("审议要点") < text.index("示例事项1")
    missing = client.post(f"{top}/agenda/{second.id}/", {"do": "drop", "reason": ""}, follow=True)
    assert "“理由”没有填写" in missing.content.decode()
    client.post(f"{top}/act/", {"do": "send"})
    assert "此后改动的，请重新发出" in page(client, session)
    client.post(f"{top}/act/", {"do": "hold"})
    text = page(client, session)
    assert "已召开" in text
    assert str(Activity.objects.get().id) in text, "the ledger's entry is linked"


def test_the_agenda_answers_htmx_with_the_page_and_a_refusal_with_a_whole_one(client: Client, world: World, body: Body):
    session = make_session(body)
    entry = agenda.add(session=session, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    enter(client, world, "cq_officer")
    path = f"/plan/sessions/{session.id}/agenda/{entry.id}/"
    good = client.post(path, {"do": "up"}, headers={"HX-Request": "true"})
    assert (good.status_code, good["Location"]) == (302, f"/plan/sessions/{session.id}/#agenda")
    bad = client.post(path, {"do": "drop", "reason": ""}, headers={"HX-Request": "true"})
    assert (bad.status_code, bad["HX-Refresh"]) == (200, "true")
    assert "“理由”没有填写" in page(client, session)


def test_a_member_raises_a_matter(client: Client, world: World, body: Body):
    session = make_session(body)
    enter(client, world, "cqu_admin")
    assert "提出议题" in page(client, session)
    client.post(f"/plan/sessions/{session.id}/agenda/new/", {"title": "实训基地共享"})
    assert AgendaEntry.objects.get().state == "proposed"
    assert enter(client, world, "learner").get(f"/plan/sessions/{session.id}/agenda/new/").status_code == 404


def test_attendance_is_filled_in_and_typed_lines_stay(client: Client, world: World, body: Body):
    session = make_session(body)
    enter(client, world, "cq_officer")
    assert 'value="四川省教育厅"' in page(client, session, "attendance/")
    lines = {
        "organisation": ["重庆大学", "没有的单位"], "post": ["校领导", ""],
        "present": ["yes", "no"], "people": ["2", "0"],
    }  # fmt: skip
    wrong = client.post(f"/plan/sessions/{session.id}/attendance/", lines)
    assert wrong.status_code == 422
    assert "没有找到“没有的单位”" in wrong.content.decode()
    assert 'value="校领导"' in wrong.content.decode()
    lines["organisation"] = ["重庆大学", ""]
    client.post(f"/plan/sessions/{session.id}/attendance/", lines)
    assert [(row.organisation, row.people) for row in session.attendance.all()] == [(world.cqu, 2)]


def test_papers(client: Client, world: World, body: Body):
    session = held_session(body)
    top = f"/plan/sessions/{session.id}/papers/"
    enter(client, world, "cqu_admin")
    file = SimpleUploadedFile("议题一材料.txt", "内容".encode())
    assert "会议材料已上传" in client.post(top, {"file": file}, follow=True).content.decode()
    assert "请先选择文件" in client.post(top, {}, follow=True).content.decode()
    bad = SimpleUploadedFile("坏.exe", b"MZ")
    assert "已上传" not in client.post(top, {"file": bad}, follow=True).content.decode()
    [paper] = attachments.of("session", session)
    assert b"".join(client.get(f"{top}{paper.id}/").streaming_content).decode() == "内容"  # type: ignore[attr-defined]
    assert enter(client, world, "outsider").get(f"{top}{paper.id}/").status_code == 403
    enter(client, world, "cqu_admin").post(top, {"remove": str(paper.id)})
    assert attachments.of("session", session).exists(), "members do not remove"
    enter(client, world, "sc_officer").post(top, {"remove": str(paper.id)})
    assert not attachments.of("session", session).exists()


def test_minutes_resolutions_and_both_confirmations(client: Client, world: World, body: Body):
    session = held_session(body)
    top = f"/plan/sessions/{session.id}"
    enter(client, world, "cq_officer")
    wrong = client.post(f"{top}/resolutions/new/", {"text": "共建产教联合体。", "lead_cq": "重庆市教育委员会"})
    assert wrong.status_code == 422
    assert "请填写四川牵头单位" in wrong.content.decode()
    assert "请填写完成期限" in wrong.content.decode()
    good = {
        "text": "共建产教联合体。", "agenda": "1", "due": "2027-03-31",
        "lead_cq": "重庆市教育委员会", "lead_sc": "四川省教育厅",
    }  # fmt: skip
    client.post(f"{top}/resolutions/new/", good)
    assert f"/plan/items/{Item.objects.get().id}/" in page(client, session)
    draft = page(client, session, "minutes/edit/")
    assert "示例教育联席会议第一次会议" in draft
    client.post(f"{top}/minutes/edit/", {"text": "会议审议了年度工作要点。", "version": str(version(session))})
    digest = digest_of(content(Session.objects.get()))
    assert digest in page(client, session)
    client.post(f"{top}/minutes/decide/", {"do": "confirm", "digest": digest})
    enter(client, world, "sc_officer")
    assert "重庆已确认过这份纪要" in page(client, session, "minutes/edit/")
    client.post(f"{top}/minutes/edit/", {"text": "会议审议并通过了年度工作要点。", "version": str(version(session))})
    assert "确认的是改动前的纪要，已失效，须重新确认" in page(client, session)
    late = client.post(f"{top}/minutes/decide/", {"do": "confirm", "digest": digest}, follow=True)
    assert "已有改动，没有确认" in late.content.decode()
    digest = digest_of(content(Session.objects.get()))
    for who in ("sc_officer", "cq_officer"):
        enter(client, world, who).post(f"{top}/minutes/decide/", {"do": "confirm", "digest": digest})
    assert Session.objects.get().state == "confirmed"
    client.logout()
    assert "会议审议并通过了年度工作要点。" in page(client, session, "minutes/")
    word = client.get(f"{top}/minutes/word/")
    assert word["Content-Type"].endswith("wordprocessingml.document")
    assert Document(BytesIO(word.content)).paragraphs[0].text == "示例教育联席会议第一次会议纪要"
    enter(client, world, "cq_officer").post(f"{top}/minutes/decide/", {"do": "reopen", "reason": "日期有误"})
    assert Session.objects.get().state == "minutes"


def version(session: Session) -> int:
    return Session.objects.get(pk=session.pk).version


def test_two_officers_write_minutes_and_nothing_is_lost(client: Client, world: World, body: Body):
    session = held_session(body)
    path = f"/plan/sessions/{session.id}/minutes/edit/"
    seen = str(version(session))
    enter(client, world, "cq_officer").post(path, {"text": "先保存的纪要正文内容。", "version": seen})
    late = enter(client, world, "sc_officer").post(path, {"text": "后保存的纪要正文内容。", "version": seen})
    assert late.status_code == 422
    assert "已被他人修改" in late.content.decode()
    assert "后保存的纪要正文内容。" in late.content.decode()
    assert "先保存" in Session.objects.get().minutes


def test_a_resolution_is_changed_and_withdrawn(client: Client, world: World, body: Body):
    session = held_session(body)
    row = resolve(session, SYSTEM)
    enter(client, world, "sc_officer")
    path = f"/plan/sessions/{session.id}/resolutions/{row.id}/"
    assert "重庆市教育委员会" in client.get(path).content.decode()
    sent = {"text": "共建两个。", "lead_cq": "重庆市教育委员会", "lead_sc": "四川省教育厅", "due": "2027-06-30"}
    client.post(path, sent)
    assert Item.objects.get().title == "共建两个"
    client.post(f"{path}withdraw/", {"reason": "登记有误"})
    assert not Item.objects.exists()


@pytest.mark.parametrize("who", [None, "cq_officer", "staff"])
def test_a_session_costs_few_queries(
    client: Client, world: World, body: Body, who: str | None, django_assert_max_num_queries: DjangoAssertNumQueries
):
    session = held_session(body)
    for _number in range(4):
        resolve(session, SYSTEM)
    written(session, SYSTEM)
    confirm(session, world.cq_officer.actor)
    if who:
        enter(client, world, who)
    page(client, session)
    with django_assert_max_num_queries(10) as known:
        client.get("/my/security/" if who else "/verify/")
    with django_assert_max_num_queries(15 + (len(known.captured_queries) if who else 0)):
        page(client, session)


def test_odd_steps_do_no_harm(client: Client, world: World, body: Body):
    session = make_session(body)
    entry = agenda.add(session=session, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    enter(client, world, "cq_officer")
    lines = AuditLine.objects.count()
    for path in ("act/", f"agenda/{entry.id}/", "minutes/decide/", "papers/"):
        assert client.post(f"/plan/sessions/{session.id}/{path}", {"do": "x", "remove": "x"}).status_code in (302, 404)
    assert AuditLine.objects.count() == lines
