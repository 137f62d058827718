"""The reading desk: nothing proposed is lost, nothing is merged in silence."""

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.plan.actions import adoption, plans, policies, proposals
from shuangcheng.plan.inputs.items import ItemInput, TargetInput
from shuangcheng.plan.inputs.plans import DropInput, PlanInput, SplitInput
from shuangcheng.plan.models import Item, Plan, Proposal
from tests import policy_samples as samples
from tests.rooms.checks import newest, refused
from tests.world import AT, SYSTEM, World

FACTS = {"field": "职业教育", "first_year": 2025, "last_year": 2027}


@pytest.fixture
def plan(world: World) -> Plan:
    policy = samples.policy(by=SYSTEM, at=AT)
    return plans.create(data=read(PlanInput, FACTS | {"name": "示例清单", "policy": policy.title}), by=SYSTEM, at=AT)


@pytest.fixture
def desk(plan: Plan) -> Plan:
    assert plan.policy_version
    proposals.read(plan=plan, version=plan.policy_version, by=SYSTEM, at=AT)
    return plan


def numbered(plan: Plan, number: str) -> Proposal:
    return plan.proposals.get(kind="measure", state="pending", data__number=number)


def target(plan: Plan, subject: str) -> Proposal:
    return plan.proposals.get(kind="target", data__subject=subject)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_work_at_the_desk(world: World, desk: Plan, who: str):
    by = getattr(world, who).actor
    one, other = list(desk.proposals.filter(kind="measure"))[:2]
    with refused("no_right", why=Why.FORBIDDEN):
        plans.create(data=read(PlanInput, FACTS | {"name": "另一份"}), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.correct(proposal=one, data=read(ItemInput, one.data), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.split(proposal=one, data=SplitInput(parts=("甲甲", "乙乙")), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.merge(proposals=[one, other], by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.drop(proposal=one, data=DropInput(reason="不做"), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.confirm(proposal=one, by=by, at=AT)


def test_the_other_side_does_not_decide_over_a_list_of_one_side(world: World, desk: Plan):
    Plan.objects.filter(pk=desk.pk).update(side="cq")
    with refused("no_right", why=Why.FORBIDDEN):
        proposals.confirm(proposal=numbered(desk, "3.1"), by=world.sc_officer.actor, at=AT)
    proposals.confirm(proposal=numbered(desk, "3.1"), by=world.cq_officer.actor, at=AT)


def test_everything_that_was_read_is_proposed(world: World, desk: Plan):
    found = {row.data["number"]: row.data["title"] for row in desk.proposals.filter(kind="measure")}
    assert found == {
        "1": "总体目标", "2.1": "组建产教联合体", "2.2.1": "开放在线课程", "2.2.2": "建立学分互认办法",
        "3.1": "加强组织领导",
    }  # fmt: skip
    goal = target(desk, "互认课程")
    assert (goal.data["value"], goal.data["unit"], goal.data["deadline"]) == ("200", "门", "2027-12-31")
    assert goal.under == numbered(desk, "1"), "a target without a measure has one made for its clause"
    assert numbered(desk, "1").doubts, "and that is said"


def test_leads_are_found_in_the_directory_and_others_are_told(world: World, desk: Plan):
    data = numbered(desk, "2.1").data
    assert (data["lead_cq"], data["lead_sc"]) == ("重庆市教育委员会", "四川省教育厅")
    assert data["partners_text"] == "双城示例中心"
    assert "双城示例中心" in numbered(desk, "2.1").doubts[-1]["values"]["names"]


def test_reading_twice_adds_nothing(world: World, desk: Plan):
    before = desk.proposals.count()
    assert desk.policy_version
    assert proposals.read(plan=desk, version=desk.policy_version, by=world.cq_officer.actor, at=AT) == []
    assert desk.proposals.count() == before


def test_what_is_corrected_keeps_what_was_found(world: World, desk: Plan):
    row = numbered(desk, "2.1")
    found = dict(row.found)
    data = read(ItemInput, row.data | {"title": "组建十个联合体"})
    row = proposals.correct(proposal=row, data=data, by=world.cq_officer.actor, at=AT, seen=1)
    assert (row.title, row.found, newest().verb) == ("组建十个联合体", found, "proposal.correct")
    with refused("changed_meanwhile", why=Why.CONFLICT):
        proposals.correct(proposal=row, data=data, by=world.sc_officer.actor, at=AT, seen=1)


def test_a_target_is_moved_to_another_measure(world: World, desk: Plan):
    goal = target(desk, "互认课程")
    data = read(TargetInput, goal.data)
    moved = proposals.correct(proposal=goal, data=data, under="2.2.2", by=SYSTEM, at=AT)
    assert moved.under == numbered(desk, "2.2.2")
    with refused("not_found", where="under"):
        proposals.correct(proposal=goal, data=data, under="99", by=SYSTEM, at=AT)


def test_confirming_makes_the_item_with_its_targets_and_its_clause(world: World, desk: Plan):
    row = proposals.confirm(proposal=numbered(desk, "2.1"), by=world.cq_officer.actor, at=AT)
    item = row.item
    assert item
    assert item.clause
    assert (item.number, item.clause.anchor, item.source) == ("2.1", "2.1", samples.TITLE)
    assert [one.subject for one in item.targets.all()] == ["示例产教联合体"]
    assert target(desk, "示例产教联合体").state == "confirmed"
    with refused("proposal.decided", why=Why.CONFLICT):
        proposals.confirm(proposal=row, by=SYSTEM, at=AT)
    with refused("proposal.decided", why=Why.CONFLICT):
        proposals.drop(proposal=row, data=DropInput(reason="不做"), by=SYSTEM, at=AT)
    with refused("restore.state", why=Why.CONFLICT):
        proposals.restore(proposal=row, by=SYSTEM, at=AT)


def test_what_cannot_be_an_item_is_refused_and_stays(world: World, desk: Plan):
    row = numbered(desk, "2.1")
    Proposal.objects.filter(pk=row.pk).update(data=row.data | {"number": "二·一"})
    with refused("string_pattern_mismatch", where="number"):
        proposals.confirm(proposal=row, by=SYSTEM, at=AT)
    assert not Item.objects.exists()
    with refused("target.homeless"):
        proposals.confirm(proposal=target(desk, "互认课程"), by=SYSTEM, at=AT)


def test_dropping_takes_a_reason_and_can_be_undone(world: World, desk: Plan):
    by = world.cq_officer.actor
    row = proposals.drop(proposal=numbered(desk, "2.1"), data=DropInput(reason="已在别处"), by=by, at=AT)
    assert (row.state, row.reason, newest().note) == ("dropped", "已在别处", "已在别处")
    assert target(desk, "示例产教联合体").state == "dropped"
    proposals.restore(proposal=row, by=by, at=AT)
    assert numbered(desk, "2.1").reason == ""
    assert target(desk, "示例产教联合体").state == "pending"


def test_splitting_and_taking_it_back(world: World, desk: Plan):
    by = world.cq_officer.actor
    whole = numbered(desk, "2.1")
    data = SplitInput(parts=("明确联合体的条件。", "组建示例产教联合体10个。"))
    first, second = proposals.split(proposal=whole, data=data, by=by, at=AT)
    assert (first.data["number"], second.data["number"]) == ("2.1.1", "2.1.2")
    assert target(desk, "示例产教联合体").under == second
    whole.refresh_from_db()
    assert whole.state == "split"
    proposals.restore(proposal=whole, by=by, at=AT)
    assert target(desk, "示例产教联合体").under == whole
    assert {row.state for row in whole.parts.all()} == {"dropped"}
    first.refresh_from_db()
    with refused("restore.state", why=Why.CONFLICT):
        proposals.restore(proposal=first, by=by, at=AT)


def test_a_split_whose_part_is_decided_stays(world: World, desk: Plan):
    whole = numbered(desk, "2.1")
    first, _second = proposals.split(proposal=whole, data=SplitInput(parts=("甲甲", "乙乙")), by=SYSTEM, at=AT)
    proposals.confirm(proposal=first, by=SYSTEM, at=AT)
    with refused("proposal.decided", why=Why.CONFLICT):
        proposals.restore(proposal=whole, by=SYSTEM, at=AT)


def test_merging_and_taking_it_back(world: World, desk: Plan):
    by = world.cq_officer.actor
    rows = [numbered(desk, "2.2.1"), numbered(desk, "2.2.2"), numbered(desk, "2.1")]
    made = proposals.merge(proposals=rows, by=by, at=AT)
    assert made.data["number"] == "2.1"
    assert all(text in made.data["text"] for text in ("组建示例产教联合体", "开放在线课程", "学分互认办法"))
    assert target(desk, "示例产教联合体").under == made
    assert desk.proposals.filter(state="merged", merged_into=made).count() == 3
    proposals.restore(proposal=desk.proposals.filter(state="merged")[0], by=by, at=AT)
    made.refresh_from_db()
    assert made.state == "dropped"
    assert target(desk, "示例产教联合体").under == numbered(desk, "2.1")
    with refused("merge.few"):
        proposals.merge(proposals=[rows[0]], by=by, at=AT)
    with refused("merge.kinds"):
        proposals.merge(proposals=[rows[0], target(desk, "互认课程")], by=by, at=AT)


def test_a_newer_text_proposes_only_what_is_new(world: World, desk: Plan):
    assert desk.policy_version
    policy = desk.policy_version.policy
    proposals.confirm(proposal=numbered(desk, "2.1"), by=SYSTEM, at=AT)
    intake = samples.intake(samples.NEWER, at=AT)
    version = policies.renew(intake=intake, article=0, policy=policy, by=SYSTEM, at=AT)
    adoption.adopt(plan=desk, version=version, by=world.cq_officer.actor, at=AT)
    fresh = desk.proposals.filter(policy_version=version)
    assert [row.title for row in fresh] == ["组建产教联合体", "示例产教联合体", "加强经费保障"]
    assert desk.proposals.get(data__number="2.2.1").clause.version == version


def test_plans_that_cannot_be(world: World, desk: Plan):
    with refused("name_taken", where="name"):
        plans.create(data=read(PlanInput, FACTS | {"name": "示例清单"}), by=SYSTEM, at=AT)
    with refused("dates_reversed", where="last_year"):
        plans.create(data=read(PlanInput, FACTS | {"name": "另一份", "last_year": 2020}), by=SYSTEM, at=AT)
    with refused("not_found", where="policy"):
        plans.create(data=read(PlanInput, FACTS | {"name": "另一份", "policy": "没有的文件"}), by=SYSTEM, at=AT)
    with refused("basis.used", where="policy"):
        plans.edit(plan=desk, data=read(PlanInput, FACTS | {"name": "示例清单"}), by=SYSTEM, at=AT)


def test_a_plan_ends_and_is_taken_up_again(world: World, plan: Plan):
    by = world.cq_officer.actor
    assert plans.close(plan=plan, by=by, at=AT).closed
    with refused("plan.state", why=Why.CONFLICT):
        plans.close(plan=plan, by=by, at=AT)
    assert not plans.close(plan=plan, by=by, at=AT, closed=False).closed
