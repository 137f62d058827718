"""Experts, people, roles and tokens over the API; personal numbers in no answer."""

from datetime import date

import pytest
from django.utils import timezone

from shuangcheng.api.mount import schema
from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.directory.models import Account, ApiToken, AuditLine
from tests.doors.api_cast import Stage, stage
from tests.doors.api_client import Api, codes, token
from tests.world import World

NUMBER = invented_id_number(serial=7, birth=date(1985, 3, 2), sex=Sex.MALE)


@pytest.fixture
def on(world: World) -> Stage:
    return stage(world)


def test_who_sees_which_experts(on: Stage) -> None:
    world = on.world
    everybody = {"庄小家", "候小选"}
    for who, seen in (
        (world.cq_officer, everybody), (world.auditor, everybody), (world.swu_admin, everybody),
        (world.cqu_admin, {"庄小家"}), (world.expert_person, {"庄小家"}), (world.learner, set()),
    ):  # fmt: skip
        names = {item["name"] for item in Api(token(who)).get("/experts").json()["items"]}
        assert names == seen, who.login
    assert codes(Api(token(world.learner)).get(f"/experts/{world.expert.id}")) == ["not_found"]


def test_filters(on: Stage) -> None:
    api = Api(token(on.world.cq_officer))
    for query, found in (
        ("state=nominated", ["候小选"]), ("field=higher", ["庄小家"]), ("side=sc", []), ("employer=西南大学", None),
        ("q=语文", ["候小选"]),
    ):  # fmt: skip
        names = [item["name"] for item in api.get(f"/experts?{query}").json()["items"]]
        assert names == (found if found is not None else ["候小选", "庄小家"])


def test_nominate_vet_retire(on: Stage) -> None:
    admin, officer = Api(token(on.world.swu_admin)), Api(token(on.world.cq_officer))
    body = {
        "name": "新小专",
        "employer": "西南大学",
        "nominated_by": "西南大学",
        "field": "basic",
        "specialities": "数学",
    }
    path = admin.post("/experts", body)["Location"]
    assert codes(officer.post(f"{path}/vet", {"accept": False})) == ["reason_missing"]
    assert officer.post(f"{path}/vet", {"accept": True}).json()["state"] == "vetted"
    assert codes(officer.post(f"{path}/vet", {"accept": True})) == ["already_vetted"]
    assert codes(Api(token(on.world.cqu_admin)).post(f"{path}/account", {"login": "new.expert"})) == ["no_right"]
    opened = admin.post(f"{path}/account", {"login": "new.expert"})
    assert (opened.status_code, opened.json()["name"]) == (201, "新小专")
    assert Account.objects.get(login="new.expert").check_password(opened.json()["first_password"])
    assert officer.post(f"{path}/retire", {"reason": "退休"}).json()["state"] == "retired"


def test_invite_answer_serve(on: Stage) -> None:
    path, today = f"/experts/{on.world.expert.id}", timezone.localdate().isoformat()
    host, expert = Api(token(on.world.scu_admin)), Api(token(on.world.expert_person))
    task = {"task": "课程评审", "begins": today, "ends": today}
    avoided = Api(token(on.world.cqu_admin)).post(f"{path}/services", task | {"host": "重庆大学"})
    assert (avoided.status_code, codes(avoided)) == (409, ["avoids"])
    invited = host.post(f"{path}/services", task | {"host": "四川大学"})
    assert (invited.status_code, invited.json()["state"]) == (201, "invited")
    service = f"/services/{invited.json()['id']}"
    assert codes(host.post(f"{service}/result", {"hours": 2})) == ["not_accepted"]
    assert expert.post(f"{service}/answer", {"accept": "是"}).json()["state"] == "accepted"
    assert codes(expert.post(f"{service}/answer", {"accept": False})) == ["already_answered"]
    assert host.post(f"{service}/result", {"hours": "2.5", "result": "完成"}).json()["hours"] == 2.5
    again = host.post(f"{path}/services", task | {"host": "四川大学"}).json()["id"]
    assert codes(expert.post(f"/services/{again}/withdraw")) == ["no_right"]
    assert host.post(f"/services/{again}/withdraw").json()["state"] == "withdrawn"
    assert len(host.get(f"{path}/services").json()["items"]) == 4
    assert Api(token(on.world.cqu_admin)).get(f"{path}/services").json()["items"] == []


def test_avoidances(on: Stage) -> None:
    path = f"/experts/{on.world.expert.id}/avoidances"
    keeper = Api(token(on.world.swu_admin))
    assert codes(keeper.post(path, {"reason": "亲属"})) == ["avoid_one"]
    made = keeper.post(path, {"person": "候小选", "reason": "师生"})
    assert made.json()["person"]["name"] == "候小选"
    ended = keeper.post(f"/avoidances/{made.json()['id']}/end")
    assert ended.json()["valid_until"] < timezone.localdate().isoformat()
    assert len(keeper.get(path).json()["items"]) == 2
    assert Api(token(on.world.scu_admin)).get(path).json()["items"] == []


def test_who_sees_which_people(world: World) -> None:
    for who, sees in ((world.node_admin, 13), (world.cqu_admin, 3), (world.learner, 1)):
        assert len(Api(token(who)).get("/people?limit=200").json()["items"]) == sees, who.login
    assert codes(Api(token(world.cqu_admin)).get(f"/people/{world.learner.account.person_id}")) == ["not_found"]
    api = Api(token(world.node_admin))
    assert [item["name"] for item in api.get("/people?role=auditor").json()["items"]] == ["申小正"]
    assert [item["name"] for item in api.get("/people?q=xuexiao").json()["items"]] == []
    assert [item["name"] for item in api.get("/people?q=learner").json()["items"]] == ["薛小生"]


def test_enter_a_person(world: World) -> None:
    api = Api(token(world.cqu_admin))
    body = {"name": "新小人", "login": "New.Person", "role": "教师", "organisation": "重庆大学", "id_number": NUMBER}
    made = api.post("/people", body)
    assert made.status_code == 201
    told = made.json()
    assert told["numbers"] == [{"kind": "id_card", "masked": NUMBER[:3] + "*" * 11 + NUMBER[-4:], "valid_until": None}]
    assert Account.objects.get(login="new.person").check_password(told["first_password"])
    assert codes(api.post("/people", body | {"id_number": ""})) == ["login_taken"]
    taken = api.post("/people", body | {"login": "other"})
    assert (taken.status_code, codes(taken)) == (409, ["number_taken"])
    assert not Account.objects.filter(login="other").exists()
    high = api.post("/people", body | {"login": "boss", "role": "node_admin", "id_number": ""})
    assert (high.status_code, codes(high)) == (403, ["role_too_high"])
    granted = api.post(f"/people/{told['id']}/grants", {"role": "organisation_staff", "organisation": "重庆大学"})
    assert granted.status_code == 201
    ended = api.post(f"/grants/{granted.json()['id']}/end")
    assert ended.json()["valid_until"] < timezone.localdate().isoformat()


def test_personal_numbers_are_in_no_answer(world: World) -> None:
    """Every GET of the API as the node's administrator, after the number went in by every way there is."""
    admin = Api(token(world.node_admin))
    body = {"name": "新小人", "login": "new.person", "role": "teacher", "organisation": "重庆大学", "id_number": NUMBER}
    answers = [
        admin.post("/people", body, key="n"),
        admin.post("/people", body, key="n"),
        admin.post("/people", body | {"login": "other"}),
        admin.post(
            "/people", body | {"login": "third", "id_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}
        ),
        admin.post("/people", body | {"role": "king"}),
    ]
    person = answers[0].json()["id"]
    keys = {
        "/organisations": world.cqu.id, "/alliances": world.alliance.id, "/agreements": world.agreement.id,
        "/zones": world.zone.id, "/experts": world.expert.id, "/people": person,
    }  # fmt: skip
    for path, methods in schema()["paths"].items():
        path = path.removeprefix("/api/v1")
        for begin, id in keys.items():
            if path.startswith(f"{begin}/"):
                path = path.replace("{id}", str(id))
        path = path.replace("{key}", "500106").replace("{number}", "1").replace("{digest}", "0" * 64)
        if "get" in methods and "{" not in path:
            required = {"/catalogues": "?catalogue=undergraduate_2026", "/search": f"?q={NUMBER}"}.get(path, "")
            answers.append(admin.get(path + required))
    assert len(answers) > 30
    statuses = {answer.status_code for answer in answers[5:]}
    assert statuses <= {200, 404, 409}
    conflicts = {answer.request["PATH_INFO"] for answer in answers[5:] if answer.status_code == 409}
    assert conflicts == {"/api/v1/me/lookups"}, "nobody has verified the administrator's own number"
    for answer in answers:
        text = b"".join(answer) if answer.streaming else answer.content
        assert NUMBER.encode() not in text
        assert NUMBER[6:14].encode() not in text
    assert not any(NUMBER in f"{line.changes}{line.note}{line.subject_title}" for line in AuditLine.objects.all())


def test_tokens(world: World) -> None:
    narrow = Api(token(world.learner, "directory:read", "directory:write"))
    wider = narrow.post("/tokens", {"name": "更大", "scopes": ["audit:read"]})
    assert (wider.status_code, codes(wider)) == (403, ["scope_wider"])
    assert codes(narrow.post("/tokens", {"name": "自用", "scopes": ["root"]})) == ["scope_unknown"]
    assert codes(narrow.post("/tokens", {"name": "自用", "scopes": []})) == ["too_short"]
    made = narrow.post("/tokens", {"name": "自用", "scopes": ["directory:read"], "days": 1}).json()
    other = Api(made["token"])
    assert other.get("/me").json()["scopes"] == ["directory:read"]
    assert codes(other.post("/tokens", {"name": "自用", "scopes": ["directory:read"]})) == ["scope"]
    listed = narrow.get("/tokens").json()["items"]
    assert [item["name"] for item in listed] == ["自用", "测试"]
    assert "token" not in listed[0]
    assert codes(Api(token(world.node_admin)).delete(f"/tokens/{made['id']}")) == ["not_found"]
    assert narrow.delete(f"/tokens/{made['id']}").json()["revoked_at"]
    assert codes(other.get("/me")) == ["token_invalid"]
    assert made["token"] not in " ".join(ApiToken.objects.values_list("digest", flat=True))
