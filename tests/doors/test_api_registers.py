"""The API of agreements, look-ups, consents and 谁查过我: refusals first."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.registers import subjects
from shuangcheng.registers.models import Consent, LookUp, Sharing
from tests.doors.api_client import Api, token
from tests.partner import Partner
from tests.rooms.sharing import agreed, deliver
from tests.rooms.test_lookups import BY, BY_ID, ID, answers
from tests.world import World

SCOPES = ("registers:read", "registers:write")
ASKED = {
    "register_name": "teacher_certificate", "purpose": "recruitment", "basis": "statutory_duty", "node": "sc",
    "rows": [{"ref": "1", "by": BY}],
}  # fmt: skip


@pytest.fixture
def sharing(world: World, peer: Any, partner: Partner) -> Sharing:
    row = agreed(world, peer, partner)
    partner.received.clear()
    return row


def api(world: World, who: str, *scopes: str) -> Api:
    return Api(token(getattr(world, who), *(scopes or SCOPES)))


@pytest.mark.parametrize("path", ["/lookups", "/consents", "/data-sharing", "/me/lookups"])
def test_nothing_without_a_token(world: World, path: str) -> None:
    assert Api().get(path).status_code == 401


def test_who_may_not(world: World, sharing: Sharing) -> None:
    assert api(world, "learner").send("POST", "/lookups", ASKED).status_code == 403
    assert api(world, "cqu_admin", "registers:read").send("POST", "/lookups", ASKED).status_code == 403
    assert api(world, "cqu_admin", "directory:read").get("/lookups").status_code == 403
    assert api(world, "sc_officer").send("POST", f"/data-sharing/{sharing.pk}/end?version={sharing.version}",
                                         {"reason": "不要了吧"}).status_code == 403  # fmt: skip
    assert not LookUp.objects.exists()


def test_a_record_is_asked_and_answered_at_once(world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = answers("found")
    response = api(world, "cqu_admin").send("POST", "/lookups", ASKED)
    assert response.status_code == 201
    told = response.json()
    assert (told["state"], told["answers"]) == (
        "answered", [{"ref": "1", "outcome": "found", "record": {"status": "valid"}, "reasons": []}],
    )  # fmt: skip
    again = api(world, "staff").get(response["Location"]).json()
    assert again["answers"] == told["answers"], "of the same organisation"
    assert api(world, "outsider").get(response["Location"]).status_code == 404
    assert api(world, "cq_officer").get(response["Location"]).json()["answers"] == []


def test_a_batch_is_got_by_its_id(world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = answers("found", "no_match")
    rows = [{"ref": "a", "by": BY}, {"ref": "b", "by": BY_ID}]
    response = api(world, "cqu_admin").send("POST", "/lookups", ASKED | {"rows": rows})
    assert response.json()["state"] == "waiting"
    deliver()
    told = api(world, "cqu_admin").get(response["Location"]).json()
    assert [(each["ref"], each["outcome"]) for each in told["answers"]] == [("a", "found"), ("b", "no_match")]
    assert [each["rows"] for each in api(world, "cqu_admin").get("/lookups").json()["items"]] == [2]


def test_bad_rows_are_told_by_place(world: World, sharing: Sharing) -> None:
    rows = [{"by": BY}, {"by": {"name": "甲", "id_number": "999999198503070010"}}]
    response = api(world, "cqu_admin").send("POST", "/lookups", ASKED | {"rows": rows})
    assert response.status_code == 422
    assert [each["where"] for each in response.json()["errors"]] == ["rows.1.id_number"]
    assert "999999198503070010" not in response.content.decode()
    assert api(world, "cqu_admin").send("POST", "/lookups", ASKED | {"limit": 1}).status_code == 422


def test_an_agreement_by_program(world: World, peer: Any, partner: Partner) -> None:
    today = timezone.localdate()
    draft = {
        "peer": "sc", "register_name": "school_licence", "part": "provider", "purposes": ["supervision"],
        "bases": ["statutory_duty"], "askers": ["authority"], "fields": ["name", "status"],
        "starts": f"{today}", "ends": f"{today + timedelta(days=30)}",
    }  # fmt: skip
    officer = api(world, "cq_officer")
    response = officer.send("POST", "/data-sharing", draft)
    assert response.status_code == 201
    path, row = response["Location"], response.json()
    assert officer.send("POST", f"{path}/sign").status_code == 428
    signed = officer.send("POST", f"{path}/sign?version={row['version']}").json()
    assert signed["state"] == "offered"
    ended = officer.send("POST", f"{path}/end?version={signed['version']}", {"reason": "先不签了"}).json()
    assert (ended["state"], ended["reason"]) == ("ended", "先不签了")
    assert officer.send("POST", "/data-sharing", draft | {"fields": ["salary"]}).status_code == 422


def test_a_consent_by_program(world: World, peer: Any) -> None:
    sent = {"register_name": "teacher_certificate", "purpose": "recruitment", "name": "李老师", "number": ID}
    response = api(world, "staff").send("POST", "/consents", sent)
    assert response.status_code == 201
    assert ID not in response.content.decode()
    path = response["Location"]
    assert api(world, "outsider").get(path).status_code == 404
    assert api(world, "staff").send("POST", f"{path}/withdraw?version=1").json()["withdrawn_at"] is not None
    own = {"register_name": "teacher_certificate", "purpose": "recruitment"}
    assert api(world, "learner").send("POST", "/me/consents", own).status_code == 201
    assert Consent.objects.count() == 2


def test_one_sees_who_looked_with_a_proof(world: World, sharing: Sharing, partner: Partner) -> None:
    number = subjects.own(world.learner.actor)[0].number
    partner.answer = answers("found")
    rows = [{"by": {"name": "薛小生", "id_number": number}}]
    api(world, "cqu_admin").send("POST", "/lookups", ASKED | {"rows": rows})
    [line] = api(world, "learner").get("/me/lookups").json()["items"]
    assert (line["organisation"], line["node"], line["outcome"]) == ("重庆大学", "cq", "found")
    assert api(world, "learner").get(f"/me/lookups/{line['jti']}/proof").json()["size"] > 0
    assert api(world, "expert_person").get(f"/me/lookups/{line['jti']}/proof").status_code == 404
    says = {"lines": [], "more": False}
    partner.answer = lambda partner, raw: partner.reply(partner.open(raw), "accesses_reply.v1", says)
    assert api(world, "learner").send("POST", "/me/lookups/ask", {"node": "sc"}).json() == {"items": []}
    assert api(world, "learner").send("POST", "/me/lookups/ask", {"node": "gz"}).status_code == 404
    assert api(world, "staff").get("/me/lookups").status_code == 409
