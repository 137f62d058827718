"""Progress filing over the API: refusals, then from opening to counting."""

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.doors.api_client import Api, codes, token
from tests.rooms.filings import PERIOD, Asked, build, filed
from tests.world import World


@pytest.fixture
def asked(world: World, settings: LazySettings, tmp_path: object) -> Asked:
    settings.MEDIA_ROOT = tmp_path
    return build()


def body(asked: Asked, **changes: object) -> dict[str, object]:
    return {"summary": "总体顺利。", "lines": [asked.line(**changes)]}


def test_refusals(world: World, asked: Asked) -> None:
    path = f"/filings/{asked.cqu.pk}"
    for answer in (Api().get(path), Api().put(path, body(asked)), Api().post(f"{path}/file")):
        assert answer.status_code == 401
    assert Api().get("/periods").status_code == 401
    for who in (world.learner, world.outsider, world.scu_admin):
        assert Api(token(who)).get(path).status_code == 404
        assert Api(token(who)).put(path, body(asked)).status_code == 404
    assert Api(token(world.sc_officer)).put(path, body(asked)).status_code == 403
    assert Api(token(world.sc_officer)).post(f"{path}/accept").status_code == 403
    assert codes(Api(token(world.cqu_admin, "plan:read")).put(path, body(asked))) == ["scope"]
    own = Api(token(world.cqu_admin))
    assert codes(own.put(path, body(asked) | {"sumary": ""})) == ["extra_forbidden"]
    assert codes(own.put(path, body(asked, percent=101))) != []
    assert codes(own.put(path, body(asked, figures={str(asked.other.pk): 3}))) == ["target_unknown"]
    assert codes(own.put(path, {"lines": [{"item": "2", "text": "别人的"}]})) == ["item_unknown"]
    assert codes(own.post("/periods", PERIOD | {"title": "另一期"})) == ["no_right"]
    assert codes(own.post(f"{path}/return", {"answer": "退回"})) == ["no_right"]
    assert codes(own.post("/filings/remind", {"filings": [str(asked.cqu.pk)]})) == ["no_right"]


def test_periods(world: World, asked: Asked) -> None:
    officer = Api(token(world.cq_officer))
    made = officer.post("/periods", PERIOD | {"title": "重庆一期", "side": "cq"})
    assert made.status_code == 201
    address = made["Location"]
    assert made.json()["filings"] == made.json()["missing"] == 2
    facts = {name: value for name, value in PERIOD.items() if name not in ("plan", "side")}
    changed = officer.put(f"{address}?version=1", facts | {"title": "重庆全年"})
    assert (changed.json()["title"], changed.json()["version"]) == ("重庆全年", 2)
    assert codes(officer.put(f"{address}?version=1", facts | {"title": "又一次"})) == ["changed_meanwhile"]
    assert codes(officer.post("/periods", PERIOD)) == ["title_taken"]
    assert Api(token(world.sc_officer)).post(f"{address}/close").status_code == 403
    assert officer.post(f"{address}/close").json()["state"] == "closed"
    assert codes(officer.post(f"{address}/close")) == ["period.closed"]
    assert [row["title"] for row in officer.get("/periods?state=open").json()["items"]] == ["下半年推进情况"]
    assert [row["title"] for row in Api(token(world.scu_admin)).get("/periods").json()["items"]] == ["下半年推进情况"]


def test_from_saving_to_counting(world: World, asked: Asked) -> None:
    path = f"/filings/{asked.cqu.pk}"
    own, officer = Api(token(world.cqu_admin)), Api(token(world.cq_officer))
    [line] = own.get(path).json()["lines"]
    assert (line["written"], line["number"], line["targets"][0]["filed"]) == (False, "1", None)
    saved = own.put(f"{path}?version=1", body(asked, told="done")).json()
    assert (saved["state"], saved["lines"][0]["targets"][0]["filed"]) == ("draft", "8")
    refused = own.post(f"{path}/file")
    assert codes(refused) == ["not_whole"]
    assert refused.json()["errors"][0]["where"] == "1.percent"
    assert codes(own.put(f"{path}?version=1", body(asked))) == ["changed_meanwhile"]
    assert own.put(path, body(asked)).status_code == 200
    filed_one = own.post(f"{path}/file").json()
    assert filed_one["state"] == "filed"
    assert codes(own.post(f"{path}/file")) == ["filing.shut"]
    returned = officer.post(f"{path}/return?version={filed_one['version']}", {"answer": "请补充"}).json()
    assert (returned["state"], returned["answer"]) == ("returned", "请补充")
    again = own.post(f"{path}/file").json()
    assert codes(officer.post(f"{path}/accept?version={filed_one['version']}")) == ["changed_meanwhile"]
    done = officer.post(f"{path}/accept?version={again['version']}").json()
    assert (done["state"], done["lines"][0]["counts"]) == ("accepted", True)
    assert done["lines"][0]["targets"][0]["observed"] == "8.0000"
    assert [event["what"] for event in done["history"]] == ["filed", "returned", "filed", "accepted"]
    assert codes(officer.post(f"{path}/accept")) == ["filing.state"]


def test_reminding_and_lists(world: World, asked: Asked) -> None:
    filed(asked.swu, asked.line(figures={}))
    officer = Api(token(world.cq_officer))
    asking = {"filings": [str(asked.cqu.pk), str(asked.swu.pk)]}
    assert [row["organisation"]["name"] for row in officer.post("/filings/remind", asking).json()["items"]] == [
        "重庆大学"
    ]
    assert codes(officer.post("/filings/remind", asking)) == ["nobody"]
    rows = officer.get(f"/filings?period={asked.period.pk}&state=due").json()["items"]
    assert len(rows) == 3
    assert [row["state"] for row in Api(token(world.staff)).get("/filings").json()["items"]] == ["due"]


def test_evidence(world: World, asked: Asked) -> None:
    path = f"/api/v1/filings/{asked.cqu.pk}/items/1/files"

    def send(who: object, address: str = path) -> object:
        file = SimpleUploadedFile("说明.txt", "证明".encode())
        return Client().post(address, {"file": file}, headers={"Authorization": f"Bearer {token(who)}"})

    assert send(world.outsider).status_code == 404
    assert send(world.sc_officer).status_code == 403
    assert codes(send(world.staff, path.replace("items/1", "items/9"))) == ["item_unknown"]
    assert send(world.staff).status_code == 201
    [line] = Api(token(world.staff)).get(f"/filings/{asked.cqu.pk}").json()["lines"]
    assert [file["name"] for file in line["files"]] == ["说明.txt"]
