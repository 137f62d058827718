"""Joint bodies, their members, consultations and reports."""

from datetime import date

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.core.schema import read
from shuangcheng.desk.models import Notice
from shuangcheng.directory.actor import public
from shuangcheng.plan.actions import agenda, bodies, consultations
from shuangcheng.plan.inputs.bodies import (
    BodyInput,
    BodyReportInput,
    ConclusionInput,
    ConsultationInput,
    EndInput,
    OpinionInput,
    SeatEndInput,
    SeatInput,
)
from shuangcheng.plan.models import Body, BodyReport, Consultation, Remark
from tests.rooms.checks import newest, refused, titles
from tests.rooms.meetings import held_session, make_body, make_session
from tests.world import AT, SYSTEM, World

DATA = {"name": "示例联合办公室", "kind": "联合办公室", "field": "mechanism"}


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_enter_bodies(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        bodies.create(data=read(BodyInput, DATA), by=getattr(world, who).actor, at=AT)


def test_the_public_is_asked_to_sign_in(world: World):
    with refused("sign_in", why=Why.SIGN_IN):
        bodies.create(data=read(BodyInput, DATA), by=public(door="web"), at=AT)


def test_a_side_s_own_body_is_for_its_officers(world: World):
    with refused("no_right", why=Why.FORBIDDEN):
        bodies.create(data=read(BodyInput, DATA | {"side": "cq"}), by=world.sc_officer.actor, at=AT)
    assert not Body.objects.exists()
    own = bodies.create(data=read(BodyInput, DATA | {"side": "cq"}), by=world.cq_officer.actor, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        bodies.edit(body=own, data=read(BodyInput, DATA), by=world.sc_officer.actor, at=AT)


def test_a_body_is_found_by_all(world: World):
    bodies.create(data=read(BodyInput, DATA), by=world.sc_officer.actor, at=AT)
    assert newest().verb == "body.create"
    assert titles("slLHBGS".lower()) == ["示例联合办公室"]


def test_a_name_is_used_once_and_a_plan_must_be_there(world: World, body: Body):
    with refused("name_taken", why=Why.CONFLICT, where="name"):
        bodies.create(data=read(BodyInput, DATA | {"name": body.name}), by=SYSTEM, at=AT)
    with refused("not_found", where="plan"):
        bodies.create(data=read(BodyInput, DATA | {"plan": "没有的清单"}), by=SYSTEM, at=AT)


def test_of_two_officers_the_second_is_told(world: World, body: Body):
    data = read(BodyInput, DATA | {"name": body.name, "mandate": "统筹"})
    bodies.edit(body=body, data=data, by=world.cq_officer.actor, at=AT, seen=1)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        bodies.edit(body=body, data=read(BodyInput, DATA), by=world.sc_officer.actor, at=AT, seen=1)
    assert Body.objects.get(pk=body.pk).mandate == "统筹"


def test_a_seat_comes_and_goes_and_stays_in_the_history(world: World, body: Body):
    with refused("seat_there", why=Why.CONFLICT, where="organisation"):
        bodies.add_seat(body=body, data=SeatInput(organisation="重庆大学"), by=world.cq_officer.actor, at=AT)
    seat = body.seats.get(organisation=world.cqu)
    with refused("future", where="on"):
        bodies.end_seat(seat=seat, data=SeatEndInput(on=date(2026, 11, 21)), by=world.cq_officer.actor, at=AT)
    bodies.end_seat(seat=seat, data=SeatEndInput(on=AT.date()), by=world.cq_officer.actor, at=AT)
    assert (body.seats.count(), body.seats.current().count()) == (3, 2)
    with refused("seat_left", why=Why.CONFLICT):
        bodies.end_seat(seat=seat, data=SeatEndInput(on=AT.date()), by=world.cq_officer.actor, at=AT)
    bodies.add_seat(body=body, data=SeatInput(organisation="重庆大学"), by=world.cq_officer.actor, at=AT)


def test_a_body_that_has_ended_does_nothing_more(world: World, body: Body):
    end = EndInput(on=AT.date(), reason="职能并入联席会议")
    with refused("dates_reversed", where="on"):
        bodies.end(body=body, data=EndInput(on=date(2019, 1, 1), reason="误填"), by=SYSTEM, at=AT)
    bodies.end(body=body, data=end, by=world.cq_officer.actor, at=AT)
    assert newest().note == "职能并入联席会议"
    with refused("body.ended", why=Why.CONFLICT):
        bodies.end(body=body, data=end, by=world.cq_officer.actor, at=AT)
    with refused("body.ended", why=Why.CONFLICT):
        make_session(body)


def test_when_the_next_session_is_due(world: World, body: Body):
    assert Body.objects.with_last().get().next_due == date(2020, 10, 27), "counted from its founding"
    held_session(body)
    found = Body.objects.with_last().get()
    assert (found.held, found.last_on, found.next_due) == (1, AT.date(), date(2027, 5, 20))


def report(**changes: object) -> BodyReportInput:
    return read(BodyReportInput, {"covers_to": "2026-10-31", "title": "十月报告", "done": "完成调研。"} | changes)


def test_a_task_force_reports_and_others_do_not(world: World, body: Body):
    with refused("not_a_task_force", why=Why.CONFLICT):
        bodies.report(body=body, data=report(), by=world.cq_officer.actor, at=AT)
    force = make_body(name="示例工作组", kind="task_force")
    with refused("no_right", why=Why.FORBIDDEN):
        bodies.report(body=force, data=report(), by=world.outsider.actor, at=AT)
    with refused("future", where="covers_to"):
        bodies.report(body=force, data=report(covers_to="2026-12-01"), by=world.cqu_admin.actor, at=AT)
    bodies.report(body=force, data=report(), by=world.cqu_admin.actor, at=AT)
    with refused("report_there", why=Why.CONFLICT, where="covers_to"):
        bodies.report(body=force, data=report(), by=world.sc_officer.actor, at=AT)
    assert Body.objects.with_last().get(pk=force.pk).next_due == date(2027, 4, 28)
    seen = {who: BodyReport.objects.visible_to(getattr(world, who).actor).count() for who in ("staff", "outsider")}
    assert seen == {"staff": 1, "outsider": 0}


def begin(world: World, body: Body, **changes: object) -> Consultation:
    values = {"topic": "招生计划口径", "text": "两地口径不同，请研究。"} | changes
    return consultations.begin(body=body, data=read(ConsultationInput, values), by=world.cq_officer.actor, at=AT)


def test_a_consultation_asks_both_sides_and_is_for_those_concerned(world: World, body: Body):
    with refused("past", where="answer_by"):
        begin(world, body, answer_by="2026-11-19")
    row = begin(world, body, answer_by="2026-12-01")
    told = set(Notice.objects.values_list("person", flat=True))
    assert world.sc_officer.account.person_id in told
    assert world.cqu_admin.account.person_id in told
    assert world.cq_officer.account.person_id not in told, "whoever acts knows"
    assert world.outsider.account.person_id not in told
    opinion = OpinionInput(text="同意统一口径。")
    with refused("no_right", why=Why.FORBIDDEN):
        consultations.say(consultation=row, data=opinion, by=world.outsider.actor, at=AT)
    consultations.say(consultation=row, data=opinion, by=world.sc_officer.actor, at=AT)
    assert Remark.objects.get().side == "sc"
    assert not Consultation.objects.visible_to(world.outsider.actor).exists()
    assert Consultation.objects.visible_to(world.staff.actor).exists()


def conclude(row: Consultation, state: str, conclusion: str, world: World, who: str = "sc_officer") -> None:
    data = read(ConclusionInput, {"state": state, "conclusion": conclusion})
    consultations.conclude(consultation=row, data=data, by=getattr(world, who).actor, at=AT)


def test_a_consultation_ends_once(world: World, body: Body):
    row = begin(world, body)
    with refused("no_right", why=Why.FORBIDDEN):
        conclude(row, "agreed", "统一口径", world, "cqu_admin")
    with refused("conclusion_missing", where="conclusion"):
        conclude(row, "agreed", "", world)
    with refused("no_result", where="state"):
        conclude(row, "open", "再议", world)
    conclude(row, "agreed", "统一口径", world)
    with refused("consultation.closed", why=Why.CONFLICT):
        conclude(row, "closed", "又办一次", world)
    with refused("consultation.closed", why=Why.CONFLICT):
        consultations.say(consultation=row, data=OpinionInput(text="补充"), by=world.cq_officer.actor, at=AT)


def test_what_was_referred_is_proposed_to_one_session(world: World, body: Body):
    conclude(begin(world, body), "referred", "", world)
    session = make_session(body)
    agenda.propose(session=session, by=world.cq_officer.actor, at=AT)
    assert [(row.title, row.reason, row.detail) for row in session.agenda.all()] == [
        ("招生计划口径", "raised", "会商后提交会议")
    ]
    later = make_session(body)
    agenda.propose(session=later, by=world.cq_officer.actor, at=AT)
    assert not later.agenda.exists()
