"""Plans over the API: refusals, then approving by both sides."""

import hashlib

import pytest
import rfc8785

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import items
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.models import Plan
from tests.doors.api_client import Api, codes, token
from tests.world import AT, SYSTEM, World


@pytest.fixture
def plan(world: World) -> Plan:
    plan = Plan.objects.create(
        name="示例清单", pinyin="slqd", field="vocational", first_year=2025, last_year=2027,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    data = read(ItemInput, {"number": "1", "title": "组建联合体", "field": "vocational"})
    items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    return plan


def test_a_plan_in_the_making_is_hidden(world: World, plan: Plan) -> None:
    for api in (Api(), Api(token(world.learner)), Api(token(world.outsider))):
        assert api.get("/plans").json()["items"] == []
        for path in ("", "/versions", "/differences"):
            assert api.get(f"/plans/{plan.id}{path}").status_code == 404
    assert Api().get(f"/plans/{plan.id}/content").status_code == 401


def test_who_may_not_approve(world: World, plan: Plan) -> None:
    body = {"digest": "0" * 64}
    assert Api().post(f"/plans/{plan.id}/approve", body).status_code == 401
    assert Api(token(world.cqu_admin)).post(f"/plans/{plan.id}/approve", body).status_code == 404
    assert Api(token(world.node_admin)).post(f"/plans/{plan.id}/approve", body).status_code == 403
    narrow = Api(token(world.cq_officer, "plan:read"))
    assert codes(narrow.post(f"/plans/{plan.id}/approve", body)) == ["scope"]
    officer = Api(token(world.cq_officer))
    assert codes(officer.post(f"/plans/{plan.id}/approve", body)) == ["changed"]
    assert officer.post(f"/plans/{plan.id}/approve", {"digest": "short"}).status_code == 422
    assert codes(officer.post(f"/plans/{plan.id}/approve", body | {"by": "me"})) == ["extra_forbidden"]


def test_both_sides_approve(world: World, plan: Plan) -> None:
    for who, left in ((world.cq_officer, True), (world.sc_officer, False)):
        api = Api(token(who))
        content = api.get(f"/plans/{plan.id}/content").json()
        assert content["digest"] == hashlib.sha256(rfc8785.dumps(content["snapshot"])).hexdigest()
        answer = api.post(f"/plans/{plan.id}/approve", {"digest": content["digest"]})
        assert (answer.json()["approved"] is None) == left
    public = Api()
    version = public.get(f"/plans/{plan.id}/versions/1").json()
    assert version["digest"] == hashlib.sha256(rfc8785.dumps(version["snapshot"])).hexdigest()
    assert [row["side"] for row in version["approvals"]] == ["cq", "sc"]
    data = read(ItemInput, {"number": "1", "title": "组建十个联合体", "field": "vocational"})
    items.edit(item=plan.items.get(), data=data, by=SYSTEM, at=AT)
    [changed] = public.get(f"/plans/{plan.id}/differences").json()["changed"]
    assert changed["facts"] == [{"field": "title", "before": "组建联合体", "after": "组建十个联合体"}]


def test_an_approval_is_withdrawn(world: World, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    assert codes(api.post(f"/plans/{plan.id}/withdraw")) == ["nothing"]
    api.post(f"/plans/{plan.id}/approve", {"digest": api.get(f"/plans/{plan.id}/content").json()["digest"]})
    assert len(api.get(f"/plans/{plan.id}/content").json()["waiting"]) == 1
    assert api.post(f"/plans/{plan.id}/withdraw").status_code == 200
    assert api.get(f"/plans/{plan.id}/content").json()["waiting"] == []
