"""The ledger, and what is sought from above."""

from datetime import date

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.plan.actions import ledger, sought
from shuangcheng.plan.counts import yearly
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.ledger import ActivityInput, SoughtAnswerInput, SoughtInput
from shuangcheng.plan.models import Activity, Sought
from tests.core.file_samples import png_file
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, SYSTEM, World


def entry(**changes: object) -> ActivityInput:
    values = {"kind": "重要活动", "title": "双城教研活动", "on": "2026-05-20", "hosts": ["重庆市教育委员会"]}
    return read(ActivityInput, values | changes)


@pytest.mark.parametrize("who", ["learner", "teacher", "node_admin", "auditor"])
def test_who_may_not_enter(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        ledger.create(data=entry(), by=getattr(world, who).actor, at=AT)


def test_a_unit_enters_what_it_hosts_only(world: World):
    with refused("no_right", why=Why.FORBIDDEN):
        ledger.create(data=entry(), by=world.cqu_admin.actor, at=AT)
    made = ledger.create(data=entry(hosts=["重庆大学"]), by=world.cqu_admin.actor, at=AT)
    assert [host.name for host in made.hosts.all()] == ["重庆大学"]
    assert titles("双城教研活动") == ["双城教研活动"]


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"on": "2026-11-21"}, "future", "on"),
        ({"until": "2026-05-19"}, "dates_reversed", "until"),
        ({"hosts": ["没有的单位"]}, "not_found", "hosts"),
        ({"zone": "没有的片区"}, "not_found", "zone"),
    ],
)
def test_an_entry_that_cannot_be(world: World, changes: dict[str, object], code: str, where: str):
    with refused(code, where=where):
        ledger.create(data=entry(**changes), by=world.cq_officer.actor, at=AT)


def test_yearly_counts_add_up_what_rows_stand_for(world: World):
    for kind, on, quantity in (("event", "2023-05-17", 1), ("event", "2023-12-31", 311), ("meeting", "2024-01-05", 2)):
        data = entry(kind=kind, on=on, quantity=quantity, title=f"{kind}{on}")
        ledger.create(data=data, by=SYSTEM, at=AT)
    assert yearly(Activity.objects.all()) == [
        (2024, {"meeting": 2, "event": 0, "project": 0, "work": 0}),
        (2023, {"meeting": 0, "event": 312, "project": 0, "work": 0}),
    ]


def test_an_entry_is_changed_by_one_at_a_time_and_taken_back_with_its_pictures(world: World):
    made = ledger.create(data=entry(), by=world.cq_officer.actor, at=AT)
    ledger.edit(activity=made, data=entry(people=300), by=world.sc_officer.actor, at=AT, seen=1)
    assert newest().changes == {"people": [None, 300]}
    with refused("changed_meanwhile", why=Why.CONFLICT):
        ledger.edit(activity=made, data=entry(people=200), by=world.cq_officer.actor, at=AT, seen=1)
    picture = ledger.attach(activity=made, name="现场.png", data=png_file(), by=world.cq_officer.actor, at=AT)
    same = ledger.attach(activity=made, name="又一张.png", data=png_file(), by=world.cq_officer.actor, at=AT)
    assert picture == same
    with refused("no_right", why=Why.FORBIDDEN):
        ledger.detach(activity=made, attachment=picture, by=world.outsider.actor, at=AT)
    ledger.remove(activity=made, data=ReasonInput(reason="重复登记"), by=world.cq_officer.actor, at=AT)
    assert not Activity.objects.exists()
    assert titles("双城教研活动") == []


def wanted(**changes: object) -> SoughtInput:
    return read(SoughtInput, {"kind": "policy", "title": "增投招生计划", "lead_cq": "重庆市教育委员会"} | changes)


@pytest.mark.parametrize("who", ["cqu_admin", "learner", "node_admin"])
def test_only_officers_enter_what_is_sought(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        sought.save(data=wanted(), by=getattr(world, who).actor, at=AT)


def test_from_preparing_to_an_answer(world: World):
    row = sought.save(data=wanted(), by=world.cq_officer.actor, at=AT)
    assert row.state == "preparing"
    granted = read(SoughtAnswerInput, {"state": "granted", "answer": "同意。", "answered_on": "2026-10-01"})
    with refused("not_asked", why=Why.CONFLICT):
        sought.answer(row=row, data=granted, by=world.cq_officer.actor, at=AT)
    row = sought.save(data=wanted(asked_on="2026-06-01"), row=row, by=world.sc_officer.actor, at=AT, seen=1)
    assert row.state == "submitted"
    assert not Sought.objects.visible_to(world.anyone).exists()
    early = granted.model_copy(update={"answered_on": date(2026, 5, 1)})
    with refused("dates_reversed", where="answered_on"):
        sought.answer(row=row, data=early, by=world.cq_officer.actor, at=AT)
    with refused("not_an_answer", where="state"):
        other = granted.model_copy(update={"state": "submitted"})
        sought.answer(row=row, data=other, by=world.cq_officer.actor, at=AT)
    sought.answer(row=row, data=granted, by=world.cq_officer.actor, at=AT)
    assert Sought.objects.visible_to(world.anyone).get().state == "granted"
    assert newest().verb == "sought.answer"


def test_asked_in_the_future(world: World):
    with refused("future", where="asked_on"):
        sought.save(data=wanted(asked_on="2027-01-01"), by=world.cq_officer.actor, at=AT)
