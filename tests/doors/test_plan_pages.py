"""Pages of plans: who sees them, who approves, what a visitor reads."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import approvals, items
from shuangcheng.plan.inputs.items import ItemInput, TargetInput
from shuangcheng.plan.models import Plan, PlanApproval, PlanVersion
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from tests.world import AT, SYSTEM, World


@pytest.fixture
def plan(world: World) -> Plan:
    plan = Plan.objects.create(
        name="示例清单", pinyin="slqd", field="vocational", first_year=2025, last_year=2027,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    for number in range(1, 6):
        data = {"number": str(number), "title": f"组建联合体{number}", "field": "vocational", "due": "2026-01-05"}
        item = items.create(plan=plan, data=read(ItemInput, data), by=SYSTEM, at=AT)
        target = {"subject": "联合体", "value": "10", "unit": "个", "comparator": "approx"}
        items.add_target(item=item, data=read(TargetInput, target), by=SYSTEM, at=AT)
    return plan


def approved(plan: Plan) -> Plan:
    for side in ("cq", "sc"):
        approvals.approve(plan=plan, seen=digest_of(snapshot_of(plan)), by=SYSTEM, at=AT, side=side)
    return plan


def signed_in(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


@pytest.mark.parametrize("page", ["", "changes/", "versions/1/"])
@pytest.mark.parametrize("who", ["", "learner", "outsider"])
def test_a_plan_in_the_making_is_not_for_the_public(client: Client, world: World, plan: Plan, page: str, who: str):
    if who:
        signed_in(client, world, who)
    assert client.get(f"/plan/plans/{plan.id}/{page}").status_code == 404
    assert "示例清单" not in client.get("/plan/plans/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("", 302), ("learner", 403), ("cqu_admin", 403), ("node_admin", 403)])
def test_who_may_not_approve(client: Client, world: World, plan: Plan, who: str, status: int):
    approved(plan)
    if who:
        signed_in(client, world, who)
    before = PlanApproval.objects.count()
    answer = client.post(f"/plan/plans/{plan.id}/decide/", {"do": "approve", "digest": "0" * 64}, follow=status == 403)
    assert PlanApproval.objects.count() == before
    if status == 302:
        assert "/account/login/" in answer["Location"]
    else:
        assert "没有办理这项业务的权限" in answer.content.decode()


def test_both_officers_approve_what_they_saw(client: Client, world: World, plan: Plan):
    address = f"/plan/plans/{plan.id}/"
    digest = digest_of(snapshot_of(plan))
    for who in ("cq_officer", "sc_officer"):
        page = signed_in(client, world, who).get(address).content.decode()
        assert f'value="{digest}"' in page
        answer = client.post(f"{address}decide/", {"do": "approve", "digest": digest}, follow=True)
        assert "已核定" in answer.content.decode()
    assert PlanVersion.objects.get().digest == digest
    client.logout()
    version = client.get(f"{address}versions/1/").content.decode()
    assert digest in version
    assert "联合体 10 个左右" in version


def test_what_changed_meanwhile_is_said(client: Client, world: World, plan: Plan):
    signed_in(client, world, "cq_officer")
    answer = client.post(f"/plan/plans/{plan.id}/decide/", {"do": "approve", "digest": "stale"}, follow=True)
    assert "清单在您打开之后有改动" in answer.content.decode()


def test_changes_are_shown_in_words(client: Client, world: World, plan: Plan):
    approved(plan)
    data = read(ItemInput, {"number": "1", "title": "组建联合体一", "field": "higher", "due": "2027-01-05"})
    items.edit(item=plan.items.get(number="1"), data=data, by=SYSTEM, at=AT)
    page = signed_in(client, world, "cq_officer").get(f"/plan/plans/{plan.id}/changes/").content.decode()
    for words in ("领域", "<del>职业教育</del>", "<ins>高等教育</ins>", "完成期限", "<ins>2027-01-05</ins>"):
        assert words in page


def test_a_version_that_is_not_there_leads_back(client: Client, world: World, plan: Plan):
    approved(plan)
    assert client.get(f"/plan/plans/{plan.id}/versions/9/")["Location"] == f"/plan/plans/{plan.id}/"
    assert client.get(f"/plan/plans/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(("address", "most"), [("/plan/plans/", 8), ("/plan/plans/{id}/", 15)])
def test_queries(
    client: Client, world: World, plan: Plan, address: str, most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
):  # fmt: skip
    approved(plan)
    signed_in(client, world, "cq_officer")
    with django_assert_max_num_queries(most + 4):  # session, account, roles, notices
        assert client.get(address.format(id=plan.id)).status_code == 200


def test_the_empty_list_says_so(client: Client, world: World):
    assert "还没有清单" in client.get("/plan/plans/").content.decode()
