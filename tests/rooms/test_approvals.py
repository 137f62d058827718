"""Plans that both sides approve."""

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.directory.actor import Actor
from shuangcheng.plan.actions import approvals, items
from shuangcheng.plan.inputs.items import ItemInput, ReasonInput, TargetInput
from shuangcheng.plan.models import Item, Plan, PlanApproval, PlanVersion
from shuangcheng.plan.snapshots import differences, digest_of, snapshot_of
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, SYSTEM, World


@pytest.fixture
def plan(world: World) -> Plan:
    plan = Plan.objects.create(
        name="示例清单", pinyin="slqd", field="vocational", first_year=2025, last_year=2027,
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    add(plan, "1", "组建产教联合体")
    return plan


def add(plan: Plan, number: str, title: str) -> Item:
    data = read(ItemInput, {"number": number, "title": title, "field": "vocational"})
    return items.create(plan=plan, data=data, by=SYSTEM, at=AT)


def approve(plan: Plan, by: Actor) -> PlanApproval:
    return approvals.approve(plan=plan, seen=digest_of(snapshot_of(plan)), by=by, at=AT)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner", "staff"])
def test_only_officers_approve(world: World, plan: Plan, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        approve(plan, getattr(world, who).actor)


def test_a_plan_is_a_version_when_both_have_approved_the_same(world: World, plan: Plan):
    approve(plan, world.cq_officer.actor)
    assert not PlanVersion.objects.exists()
    assert not Plan.objects.visible_to(world.anyone).exists()
    assert titles("组建产教联合体") == []
    approve(plan, world.sc_officer.actor)
    [version] = plan.versions.all()
    assert (version.number, version.digest) == (1, digest_of(version.snapshot))
    assert {row.side for row in version.approvals.all()} == {"cq", "sc"}
    assert Plan.objects.visible_to(world.anyone).get() == plan
    assert titles("组建产教联合体") == ["组建产教联合体"]
    assert newest().verb == "plan.approve"


def test_what_changed_meanwhile_is_not_approved(world: World, plan: Plan):
    seen = digest_of(snapshot_of(plan))
    add(plan, "2", "组建产教融合共同体")
    with refused("changed", why=Why.CONFLICT):
        approvals.approve(plan=plan, seen=seen, by=world.cq_officer.actor, at=AT)


def test_two_sides_that_approved_different_contents_have_not_agreed(world: World, plan: Plan):
    approve(plan, world.cq_officer.actor)
    add(plan, "2", "组建产教融合共同体")
    approve(plan, world.sc_officer.actor)
    assert not PlanVersion.objects.exists()
    approve(plan, world.cq_officer.actor)
    assert PlanVersion.objects.get().number == 1


def test_twice_is_once(world: World, plan: Plan):
    approve(plan, world.cq_officer.actor)
    with refused("approved", why=Why.CONFLICT):
        approve(plan, world.cq_officer.actor)
    approve(plan, world.sc_officer.actor)
    with refused("approved", why=Why.CONFLICT):
        approve(plan, world.sc_officer.actor)


def test_an_empty_plan_and_another_sides_plan(world: World, plan: Plan):
    plan.items.all().delete()
    with refused("plan.empty", why=Why.CONFLICT):
        approve(plan, world.cq_officer.actor)
    Plan.objects.filter(pk=plan.pk).update(side="sc")
    plan.refresh_from_db()
    with refused("no_right", why=Why.FORBIDDEN):
        approve(plan, world.cq_officer.actor)


def test_one_sides_own_plan_needs_that_side_only(world: World, plan: Plan):
    Plan.objects.filter(pk=plan.pk).update(side="cq")
    plan.refresh_from_db()
    assert approve(plan, world.cq_officer.actor).version is not None


def test_an_approval_is_withdrawn_while_the_other_side_has_not(world: World, plan: Plan):
    with refused("nothing", why=Why.CONFLICT):
        approvals.withdraw(plan=plan, by=world.cq_officer.actor, at=AT)
    approve(plan, world.cq_officer.actor)
    approvals.withdraw(plan=plan, by=world.cq_officer.actor, at=AT)
    approve(plan, world.sc_officer.actor)
    assert not PlanVersion.objects.exists()


def test_a_version_cannot_be_changed(world: World, plan: Plan):
    approve(plan, world.cq_officer.actor)
    approve(plan, world.sc_officer.actor)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE plan_planversion SET number = 2")


def test_later_changes_are_seen_against_the_version(world: World, plan: Plan):
    gone = add(plan, "2", "将要删除")
    before = snapshot_of(plan)
    item = plan.items.get(number="1")
    data = read(ItemInput, {"number": "1", "title": "组建十个联合体", "field": "vocational", "due": "2027-12-31"})
    items.edit(item=item, data=data, by=SYSTEM, at=AT)
    target = read(TargetInput, {"subject": "联合体", "value": "10", "unit": "个", "deadline": "2027-12-31"})
    items.add_target(item=item, data=target, by=SYSTEM, at=AT)
    items.remove(item=gone, data=ReasonInput(reason="重复"), by=SYSTEM, at=AT)
    add(plan, "3", "新增事项")
    found = differences(before, snapshot_of(plan))
    assert [row["title"] for row in found.added] == ["新增事项"]
    assert [row["title"] for row in found.removed] == ["将要删除"]
    [changed] = found.changed
    assert changed.facts == {
        "title": ("组建产教联合体", "组建十个联合体"),
        "due": (None, "2027-12-31"),
        "targets": ([], ["联合体 ≥10个 · 2027-12-31"]),
    }
    assert found.count == 3


def test_progress_does_not_change_what_was_approved(world: World, plan: Plan):
    before = digest_of(snapshot_of(plan))
    Item.objects.filter(plan=plan).update(told="done", percent=100)
    assert digest_of(snapshot_of(plan)) == before
