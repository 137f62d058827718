"""A list that stands on two nodes: sent, approved, returned, withdrawn; this node as its home and as the other one."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.desk.models import Notice
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange import outbox
from shuangcheng.exchange.handlers import Later
from shuangcheng.exchange.models import Outgoing, Peer
from shuangcheng.plan import joint
from shuangcheng.plan.actions import approvals, items, plans
from shuangcheng.plan.inputs.items import ItemInput, ReasonInput, TargetInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Item, Plan, PlanVersion
from shuangcheng.plan.snapshots import digest_of, snapshot_of
from tests.partner import Partner
from tests.rooms.checks import refused
from tests.world import SYSTEM, World

TITLE = "组建产教联合体"
REASON = ReasonInput(reason="牵头单位请改为四川大学。")


def deliver() -> None:
    """Everything that waits, once."""
    for row in Outgoing.objects.filter(state="waiting").order_by("id"):
        outbox.deliver(row.pk, at=timezone.localtime())


def received(partner: Partner, type: str) -> list[Any]:
    return [letter.says for letter in partner.received if letter.envelope.type == type]


@pytest.fixture
def ours(world: World, peer: Peer) -> Plan:
    """A joint list of this node."""
    at = timezone.localtime()
    facts = {"name": "示例清单", "field": "vocational", "first_year": 2026, "last_year": 2027, "side": "both"}
    plan = plans.create(data=read(PlanInput, facts), by=SYSTEM, at=at)
    values = {"number": "1", "title": TITLE, "field": "vocational", "lead_cq": "重庆大学", "lead_sc": "四川大学"}
    item = items.create(plan=plan, data=read(ItemInput, values), by=SYSTEM, at=at)
    target = read(TargetInput, {"subject": "联合体", "value": "10", "unit": "个"})
    items.add_target(item=item, data=target, by=SYSTEM, at=at)
    return plan


def approve(plan: Plan, world: World) -> str:
    digest = digest_of(snapshot_of(plan))
    approvals.approve(plan=plan, seen=digest, by=world.cq_officer.actor, at=timezone.localtime())
    return digest


def content(**changes: Any) -> dict[str, Any]:
    """What the other node sends of a list of its own."""
    item = {
        "id": str(uuid7()), "number": "1", "parent": None, "kind": "measure", "title": TITLE, "text": "",
        "clause": "第一条", "clause_label": "", "action_plan": 6, "field": "vocational", "lead_cq": "重庆大学",
        "office_cq": "教务处", "lead_sc": "四川大学", "office_sc": "", "partners": ["西南大学"], "partners_text": "",
        "divisions": ["荣昌区"], "zone": None, "alliance": "示例教师教育联盟", "task_force": None, "starts": None,
        "due": "2027-12-31", "money_planned": "12.5", "money_source": "", "targets": [{
            "id": str(uuid7()), "subject": "联合体", "comparator": "ge", "value": "10", "value_max": None, "unit": "个",
            "baseline": None, "baseline_on": None, "deadline": None, "kind": "goal", "side": "both",
        }],
    }  # fmt: skip
    below = item | {"id": str(uuid7()), "number": "1.1", "parent": "1", "kind": "project", "targets": []}
    return {
        "name": "川方清单", "side": "both", "field": "vocational", "first_year": 2026, "last_year": 2027, "purpose": "",
        "policy": None, "policy_sha256": None, "items": [below, item],
    } | changes  # fmt: skip


def says(snapshot: dict[str, Any], *, plan: str = "", number: int = 1) -> dict[str, Any]:
    at = int(timezone.now().timestamp())
    told = {"plan": plan or str(uuid7()), "number": number, "by": "舒明川", "at": at}
    return told | {"digest": digest_of(snapshot), "snapshot": snapshot}


@pytest.fixture
def theirs(world: World, partner: Partner, peer: Peer) -> Plan:
    """A joint list that the other node keeps and has sent."""
    answer = partner.ask("plan_version.v1", says(content()))
    assert answer.says["standing"] == "handled", answer.says
    return Plan.objects.get()


def test_what_our_officer_approves_goes_to_the_other_side(world: World, partner: Partner, ours: Plan) -> None:
    digest = approve(ours, world)
    assert not PlanVersion.objects.exists()
    deliver()
    [told] = received(partner, "plan_version.v1")
    assert (told["plan"], told["number"], told["digest"], told["by"]) == (str(ours.pk), 1, digest, "余小安")
    assert told["snapshot"] == snapshot_of(ours)
    assert digest_of(told["snapshot"]) == digest


def test_it_is_in_force_once_the_other_side_has_approved_the_same(world: World, partner: Partner, ours: Plan) -> None:
    digest = approve(ours, world)
    deliver()
    at = int(timezone.now().timestamp())
    body = {"plan": str(ours.pk), "digest": digest, "by": "舒明川", "at": at}
    assert partner.ask("plan_approval.v1", body).says["standing"] == "handled"
    version = PlanVersion.objects.get()
    assert version.digest == digest
    assert {row.side: row.by_name for row in version.approvals.all()} == {"cq": "余小安", "sc": "舒明川"}
    assert Notice.objects.filter(person=world.cq_officer.account.person).exists()


def test_what_was_withdrawn_meanwhile_is_not_in_force(world: World, partner: Partner, ours: Plan) -> None:
    digest = approve(ours, world)
    approvals.withdraw(plan=ours, by=world.cq_officer.actor, at=timezone.localtime())
    deliver()
    [told] = received(partner, "plan_return.v1")
    assert (told["digest"], told["number"]) == (digest, 2)
    body = {"plan": str(ours.pk), "digest": digest, "by": "舒明川", "at": 1}
    answer = partner.ask("plan_approval.v1", body)
    assert answer.says["standing"] == "refused"
    assert answer.says["reasons"][0]["code"] == "changed"
    assert not PlanVersion.objects.exists()


def test_what_the_other_side_returns_is_told_with_its_reason(world: World, partner: Partner, ours: Plan) -> None:
    digest = approve(ours, world)
    deliver()
    body = {"plan": str(ours.pk), "number": 1, "digest": digest, "by": "舒明川", "reason": REASON.reason}
    partner.ask("plan_return.v1", body)
    ours.refresh_from_db()
    assert ours.returned == f"舒明川：{REASON.reason}"
    assert not ours.approvals.exists()
    assert Notice.objects.filter(person=world.cq_officer.account.person).exists()
    approve(ours, world)
    ours.refresh_from_db()
    assert (ours.returned, ours.sent) == ("", 2)


def test_a_refused_list_is_not_approved_any_more(world: World, partner: Partner, ours: Plan) -> None:
    def refuse(self: Partner, raw: bytes) -> Any:
        letter = self.open(raw)
        reasons = [{"code": "name_taken", "message": "已有同名清单。"}]
        return self.reply(letter, "receipt.v1", {"standing": "refused", "reasons": reasons}, status=422)

    partner.answer = refuse
    approve(ours, world)
    deliver()
    ours.refresh_from_db()
    assert ours.returned == "四川省教育厅：已有同名清单。"
    assert not ours.approvals.exists()


def test_a_list_from_elsewhere_is_made_with_its_ids(world: World, theirs: Plan) -> None:
    assert (theirs.home, theirs.heard, theirs.shared) == ("sc", 1, True)
    upper, lower = theirs.items.all()
    assert {str(upper.pk), str(lower.pk)} == {row["id"] for row in theirs.received["items"]}
    assert (lower.parent, upper.lead_cq, upper.lead_sc) == (upper, world.cqu, world.scu)
    assert (list(upper.partners.all()), str(upper.due), upper.clause_label) == ([world.swu], "2027-12-31", "第一条")
    assert (upper.alliance, [str(place) for place in upper.divisions.all()]) == (world.alliance, ["荣昌区"])
    assert str(upper.targets.get().value) == "10.0000"
    assert {row.side: row.by_name for row in theirs.approvals.all()} == {"sc": "舒明川"}
    assert not Plan.objects.visible_to(world.anyone).exists()


def test_its_items_are_changed_at_home_only(world: World, theirs: Plan) -> None:
    item = theirs.items.get(number="1")
    data = read(ItemInput, {"number": "1", "title": "别的", "field": "vocational"})
    with refused("kept_elsewhere", why=Why.FORBIDDEN):
        items.edit(item=item, data=data, by=world.cq_officer.actor, at=timezone.localtime())
    with refused("kept_elsewhere", why=Why.FORBIDDEN):
        items.create(plan=theirs, data=data, by=world.cq_officer.actor, at=timezone.localtime())
    with refused("no_right", why=Why.FORBIDDEN):
        items.edit(item=item, data=data, by=world.cqu_admin.actor, at=timezone.localtime())


def test_our_approval_is_in_force_when_its_home_has_taken_it(world: World, partner: Partner, theirs: Plan) -> None:
    digest = approve(theirs, world)
    assert not PlanVersion.objects.exists()
    with refused("sent", why=Why.CONFLICT):
        approvals.withdraw(plan=theirs, by=world.cq_officer.actor, at=timezone.localtime())
    deliver()
    [told] = received(partner, "plan_approval.v1")
    assert (told["plan"], told["digest"], told["by"]) == (str(theirs.pk), digest, "余小安")
    assert PlanVersion.objects.get().digest == digest
    assert Plan.objects.visible_to(world.anyone).get() == theirs


def test_an_approval_that_its_home_does_not_take_is_dropped(world: World, partner: Partner, theirs: Plan) -> None:
    def refuse(self: Partner, raw: bytes) -> Any:
        reasons = [{"code": "changed", "message": "清单已经改动。"}]
        return self.reply(self.open(raw), "receipt.v1", {"standing": "refused", "reasons": reasons}, status=422)

    approve(theirs, world)
    partner.answer = refuse
    deliver()
    assert not PlanVersion.objects.exists()
    theirs.refresh_from_db()
    assert theirs.returned == "四川省教育厅：清单已经改动。"
    assert set(theirs.approvals.values_list("side", flat=True)) == {"sc"}


def test_we_return_what_we_do_not_approve(world: World, partner: Partner, theirs: Plan) -> None:
    with refused("no_right", why=Why.FORBIDDEN):
        approvals.send_back(plan=theirs, data=REASON, by=world.cqu_admin.actor, at=timezone.localtime())
    approvals.send_back(plan=theirs, data=REASON, by=world.cq_officer.actor, at=timezone.localtime())
    deliver()
    [told] = received(partner, "plan_return.v1")
    assert (told["reason"], told["digest"]) == (REASON.reason, digest_of(theirs.received))
    with refused("not_sent", why=Why.CONFLICT):
        approve(theirs, world)
    with refused("nothing", why=Why.CONFLICT):
        approvals.send_back(plan=theirs, data=REASON, by=world.cq_officer.actor, at=timezone.localtime())


def test_a_newer_content_replaces_the_older_and_an_older_letter_nothing(
    world: World, partner: Partner, theirs: Plan
) -> None:
    first = theirs.received
    one, other = first["items"][1], first["items"][0]
    swapped = [one | {"number": "2", "title": "改了"}, one | {"id": str(uuid7()), "number": "1", "targets": []}]
    later = content(items=swapped)
    partner.ask("plan_version.v1", says(later, plan=str(theirs.pk), number=3))
    assert {str(item.pk): item.number for item in theirs.items.all()} == {row["id"]: row["number"] for row in swapped}
    assert not Item.objects.filter(pk=other["id"]).exists()
    answer = partner.ask("plan_version.v1", says(first, plan=str(theirs.pk), number=2))
    assert answer.says["standing"] == "handled"
    assert digest_of(snapshot_of(Plan.objects.get())) == digest_of(later)


def test_a_withdrawn_list_waits_for_nobody(world: World, partner: Partner, theirs: Plan) -> None:
    digest = digest_of(theirs.received)
    body = {"plan": str(theirs.pk), "number": 2, "digest": digest, "by": "舒明川", "reason": "对方撤回了核定。"}
    partner.ask("plan_return.v1", body)
    assert not theirs.approvals.exists()
    with refused("not_sent", why=Why.CONFLICT):
        approve(theirs, world)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"side": "sc"}, "not_joint"),
        ({"field": "no_such_field"}, "term"),
        ({"name": "示例清单"}, "name_taken"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    world: World, partner: Partner, ours: Plan, changes: dict[str, Any], code: str
) -> None:
    answer = partner.ask("plan_version.v1", says(content(**changes)))
    assert answer.says["standing"] == "refused"
    assert [reason["code"] for reason in answer.says["reasons"]] == [code]
    assert Plan.objects.get() == ours


def test_nobody_sends_another_content_of_our_list(world: World, partner: Partner, ours: Plan) -> None:
    before = digest_of(snapshot_of(ours))
    for told in (says(content(name="示例清单"), plan=str(ours.pk)), says(content()) | {"digest": "0" * 64}):
        assert partner.ask("plan_version.v1", told).says["standing"] == "refused"
    stolen = content()
    stolen["items"] = [stolen["items"][1] | {"id": str(ours.items.get().pk)}]
    answer = partner.ask("plan_version.v1", says(stolen))
    assert [reason["code"] for reason in answer.says["reasons"]] == ["not_theirs"]
    assert digest_of(snapshot_of(ours)) == before


def test_an_unknown_organisation_waits_for_the_directory_and_is_then_told(
    world: World, partner: Partner, peer: Peer
) -> None:
    snapshot = content()
    snapshot["items"][0]["partners"] = ["川南新学院"]
    with pytest.raises(Later):
        partner.ask("plan_version.v1", says(snapshot))
    Peer.objects.update(feed_at=timezone.now() + timedelta(minutes=1))
    answer = partner.ask("plan_version.v1", says(snapshot))
    assert [reason["code"] for reason in answer.says["reasons"]] == ["organisations_unknown"]
    assert "川南新学院" in answer.says["reasons"][0]["message"]


def test_a_letter_may_be_under_way(world: World, partner: Partner, ours: Plan) -> None:
    approve(ours, world)
    assert joint.under_way([ours.pk]) == {ours.pk: "waiting"}
    deliver()
    assert joint.under_way([ours.pk]) == {}
