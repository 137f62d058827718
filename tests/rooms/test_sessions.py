"""Sessions: from a proposed agenda to a meeting that has taken place."""

from datetime import date, timedelta

import pytest

from shuangcheng.core.calendar import between
from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.desk import attachments
from shuangcheng.desk.models import Notice
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import agenda, progress, sessions
from shuangcheng.plan.inputs.items import ReasonInput, RemarkInput
from shuangcheng.plan.inputs.sessions import AttendanceInput, MatterInput, OutcomeInput, SessionInput
from shuangcheng.plan.matters import MOST, area, slice_of
from shuangcheng.plan.models import Activity, AgendaEntry, Body, Session
from tests.rooms.checks import newest, refused
from tests.rooms.meetings import held_session, make_body, make_item, make_plan, make_session, resolve
from tests.world import AT, SYSTEM, World

REASON = ReasonInput(reason="另行研究")


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


def proposed(session: Session) -> list[tuple[str, str, str]]:
    agenda.propose(session=session, by=SYSTEM, at=AT)
    return [(row.title, row.reason, row.detail) for row in session.agenda.filter(state="proposed")]


def test_numbers_go_on_and_are_used_once(world: World, body: Body):
    first = make_session(body, number=5)
    assert str(first) == "示例教育联席会议第五次会议"
    assert sessions.next_number(body) == 6
    with refused("number_taken", why=Why.CONFLICT, where="number"):
        make_session(body, number=5)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "learner", "node_admin"])
def test_only_officers_prepare(world: World, body: Body, who: str):
    session, by = make_session(body), getattr(world, who).actor
    for act in (
        lambda: sessions.create(body=body, data=SessionInput(number=9), by=by, at=AT),
        lambda: sessions.hold(session=session, by=by, at=AT),
        lambda: sessions.cancel(session=session, data=REASON, by=by, at=AT),
        lambda: agenda.propose(session=session, by=by, at=AT),
        lambda: agenda.send(session=session, by=by, at=AT),
        lambda: agenda.accept_all(session=session, by=by, at=AT),
    ):
        with refused("no_right", why=Why.FORBIDDEN):
            act()


def test_the_agenda_comes_from_what_stands_badly(world: World, body: Body):
    plan = make_plan()
    make_item(plan, "1", due="2025-12-26")
    make_item(plan, "2", told="blocked", reason="用地没有落实", due="2027-12-31")
    make_item(plan, "3", told="at_risk", reason="资金不足", due="2027-12-31")
    make_item(plan, "4", due="2026-12-01")
    make_item(plan, "5", due="2027-12-31")
    make_item(plan, "6", told="done", due="2025-01-01")
    disputed = make_item(plan, "7", due="2027-12-31")
    quarrel = RemarkInput(kind="dispute", text="口径不一")
    progress.remark(item=disputed, data=quarrel, by=world.sc_officer.actor, at=AT)
    days = between(date(2025, 12, 26), AT.date())
    assert days > 200
    assert proposed(make_session(body)) == [
        ("1 示例事项1", "late", f"逾期 {days} 个工作日，完成 40%"),
        ("2 示例事项2", "blocked", "受阻：用地没有落实"),
        ("4 示例事项4", "at_risk", "距完成期限 7 个工作日，完成 40%"),
        ("3 示例事项3", "at_risk", "有风险：资金不足"),
        ("7 示例事项7", "disputed", "有分歧：口径不一"),
    ]


def test_what_came_late_after_the_last_session_is_marked(world: World, body: Body):
    last = make_session(body, on=date(2026, 6, 1))
    sessions.hold(session=last, by=SYSTEM, at=AT)
    plan = make_plan()
    make_item(plan, "1", due="2026-05-29")
    make_item(plan, "2", due="2026-09-30")
    details = [detail for _title, _reason, detail in proposed(make_session(body))]
    assert ["上次会议后到期" in detail for detail in details] == [False, True]


def test_matters_without_a_resolution_are_carried_over(world: World, body: Body):
    plan = make_plan()
    item = make_item(plan, "1", due="2025-12-26")
    last = make_session(body, number=4)
    agenda.propose(session=last, by=SYSTEM, at=AT)
    agenda.accept_all(session=last, by=SYSTEM, at=AT)
    agenda.add(session=last, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    gone = agenda.add(session=last, data=MatterInput(title="其他"), by=SYSTEM, at=AT)
    agenda.drop(entry=gone, data=REASON, by=SYSTEM, at=AT)
    sessions.hold(session=last, by=SYSTEM, at=AT)
    resolve(last, SYSTEM, agenda="2")
    assert proposed(make_session(body)) == [(f"1 {item.title}", "carried", "示例教育联席会议第四次会议未形成议定事项")]


def test_proposing_again_adds_only_what_is_new(world: World, body: Body):
    plan, session = make_plan(), make_session(body)
    make_item(plan, "1", due="2025-12-26")
    assert len(proposed(session)) == 1
    agenda.drop(entry=session.agenda.get(), data=REASON, by=SYSTEM, at=AT)
    make_item(plan, "2", due="2025-12-26")
    assert [title for title, *_more in proposed(session)] == ["2 示例事项2"]


def test_the_less_urgent_wait(world: World, body: Body):
    plan, session = make_plan(), make_session(body)
    for number in range(1, MOST + 4):
        make_item(plan, str(number), due="2025-12-26")
    assert agenda.propose(session=session, by=SYSTEM, at=AT) == 3
    assert agenda.propose(session=session, by=SYSTEM, at=AT) == 0
    assert session.agenda.count() == MOST + 3


def test_what_a_body_answers_for(world: World):
    plan = make_plan()
    vocational, other = make_item(plan, "1"), make_item(plan, "2", field="higher", action_plan=7)
    force = make_body(name="示例工作组", kind="task_force")
    make_item(plan, "3", task_force="示例工作组")
    assert set(area(make_body(name="甲会", field="vocational"))) >= {vocational}
    assert other not in area(Body.objects.get(name="甲会"))
    assert list(area(make_body(name="乙会", action_plan=7))) == [other]
    assert [item.number for item in area(force)] == ["3"]
    assert not slice_of(Body.objects.get(name="甲会")).exists()
    plan.closed = True
    plan.save()
    assert not area(Body.objects.get(name="乙会")).exists(), "a closed plan is over"


def test_a_member_raises_a_matter_and_an_officer_decides(world: World, body: Body):
    session = make_session(body)
    matter = MatterInput(title="实训基地共享", detail="请两地研究")
    for who in ("outsider", "learner", "scu_admin"):
        with refused("no_right", why=Why.FORBIDDEN):
            agenda.raise_matter(session=session, data=matter, by=getattr(world, who).actor, at=AT)
    entry = agenda.raise_matter(session=session, data=matter, by=world.cqu_admin.actor, at=AT)
    assert (entry.state, entry.reason, entry.detail) == ("proposed", "raised", "重庆大学提出：请两地研究")
    with refused("no_right", why=Why.FORBIDDEN):
        agenda.accept(entry=entry, by=world.cqu_admin.actor, at=AT)
    assert agenda.accept(entry=entry, by=world.sc_officer.actor, at=AT).state == "accepted"
    dropped = agenda.drop(entry=entry, data=REASON, by=world.cq_officer.actor, at=AT)
    assert (dropped.state, dropped.drop_reason) == ("dropped", "另行研究")
    assert newest().note == "实训基地共享：另行研究"


def test_the_order_of_the_agenda(world: World, body: Body):
    session = make_session(body)
    rows = [agenda.add(session=session, data=MatterInput(title=f"议题{n}"), by=SYSTEM, at=AT) for n in "甲乙丙"]

    def order() -> str:
        return "".join(session.agenda.values_list("title", flat=True)).replace("议题", "")

    agenda.move(entry=rows[2], up=True, by=SYSTEM, at=AT)
    assert order() == "甲丙乙"
    agenda.move(entry=rows[0], up=False, by=SYSTEM, at=AT)
    assert order() == "丙甲乙"
    agenda.move(entry=rows[2], up=True, by=SYSTEM, at=AT)
    assert order() == "丙甲乙", "the first stays the first"
    agenda.drop(entry=rows[0], data=REASON, by=SYSTEM, at=AT)
    with refused("not_on_agenda", why=Why.CONFLICT):
        agenda.move(entry=rows[0], up=True, by=SYSTEM, at=AT)


def test_sending_tells_those_who_sit_in_the_body(world: World, body: Body):
    session = make_session(body)
    with refused("agenda.empty", why=Why.CONFLICT):
        agenda.send(session=session, by=world.cq_officer.actor, at=AT)
    agenda.add(session=session, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    agenda.send(session=session, by=world.cq_officer.actor, at=AT)
    told = set(Notice.objects.values_list("person", flat=True))
    expected = {person.account.person_id for person in (world.sc_officer, world.cqu_admin, world.staff)}
    assert told == expected
    assert Notice.objects.first().address == f"/plan/sessions/{session.pk}/"  # type: ignore[union-attr]
    assert Session.objects.get().agenda_sent_at == AT


def test_a_session_is_held_once_and_told_to_the_ledger_once(world: World, body: Body):
    session = make_session(body, on=AT.date() + timedelta(days=1))
    with refused("future", where="on"):
        sessions.hold(session=session, by=world.cq_officer.actor, at=AT)
    Session.objects.update(on=None)
    with refused("date_missing", where="on"):
        sessions.hold(session=session, by=world.cq_officer.actor, at=AT)
    Session.objects.update(on=AT.date())
    session.refresh_from_db()
    sessions.hold(session=session, by=world.cq_officer.actor, at=AT)
    with refused("not_preparing", why=Why.CONFLICT):
        sessions.hold(session=session, by=world.cq_officer.actor, at=AT)
    activity = Activity.objects.get()
    assert (activity.kind, activity.title, activity.session, activity.people) == ("meeting", str(session), session, 3)
    assert [host.name for host in activity.hosts.all()] == ["重庆市教育委员会"]
    assert AuditLine.objects.filter(verb="activity.create").count() == 1
    assert session.attendance.count() == 3, "prefilled from the seats"


def test_attendance(world: World, body: Body):
    session = make_session(body)
    came = {"organisation": "重庆大学", "people": 2}
    with refused("attendance.twice", where="lines"):
        sessions.attend(session=session, data=read(AttendanceInput, {"lines": [came, came]}), by=SYSTEM, at=AT)
    with refused("not_found", where="lines"):
        sessions.attend(
            session=session, data=read(AttendanceInput, {"lines": [{"organisation": "没有"}]}), by=SYSTEM, at=AT
        )
    lines = [came, {"organisation": "四川大学", "post": "列席", "present": False, "people": 0}]
    sessions.attend(session=session, data=read(AttendanceInput, {"lines": lines}), by=world.cq_officer.actor, at=AT)
    assert [(row.organisation.name, row.present, row.people) for row in session.attendance.all()] == [
        ("重庆大学", True, 2), ("四川大学", False, 0),
    ]  # fmt: skip


def test_a_cancelled_session_stays_and_does_nothing(world: World, body: Body):
    session = make_session(body)
    sessions.cancel(session=session, data=REASON, by=world.cq_officer.actor, at=AT)
    assert newest().note == "另行研究"
    with refused("not_preparing", why=Why.CONFLICT):
        agenda.propose(session=session, by=SYSTEM, at=AT)
    with refused("session.fixed", why=Why.CONFLICT):
        sessions.edit(session=session, data=SessionInput(number=1), by=SYSTEM, at=AT)


def test_what_was_decided_is_noted_after_the_session(world: World, body: Body):
    session = make_session(body)
    entry = agenda.add(session=session, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    outcome = OutcomeInput(outcome="原则同意")
    with refused("not_recorded", why=Why.CONFLICT):
        agenda.conclude(entry=entry, data=outcome, by=world.cq_officer.actor, at=AT)
    sessions.hold(session=session, by=SYSTEM, at=AT)
    assert agenda.conclude(entry=entry, data=outcome, by=world.cq_officer.actor, at=AT).outcome == "原则同意"


def test_papers_are_brought_by_members(world: World, body: Body):
    session = make_session(body)
    with refused("no_right", why=Why.FORBIDDEN):
        sessions.add_paper(session=session, name="a.txt", data=b"a", by=world.outsider.actor, at=AT)
    paper = sessions.add_paper(
        session=session, name="材料.txt", data="议题材料".encode(), by=world.cqu_admin.actor, at=AT
    )
    with refused("no_right", why=Why.FORBIDDEN):
        sessions.remove_paper(session=session, paper=paper, by=world.cqu_admin.actor, at=AT)
    sessions.remove_paper(session=session, paper=paper, by=world.sc_officer.actor, at=AT)
    assert not attachments.of("session", session).exists()


def test_who_sees_a_session(world: World, body: Body):
    make_session(body)
    held = held_session(make_body(name="另一联席会议", side="sc"))
    seen = {
        who: Session.objects.visible_to(getattr(world, who).actor).count() for who in ("cq_officer", "staff", "learner")
    }
    assert seen == {"cq_officer": 2, "staff": 2, "learner": 1}
    assert not AgendaEntry.objects.visible_to(world.learner.actor).exists(), "before the minutes are confirmed"
    assert AgendaEntry.objects.visible_to(world.staff.actor).filter(session=held).exists()
