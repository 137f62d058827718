"""From a document to a list over the API: refusals, then the work of the desk."""

import pytest

from shuangcheng.plan.actions import plans, proposals
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Plan, Policy, Proposal
from tests import policy_samples as samples
from tests.doors.api_client import Api, codes, token
from tests.world import AT, SYSTEM, World

FACTS = {"name": "示例清单", "field": "职业教育", "first_year": 2025, "last_year": 2027}


@pytest.fixture
def policy(world: World) -> Policy:
    return samples.policy(by=SYSTEM, at=AT)


@pytest.fixture
def plan(policy: Policy) -> Plan:
    data = PlanInput(policy=policy.title, name="示例清单", field="vocational", first_year=2025, last_year=2027)
    made = plans.create(data=data, by=SYSTEM, at=AT)
    assert made.policy_version
    proposals.read(plan=made, version=made.policy_version, by=SYSTEM, at=AT)
    return made


def numbered(plan: Plan, number: str) -> Proposal:
    return plan.proposals.get(kind="measure", state="pending", data__number=number)


def test_who_may_not(world: World, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    writes: tuple[tuple[str, object], ...] = (
        ("/plans", FACTS | {"name": "另一份"}), (f"/plans/{plan.id}/close", {}), (f"/plans/{plan.id}/read", {}),
        (f"/plans/{plan.id}/adopt", {"number": 1}), (f"/proposals/{row.id}/confirm", None),
        (f"/proposals/{row.id}/drop", {"reason": "不做"}), (f"/proposals/{row.id}/restore", None),
        (f"/proposals/{row.id}/split", {"parts": ["甲甲", "乙乙"]}),
        (f"/plans/{plan.id}/proposals/merge", {"proposals": [str(row.id), str(plan.id)]}),
    )  # fmt: skip
    for path, body in writes:
        assert Api().post(path, body).status_code == 401, path
        for who in (world.learner, world.cqu_admin, world.node_admin):
            assert Api(token(who)).post(path, body).status_code in (403, 404), (who.login, path)
    assert Api(token(world.learner)).get(f"/proposals/{row.id}").status_code == 404
    Plan.objects.update(side="cq")
    assert codes(Api(token(world.sc_officer)).post(f"/proposals/{row.id}/confirm")) == ["no_right"]
    row.refresh_from_db()
    assert (row.state, Plan.objects.count()) == ("pending", 1)


def test_a_document_becomes_a_list(world: World, policy: Policy) -> None:
    api = Api(token(world.cq_officer))
    assert codes(api.post("/plans", FACTS | {"policy": "没有的文件"})) == ["not_found"]
    assert codes(api.post("/plans", FACTS | {"colour": "red"})) == ["extra_forbidden"]
    made = api.post("/plans", FACTS | {"policy": str(policy.id)})
    assert made.status_code == 201
    address = made["Location"]
    found = api.post(f"{address}/read", {}).json()["items"]
    assert len(found) == 7
    assert api.post(f"{address}/read", {"policy": str(policy.id)}).json()["items"] == []
    listed = api.get(f"{address}/proposals?kind=measure").json()["items"]
    assert [row["data"]["number"] for row in listed] == ["1", "2.1", "2.2.1", "2.2.2", "3.1"]
    doubtful = api.get(f"{address}/proposals?doubtful=true").json()["items"]
    assert doubtful
    assert all(row["doubts"] for row in doubtful)


def test_a_plan_is_changed_and_ended(world: World, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    version = api.get(f"/plans/{plan.id}").json()["version"]
    body = FACTS | {"name": "改名的清单", "policy": samples.TITLE}
    assert api.put(f"/plans/{plan.id}?version={version}", body).json()["name"] == "改名的清单"
    assert codes(api.put(f"/plans/{plan.id}?version={version}", body)) == ["changed_meanwhile"]
    assert api.post(f"/plans/{plan.id}/close", {"closed": True}).json()["closed"]
    assert codes(api.post(f"/plans/{plan.id}/close", {"closed": True})) == ["plan.state"]


def test_the_work_of_the_desk(world: World, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    row = numbered(plan, "2.1")
    address = f"/proposals/{row.id}"
    read = api.get(address)
    assert api.put(f"{address}/measure", read.json()["data"]).status_code == 428
    body = read.json()["data"] | {"title": "组建十个联合体"}
    corrected = api.put(f"{address}/measure", body, If_Match=read["ETag"])
    assert (corrected.json()["data"]["title"], corrected.json()["found"]) == ("组建十个联合体", read.json()["found"])
    assert api.put(f"{address}/measure", body, If_Match=read["ETag"]).status_code == 412
    assert api.put(f"{address}/target?version=2", {"subject": "甲", "value": 1}).status_code == 404
    assert codes(api.post(f"{address}/confirm?version=1")) == ["changed_meanwhile"]
    confirmed = api.post(f"{address}/confirm").json()
    assert api.get(f"/plan/items/{confirmed['item']}").json()["title"] == "组建十个联合体"
    assert codes(api.post(f"{address}/drop", {"reason": "晚了"})) == ["proposal.decided"]


def test_a_target_is_moved(world: World, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    goal = plan.proposals.get(kind="target", data__subject="互认课程")
    body = {"subject": "互认课程", "value": 300, "unit": "门", "under": "3.1"}
    moved = api.put(f"/proposals/{goal.id}/target?version=1", body).json()
    assert (moved["data"]["value"], moved["under"]) == ("300", str(numbered(plan, "3.1").id))


def test_split_merge_drop_and_back(world: World, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    whole = numbered(plan, "2.1")
    parts = api.post(f"/proposals/{whole.id}/split", {"parts": ["明确条件。", "组建示例产教联合体10个。"]}).json()[
        "items"
    ]
    assert [part["part_of"] for part in parts] == [str(whole.id)] * 2
    assert codes(api.post(f"/proposals/{whole.id}/split", {"parts": ["只有一项"]})) == ["too_short"]
    assert api.post(f"/proposals/{whole.id}/restore").json()["state"] == "pending"
    pair = [str(numbered(plan, number).id) for number in ("2.2.1", "2.2.2")]
    merged = api.post(f"/plans/{plan.id}/proposals/merge", {"proposals": pair}).json()
    assert merged["data"]["number"] == "2.2.1"
    assert api.get(f"/proposals/{pair[1]}").json()["merged_into"] == merged["id"]
    assert api.post(f"/proposals/{pair[1]}/restore").json()["merged_into"] is None
    nowhere = [pair[0], str(plan.id)]
    assert api.post(f"/plans/{plan.id}/proposals/merge", {"proposals": nowhere}).status_code == 404
    dropped = api.post(f"/proposals/{pair[0]}/drop", {"reason": "已在别处"}).json()
    assert (dropped["state"], dropped["reason"]) == ("dropped", "已在别处")
