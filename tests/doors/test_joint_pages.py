"""Pages and API of a list that stands on two nodes: whose it is, what waits, what can be done here."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuangcheng.exchange.models import Outgoing
from shuangcheng.plan.models import Item, Plan, PlanVersion
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from tests.doors.api_client import Api, token
from tests.doors.test_plan_pages import signed_in
from tests.partner import Partner
from tests.rooms.test_joint_plan import approve, deliver, ours, received, theirs  # noqa: F401 fixtures
from tests.rooms.test_joint_progress import item, report, says  # noqa: F401 a fixture
from tests.world import World


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(("who", "status"), [("cqu_admin", 404), ("outsider", 404), ("learner", 404)])
def test_who_does_not_see_it_does_not_return_it(
    client: Client,
    world: World,
    theirs: Plan,  # noqa: F811
    who: str,
    status: int,
) -> None:
    path = f"/plan/plans/{theirs.pk}/decide/"
    if who == "cqu_admin":
        Item.objects.filter(plan=theirs).update(lead_cq=None)
    assert signed_in(client, world, who).post(path, {"do": "return", "reason": "不行"}).status_code == status
    assert theirs.approvals.exists()


def test_an_officer_approves_what_the_other_side_sent(
    client: Client,
    world: World,
    partner: Partner,
    theirs: Plan,  # noqa: F811
) -> None:
    signed_in(client, world, "cq_officer")
    assert "对方已核定，待本方核定" in page(client, "/my/")
    shown = page(client, f"/plan/plans/{theirs.pk}/")
    for text in ("由对方节点维护", "核定当前内容", "退回对方修改", "舒明川"):
        assert text in shown
    assert "结束清单" not in shown
    digest = digest_of(snapshot_of(theirs))
    told = client.post(f"/plan/plans/{theirs.pk}/decide/", {"do": "approve", "digest": digest}, follow=True)
    shown = told.content.decode()
    assert "核定已寄往对方节点" in shown
    assert "待送达" in shown
    assert "撤回核定" not in shown
    deliver()
    assert PlanVersion.objects.get().digest == digest
    assert "待送达" not in page(client, f"/plan/plans/{theirs.pk}/")


def test_an_officer_returns_it_with_a_reason(client: Client, world: World, theirs: Plan) -> None:  # noqa: F811
    signed_in(client, world, "cq_officer")
    path = f"/plan/plans/{theirs.pk}/decide/"
    assert "没有填写" in client.post(path, {"do": "return", "reason": ""}, follow=True).content.decode()
    assert "已退回对方" in client.post(path, {"do": "return", "reason": "请改期限。"}, follow=True).content.decode()
    assert Outgoing.objects.get().type == "plan_return.v1"
    assert "核定当前内容" not in page(client, f"/plan/plans/{theirs.pk}/")


def test_why_it_was_returned_is_shown_to_officers(client: Client, world: World, ours: Plan) -> None:  # noqa: F811
    Plan.objects.update(returned="舒明川：请改期限。")
    assert "舒明川：请改期限。" in page(signed_in(client, world, "cq_officer"), f"/plan/plans/{ours.pk}/")


def test_items_of_a_list_from_elsewhere_are_not_edited_here(client: Client, world: World, theirs: Plan) -> None:  # noqa: F811
    signed_in(client, world, "cq_officer")
    one = theirs.items.get(number="1")
    shown = page(client, f"/plan/items/{one.pk}/")
    assert f"/plan/items/{one.pk}/edit/" not in shown
    assert f"/plan/items/{one.pk}/report/" in shown
    answer = client.get(f"/plan/items/{one.pk}/edit/")
    assert answer.status_code == 403
    assert "这份清单由四川的节点维护" in answer.content.decode()


def test_reports_say_whose_they_are_and_what_has_not_arrived(
    client: Client,
    world: World,
    partner: Partner,
    item: Item,  # noqa: F811
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    report(item, world, percent=40)
    partner.ask("plan_progress.v1", says(item))
    signed_in(client, world, "cq_officer")
    with django_assert_max_num_queries(30):
        shown = page(client, f"/plan/items/{item.pk}/")
    assert shown.count("待送达") == 1
    assert shown.count('class="side sc"') >= 2
    assert "签约.pdf" in shown
    assert "存于对方节点" in shown
    deliver()
    assert "待送达" not in page(client, f"/plan/items/{item.pk}/")


def test_the_api_returns_a_list_and_tells_its_home(world: World, partner: Partner, theirs: Plan) -> None:  # noqa: F811
    path, body = f"/plans/{theirs.pk}", {"reason": "请改期限。"}
    assert Api().post(f"{path}/return", body).status_code == 401
    assert Api(token(world.outsider)).post(f"{path}/return", body).status_code == 404
    assert Api(token(world.node_admin)).post(f"{path}/return", body).status_code == 403
    assert Api(token(world.cq_officer)).get(path).json()["home"] == "sc"
    assert Api(token(world.cq_officer)).post(f"{path}/return", {}).status_code == 422
    assert Api(token(world.cq_officer)).post(f"{path}/return", body).status_code == 200
    deliver()
    assert [told["reason"] for told in received(partner, "plan_return.v1")] == ["请改期限。"]
