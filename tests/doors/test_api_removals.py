"""Corrections over the API: refusals first."""

from datetime import date

from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.directory.models import Agreement, AuditLine
from tests.doors.api_client import Api, codes, token
from tests.world import World


def test_others_take_nothing_back(world: World) -> None:
    paths = (f"/programmes/{world.programme.id}", f"/agreements/{world.agreement.id}")
    for path in paths:
        assert Api().send("DELETE", path).status_code == 401
        assert Api(token(world.outsider)).send("DELETE", path).status_code == 403
        assert Api(token(world.cqu_admin, "directory:read")).send("DELETE", path).status_code == 403
    assert world.cqu.programmes.count() == 1
    assert codes(Api(token(world.outsider)).post(f"/organisations/{world.swu.id}/merge", {"into": "重庆大学"})) == [
        "no_right"
    ]


def test_a_mistake_is_taken_back(world: World) -> None:
    api = Api(token(world.cq_officer))
    gone = api.send("DELETE", f"/programmes/{world.programme.id}")
    assert gone.json() == {"id": str(world.programme.id), "title": "080901 计算机科学与技术"}
    assert api.send("DELETE", f"/programmes/{world.programme.id}").status_code == 404
    assert codes(api.send("DELETE", f"/agreements/{world.agreement.id}")) == ["was_approved"]
    draft = api.post("/agreements", {"title": "写错的协议", "field": "higher", "parties": ["重庆大学", "四川大学"]})
    assert api.send("DELETE", draft["Location"]).status_code == 200
    assert not Agreement.objects.filter(title="写错的协议").exists()
    assert AuditLine.objects.filter(verb__in=["programme.remove", "agreement.discard"], door="api").count() == 2


def test_a_merged_organisation_says_where_it_went(world: World) -> None:
    told = Api(token(world.cq_officer)).post(f"/organisations/{world.swu.id}/merge", {"into": "重庆大学"}).json()
    assert (told["status"], told["merged_into"]["name"]) == ("merged", "重庆大学")


def test_a_number_finds_only_whom_one_may_see(world: World) -> None:
    number = {"number": invented_id_number(serial=1, birth=date(1990, 5, 4), sex=Sex.FEMALE)}
    assert Api(token(world.learner)).post("/people/find", number).status_code == 403
    assert Api(token(world.outsider)).post("/people/find", number).json() == {"id": None}
    found = Api(token(world.sc_officer)).post("/people/find", number).json()
    assert found == {"id": str(world.learner.account.person_id)}
    assert codes(Api(token(world.sc_officer)).post("/people/find", {"number": "123"})) == ["id_card.length"]
