"""Items of the list and their targets."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.core.standing import Lines, standing
from shuangcheng.plan.actions import items, progress
from shuangcheng.plan.inputs.items import ItemInput, ObservationInput, ProgressInput, RemarkInput, TargetInput
from shuangcheng.plan.models import Item, Plan
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, SYSTEM, World

TODAY = AT.date()


@pytest.fixture
def plan(world: World) -> Plan:
    return Plan.objects.create(
        name="示例清单",
        pinyin="slqd",
        field="vocational",
        first_year=2025,
        last_year=2027,
        created_at=AT,
        updated_at=AT,
    )


def data(**changes: object) -> ItemInput:
    values = {"number": "1", "title": "组建产教联合体", "field": "职业教育", "lead_cq": "重庆市教育委员会"}
    return read(ItemInput, values | changes)


def made(plan: Plan, **changes: object) -> Item:
    return items.create(plan=plan, data=data(**changes), by=SYSTEM, at=AT)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_add_items(world: World, plan: Plan, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        items.create(plan=plan, data=data(), by=getattr(world, who).actor, at=AT)


def test_an_item_is_made_audited_and_found_by_officers(world: World, plan: Plan):
    item = items.create(
        plan=plan, by=world.sc_officer.actor, at=AT,
        data=data(partners=("重庆大学",), divisions=("500152",), zone="潼南—遂宁教育一体化", due="2026-12-31"),
    )  # fmt: skip
    assert [row.name for row in item.partners.all()] == ["重庆大学"]
    assert newest().verb == "item.create"
    assert titles("组建产教联合体", actor=world.cq_officer.actor) == ["组建产教联合体"]
    assert titles("组建产教联合体") == []


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"number": "1"}, "number_taken", "number"),
        ({"number": "2", "parent": "9"}, "not_found", "parent"),
        ({"number": "2", "kind": "milestone"}, "parent.missing", "parent"),
        ({"number": "2", "kind": "measure", "parent": "1"}, "parent.kind", "parent"),
        ({"number": "2", "lead_sc": "没有的单位"}, "not_found", "lead_sc"),
        ({"number": "2", "starts": "2026-02-01", "due": "2026-01-01"}, "dates_reversed", "due"),
    ],
)
def test_an_item_that_cannot_be(world: World, plan: Plan, changes: dict[str, object], code: str, where: str):
    made(plan)
    with refused(code, where=where):
        made(plan, **changes)


def test_every_fault_is_told_at_once(world: World, plan: Plan):
    made(plan)
    with pytest.raises(Refused) as caught:
        made(plan, lead_sc="没有的单位", zone="没有的片区")
    assert {objection.where for objection in caught.value.objections} == {"number", "lead_sc", "zone"}


def test_an_item_cannot_stand_under_itself(world: World, plan: Plan):
    made(plan)
    project = made(plan, number="1.1", kind="project", parent="1")
    node = made(plan, number="1.1.1", kind="milestone", parent="1.1")
    with pytest.raises(Refused) as caught:
        items.edit(item=project, data=data(number="1.1", kind="milestone", parent="1.1"), by=SYSTEM, at=AT)
    assert {objection.code for objection in caught.value.objections} == {"parent.circle", "children.kind"}
    assert Item.objects.get(pk=node.pk).parent == project


def test_of_two_officers_the_second_is_told(world: World, plan: Plan):
    item = made(plan)
    items.edit(item=item, data=data(title="组建十个联合体"), by=world.cq_officer.actor, at=AT, seen=1)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        items.edit(item=item, data=data(title="组建三个联合体"), by=world.sc_officer.actor, at=AT, seen=1)
    assert Item.objects.get(pk=item.pk).title == "组建十个联合体"


def test_numbers_are_ordered_as_people_count(world: World, plan: Plan):
    for number in ("10", "9", "2.10", "2.9"):
        made(plan, number=number)
    assert [item.number for item in plan.items.all()] == ["2.9", "2.10", "9", "10"]


@pytest.mark.parametrize("due", [None, "2026-11-19", "2026-11-20", "2026-12-10", "2027-11-20"])
@pytest.mark.parametrize("told", ["not_started", "on_track", "at_risk", "blocked", "done", "dropped"])
def test_the_database_computes_what_the_rule_says(world: World, plan: Plan, told: str, due: str | None):
    item = made(plan, due=due, starts="2026-01-05")
    Item.objects.filter(pk=item.pk).update(told=told, percent=40)
    found = Item.objects.standing(TODAY).get(pk=item.pk)
    expected = standing(told=told, due=found.due, starts=found.starts, percent=40, lines=Lines.of(TODAY))
    assert found.standing == expected


def test_progress_moves_the_item_and_its_figures(world: World, plan: Plan):
    item = made(plan)
    target = items.add_target(
        item=item, data=read(TargetInput, {"subject": "联合体", "value": "10", "unit": "个"}), by=SYSTEM, at=AT
    )
    report = read(ProgressInput, {"on": TODAY, "percent": 80, "text": "已组建八个。", "told": "on_track"})
    progress.report(item=item, data=report, by=world.cq_officer.actor, at=AT, figures={str(target.pk): Decimal(8)})
    item.refresh_from_db()
    target.refresh_from_db()
    assert (item.told, item.percent, item.reported_on) == ("on_track", 80, TODAY)
    assert (target.observed, target.observed_on) == (Decimal(8), TODAY)
    progress.observe(
        target=target, data=read(ObservationInput, {"on": date(2026, 1, 1), "value": "3"}), by=SYSTEM, at=AT
    )
    target.refresh_from_db()
    assert target.observed == Decimal(8), "an older value is kept, and is not the newest"


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"on": "2026-11-21"}, "future", "on"),
        ({"told": "blocked"}, "reason_missing", "reason"),
        ({"told": "done", "percent": 99}, "not_whole", "percent"),
    ],
)
def test_progress_that_cannot_be(world: World, plan: Plan, changes: dict[str, object], code: str, where: str):
    report = read(ProgressInput, {"on": TODAY, "percent": 10, "text": "开始推进。"} | changes)
    item = made(plan)
    with refused(code, where=where):
        progress.report(item=item, data=report, by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize("who", ["sc_officer", "outsider", "scu_admin", "learner", "cqu_admin"])
def test_who_has_no_part_in_an_item_does_not_report(world: World, plan: Plan, who: str):
    report = read(ProgressInput, {"on": TODAY, "percent": 10, "text": "开始推进。"})
    item = made(plan)
    with refused("no_right", why=Why.FORBIDDEN):
        progress.report(item=item, data=report, by=getattr(world, who).actor, at=AT)


def test_a_dispute_marks_the_item_until_it_is_settled(world: World, plan: Plan):
    item = made(plan)
    with refused("not_disputed", where="kind"):
        progress.remark(item=item, data=RemarkInput(kind="settled", text="已谈妥"), by=world.cq_officer.actor, at=AT)
    progress.remark(item=item, data=RemarkInput(kind="dispute", text="口径不一"), by=world.sc_officer.actor, at=AT)
    assert Item.objects.get(pk=item.pk).disputed
    progress.remark(item=item, data=RemarkInput(kind="settled", text="已谈妥"), by=world.cq_officer.actor, at=AT)
    assert not Item.objects.get(pk=item.pk).disputed


def test_what_was_used_is_not_removed(world: World, plan: Plan):
    made(plan)
    project = made(plan, number="1.1", kind="project", parent="1")
    reason = items.ReasonInput(reason="重复登记")
    with refused("item.used", why=Why.CONFLICT):
        items.remove(item=project.parent, data=reason, by=SYSTEM, at=AT)  # type: ignore[arg-type]
    items.remove(item=project, data=reason, by=world.cq_officer.actor, at=AT)
    assert newest().note == "重复登记"


def test_a_range_needs_both_ends(world: World, plan: Plan):
    wrong = read(TargetInput, {"subject": "高校", "value": "5", "comparator": "range"})
    item = made(plan)
    with refused("range", where="value_max"):
        items.add_target(item=item, data=wrong, by=SYSTEM, at=datetime.now(AT.tzinfo))
