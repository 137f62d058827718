"""The home page, the pages of action plans and fields, the desk and the slices, as the list makes them."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from shuangcheng.core.schema import read
from shuangcheng.core.standing import overdue
from shuangcheng.directory.models import Organisation
from shuangcheng.plan.actions import approvals, items, ledger, minutes
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.ledger import ActivityInput
from shuangcheng.plan.inputs.sessions import MinutesInput
from shuangcheng.plan.models import Activity, Filing, Item, Period, Plan, Proposal
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from tests.doors.plan_cast import PlanCast, build, enter
from tests.doors.test_pages import NUMBER
from tests.rooms.meetings import held_session, make_body
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(world: World, settings: LazySettings, tmp_path: object) -> PlanCast:
    settings.MEDIA_ROOT = tmp_path
    return build(world)


def activity(world: World, **changes: object) -> Activity:
    values = {
        "kind": "event", "title": "教师技能交流", "on": "2026-05-08", "hosts": ("重庆大学",), "field": "vocational",
        "action_plan": 6, "zone": "潼南—遂宁教育一体化", "alliance": "示例教师教育联盟",
    }  # fmt: skip
    return ledger.create(data=read(ActivityInput, values | changes), by=SYSTEM, at=timezone.localtime())


def shown(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def late_by(cast: PlanCast) -> str:
    assert cast.late.due
    return f"逾期 {overdue(cast.late.due, timezone.localdate())} 个工作日"


def test_a_plan_in_the_making_is_not_on_the_home_page(client: Client, world: World, cast: PlanCast) -> None:
    for name in (None, "learner", "outsider"):
        text = shown(enter(client, world, name))
        assert cast.late.title not in text
        assert "逾期 1" not in text
        for path in (
            "/plans/6/",
            "/fields/vocational/",
            f"/zones/{world.zone.pk}/",
            f"/alliances/{world.alliance.pk}/",
        ):
            assert cast.late.title not in shown(client, path), path


def test_late_items_stand_first(client: Client, world: World, cast: PlanCast) -> None:
    cast.approve()
    text = shown(client)
    attention = text.split("需要关注")[1].split("</section>")[0]
    first = attention.split("<li>")[1]
    assert f'href="/plan/items/{cast.late.pk}/"' in first
    assert late_by(cast) in first
    tile = text.split("/plans/6/")[1].split("</a>")[0]
    assert "事项 1" in tile
    assert "逾期 1" in tile
    assert f"有更新：{cast.late.title}" in tile
    numbers = dict(reversed(pair) for pair in NUMBER.findall(text))  # type: ignore[call-overload]
    assert (numbers["清单事项"], numbers["逾期事项"], numbers["已完成事项"]) == ("3", "1", "0")


def test_numbers_are_those_of_the_list_behind_them(client: Client, world: World, cast: PlanCast) -> None:
    cast.approve()
    Item.objects.filter(pk=cast.node.pk).update(told="done", percent=100)
    numbers = {text: n for n, text in NUMBER.findall(shown(client))}
    for title, query in (("清单事项", ""), ("逾期事项", "?standing=late"), ("已完成事项", "?standing=done")):
        assert f"共 {numbers[title]} 项" in shown(client, f"/plan/{query}"), title


def test_what_is_over_is_not_late(client: Client, world: World, cast: PlanCast) -> None:
    cast.approve()
    Plan.objects.update(closed=True)
    text = shown(client)
    assert cast.late.title not in text.split("需要关注")[1].split("</section>")[0]
    assert "逾期 1" not in text.split("/plans/6/")[1].split("</a>")[0]


@pytest.mark.parametrize("path", ["/plans/6/", "/fields/vocational/"])
def test_an_action_plan_and_a_field_show_their_items_and_ledger(
    client: Client, world: World, cast: PlanCast, path: str, django_assert_max_num_queries: object
) -> None:
    cast.approve()
    row = activity(world)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        text = shown(client, path)
    assert late_by(cast) in text
    assert f"/plan/items/{cast.late.pk}/" in text
    assert f"/plan/ledger/{row.pk}/" in text
    for other in ("/plans/1/", "/fields/basic/"):
        assert cast.late.title not in shown(client, other)


def test_the_home_page_asks_ten_questions_at_most(
    client: Client, world: World, cast: PlanCast, django_assert_max_num_queries: object
) -> None:
    cast.approve()
    for number in range(60):
        data = {"number": f"9.{number}", "title": f"第{number}项", "field": "vocational", "due": "2025-12-31"}
        items.create(plan=cast.plan, data=read(ItemInput, data), by=SYSTEM, at=timezone.localtime())
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        text = shown(client)
    assert "<small>61 · " in text.split("需要关注")[1].split("</h2>")[0]


def test_things_show_their_slice(
    client: Client, world: World, cast: PlanCast, django_assert_max_num_queries: object
) -> None:
    cast.approve()
    row = activity(world)
    paths = (
        f"/zones/{world.zone.pk}/", f"/alliances/{world.alliance.pk}/", f"/organisations/{world.cqu.pk}/",
        f"/divisions/{world.divisions['重庆市'].pk}/",
    )  # fmt: skip
    for path in paths:
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            text = shown(client, path)
        assert f"/plan/items/{cast.late.pk}/" in text, path
        assert f"/plan/ledger/{row.pk}/" in text, path
        assert late_by(cast) in text, path
    assert cast.late.title in shown(client, f"/organisations/{world.swu.pk}/"), "a partner's too"
    assert cast.late.title not in shown(client, f"/organisations/{world.swufe.pk}/")
    assert cast.late.title in shown(client, f"/divisions/{world.divisions['潼南区'].pk}/")
    assert cast.late.title not in shown(client, f"/divisions/{world.divisions['荣昌区'].pk}/")


@pytest.mark.parametrize("thing", ["zone", "alliance", "organisation", "division"])
def test_a_long_slice_leads_to_the_whole(client: Client, world: World, cast: PlanCast, thing: str) -> None:
    cast.approve()
    linked = {"zone": world.zone.name, "alliance": str(world.alliance), "lead_cq": "重庆大学", "divisions": ("500152",)}
    for number in range(9):
        data = {"number": f"9.{number}", "title": f"第{number}项", "field": "vocational", **linked}
        items.create(plan=cast.plan, data=read(ItemInput, data), by=SYSTEM, at=timezone.localtime())
        activity(world, title=f"第{number}次")
    ids = {"zone": world.zone.pk, "alliance": world.alliance.pk, "organisation": world.cqu.pk,
           "division": world.divisions["重庆市"].pk}  # fmt: skip
    text = shown(client, f"/{thing}s/{ids[thing]}/")
    for section, total in (("items", 10), ("activities", 9)):
        heading = text.split(f'id="{section}"')[1].split("</h2>")[0]
        address = heading.split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert f"共 {total} 项" in shown(client, address), section
    assert cast.late.title not in shown(client, "/plan/?division=510000/")


def test_what_waits_for_an_officers_side(
    client: Client, world: World, cast: PlanCast, django_assert_max_num_queries: object
) -> None:
    at = timezone.localtime()
    approvals.approve(plan=cast.plan, seen=digest_of(snapshot_of(cast.plan)), by=world.sc_officer.actor, at=at)
    held = held_session(make_body())
    session = minutes.write(session=held, data=MinutesInput(text="会议认为两地要抓紧推进各项工作。"), by=SYSTEM, at=at)
    Proposal.objects.create(
        plan=cast.plan, policy_version=cast.plan.policy_version, order=1, kind="measure", quote="组建", start=0, end=2,
        created_at=at, updated_at=at,
    )  # fmt: skip
    enter(client, world, "cq_officer")
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        text = shown(client, "/my/")
    assert late_by(cast) in text.split("本方牵头、需要关注的事项")[1].split("</section>")[0]
    assert f"/plan/plans/{cast.plan.pk}/" in text.split("待本方核定的清单")[1].split("</section>")[0]
    assert f"/plan/sessions/{session.pk}/" in text.split("待本方确认的会议纪要")[1].split("</section>")[0]
    assert "1 条待核定" in text.split("待核定的拟列事项")[1].split("</section>")[0]
    enter(client, world, "sc_officer")
    assert "待本方核定的清单" not in shown(client, "/my/"), "it has approved"


def test_what_waits_for_those_who_work_for_a_lead(client: Client, world: World, cast: PlanCast) -> None:
    today = timezone.localdate()
    period = Period.objects.create(
        plan=cast.plan, title="第三季度推进情况", covers_from=today, covers_to=today, due=today + timedelta(days=9),
        created_at=timezone.now(), updated_at=timezone.now(),
    )  # fmt: skip
    both: list[Organisation] = [world.cqu, world.scu]
    for organisation in both:
        Filing.objects.create(
            period=period, organisation=organisation, created_at=timezone.now(), updated_at=timezone.now()
        )
    text = shown(enter(client, world, "staff"), "/my/")
    assert late_by(cast) in text.split("本单位逾期与临期的事项")[1].split("</section>")[0]
    filings = text.split("待报送")[1].split("</section>")[0]
    assert period.title in filings
    assert "四川大学" not in filings
    assert text.count("待报送") == 1
    assert late_by(cast) in shown(enter(client, world, "swu_admin"), "/my/"), "a partner's too"
    for name in ("outsider", "teacher", "learner", "auditor"):
        text = shown(enter(client, world, name), "/my/")
        assert cast.late.title not in text, name
        assert period.title not in text, name


def test_a_long_pile_says_how_much_there_is(client: Client, world: World, cast: PlanCast) -> None:
    for number in range(12):
        data = {"number": f"9.{number}", "title": f"第{number}项", "field": "vocational", "due": "2025-12-31",
                "lead_sc": "四川省教育厅"}  # fmt: skip
        items.create(plan=cast.plan, data=read(ItemInput, data), by=SYSTEM, at=timezone.localtime())
    pile = shown(enter(client, world, "sc_officer"), "/my/").split("本方牵头、需要关注的事项")[1].split("</section>")[0]
    assert pile.count("<li>") == 10
    assert "<small>13 · " in pile
    address = pile.split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "共 13 项" in shown(client, address)
