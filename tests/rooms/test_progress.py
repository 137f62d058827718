"""Progress: withdrawing a wrong report, evidence, and changes of many items at once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.core.standing import overdue
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import bulk, evidence, items, progress
from shuangcheng.plan.inputs.items import BulkInput, ObservationInput, ProgressInput, ReasonInput, TargetInput
from shuangcheng.plan.models import Filing, Item, Period, Plan, Progress, Target
from tests.rooms.checks import newest, refused
from tests.rooms.test_items import TODAY, made, plan
from tests.world import AT, SYSTEM, World

__all__ = ["plan"]
WRONG = ReasonInput(reason="报错了")


def told(**changes: object) -> ProgressInput:
    return read(ProgressInput, {"on": TODAY, "percent": 10, "text": "开始推进。"} | changes)


def target(item: Item) -> Target:
    return items.add_target(item=item, data=read(TargetInput, {"subject": "联合体", "value": "10"}), by=SYSTEM, at=AT)


def observed(row: Target) -> Decimal | None:
    row.refresh_from_db()
    return row.observed


def test_a_withdrawn_report_gives_way_to_the_one_before(world: World, plan: Plan) -> None:
    item = made(plan)
    row = target(item)
    key = str(row.pk)
    earlier = told(on=TODAY - timedelta(days=9), told="blocked", reason="缺钱", percent=40, money_spent="5")
    progress.report(item=item, data=earlier, by=SYSTEM, at=AT, figures={key: Decimal(4)})
    wrong = progress.report(
        item=item, data=told(told="done", percent=100), by=world.cq_officer.actor, at=AT, figures={key: Decimal(90)}
    )
    assert observed(row) == 90
    progress.withdraw(progress=wrong, data=WRONG, by=world.cq_officer.actor, at=AT)
    item.refresh_from_db()
    assert (item.told, item.told_reason, item.percent, item.money_spent) == ("blocked", "缺钱", 40, 5)
    assert item.reported_on == TODAY - timedelta(days=9)
    assert observed(row) == 4
    line = newest()
    assert (line.verb, line.note, line.changes["told"]) == ("progress.withdraw", "报错了", ["done", "blocked"])


def test_after_the_only_report_nothing_is_told(world: World, plan: Plan) -> None:
    item = made(plan)
    row = target(item)
    report = progress.report(item=item, data=told(), by=SYSTEM, at=AT, figures={str(row.pk): Decimal(4)})
    progress.withdraw(progress=report, data=WRONG, by=SYSTEM, at=AT)
    item.refresh_from_db()
    assert (item.told, item.percent, item.reported_on, observed(row)) == ("not_started", 0, None, None)


def test_the_other_report_of_the_day_tells_its_figure_again(world: World, plan: Plan) -> None:
    item = made(plan)
    row = target(item)
    key = str(row.pk)
    progress.report(item=item, data=told(), by=SYSTEM, at=AT, figures={key: Decimal(4)})
    wrong = progress.report(item=item, data=told(), by=SYSTEM, at=AT, figures={key: Decimal(5)})
    progress.withdraw(progress=wrong, data=WRONG, by=SYSTEM, at=AT)
    assert observed(row) == 4


def test_an_observed_value_of_its_own_stays(world: World, plan: Plan) -> None:
    item = made(plan)
    row = target(item)
    report = progress.report(item=item, data=told(), by=SYSTEM, at=AT)
    progress.observe(target=row, data=ObservationInput(on=TODAY, value=Decimal(7)), by=SYSTEM, at=AT)
    progress.withdraw(progress=report, data=WRONG, by=SYSTEM, at=AT)
    assert observed(row) == 7


@pytest.mark.parametrize("who", ["outsider", "learner", "swu_admin", "auditor"])
def test_only_its_author_or_an_officer_withdraws_a_report(world: World, plan: Plan, who: str) -> None:
    item = made(plan, lead_cq="重庆大学", partners=("西南大学",))
    report = progress.report(item=item, data=told(), by=world.cqu_admin.actor, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        progress.withdraw(progress=report, data=WRONG, by=getattr(world, who).actor, at=AT)
    progress.withdraw(progress=report, data=WRONG, by=world.cqu_admin.actor, at=AT)
    assert not Progress.objects.exists()


def test_what_was_filed_is_returned_instead(world: World, plan: Plan) -> None:
    item = made(plan, lead_cq="重庆大学")
    dated = {"created_at": AT, "updated_at": AT}
    period = Period.objects.create(title="三季度", plan=plan, covers_from=TODAY, covers_to=TODAY, due=TODAY, **dated)
    filing = Filing.objects.create(period=period, organisation=world.cqu, **dated)
    report = progress.report(item=item, data=told(), by=world.cqu_admin.actor, at=AT, filing=filing)
    with refused("progress.filed", why=Why.CONFLICT):
        progress.withdraw(progress=report, data=WRONG, by=world.cq_officer.actor, at=AT)


def test_evidence_goes_with_its_report(world: World, plan: Plan) -> None:
    item = made(plan, lead_cq="重庆大学")
    by = world.cqu_admin.actor
    report = progress.report(item=item, data=told(), by=by, at=AT, files=[("纪要.txt", "推进会纪要".encode())])
    with refused("no_right", why=Why.FORBIDDEN):
        evidence.attach(subject=report, name="b.txt", data=b"b", by=world.outsider.actor, at=AT)
    file = evidence.attach(subject=item, name="方案.txt", data="方案".encode(), by=by, at=AT)
    assert Attachment.objects.count() == 2
    progress.withdraw(progress=report, data=WRONG, by=by, at=AT)
    assert [row.pk for row in Attachment.objects.all()] == [file.pk]
    with refused("no_right", why=Why.FORBIDDEN):
        evidence.remove(attachment=file, subject=item, by=world.outsider.actor, at=AT)
    evidence.remove(attachment=file, subject=item, by=by, at=AT)
    assert not Attachment.objects.exists()


def test_partners_do_not_remove_each_others_evidence(world: World, plan: Plan) -> None:
    item = made(plan, lead_cq="重庆大学", partners=["西南大学"])
    file = evidence.attach(subject=item, name="方案.txt", data="方案".encode(), by=world.cqu_admin.actor, at=AT)
    with refused("evidence.others", why=Why.FORBIDDEN):
        evidence.remove(attachment=file, subject=item, by=world.swu_admin.actor, at=AT)
    evidence.remove(attachment=file, subject=item, by=world.cq_officer.actor, at=AT)
    assert not Attachment.objects.exists()


@pytest.fixture
def two(world: World, plan: Plan) -> list[Item]:
    return [made(plan), made(plan, number="2", starts="2026-01-05", partners=("西南大学",))]


def test_many_change_with_one_line_each(world: World, two: list[Item]) -> None:
    data = read(BulkInput, {"due": "2027-06-30", "lead_sc": "四川大学", "partner": "西南大学", "action_plan": 6})
    bulk.edit_many(items=two, data=data, by=world.cq_officer.actor, at=AT, seen={row.pk: 1 for row in two})
    for row in two:
        row.refresh_from_db()
        assert (str(row.due), row.lead_sc, row.action_plan, row.version) == ("2027-06-30", world.scu, 6, 2)
        assert [partner.name for partner in row.partners.all()] == ["西南大学"]
    lines = AuditLine.objects.filter(verb="item.edit").order_by("id")
    assert sorted(set(lines[0].changes) ^ set(lines[1].changes)) == ["partners"]
    assert lines.count() == 2


def test_a_state_told_of_many_is_a_report_of_each(world: World, two: list[Item]) -> None:
    data = read(BulkInput, {"told": "dropped", "reason": "规划调整"})
    bulk.edit_many(items=two, data=data, by=world.cq_officer.actor, at=AT)
    assert {row.told for row in Item.objects.all()} == {"dropped"}
    assert {(row.text, row.reason) for row in Progress.objects.all()} == {("规划调整", "规划调整")}
    assert AuditLine.objects.filter(verb__in=["item.edit", "progress.report"]).count() == 2
    progress.withdraw(progress=Progress.objects.get(item=two[0]), data=WRONG, by=world.cq_officer.actor, at=AT)
    assert Item.objects.get(pk=two[0].pk).told == "not_started"


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({}, "nothing", ""),
        ({"lead_cq": "没有的单位"}, "not_found", "lead_cq"),
        ({"told": "blocked"}, "reason_missing", "items"),
        ({"reason": "只有原因"}, "reason.unused", "reason"),
        ({"due": "2025-01-01"}, "dates_reversed", "items"),
    ],
)
def test_one_refusal_keeps_all_back(
    world: World, two: list[Item], changes: dict[str, object], code: str, where: str
) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(Refused) as caught:
        bulk.edit_many(items=two, data=read(BulkInput, changes), by=world.cq_officer.actor, at=AT)
    assert {(objection.code, objection.where) for objection in caught.value.objections} == {(code, where)}
    assert AuditLine.objects.count() == before
    assert not Item.objects.filter(due__isnull=False).exists()


def test_what_somebody_changed_meanwhile_is_not_written_over(world: World, two: list[Item]) -> None:
    Item.objects.filter(pk=two[1].pk).update(version=5)
    data = read(BulkInput, {"due": "2027-06-30"})
    with refused("changed_meanwhile", why=Why.CONFLICT):
        bulk.edit_many(items=two, data=data, by=world.cq_officer.actor, at=AT, seen={row.pk: 1 for row in two})
    assert not Item.objects.filter(due__isnull=False).exists()


def test_a_look_tells_each_change_and_each_refusal(world: World, two: list[Item]) -> None:
    looked = bulk.look(two, read(BulkInput, {"due": "2025-06-30"}), author=world.cq_officer.actor, at=AT)
    assert [(row.changes, [objection.code for objection in row.objections]) for row in looked] == [
        ({"due": [None, "2025-06-30"]}, []), ({}, ["dates_reversed"]),
    ]  # fmt: skip
    strange = bulk.look(two, read(BulkInput, {"due": "2027-06-30"}), author=world.outsider.actor, at=AT)
    assert {objection.code for row in strange for objection in row.objections} == {"no_right"}


@pytest.mark.parametrize(
    ("due", "days"),
    [("2026-11-20", 0), ("2026-11-19", 1), ("2026-11-14", 4), ("2026-11-15", 4), ("2026-11-13", 5), ("2027-01-01", 0)],
)
def test_lateness_counts_working_days_after_the_last_day_in_time(due: str, days: int) -> None:
    assert overdue(date.fromisoformat(due), TODAY) == days


def test_a_partner_does_not_say_where_the_item_stands(world: World, plan: Plan) -> None:
    item = made(plan, lead_cq="重庆大学", partners=("西南大学",))
    row = target(item)
    lead, partner = world.cqu_admin.actor, world.swu_admin.actor
    progress.report(item=item, data=told(told="blocked", reason="缺钱", percent=40), by=lead, at=AT)
    beside = progress.report(
        item=item, data=told(told="done", percent=100, money_spent="3"), by=partner, at=AT,
        figures={str(row.pk): Decimal(6)},
    )  # fmt: skip
    item.refresh_from_db()
    assert (item.told, item.told_reason, item.percent, item.money_spent) == ("blocked", "缺钱", 40, None)
    assert (beside.organisation, beside.leads, beside.counts) == (world.swu, False, True)
    assert observed(row) == 6, "its figures count"
    wrong = progress.report(item=item, data=told(percent=50), by=world.cq_officer.actor, at=AT)
    assert wrong.leads, "an officer speaks for a side"
    progress.withdraw(progress=wrong, data=WRONG, by=world.cq_officer.actor, at=AT)
    item.refresh_from_db()
    assert (item.told, item.percent) == ("blocked", 40), "the lead's report stands again, not the partner's"


def test_where_nobody_leads_a_partner_says_where_the_item_stands(world: World, plan: Plan) -> None:
    item = made(plan, lead_cq="", lead_sc="", partners=("西南大学",))
    progress.report(item=item, data=told(percent=30), by=world.swu_admin.actor, at=AT)
    item.refresh_from_db()
    assert (item.told, item.percent) == ("on_track", 30)
