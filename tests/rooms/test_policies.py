"""The policy library: what is handed in, taken in, renewed, linked."""

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.desk.search import find
from shuangcheng.plan.actions import adoption, intakes, items, plans, policies, proposals
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.inputs.policies import LinkInput, PolicyInput, TextInput
from shuangcheng.plan.models import Clause, Intake, Item, Plan, Policy, PolicyVersion
from tests import policy_samples as samples
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, SYSTEM, World

TWO = (
    "渝教示〔2025〕{n}号\n关于示例{n}的通知\n"
    + "一、总体要求\n坚持示例。\n二、主要任务\n（一）做好示例。建设示例{n}个。\n" * 12
)


def title_page(**changes: object) -> PolicyInput:
    return read(PolicyInput, {"title": samples.TITLE, "field": "职业教育"} | changes)


def plan_of(policy: Policy) -> Plan:
    data = PlanInput(name="示例清单", policy=str(policy.id), field="vocational", first_year=2025, last_year=2027)
    return plans.create(data=data, by=SYSTEM, at=AT)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_take_documents_in(world: World, who: str):
    by = getattr(world, who).actor
    with refused("no_right", why=Why.FORBIDDEN):
        intakes.receive_text(data=TextInput(text=samples.TEXT), by=by, at=AT)
    held = samples.intake(at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        intakes.discard(intake=held, by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        policies.take(intake=held, article=0, data=title_page(), by=by, at=AT)
    policy = samples.policy(by=SYSTEM, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        policies.edit(policy=policy, data=title_page(), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        policies.link(policy=policy, data=LinkInput(kind="cites", title="另一份方案"), by=by, at=AT)


def test_a_text_is_read_kept_and_taken_in(world: World):
    by = world.cq_officer.actor
    handed = intakes.receive_text(data=TextInput(name="粘贴", text=samples.TEXT), by=by, at=AT)
    assert newest().verb == "policy.upload"
    assert handed.readings[0]["title"]
    policy = policies.take(intake=handed, article=0, data=title_page(), by=by, at=AT)
    assert newest().verb == "policy.create"
    handed.refresh_from_db()
    assert (handed.closed, handed.taken) == (True, {"0": str(policy.id)})
    [version] = policy.versions.all()
    assert version.text.strip() == samples.TEXT.strip()
    assert titles("示例教育协同", actor=world.learner.actor, kind="policy") == [samples.TITLE]


def test_clauses_have_anchors_and_are_found(world: World):
    policy = samples.policy(by=SYSTEM, at=AT)
    [version] = policy.versions.all()
    found = [(clause.anchor, clause.title) for clause in version.clauses.all()]
    assert found == [
        ("0", ""), ("1", "总体目标"), ("2", "主要任务"), ("2.1", "组建产教联合体"), ("2.2", "推动课程互选"),
        ("2.2.1", "开放在线课程"), ("2.2.2", "建立学分互认办法"), ("3", "保障措施"), ("3.1", "加强组织领导"),
    ]  # fmt: skip
    assert version.clauses.get(anchor="1").text == "到2027年，互认课程达到200门。"
    assert titles("学分互认", kind="clause") == ["2.建立学分互认办法"]


def test_a_draft_is_for_officers_and_so_are_its_clauses(world: World):
    policy = samples.policy(by=SYSTEM, at=AT)
    policies.edit(policy=policy, data=title_page(state="征求意见"), by=world.sc_officer.actor, at=AT)
    assert titles("学分互认", kind="clause") == []
    assert titles("学分互认", kind="clause", actor=world.cq_officer.actor) == ["2.建立学分互认办法"]
    assert not Policy.objects.visible_to(world.learner.actor).exists()
    assert not Clause.objects.visible_to(world.learner.actor).exists()
    assert not PolicyVersion.objects.visible_to(world.learner.actor).exists()
    assert not Intake.objects.visible_to(world.learner.actor).exists()


def test_the_same_text_is_not_taken_in_twice(world: World):
    by = world.cq_officer.actor
    policy = samples.policy(by=SYSTEM, at=AT)
    with refused("policy.there", why=Why.CONFLICT):
        intakes.receive_text(data=TextInput(text=samples.TEXT.replace("\n", " \r\n")), by=by, at=AT)
    with refused("policy.there", why=Why.CONFLICT):
        policies.take(intake=samples.intake(at=AT), article=0, data=title_page(), by=by, at=AT)
    with pytest.raises(Refused) as caught:
        intakes.receive_text(data=TextInput(text=samples.TEXT), by=by, at=AT)
    assert caught.value.objections[0].message.values["id"] == str(policy.id)


def test_of_a_compilation_each_article_is_taken_in_by_itself(world: World):
    by = world.cq_officer.actor
    text = TWO.format(n=1) + TWO.format(n=2)
    handed = intakes.receive_text(data=TextInput(text=text), by=by, at=AT)
    assert len(handed.readings) == 2
    second = policies.take(intake=handed, article=1, data=title_page(title="示例二"), by=by, at=AT)
    handed.refresh_from_db()
    assert not handed.closed
    [version] = second.versions.all()
    assert "示例2个" in version.text
    assert "示例1个" not in version.text
    with refused("article.taken", why=Why.CONFLICT):
        policies.take(intake=handed, article=1, data=title_page(title="示例二"), by=by, at=AT)
    with refused("article.missing", why=Why.MISSING):
        policies.take(intake=handed, article=7, data=title_page(title="示例七"), by=by, at=AT)
    intakes.discard(intake=handed, by=by, at=AT)
    handed.refresh_from_db()
    assert handed.closed, "what was made of it stays known"


def test_what_is_given_up_is_gone(world: World):
    handed = samples.intake(at=AT)
    intakes.discard(intake=handed, by=world.sc_officer.actor, at=AT)
    assert newest().verb == "policy.upload_discard"
    assert not Intake.objects.exists()


def test_a_title_page_that_cannot_be(world: World):
    with refused("dates_reversed", where="lapses"):
        policies.take(
            intake=samples.intake(at=AT), article=0, data=title_page(issued="2025-03-01", lapses="2025-01-01"),
            by=SYSTEM, at=AT,
        )  # fmt: skip


def test_of_two_officers_the_second_is_told(world: World):
    policy = samples.policy(by=SYSTEM, at=AT)
    policies.edit(policy=policy, data=title_page(remark="已核对"), by=world.cq_officer.actor, at=AT, seen=1)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        policies.edit(policy=policy, data=title_page(remark="另一个"), by=world.sc_officer.actor, at=AT, seen=1)


def test_documents_hang_together(world: World):
    by = world.cq_officer.actor
    older = samples.policy(by=SYSTEM, at=AT)
    handed = samples.intake(samples.NEWER, at=AT)
    newer = policies.take(intake=handed, article=0, data=title_page(title="新的行动计划"), by=by, at=AT)
    row = policies.link(policy=newer, data=LinkInput(kind="replaces", title=samples.TITLE), by=by, at=AT)
    older.refresh_from_db()
    assert (row.other, older.state) == (older, "replaced")
    with refused("link.there", why=Why.CONFLICT):
        policies.link(policy=newer, data=LinkInput(kind="replaces", title=samples.TITLE), by=by, at=AT)
    with refused("link.itself", where="title"):
        policies.link(policy=newer, data=LinkInput(kind="cites", title="新的行动计划"), by=by, at=AT)
    stranger = policies.link(policy=newer, data=LinkInput(kind="cites", title="库外的文件"), by=by, at=AT)
    assert stranger.other is None
    policies.unlink(link=stranger, by=by, at=AT)
    assert newest().verb == "policy.link_end"


def test_a_newer_text_takes_the_list_with_it(world: World):
    by = world.cq_officer.actor
    policy = samples.policy(by=SYSTEM, at=AT)
    plan = plan_of(policy)
    for number, clause in (("1", "2.1"), ("2", "2.2.1"), ("3", "2.2.2")):
        data = read(ItemInput, {"number": number, "title": f"事项{number}", "clause": clause, "field": "职业教育"})
        items.create(plan=plan, data=data, by=SYSTEM, at=AT)
    version = policies.renew(
        intake=samples.intake(samples.NEWER, at=AT), article=0, policy=policy, by=by, at=AT, note="修订"
    )
    assert (version.number, newest().verb) == (2, "policy.version")
    assert find("学分互认", actor=by, kind="clause").entries == [], "an older text is not searched"
    assert Item.objects.filter(clause__version=version).count() == 0, "a list follows when it adopts the text"
    marked = adoption.adopt(plan=plan, version=version, by=by, at=AT)
    assert {(item.number, item.clause_fate) for item in marked} == {("1", "changed"), ("3", "removed")}
    assert {item.number for item in Item.objects.filter(clause__version=version)} == {"1", "2"}
    assert Item.objects.get(number="3").clause, "what is gone is still shown as it was"
    with refused("adopt.older", why=Why.CONFLICT):
        adoption.adopt(plan=plan, version=version, by=by, at=AT)
    settled = adoption.settle(item=marked[0], by=by, at=AT)
    assert settled.clause_fate == ""
    with refused("settled", why=Why.CONFLICT):
        adoption.settle(item=settled, by=by, at=AT)


def test_a_list_keeps_to_its_text_until_it_adopts_another(world: World):
    policy = samples.policy(by=SYSTEM, at=AT)
    plan = plan_of(policy)
    intake = samples.intake(samples.NEWER, at=AT)
    version = policies.renew(intake=intake, article=0, policy=policy, by=SYSTEM, at=AT)
    with refused("basis.other", why=Why.CONFLICT):
        proposals.read(plan=plan, version=version, by=world.cq_officer.actor, at=AT)
