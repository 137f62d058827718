"""Reports and remarks on a list of two nodes: each tells its own, and both stand alike whatever comes first."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core.schema import read
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange.handlers import Later
from shuangcheng.plan import joint
from shuangcheng.plan.actions import items, progress
from shuangcheng.plan.inputs.items import ItemInput, ProgressInput, ReasonInput, RemarkInput
from shuangcheng.plan.models import Item, Plan, Progress
from tests.partner import Partner
from tests.rooms.checks import refused
from tests.rooms.test_joint_plan import approve, deliver, ours, received  # noqa: F401 a fixture
from tests.world import SYSTEM, World

TODAY = timezone.localdate()


@pytest.fixture
def item(world: World, partner: Partner, ours: Plan) -> Item:  # noqa: F811
    """An item of ours that both sides lead, on both nodes."""
    approve(ours, world)
    deliver()
    return ours.items.get()


def report(item: Item, world: World, *, percent: int, on: date = TODAY, **more: Any) -> Progress:
    values = {"on": on, "told": "on_track", "percent": percent, "text": "已组建两个联合体。"}
    data, at = read(ProgressInput, values), timezone.localtime()
    return progress.report(item=item, data=data, by=world.cq_officer.actor, at=at, **more)


def says(of: Item, **changes: Any) -> dict[str, Any]:
    """What the other node reports."""
    at = timezone.now()
    return {
        "progress": str(uuid7()), "plan": str(of.plan_id), "item": str(of.pk), "number": 1, "counts": True,
        "moment": joint.micros(at), "on": TODAY.isoformat(), "told": "on_track", "percent": 60,
        "text": "四川方已签约三家。", "figures": [{"target": str(of.targets.get().pk), "value": "3"}],
        "evidence": [{"name": "签约.pdf", "sha256": "0" * 64, "size": 2048}], "organisation": "四川大学",
        "by": "舒明川", "at": int(at.timestamp()),
    } | changes  # fmt: skip


def standing(item: Item) -> tuple[str, int, Decimal | None]:
    item = Item.objects.get(pk=item.pk)
    return item.told, item.percent, item.targets.get().observed


def test_our_report_is_told_with_its_figures_and_evidence(world: World, partner: Partner, item: Item) -> None:
    target = item.targets.get()
    row = report(item, world, percent=40, figures={str(target.pk): Decimal("2")}, files=[("名单.txt", "名单".encode())])
    assert joint.under_way([row.pk]) == {row.pk: "waiting"}
    deliver()
    assert joint.under_way([row.pk]) == {}
    [told] = received(partner, "plan_progress.v1")
    assert (told["progress"], told["item"], told["number"], told["counts"]) == (str(row.pk), str(item.pk), 1, True)
    assert (told["percent"], told["by"]) == (40, "余小安")
    assert told["figures"] == [{"target": str(target.pk), "value": "2"}]
    assert [file["name"] for file in told["evidence"]] == ["名单.txt"]
    reason, id = ReasonInput(reason="写错了"), str(row.pk)
    progress.withdraw(progress=row, data=reason, by=world.cq_officer.actor, at=timezone.localtime())
    deliver()
    last = received(partner, "plan_progress.v1")[-1]
    assert (last["progress"], last["number"], last["counts"]) == (id, 2, False)


def test_a_list_that_is_only_ours_is_told_nowhere(world: World, partner: Partner, ours: Plan) -> None:  # noqa: F811
    report(ours.items.get(), world, percent=40)
    deliver()
    assert partner.received == []


def test_what_was_reported_before_follows_the_list(world: World, partner: Partner, ours: Plan) -> None:  # noqa: F811
    row = report(ours.items.get(), world, percent=40)
    said = progress.remark(
        item=ours.items.get(), data=RemarkInput(text="先前的意见。"), by=world.cq_officer.actor, at=timezone.localtime()
    )
    approve(ours, world)
    deliver()
    deliver()
    assert [told["progress"] for told in received(partner, "plan_progress.v1")] == [str(row.pk)]
    assert [told["remark"] for told in received(partner, "plan_remark.v1")] == [str(said.pk)]
    assert joint.catch_up(ours, at=timezone.localtime()) == 0


def test_their_report_counts_here_and_says_whose_it_is(world: World, partner: Partner, item: Item) -> None:
    told = says(item)
    assert partner.ask("plan_progress.v1", told).says["standing"] == "handled"
    row = Progress.objects.get()
    assert (str(row.pk), row.origin, row.side, row.by_name) == (told["progress"], "sc", "sc", "舒明川")
    assert (row.organisation, row.evidence) == (world.scu, told["evidence"])
    assert standing(item) == ("on_track", 60, Decimal("3"))
    deliver()
    assert received(partner, "plan_progress.v1") == [], "it is not told back"


def test_their_report_is_withdrawn_there_only(world: World, partner: Partner, item: Item) -> None:
    told = says(item)
    partner.ask("plan_progress.v1", told)
    row = Progress.objects.get()
    with refused("no_right"):
        progress.withdraw(
            progress=row, data=ReasonInput(reason="不对"), by=world.cq_officer.actor, at=timezone.localtime()
        )
    partner.ask("plan_progress.v1", told | {"number": 2, "counts": False})
    assert standing(item) == ("not_started", 0, None)
    assert not Progress.objects.visible_to(world.cq_officer.actor).exists()
    partner.ask("plan_progress.v1", told | {"number": 1})
    assert standing(item) == ("not_started", 0, None), "the older letter came late"


@pytest.mark.parametrize("theirs_first", [True, False])
def test_the_later_of_two_on_one_day_stands_whatever_comes_first(
    world: World, partner: Partner, item: Item, theirs_first: bool
) -> None:
    earlier = says(item, moment=joint.micros(timezone.now() - timedelta(hours=1)))
    if theirs_first:
        partner.ask("plan_progress.v1", earlier)
    report(item, world, percent=80, figures={str(item.targets.get().pk): Decimal("5")})
    if not theirs_first:
        partner.ask("plan_progress.v1", earlier)
    assert standing(item) == ("on_track", 80, Decimal("5"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": "019ab000-0000-7000-8000-000000000002"}, "item_unknown"),
        ({"told": "perhaps"}, "term"),
        ({"on": "2026-02-30"}, "date"),
    ],
)
def test_what_cannot_be_is_refused(
    world: World, partner: Partner, item: Item, changes: dict[str, Any], code: str
) -> None:
    answer = partner.ask("plan_progress.v1", says(item, **changes))
    assert [reason["code"] for reason in answer.says["reasons"]] == [code]
    assert not Progress.objects.exists()


def test_they_do_not_report_on_what_only_we_do(world: World, partner: Partner, ours: Plan, item: Item) -> None:  # noqa: F811
    at = timezone.localtime()
    own = {"number": "2", "title": "只在重庆", "field": "vocational", "lead_cq": "重庆大学"}
    other = items.create(plan=ours, data=read(ItemInput, own), by=SYSTEM, at=at)
    answer = partner.ask("plan_progress.v1", says(item, item=str(other.pk), figures=[]))
    assert [reason["code"] for reason in answer.says["reasons"]] == ["not_theirs"]
    row = report(item, world, percent=10)
    answer = partner.ask("plan_progress.v1", says(item, progress=str(row.pk)))
    assert [reason["code"] for reason in answer.says["reasons"]] == ["not_theirs"]


def test_a_report_may_come_before_its_list(world: World, partner: Partner, item: Item) -> None:
    with pytest.raises(Later):
        partner.ask("plan_progress.v1", says(item, plan=str(uuid7())))


def test_remarks_and_disputes_travel(world: World, partner: Partner, item: Item) -> None:
    dispute = RemarkInput(kind="dispute", text="期限太紧。")
    row = progress.remark(item=item, data=dispute, by=world.cq_officer.actor, at=timezone.localtime())
    deliver()
    [told] = received(partner, "plan_remark.v1")
    assert (told["remark"], told["kind"], told["text"]) == (str(row.pk), "dispute", "期限太紧。")
    answer = told | {"remark": str(uuid7()), "kind": "settled", "text": "已商定。", "by": "舒明川"}
    settled = answer | {"moment": told["moment"] + 1}
    assert partner.ask("plan_remark.v1", settled).says["standing"] == "handled"
    item.refresh_from_db()
    assert not item.disputed
    last = item.remarks.last()
    assert last is not None
    assert (last.origin, last.side, last.by_name) == ("sc", "sc", "舒明川")
    late = answer | {"remark": str(uuid7()), "kind": "dispute", "moment": told["moment"] - 1}
    partner.ask("plan_remark.v1", late)
    item.refresh_from_db()
    assert not item.disputed, "an earlier dispute that came late was settled already"


def test_moments_are_whole() -> None:
    at = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
    assert joint.of_micros(joint.micros(at)) == at
