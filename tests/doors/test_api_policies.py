"""The policy library over the API: refusals, then handing in, taking in, renewing, linking."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.plan.actions import items, plans
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Intake, Plan, Policy
from tests import policy_samples as samples
from tests.core import file_samples as files
from tests.doors.api_client import API, Api, codes, token
from tests.world import AT, SYSTEM, Someone, World

TITLE_PAGE = {"title": samples.TITLE, "field": "vocational", "issuers": ["重庆市教育委员会"], "state": "现行有效"}


@pytest.fixture
def policy(world: World) -> Policy:
    return samples.policy(by=SYSTEM, at=AT)


@pytest.fixture
def plan(policy: Policy) -> Plan:
    data = PlanInput(name="示例清单", policy=policy.title, field="vocational", first_year=2025, last_year=2027)
    return plans.create(data=data, by=SYSTEM, at=AT)


def upload(who: Someone, name: str, content: bytes, query: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token(who)}"}
    return Client().post(f"{API}/policy-intakes{query}", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def test_who_may_not(world: World, policy: Policy) -> None:
    intake = samples.intake(samples.NEWER, at=AT)
    writes: tuple[tuple[str, str, object], ...] = (
        ("POST", "/policy-intakes/text", {"text": samples.NEWER}),
        ("POST", f"/policy-intakes/{intake.id}/articles/0/take", TITLE_PAGE),
        ("POST", f"/policy-intakes/{intake.id}/articles/0/renew", {"policy": str(policy.id)}),
        ("DELETE", f"/policy-intakes/{intake.id}", None),
        ("PUT", f"/policies/{policy.id}?version=1", TITLE_PAGE),
        ("POST", f"/policies/{policy.id}/links", {"kind": "cites", "title": "另一份方案"}),
    )
    for who in (world.learner, world.cqu_admin, world.outsider, world.node_admin):
        api = Api(token(who))
        for method, path, body in writes:
            assert api.send(method, path, body).status_code in (403, 404), (who.login, path)
        assert upload(who, "示例.txt", samples.NEWER.encode()).status_code == 403
    reads = Api(token(world.cq_officer, "plan:read"))
    assert codes(reads.post(f"/policies/{policy.id}/links", {"kind": "cites", "title": "另一份方案"})) == ["scope"]
    assert Api().get("/policy-intakes").status_code == 401
    assert Api(token(world.learner)).get("/policy-intakes").json()["items"] == []
    assert (Policy.objects.count(), Intake.objects.open().count()) == (1, 1)


def test_a_draft_is_for_officers(world: World, policy: Policy) -> None:
    Policy.objects.update(state="draft")
    for path in ("", "/texts", "/clauses", "/texts/1/difference", "/links"):
        assert Api().get(f"/policies/{policy.id}{path}").status_code == 404
        assert Api(token(world.sc_officer)).get(f"/policies/{policy.id}{path}").status_code == 200
    assert Api().get("/policies").json()["items"] == []


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("扫描.pdf", files.pdf_file(None), 422, "file.scan"),
        ("图片.png", files.png_file(), 422, "file.no_text"),
        ("空.txt", b"", 422, "file.empty"),
        ("过长.txt", ("长" * 200_001).encode(), 413, "file.text"),
        ("程序.exe", b"MZ" + bytes(99), 422, "file.program"),
    ],
)
def test_what_cannot_be_read(world: World, name: str, content: bytes, status: int, code: str) -> None:
    answer = upload(world.cq_officer, name, content)
    assert answer.status_code == status
    assert len(codes(answer)) == 1
    assert codes(answer)[0].split(".")[0] == code.split(".")[0]
    assert not Intake.objects.exists()


def test_handed_in_read_and_taken_in(world: World) -> None:
    api = Api(token(world.cq_officer))
    handed = upload(world.cq_officer, "示例.txt", samples.TEXT.encode())
    assert handed.status_code == 201
    [article] = handed.json()["articles"]
    assert (article["number"], article["title"], article["policy"]) == (0, samples.TITLE, None)
    address = f"/policy-intakes/{handed.json()['id']}/articles/0/take"
    assert codes(api.post(address, TITLE_PAGE | {"text": "改写"})) == ["extra_forbidden"]
    assert codes(api.post(address, {"title": samples.TITLE})) == ["missing"]
    assert api.post(f"/policy-intakes/{handed.json()['id']}/articles/9/take", TITLE_PAGE).status_code == 404
    made = api.post(address, TITLE_PAGE)
    assert made.status_code == 201
    assert made["Location"] == f"{API}/policies/{made.json()['id']}"
    assert api.get(handed["Location"]).json()["articles"][0]["policy"] == made.json()["id"]
    clauses = Api().get(f"{made['Location']}/clauses").json()
    assert clauses["number"] == 1
    assert "2.2.1" in {clause["anchor"] for clause in clauses["items"]}
    again = api.post("/policy-intakes/text", {"text": samples.TEXT})
    assert (again.status_code, codes(again)) == (409, ["policy.there"])


def test_the_list_is_filtered(world: World, policy: Policy) -> None:
    def titles(query: str) -> list[str]:
        return [row["title"] for row in Api().get(f"/policies?{query}").json()["items"]]

    Policy.objects.update(issued="2025-03-01")
    for query in (
        "",
        "field=vocational",
        "state=in_force",
        "year=2025",
        "issuer=四川省教育厅",
        "q=示例教育",
        "side=both",
    ):
        assert titles(query) == [samples.TITLE], query
    for query in ("field=higher", "state=lapsed", "year=2024", "issuer=四川", "q=没有", "side=cq"):
        assert titles(query) == [], query
    assert Api().get("/policies?colour=red").status_code == 422


def test_the_title_page_is_corrected_by_whoever_read_it(world: World, policy: Policy) -> None:
    api = Api(token(world.cq_officer))
    address = f"/policies/{policy.id}"
    tag = api.get(address)["ETag"]
    assert api.put(address, TITLE_PAGE).status_code == 428
    assert api.put(address, TITLE_PAGE | {"remark": "已核对"}, If_Match=tag).json()["remark"] == "已核对"
    assert api.put(address, TITLE_PAGE, If_Match=tag).status_code == 412
    assert codes(api.put(f"{address}?version=1", TITLE_PAGE)) == ["changed_meanwhile"]


def test_documents_hang_together(world: World, policy: Policy) -> None:
    api = Api(token(world.sc_officer))
    made = api.post(f"/policies/{policy.id}/links", {"kind": "落实", "title": "川渝示例教育总体方案"})
    [link] = made.json()["items"]
    assert (made.status_code, link["kind"], link["policy"]) == (201, "implements", None)
    assert Api().get(f"/policies/{policy.id}/links").json()["items"] == [link]
    gone = api.delete(f"/policies/{policy.id}/links/{link['id']}")
    assert gone.json()["items"] == []


def test_a_newer_text_and_the_list_that_adopts_it(world: World, policy: Policy, plan: Plan) -> None:
    api = Api(token(world.cq_officer))
    data = ItemInput(number="1", title="组建联合体", clause="2.1", field="vocational")
    item = items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    handed = api.post(f"/policy-intakes/text?renews={policy.id}", {"text": samples.NEWER}).json()
    address = f"/policy-intakes/{handed['id']}/articles/0/renew"
    text = api.post(address, {"policy": str(policy.id), "note": "修订"})
    assert (text.status_code, text.json()["number"]) == (201, 2)
    assert [row["number"] for row in api.get(f"/policies/{policy.id}/texts").json()["items"]] == [2, 1]
    changes = api.get(f"/policies/{policy.id}/texts/2/difference").json()["changes"]
    changed = next(change for change in changes if change["fate"] == "changed")
    assert changed["items"] == [{"id": str(item.id), "name": "组建联合体"}]
    assert codes(Api(token(world.cqu_admin)).post(f"/plans/{plan.id}/adopt", {"number": 2})) == ["not_found"]
    assert api.post(f"/plans/{plan.id}/adopt", {"number": 2}).status_code == 200
    assert codes(api.post(f"/plans/{plan.id}/adopt", {"number": 2})) == ["adopt.older"]
    assert api.get(f"/plan/items/{item.id}").json()["clause_fate"] == "changed"
    assert api.post(f"/plan/items/{item.id}/settle").json()["clause_fate"] is None


def test_answers_cost_few_queries(
    world: World, policy: Policy, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path, most in (("/policies", 1), (f"/policies/{policy.id}/clauses", 5), (f"/policies/{policy.id}/links", 4)):
        with django_assert_max_num_queries(most, info=path):
            assert Api().get(path).status_code == 200
