"""Joint bodies, sessions and minutes over the API; refusals first."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from pytest_django import DjangoAssertNumQueries

from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.models import AgendaEntry, Body, Consultation, Item, Session
from tests.doors.api_client import API, Api, codes, token
from tests.rooms.meetings import confirm, held_session, make_body, make_item, make_plan, make_session, resolve, written
from tests.world import SYSTEM, World

BODY = {"name": "示例联合办公室", "kind": "联合办公室", "field": "mechanism"}
DAY = "2026-11-20"


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


def api(world: World, who: str) -> Api:
    return Api(token(getattr(world, who)))


def writes(body: Body) -> list[tuple[str, str, Any]]:
    session = held_session(body)
    entry, row = session.agenda.get(), resolve(session, SYSTEM)
    seat = body.seats.first()
    assert seat is not None
    of, at = f"/bodies/{body.id}", f"/sessions/{session.id}"
    text = {"text": "会议审议了年度工作要点。"}
    return [
        ("POST", "/bodies", BODY),
        ("PUT", of, BODY),
        ("POST", f"{of}/end", {"on": DAY, "reason": "职能并入"}),
        ("POST", f"{of}/seats", {"organisation": "四川大学"}),
        ("POST", f"/seats/{seat.id}/end", {"on": DAY}),
        ("POST", f"{of}/sessions", {"number": 9}),
        ("PUT", at, {"number": 1, "on": DAY}),
        ("POST", f"{at}/cancel", {"reason": "改期"}),
        ("POST", f"{at}/hold", None),
        ("PUT", f"{at}/attendance", {"lines": [{"organisation": "重庆大学"}]}),
        ("POST", f"{at}/agenda/proposals", None),
        ("POST", f"{at}/agenda", {"title": "审议要点"}),
        ("POST", f"{at}/agenda/send", None),
        ("POST", f"/agenda/{entry.id}/accept", None),
        ("POST", f"/agenda/{entry.id}/drop", {"reason": "不议"}),
        ("POST", f"/agenda/{entry.id}/move", {"up": True}),
        ("PUT", f"/agenda/{entry.id}/outcome", {"outcome": "同意"}),
        ("PUT", f"{at}/minutes", text),
        ("POST", f"{at}/minutes/confirm", {"digest": "0" * 64}),
        ("POST", f"{at}/minutes/reopen", {"reason": "更正"}),
        ("POST", f"{at}/resolutions", text),
        ("PUT", f"/resolutions/{row.id}", text),
        ("POST", f"/resolutions/{row.id}/withdraw", {"reason": "误填"}),
    ]


def test_without_a_token_nothing_is_written(body: Body):
    for method, path, sent in writes(body):
        assert Api().send(method, path, sent).status_code == 401, path


@pytest.mark.parametrize("who", ["learner", "outsider", "cqu_admin", "node_admin"])
def test_only_officers_run_a_body(world: World, body: Body, who: str):
    calls, asking = writes(body), api(world, who)
    lines = AuditLine.objects.count()
    for method, path, sent in calls:
        assert asking.send(method, path, sent).status_code in (403, 404), path
    assert AuditLine.objects.count() == lines


def test_a_token_that_only_reads_does_not_write(world: World, body: Body):
    reading = Api(token(world.cq_officer, "plan:read"))
    for method, path, sent in writes(body):
        assert codes(reading.send(method, path, sent)) == ["scope"], path


def test_what_is_in_the_making_is_hidden(world: World, body: Body):
    ahead, held = make_session(body), held_session(body)
    written(held, SYSTEM)
    for asking in (Api(), api(world, "outsider")):
        assert asking.get(f"/sessions/{ahead.id}").status_code == 404
        assert asking.get(f"/sessions/{held.id}/minutes").status_code == 404
        told = asking.get(f"/sessions/{held.id}").json()
        assert (told["agenda"], told["attendance"], told["resolutions"]) == ([], [], [])
    assert Api().get(f"/bodies/{body.id}/consultations").status_code == 401
    assert api(world, "staff").get(f"/sessions/{ahead.id}").status_code == 200


def test_unknown_fields_and_bad_values(world: World):
    officer = api(world, "cq_officer")
    assert codes(officer.post("/bodies", BODY | {"chairman": "某人"})) == ["extra_forbidden"]
    assert codes(officer.post("/bodies", BODY | {"kind": "部"})) == ["enum"]
    assert codes(officer.post("/bodies", BODY | {"months_between": 0})) == ["greater_than_equal"]


def test_a_body_and_its_members(world: World):
    officer = api(world, "cq_officer")
    made = officer.post("/bodies", BODY | {"founded": "2020-04-27", "months_between": 6})
    assert (made.status_code, made.json()["next_due"]) == (201, "2020-10-27")
    assert codes(officer.post("/bodies", BODY)) == ["name_taken"]
    where = made["Location"]
    changed = officer.put(f"{where}?version=1", BODY | {"mandate": "统筹"})
    assert (changed.json()["version"], changed.json()["mandate"]) == (2, "统筹")
    assert codes(officer.put(f"{where}?version=1", BODY)) == ["changed_meanwhile"]
    seat = officer.post(f"{where}/seats", {"organisation": "重庆大学", "role": "chair"}).json()
    officer.post(f"/seats/{seat['id']}/end", {"on": DAY})
    assert [row["left"] for row in Api().get(f"{where}/seats").json()["items"]] == [DAY]
    found = Api().get("/bodies?kind=office&q=lhbgs").json()["items"]
    assert [row["name"] for row in found] == ["示例联合办公室"]
    assert officer.post(f"{where}/end", {"on": DAY, "reason": "职能并入"}).json()["ended"] == DAY


def test_reports_and_consultations(world: World, body: Body):
    force = make_body(name="示例工作组", kind="task_force")
    member, officer = api(world, "cqu_admin"), api(world, "sc_officer")
    report = {"covers_to": "2026-10-31", "title": "十月报告", "done": "完成调研。"}
    filed = member.post(f"/bodies/{force.id}/reports", report)
    assert filed.status_code == 201
    assert officer.get(filed["Location"]).json()["title"] == "十月报告"
    assert len(officer.get(f"/bodies/{force.id}/reports").json()["items"]) == 1
    begun = member.post(f"/bodies/{body.id}/consultations", {"topic": "师资互派", "text": "请商议。"})
    row = Consultation.objects.get()
    officer.post(f"/consultations/{row.id}/opinions", {"text": "建议先试点。"})
    told = officer.get(begun["Location"]).json()
    assert [opinion["text"] for opinion in told["opinions"]] == ["建议先试点。"]
    ended = officer.post(f"/consultations/{row.id}/conclusion", {"state": "agreed", "conclusion": "试点"})
    assert ended.json()["state"] == "agreed"
    assert len(member.get(f"/bodies/{body.id}/consultations").json()["items"]) == 1


def test_a_session_from_agenda_to_confirmed_minutes(world: World, body: Body):
    make_item(make_plan(), "1", due="2025-12-26")
    chongqing, sichuan, member = (api(world, who) for who in ("cq_officer", "sc_officer", "cqu_admin"))
    made = chongqing.post(f"/bodies/{body.id}/sessions", {"number": 5, "on": DAY, "place": "重庆"})
    path = f"/sessions/{made.json()['id']}"
    assert made["Location"].endswith(path)
    proposed = chongqing.post(f"{path}/agenda/proposals").json()
    assert [(row["reason"], row["state"]) for row in proposed["session"]["agenda"]] == [("late", "proposed")]
    raised = member.post(f"{path}/agenda/raised", {"title": "实训基地共享"}).json()
    sichuan.post(f"/agenda/{raised['id']}/accept")
    late = AgendaEntry.objects.get(reason="late")
    assert sichuan.post(f"/agenda/{late.id}/accept").json()["state"] == "accepted"
    sichuan.post(f"/agenda/{raised['id']}/move", {"up": True})
    assert codes(sichuan.post(f"/agenda/{raised['id']}/drop", {})) == ["missing"]
    assert chongqing.post(f"{path}/agenda/send").json()["agenda_sent_at"]
    held = chongqing.post(f"{path}/hold").json()
    assert (held["state"], len(held["attendance"])) == ("held", 3)
    sichuan.put(f"/agenda/{late.id}/outcome", {"outcome": "限期完成。"})
    decided = {
        "text": "年底前完成。", "agenda": "1", "due": "2027-03-31",
        "lead_cq": "重庆市教育委员会", "lead_sc": "四川省教育厅",
    }  # fmt: skip
    resolution = sichuan.post(f"{path}/resolutions", decided)
    assert resolution.json()["item"]["id"] == str(Item.objects.get(number="5.1").id)
    assert sichuan.put(resolution["Location"], decided | {"due": "2027-04-30"}).json()["due"] == "2027-04-30"
    digest = sichuan.put(f"{path}/minutes", {"text": "会议审议了一项议题。"}).json()["digest"]
    assert codes(chongqing.post(f"{path}/minutes/confirm", {"digest": "0" * 64})) == ["minutes.changed"]
    once = chongqing.post(f"{path}/minutes/confirm", {"digest": digest}).json()
    assert [(row["side"], row["holds"]) for row in once["confirmations"]] == [("cq", True), ("sc", False)]
    sichuan.post(f"{path}/minutes/confirm", {"digest": digest})
    told = Api().get(f"{path}/minutes").json()
    assert told["digest"] == digest
    assert told["content"]["resolutions"][0]["due"] == "2027-04-30"
    word = Api().get(f"{path}/minutes/word")
    assert Document(BytesIO(word.content)).paragraphs[0].text == "示例教育联席会议第五次会议纪要"
    assert codes(sichuan.post(f"/resolutions/{resolution.json()['id']}/withdraw", {"reason": "误填"})) == [
        "minutes.confirmed"
    ]
    assert sichuan.post(f"{path}/minutes/reopen", {"reason": "更正"}).json()["state"] == "minutes"
    gone = sichuan.post(f"/resolutions/{resolution.json()['id']}/withdraw", {"reason": "误填"}).json()
    assert gone["resolutions"] == []


def test_a_confirmed_session_is_public(world: World, body: Body):
    session = held_session(body)
    resolve(session, SYSTEM)
    written(session, SYSTEM)
    for who in (world.cq_officer, world.sc_officer):
        confirm(session, who.actor)
    told = Api().get(f"/sessions/{session.id}").json()
    assert [len(told[name]) for name in ("agenda", "attendance", "resolutions")] == [1, 3, 1]
    session.agenda.update(detail="有分歧：两地口径不一")
    inside = Api(token(world.sc_officer)).get(f"/sessions/{session.id}").json()
    assert inside["agenda"][0]["detail"] == "有分歧：两地口径不一"
    assert Api().get(f"/sessions/{session.id}").json()["agenda"][0]["detail"] == ""
    assert [row["id"] for row in Api().get("/sessions?state=confirmed").json()["items"]] == [str(session.id)]


def test_lists_cost_few_queries(world: World, body: Body, django_assert_max_num_queries: DjangoAssertNumQueries):
    for number in range(4):
        held_session(body)
        make_body(name=f"示例机构{number}")
    session = Session.objects.first()
    assert session is not None
    officer = api(world, "cq_officer")
    for path in ("/bodies", f"/bodies/{body.id}", f"/bodies/{body.id}/seats", "/sessions", f"/sessions/{session.id}"):
        with django_assert_max_num_queries(8, info=path):
            assert officer.get(path).status_code == 200


def test_papers_are_for_those_concerned(world: World, body: Body):
    session = held_session(body)
    where = f"/sessions/{session.id}/papers"
    member, officer = api(world, "staff"), api(world, "sc_officer")

    def upload(asking: Api, data: bytes = "议题材料".encode(), name: str = "材料.txt") -> Any:
        sent = {"file": SimpleUploadedFile(name, data)}
        return asking.client.post(API + where, sent, headers=asking.headers)

    assert upload(Api()).status_code == 401
    assert codes(upload(api(world, "outsider"))) == ["no_right"]
    assert upload(member, b"MZ" + bytes(200), "工具.exe").status_code == 422
    made = upload(member)
    assert made.status_code == 201
    assert [row["name"] for row in officer.get(where).json()["items"]] == ["材料.txt"]
    paper = f"{where}/{made.json()['id']}"
    file = member.get(paper)
    assert (b"".join(file.streaming_content).decode(), file["Content-Disposition"][:10]) == ("议题材料", "attachment")
    for asking, status in ((Api(), 401), (api(world, "learner"), 403)):
        assert asking.get(where).status_code == asking.get(paper).status_code == status
    other = make_session(body, number=7)
    assert member.get(paper.replace(str(session.id), str(other.id))).status_code == 404, "another session's paper"
    assert codes(member.delete(paper)) == ["no_right"]
    assert officer.delete(paper).json()["title"] == "材料.txt"
    assert member.get(paper).status_code == 404


def test_everybody_reads_what_became_of_a_body_and_its_session(client: Client, world: World, body: Body):
    session = held_session(body)
    for address, said in ((f"/plan/bodies/{body.id}/", "成立"), (f"/plan/sessions/{session.id}/", "召开")):
        shown = client.get(address).content.decode()
        assert "变更记录" in shown, address
        assert said in shown, address
