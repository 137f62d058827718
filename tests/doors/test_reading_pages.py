"""The reading desk and the pages of making a list: refusals first, then work with and without scripts."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.plan.actions import plans, proposals
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Plan, Policy, Proposal
from tests import policy_samples as samples
from tests.doors.test_policy_pages import enter, said
from tests.world import AT, SYSTEM, World

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer(client: Client, world: World) -> Client:
    return enter(client, world, "cq_officer")


@pytest.fixture
def policy(world: World) -> Policy:
    return samples.policy(by=SYSTEM, at=AT)


@pytest.fixture
def plan(policy: Policy) -> Plan:
    data = PlanInput(name="示例清单", policy=policy.title, field="vocational", first_year=2025, last_year=2027)
    made = plans.create(data=data, by=SYSTEM, at=AT)
    assert made.policy_version
    proposals.read(plan=made, version=made.policy_version, by=SYSTEM, at=AT)
    return made


def numbered(plan: Plan, number: str) -> Proposal:
    return plan.proposals.get(kind="measure", state="pending", data__number=number)


def test_who_may_not_decides_nothing(client: Client, world: World, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    gets = (
        f"/plan/plans/{plan.id}/reading/", f"/plan/proposals/{row.id}/", f"/plan/proposals/{row.id}/edit/",
        f"/plan/proposals/{row.id}/split/", "/plan/plans/new/", f"/plan/plans/{plan.id}/edit/",
        f"/plan/reading/new/?policy={plan.policy_version.policy_id}",  # type: ignore[union-attr]
    )  # fmt: skip
    posts = (
        f"/plan/plans/{plan.id}/reading/decide/", f"/plan/proposals/{row.id}/decide/", f"/plan/plans/{plan.id}/close/",
        f"/plan/proposals/{row.id}/edit/", f"/plan/proposals/{row.id}/split/",
    )  # fmt: skip
    body = {"do": "confirm", "ids": [str(row.id)], "reason": "不做", "text": "甲甲\n乙乙"}
    for who in ("", "learner", "cqu_admin", "outsider", "auditor"):
        visitor = enter(Client(), world, who) if who else client
        for path in gets:
            assert visitor.get(path).status_code in (302, 403, 404), (who, path)
        for path in posts:
            assert visitor.post(path, body).status_code in (302, 403, 404), (who, path)
    row.refresh_from_db()
    plan.refresh_from_db()
    assert (row.state, plan.closed, plan.items.count()) == ("pending", False, 0)


def test_the_other_side_is_refused_on_a_list_of_one_side(client: Client, world: World, plan: Plan) -> None:
    Plan.objects.update(side="cq")
    row = numbered(plan, "2.1")
    other = enter(client, world, "sc_officer")
    assert other.get(f"/plan/plans/{plan.id}/reading/").status_code == 403
    assert other.post(f"/plan/proposals/{row.id}/decide/", {"do": "confirm"}).status_code == 403
    assert (
        other.post(f"/plan/plans/{plan.id}/reading/decide/", {"do": "confirm", "ids": [str(row.id)]}).status_code == 403
    )


def test_a_document_is_read_into_a_new_list(officer: Client, policy: Policy) -> None:
    page = said(officer.get(f"/plan/reading/new/?policy={policy.id}"))
    assert f"{samples.TITLE}工作清单" in page
    body = {
        "policy_id": str(policy.id), "name": "新清单", "policy": policy.title, "side": "both", "field": "vocational",
        "first_year": "2025", "last_year": "2020",
    }  # fmt: skip
    wrong = officer.post("/plan/reading/new/", body)
    assert wrong.status_code == 422
    assert "终止年份早于起始年份" in said(wrong)
    done = officer.post("/plan/reading/new/", body | {"last_year": "2027"}, follow=True)
    plan = Plan.objects.get()
    assert done.redirect_chain[-1][0] == f"/plan/plans/{plan.id}/reading/"
    assert "读到 7 项举措和目标" in said(done)
    again = officer.post("/plan/reading/new/", {"policy_id": str(policy.id), "plan": str(plan.id)}, follow=True)
    assert "没有读到新的举措或目标" in said(again)
    assert plan.proposals.count() == 7


def test_the_document_and_the_proposals_point_at_each_other(officer: Client, plan: Plan) -> None:
    page = said(officer.get(f"/plan/plans/{plan.id}/reading/"))
    row = numbered(plan, "2.1")
    assert f'id="p-{row.id}"' in page
    assert f'<mark class="target" data-of="{row.id}"><a href="#p-{row.id}">示例产教联合体10个</a></mark>' in page
    assert 'href="#c-2.1"' in page
    assert 'id="c-2.1"' in page
    assert "已核定 0 项，共 7 项" in page


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("state=doubtful", "组建产教联合体", "开放在线课程</span>"),
        ("state=confirmed", "没有这样的拟列事项", "加强组织领导</span>"),
        ("state=out", "没有这样的拟列事项", "加强组织领导</span>"),
        ("part=3", "加强组织领导</span>", "2.1 组建产教联合体</span>"),
        ("state=x&part=x&page=x", "没有这样的拟列事项", "组建产教联合体</span>"),
    ],
)
def test_filters(officer: Client, plan: Plan, query: str, there: str, absent: str) -> None:
    page = said(officer.get(f"/plan/plans/{plan.id}/reading/?{query}"))
    assert there in page or "都已核定" in page
    assert absent not in page


def test_one_is_confirmed_in_its_card(officer: Client, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    body = {"do": "confirm", "version": "1"}
    card = said(officer.post(f"/plan/proposals/{row.id}/decide/", body, headers=HTMX))
    assert "<html" not in card
    assert f"/plan/items/{plan.items.get().id}/" in card
    assert 'hx-swap-oob="true"' in card
    assert "已核定 2 项，共 7 项" in card
    refused = said(officer.post(f"/plan/proposals/{row.id}/decide/", {"do": "drop", "reason": "晚了"}, headers=HTMX))
    assert "已经核定" in refused


def test_and_without_scripts(officer: Client, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    answer = officer.post(f"/plan/proposals/{row.id}/decide/", {"do": "drop", "reason": ""}, follow=True)
    assert "“理由”没有填写" in said(answer)
    answer = officer.post(f"/plan/proposals/{row.id}/decide/", {"do": "drop", "reason": "已在别处"}, follow=True)
    assert "已在别处" in said(answer)
    officer.post(f"/plan/proposals/{row.id}/decide/", {"do": "restore"})
    assert numbered(plan, "2.1") == row


def correction(row: Proposal, **changes: str) -> dict[str, object]:
    return {name: value for name, value in row.data.items() if value} | {"kind": "measure", "version": "1"} | changes


def test_one_is_corrected_in_its_card_and_on_a_page(officer: Client, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    address = f"/plan/proposals/{row.id}/edit/"
    assert "<html" not in said(officer.get(address, headers=HTMX))
    wrong = said(officer.post(address, correction(row, number="二·一", title="我改的标题"), headers=HTMX))
    assert "我改的标题" in wrong
    assert "“编号”填写有误" in wrong
    card = said(officer.post(address, correction(row, title="我改的标题"), headers=HTMX))
    assert "2.1 我改的标题" in card
    late = officer.post(address, correction(row, title="晚到的"))
    assert late.status_code == 422
    assert "已被他人修改" in said(late)
    assert "晚到的" in said(late)
    unknown = officer.post(address, correction(row, version="2", lead_cq="没有的单位"), follow=True)
    assert unknown.status_code == 200, "who leads is checked when it is taken into the list"


def test_a_target_is_corrected_and_moved(officer: Client, plan: Plan) -> None:
    goal = plan.proposals.get(kind="target", data__subject="互认课程")
    body = {
        "subject": "互认课程", "comparator": "ge", "value": "300", "unit": "门", "kind": "goal", "side": "both",
        "under": "2.2.2", "version": "1",
    }  # fmt: skip
    officer.post(f"/plan/proposals/{goal.id}/edit/", body)
    goal.refresh_from_db()
    assert (goal.data["value"], goal.under) == ("300", numbered(plan, "2.2.2"))
    assert goal.data["quote"] == "互认课程达到200门"
    wrong = officer.post(f"/plan/proposals/{goal.id}/edit/", body | {"under": "99", "version": "2"})
    assert "没有编号为“99”的举措" in said(wrong)


def test_several_at_once(officer: Client, plan: Plan) -> None:
    address = f"/plan/plans/{plan.id}/reading/decide/"
    assert "请先勾选" in said(officer.post(address, {"do": "confirm"}, follow=True))
    one, other, third = numbered(plan, "2.2.1"), numbered(plan, "2.2.2"), numbered(plan, "3.1")
    Proposal.objects.filter(pk=third.pk).update(data=third.data | {"lead_cq": "没有的单位"})
    told = officer.post(
        address, {"do": "confirm", "ids": [str(one.id), str(third.id)], "query": "state=all"}, follow=True
    )
    assert "已办理 1 项" in said(told)
    assert "没有找到“没有的单位”" in said(told)
    assert plan.items.get().number == "2.2.1"
    merged = officer.post(address, {"do": "merge", "ids": [str(other.id), str(third.id)]}, follow=True)
    assert "已合并为" in said(merged)
    first = numbered(plan, "2.1")
    officer.post(address, {"do": "drop", "ids": [str(first.id)], "reason": "不在本年"})
    first.refresh_from_db()
    assert first.reason == "不在本年"


def test_a_proposal_is_split_line_by_line(officer: Client, plan: Plan) -> None:
    row = numbered(plan, "2.1")
    address = f"/plan/proposals/{row.id}/split/"
    assert "组建示例产教联合体10个。\n" in said(officer.get(address))
    one_line = officer.post(address, {"text": "只有一行"})
    assert one_line.status_code == 422
    assert "只有一行</textarea>" in said(one_line)
    officer.post(address, {"text": "明确条件。\n\n组建示例产教联合体10个。", "version": "1"})
    assert [part.data["number"] for part in row.parts.all()] == ["2.1.1", "2.1.2"]


def test_a_list_is_begun_changed_and_ended(officer: Client) -> None:
    body = {"name": "自编清单", "side": "both", "field": "vocational", "first_year": "2025", "last_year": "2027"}
    officer.post("/plan/plans/new/", body)
    plan = Plan.objects.get()
    officer.post(f"/plan/plans/{plan.id}/edit/", body | {"name": "改名的清单", "version": "1"})
    late = officer.post(f"/plan/plans/{plan.id}/edit/", body | {"name": "晚到的清单", "version": "1"})
    assert late.status_code == 422
    assert "晚到的清单" in said(late)
    officer.post(f"/plan/plans/{plan.id}/close/", {"do": "close"})
    plan.refresh_from_db()
    assert (plan.name, plan.closed) == ("改名的清单", True)
    officer.post(f"/plan/plans/{plan.id}/close/", {"do": "reopen"})
    plan.refresh_from_db()
    assert not plan.closed


def test_the_desk_costs_few_queries(
    officer: Client, plan: Plan, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(8):
        officer.get(f"/plan/plans/{plan.id}/reading/?state=all")
