"""The ledger and what is sought over the API."""

from tests.doors.api_client import Api, codes, token
from tests.world import World

BODY = {"kind": "event", "title": "双城教研活动", "on": "2026-05-20", "hosts": ["重庆大学"]}
SOUGHT = {"kind": "policy", "title": "增投招生计划", "field": "higher"}


def test_refusals(world: World) -> None:
    assert Api().post("/activities", BODY).status_code == 401
    assert Api(token(world.learner)).post("/activities", BODY).status_code == 403
    assert Api(token(world.outsider)).post("/activities", BODY).status_code == 403
    assert codes(Api(token(world.cq_officer, "plan:read")).post("/activities", BODY)) == ["scope"]
    officer = Api(token(world.cq_officer))
    assert codes(officer.post("/activities", BODY | {"hots": []})) == ["extra_forbidden"]
    assert codes(officer.post("/activities", BODY | {"on": "2036-01-01"})) == ["future"]
    assert Api(token(world.cqu_admin)).post("/sought", SOUGHT).status_code == 403
    assert Api().get("/activities?yaer=2026").status_code == 422


def test_the_ledger(world: World) -> None:
    host = Api(token(world.cqu_admin))
    made = host.post("/activities", BODY)
    assert made.status_code == 201
    address = made["Location"]
    assert host.put(address, BODY | {"people": 120}).json()["people"] == 120
    public = Api()
    assert [row["title"] for row in public.get("/activities?year=2026&q=jiaoyan").json()["items"]] == ["双城教研活动"]
    assert public.get("/activities?kind=meeting").json()["items"] == []
    assert public.get("/activities/counts").json()["items"][0] == {
        "year": 2026, "meeting": 0, "event": 1, "project": 0, "work": 0,
    }  # fmt: skip
    assert codes(host.post(f"{address}/remove", {"reason": ""})) == ["string_too_short"]
    assert host.post(f"{address}/remove", {"reason": "重复"}).json()["title"] == "双城教研活动"
    assert public.get(address).status_code == 404


def test_what_is_sought(world: World) -> None:
    officer = Api(token(world.sc_officer))
    made = officer.post("/sought", SOUGHT)
    address = made["Location"]
    answer = {"state": "granted", "answer": "同意。"}
    assert codes(officer.post(f"{address}/answer", answer)) == ["not_asked"]
    assert officer.put(address, SOUGHT | {"asked_on": "2026-01-05"}).json()["state"] == "submitted"
    assert Api().get(address).status_code == 404
    assert codes(officer.post(f"{address}/answer", answer | {"state": "preparing"})) == ["not_an_answer"]
    assert officer.post(f"{address}/answer", answer).json()["state"] == "granted"
    assert Api().get("/sought?state=granted").json()["items"][0]["answer"] == "同意。"
