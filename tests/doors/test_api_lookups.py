"""Look-ups over the API: refusals first, then one record, many, and the other node away."""

from typing import Any

import pytest

from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.registers.models import LookUp, Sharing
from tests.doors.api_client import Api, codes, token
from tests.partner import Partner, problem
from tests.rooms.sharing import agreed
from tests.world import World

BY = {"name": "李老师", "certificate_number": "20155000031000001"}


def body(*rows: dict[str, str], **changes: Any) -> dict[str, Any]:
    return {
        "register_name": "teacher_certificate", "purpose": "recruitment", "basis": "statutory_duty", "node": "sc",
        "rows": [{"by": row} for row in rows or (BY,)],
    } | changes  # fmt: skip


def found(partner: Partner, raw: bytes) -> tuple[int, str, bytes]:
    letter = partner.open(raw)
    told = [{"ref": row["ref"], "outcome": "found", "record": {"status": "valid"}} for row in letter.says["rows"]]
    return partner.reply(letter, "lookup_reply.v1", {"register_name": "teacher_certificate", "answers": told})


@pytest.fixture
def sharing(world: World, peer: Peer, partner: Partner) -> Sharing:
    row = agreed(world, peer, partner)
    partner.answer = found
    return row


@pytest.mark.parametrize(
    ("who", "scopes", "status"),
    [("", (), 401), ("cqu_admin", ("registers:read",), 403), ("learner", (), 403), ("employer", (), 403)],
)
def test_who_may_not_ask(world: World, sharing: Sharing, who: str, scopes: tuple[str, ...], status: int) -> None:
    api = Api(token(getattr(world, who), *scopes)) if who else Api()
    assert api.send("POST", "/lookups", body()).status_code == status
    assert not LookUp.objects.exists()


def test_what_cannot_be_asked_is_told_and_not_sent(world: World, sharing: Sharing) -> None:
    api = Api(token(world.cqu_admin))
    wrong = api.send("POST", "/lookups", body(fields=["issuer"]))
    assert (wrong.status_code, codes(wrong)) == (422, ["field_not_agreed"])
    assert not Outgoing.objects.filter(type="lookup.v1").exists()


def test_one_record_is_answered_in_the_request(world: World, sharing: Sharing) -> None:
    api = Api(token(world.cqu_admin))
    made = api.send("POST", "/lookups", body())
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["found"], told["answers"][0]["record"]) == ("answered", 1, {"status": "valid"})
    assert api.send("GET", made["Location"].removeprefix("/api/v1")).json() == told
    [listed] = api.send("GET", "/lookups?state=answered").json()["items"]
    assert listed["id"] == told["id"]
    assert "answers" not in listed


def test_others_do_not_read_the_answer(world: World, sharing: Sharing) -> None:
    made = Api(token(world.cqu_admin)).send("POST", "/lookups", body())
    path = made["Location"].removeprefix("/api/v1")
    assert Api(token(world.swu_admin)).send("GET", path).status_code == 404
    assert Api(token(world.cq_officer)).send("GET", path).json()["answers"] == []


def test_while_the_other_node_is_away_the_look_up_waits(world: World, sharing: Sharing, partner: Partner) -> None:
    partner.answer = lambda _partner, _raw: problem(503, "down")
    made = Api(token(world.cqu_admin)).send("POST", "/lookups", body())
    assert (made.status_code, made.json()["state"], made.json()["answers"]) == (201, "waiting", [])


def test_the_same_key_asks_once(world: World, sharing: Sharing) -> None:
    api = Api(token(world.cqu_admin))
    first, second = (api.send("POST", "/lookups", body(), key="one") for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert first["Location"] == second["Location"]
    assert LookUp.objects.count() == 1


def test_many_records_are_one_letter_and_answered_later(world: World, sharing: Sharing) -> None:
    other = {"name": "王老师", "certificate_number": "20155000031000002"}
    made = Api(token(world.cqu_admin)).send("POST", "/lookups", body(BY, other))
    assert (made.status_code, made.json()["state"], made.json()["rows"]) == (201, "waiting", 2)
    assert Outgoing.objects.filter(type="lookup.v1").count() == 1
