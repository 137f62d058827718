"""Registers over the API: refusals, records, connectors."""

from shuangcheng.core.registers import REGISTERS
from shuangcheng.registers import upstream as upstreams
from shuangcheng.registers.models import Holding
from tests.doors.api_client import Api, codes, token
from tests.rooms.test_connectors import NAMES, RECORD
from tests.rooms.test_holdings import ID
from tests.upstream import Upstream
from tests.world import World

HOME = "/registers/teacher_certificate"
SAMPLE = {"record": REGISTERS["teacher_certificate"].sample, "source": "来函"}
NUMBER = {"number": "20155000031000001"}


def test_refusals(world: World) -> None:
    assert Api().get("/registers").status_code == 401
    for someone in (world.sc_officer, world.cqu_admin, world.learner):
        api = Api(token(someone))
        assert api.get("/registers").json()["items"][0]["records"] is None
        assert api.post(f"{HOME}/records", SAMPLE).status_code == 403
        assert api.post(f"{HOME}/find", NUMBER).status_code == 403
        assert api.get(f"{HOME}/connector").status_code == 403
    keeper = Api(token(world.cq_officer))
    assert codes(Api(token(world.cq_officer, "registers:read")).post(f"{HOME}/records", SAMPLE)) == ["scope"]
    assert keeper.post("/registers/salaries/find", NUMBER).status_code == 404
    assert keeper.post(f"{HOME}/find", NUMBER).status_code == 404
    wrong = SAMPLE | {"record": {**SAMPLE["record"], "id_number": "999999198503070010", "salary": "1"}}  # type: ignore[dict-item]
    assert codes(keeper.post(f"{HOME}/records", wrong)) == ["extra_forbidden"]
    assert not Holding.objects.exists()


def test_a_record_is_entered_found_masked_and_removed(world: World) -> None:
    keeper = Api(token(world.cq_officer))
    made = keeper.post(f"{HOME}/records", SAMPLE)
    assert made.status_code == 200
    found = keeper.post(f"{HOME}/find", NUMBER).json()
    assert found["record"]["id_number"] == "999***********0014"
    assert found["record"]["kind"] == "初级中学教师资格"
    assert ID not in str(found)
    held = {row["name"]: row["records"] for row in keeper.get("/registers").json()["items"]}
    assert held == {name: int(name == "teacher_certificate") for name in REGISTERS}
    address = f"{HOME}/records/{found['id']}/remove"
    assert codes(keeper.post(address, {"reason": "错"})) == ["reason_missing"]
    assert keeper.post(address, {"reason": "重复录入"}).status_code == 200
    assert not Holding.objects.exists()


def test_a_connector(world: World, upstream: Upstream) -> None:
    upstreams._breaker.cache_clear()
    admin = Api(token(world.node_admin))
    assert admin.get(f"{HOME}/connector").status_code == 404
    form = {"url": upstream.url, "names": NAMES, "within": "data.list", "seconds": 1, "version": 0}
    made = admin.put(f"{HOME}/connector", form | {"header": "X-Credential", "secret": "open sesame"})
    assert made.status_code == 200
    told = admin.get(f"{HOME}/connector").json()
    assert (told["credential"], told["names"]["name"], told["enabled"]) == (True, "XM", False)
    assert "sesame" not in str(told)
    assert admin.put(f"{HOME}/connector", form | {"version": told["version"] + 1}).status_code == 409
    question = {"by": {"name": "李老师", "id_number": ID}}
    assert admin.post(f"{HOME}/connector/test", question).json() == {"found": False}
    upstream.records = [{**RECORD, "issued_on": "2015-06-30"}]
    assert admin.post(f"{HOME}/connector/test", question).json() == {"found": True}
    upstream.status = 500
    assert codes(admin.post(f"{HOME}/connector/test", question)) == ["connector"]
