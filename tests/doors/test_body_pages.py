"""Pages of joint bodies, consultations and reports: refusals first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuangcheng.core.schema import read
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import bodies, consultations
from shuangcheng.plan.inputs.bodies import BodyReportInput, ConsultationInput
from shuangcheng.plan.models import Body, BodyReport, Consultation, Seat
from tests.rooms.meetings import held_session, make_body, make_item, make_plan, make_session
from tests.world import AT, SYSTEM, World

FORM = {"name": "示例联合办公室", "kind": "office", "side": "both", "field": "mechanism"}


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


def enter(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


def consultation(body: Body) -> Consultation:
    data = ConsultationInput(topic="招生口径示例", text="请两地研究。")
    return consultations.begin(body=body, data=data, by=SYSTEM, at=AT)


def report(body: Body) -> BodyReport:
    data = read(BodyReportInput, {"covers_to": "2026-10-31", "title": "十月示例报告", "done": "完成调研。"})
    return bodies.report(body=body, data=data, by=SYSTEM, at=AT)


def changing(body: Body) -> list[str]:
    seat = body.seats.first()
    assert seat is not None
    top = f"/plan/bodies/{body.id}"
    return [
        "/plan/bodies/new/", f"{top}/edit/", f"{top}/end/", f"{top}/seats/new/", f"{top}/seats/{seat.id}/end/",
        f"{top}/sessions/new/", f"{top}/consultations/new/",
    ]  # fmt: skip


def test_the_public_is_sent_to_sign_in(client: Client, body: Body):
    for path in changing(body):
        answer = client.post(path, FORM)
        assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/"), path
    assert Body.objects.count() == 1
    assert not Seat.objects.exclude(left=None).exists()


@pytest.mark.parametrize("who", ["learner", "outsider", "node_admin", "auditor"])
def test_who_has_no_part_changes_nothing(client: Client, world: World, body: Body, who: str):
    lines = AuditLine.objects.exclude(verb__startswith="account.").count()
    for path in changing(body):
        answer = enter(client, world, who).post(path, FORM | {"on": "2026-11-01"}, follow=True)
        assert answer.status_code == 403 or "没有办理这项业务的权限" in answer.content.decode(), path
    assert AuditLine.objects.exclude(verb__startswith="account.").count() == lines
    page = client.get(f"/plan/bodies/{body.id}/").content.decode()
    assert "筹备会议" not in page


def test_the_other_side_s_officer_does_not_edit(client: Client, world: World):
    own = make_body(name="本市联席会议", side="cq")
    assert enter(client, world, "sc_officer").get(f"/plan/bodies/{own.id}/edit/").status_code == 403
    assert enter(client, world, "cq_officer").get(f"/plan/bodies/{own.id}/edit/").status_code == 200


def test_consultations_and_reports_are_for_those_concerned(client: Client, world: World, body: Body):
    force = make_body(name="示例工作组", kind="task_force")
    paths = [f"/plan/consultations/{consultation(body).id}/", f"/plan/reports/{report(force).id}/"]
    for path in paths:
        assert client.get(path).status_code == 404
        assert enter(client, world, "outsider").get(path).status_code == 404
        assert enter(client, world, "staff").get(path).status_code == 200
        client.logout()
    for who, sees in {None: False, "outsider": False, "staff": True}.items():
        if who:
            enter(client, world, who)
        page = client.get(f"/plan/bodies/{body.id}/").content.decode()
        assert ("招生口径示例" in page) is sees, who
        assert ("十月示例报告" in client.get(f"/plan/bodies/{force.id}/").content.decode()) is sees, who


def test_a_body_is_entered_and_changed(client: Client, world: World):
    enter(client, world, "cq_officer")
    answer = client.post("/plan/bodies/new/", FORM | {"plan": "没有的清单"})
    assert answer.status_code == 422
    assert "没有找到“没有的清单”" in answer.content.decode()
    assert 'value="示例联合办公室"' in answer.content.decode(), "what was typed stays"
    made = client.post("/plan/bodies/new/", FORM, follow=True)
    assert "示例联合办公室" in made.content.decode()
    body = Body.objects.get()
    client.post(f"/plan/bodies/{body.id}/edit/", FORM | {"mandate": "统筹推进", "version": "1"})
    late = client.post(f"/plan/bodies/{body.id}/edit/", FORM | {"mandate": "另一种说法", "version": "1"})
    assert late.status_code == 422
    assert "已被他人修改" in late.content.decode()
    assert "另一种说法" in late.content.decode()
    assert Body.objects.get().mandate == "统筹推进"


def test_members_come_and_go(client: Client, world: World, body: Body):
    enter(client, world, "cq_officer")
    client.post(
        f"/plan/bodies/{body.id}/seats/new/", {"organisation": "四川大学", "role": "vice", "post": "分管负责人"}
    )
    seat = body.seats.get(organisation=world.scu)
    page = client.get(f"/plan/bodies/{body.id}/").content.decode()
    assert page.index("四川大学") < page.index("重庆大学"), "by role"
    client.post(f"/plan/bodies/{body.id}/seats/{seat.id}/end/", {"on": timezone.localdate().isoformat()})
    assert "已退出 1 个" in client.get(f"/plan/bodies/{body.id}/").content.decode()
    wrong = client.post(f"/plan/bodies/{body.id}/seats/{seat.id}/end/", {"on": "昨天"}, follow=True)
    assert "读不出日期" in wrong.content.decode()


def test_a_body_ends(client: Client, world: World, body: Body):
    enter(client, world, "cq_officer").post(f"/plan/bodies/{body.id}/end/", {"on": "2026-11-01", "reason": "职能并入"})
    page = client.get(f"/plan/bodies/{body.id}/").content.decode()
    assert "2026-11-01 撤销" in page
    assert "筹备会议" not in page


def test_a_consultation_on_the_pages(client: Client, world: World, body: Body):
    enter(client, world, "cqu_admin")
    client.post(f"/plan/bodies/{body.id}/consultations/new/", {"topic": "师资互派", "text": "请商议师资互派办法。"})
    row = Consultation.objects.get()
    path = f"/plan/consultations/{row.id}/"
    client.post(path, {"do": "say", "text": "建议先试点。"})
    assert client.post(path, {"do": "conclude", "state": "agreed", "conclusion": "试点"}).status_code == 403
    enter(client, world, "sc_officer")
    wrong = client.post(path, {"do": "conclude", "state": "agreed"})
    assert (wrong.status_code, "请写明会商达成的意见" in wrong.content.decode()) == (422, True)
    client.post(path, {"do": "conclude", "state": "referred", "conclusion": "提交下次会议"})
    page = client.get(path).content.decode()
    assert "建议先试点。" in page
    assert "提交会议" in page
    assert 'name="text"' not in page


def test_a_report_on_the_pages(client: Client, world: World):
    force = make_body(name="示例工作组", kind="task_force", founded="2026-01-01", months_between=3)
    page = enter(client, world, "cqu_admin").get(f"/plan/bodies/{force.id}/").content.decode()
    assert "报告应于 2026-04-01 提交，已逾期" in page
    day = timezone.localdate().isoformat()
    sent = {"covers_to": day, "title": "本期报告", "done": "完成调研。", "problems": "进度不一。"}
    made = client.post(f"/plan/bodies/{force.id}/reports/new/", sent, follow=True)
    assert "进度不一。" in made.content.decode()
    assert "已逾期" not in client.get(f"/plan/bodies/{force.id}/").content.decode()


@pytest.mark.parametrize("who", [None, "cq_officer", "staff", "learner"])
def test_pages_cost_few_queries(
    client: Client, world: World, body: Body, who: str | None, django_assert_max_num_queries: DjangoAssertNumQueries
):
    if who:
        enter(client, world, who)
    plan = make_plan()
    for number in range(1, 6):
        make_item(plan, str(number), due="2025-12-26")
        held_session(body)
    for number in range(5):
        make_body(name=f"示例机构{number}")
    consultation(body)
    client.get("/plan/bodies/")
    limits: list[tuple[str, int]] = [("/plan/bodies/", 8), ("/plan/sessions/", 8), (f"/plan/bodies/{body.id}/", 15)]
    with django_assert_max_num_queries(10) as known:
        client.get("/my/security/" if who else "/verify/")
    signing = len(known.captured_queries) if who else 0
    for path, most in limits:
        with django_assert_max_num_queries(most + signing, info=path):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/plan/bodies/", "/plan/sessions/"])
def test_lists_are_downloaded_and_filtered(client: Client, world: World, body: Body, path: str):
    held_session(body)
    assert client.get(path, {"format": "xlsx"}).content[:2] == b"PK"
    assert "示例教育联席会议" in client.get(path, {"kind": "joint_meeting"}).content.decode()
    assert "示例教育联席会议" not in client.get(path, {"kind": "office"}).content.decode().split('id="results"')[1]


def test_a_session_whose_day_has_passed_is_shown_first(client: Client, world: World, body: Body):
    make_session(body, on=timezone.localdate() - timedelta(days=2))
    assert "正在筹备的会议" not in client.get("/plan/bodies/").content.decode()
    enter(client, world, "cq_officer")
    assert "待登记召开" in client.get("/plan/bodies/").content.decode()
