"""The expert pool: nomination, vetting, avoidance, service."""

from datetime import date, timedelta

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.directory.actions import experts
from shuangcheng.directory.inputs import (
    AnswerInput,
    AvoidanceInput,
    ExpertEditInput,
    ExpertInput,
    InvitationInput,
    ServiceResultInput,
)
from shuangcheng.directory.models import Expert, Service
from shuangcheng.directory.terms import ExpertState, ServiceState
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, World

YES, NO = AnswerInput(accept=True), AnswerInput(accept=False, answer="专业不符。")


def nominate(world: World, **changes: object) -> Expert:
    by = changes.pop("by", world.cqu_admin.actor)
    values = {
        "name": "陆小新", "employer": "重庆大学", "nominated_by": "重庆大学", "field": "higher",
        "specialities": "桥梁工程",
    }  # fmt: skip
    return experts.nominate(data=ExpertInput.model_validate(values | changes), by=by, at=AT, invented=True)


def invite(world: World, **changes: object) -> Service:
    by = changes.pop("by", world.cq_officer.actor)
    at = changes.pop("at", AT)
    values = {"host": "重庆市教育委员会", "task": "评议师范专业", "begins": "2026-11-19", "ends": "2026-11-20"}
    data = InvitationInput.model_validate(values | changes)
    return experts.invite(expert=Expert.objects.get(pk=world.expert.pk), data=data, by=by, at=at)


@pytest.mark.parametrize("who", ["outsider", "staff", "teacher", "sc_officer", "node_admin"])
def test_only_the_nominating_organisation_or_its_officer_nominates(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        nominate(world, by=getattr(world, who).actor)


@pytest.mark.parametrize("field", ["employer", "nominated_by"])
def test_an_unknown_organisation_is_refused(world: World, field: str):
    with refused("not_found", where=field):
        nominate(world, **{field: "没有的单位"}, by=world.cq_officer.actor)


def test_nobody_is_nominated_twice(world: World):
    data = ExpertInput(
        name="庄小家", employer="西南大学", nominated_by="西南大学", field="higher", specialities="教师教育"
    )
    with refused("expert_there", why=Why.CONFLICT, where="name"):
        experts.nominate(data=data, by=world.swu_admin.actor, at=AT, person=world.expert.person)


def test_a_nominee_with_an_account_keeps_it(world: World):
    row = nominate(world, name="焦小师", login="TEACHER", by=world.cqu_admin.actor)
    assert row.person == world.teacher.account.person


@pytest.mark.parametrize(("name", "login"), [("焦小师", "nobody"), ("陆小新", "teacher"), ("薛小生", "learner")])
def test_a_nominee_is_not_taken_for_another_or_a_stranger(world: World, name: str, login: str):
    with refused("holder_missing", where="login"):
        nominate(world, name=name, login=login)


def test_a_nomination_waits_and_is_found_by_officers_only(world: World):
    row = nominate(world)
    assert (row.state, row.side, row.person.invented) == (ExpertState.NOMINATED, "cq", True)
    assert (newest().verb, newest().subject_title) == ("expert.nominate", "陆小新")
    assert titles("陆小新", actor=world.sc_officer.actor) == ["陆小新"]
    assert titles("陆小新") == titles("陆小新", actor=world.cqu_admin.actor) == []


def test_who_sees_the_pool(world: World):
    row = nominate(world)
    seen = {
        "cq_officer": {row, world.expert}, "node_admin": {row, world.expert}, "auditor": {row, world.expert},
        "cqu_admin": {row, world.expert}, "staff": {row, world.expert}, "outsider": {world.expert},
        "expert_person": {world.expert}, "learner": set(), "teacher": set(), "employer": set(),
    }  # fmt: skip
    for who, rows in seen.items():
        assert set(Expert.objects.visible_to(getattr(world, who).actor)) == rows, who
    assert not Expert.objects.visible_to(world.anyone).exists()


@pytest.mark.parametrize("who", ["cqu_admin", "sc_officer", "node_admin", "expert_person"])
def test_only_an_officer_of_the_side_vets(world: World, who: str):
    row = nominate(world)
    with refused("no_right"):
        experts.vet(expert=row, data=YES, by=getattr(world, who).actor, at=AT)


def test_a_refusal_has_its_reason_and_stands(world: World):
    row = nominate(world)
    with refused("reason_missing", where="answer"):
        experts.vet(expert=row, data=AnswerInput(accept=False), by=world.cq_officer.actor, at=AT)
    row = experts.vet(expert=row, data=NO, by=world.cq_officer.actor, at=AT)
    assert (row.state, row.answer, row.term_until) == (ExpertState.REFUSED, "专业不符。", None)
    assert newest().verb == "expert.refuse"
    assert titles("陆小新", actor=world.cq_officer.actor) == []
    with refused("already_vetted", why=Why.CONFLICT):
        experts.vet(expert=row, data=YES, by=world.cq_officer.actor, at=AT)


def test_an_expert_is_vetted_for_three_years(world: World):
    row = experts.vet(expert=nominate(world), data=YES, by=world.cq_officer.actor, at=AT)
    assert (row.state, row.vetted_at, row.term_until) == (ExpertState.VETTED, AT, date(2029, 11, 19))
    assert newest().verb == "expert.accept"


@pytest.mark.parametrize(
    "values",
    [{}, {"organisation": "重庆大学", "person": "陆小新"}],
)
def test_one_avoids_one_thing(world: World, values: dict[str, str]):
    with refused("avoid_one"):
        experts.avoid(
            expert=world.expert, data=AvoidanceInput(reason="同事", **values), by=world.swu_admin.actor, at=AT
        )


def test_nobody_avoids_himself(world: World):
    with refused("avoid_self", where="person"):
        experts.avoid(
            expert=world.expert,
            data=AvoidanceInput(person="庄小家", reason="本人"),
            by=world.expert_person.actor,
            at=AT,
        )


@pytest.mark.parametrize("who", ["outsider", "scu_admin", "sc_officer", "teacher"])
def test_others_declare_no_avoidance(world: World, who: str):
    data = AvoidanceInput(organisation="重庆大学", reason="同事")
    with refused("no_right"):
        experts.avoid(expert=world.expert, data=data, by=getattr(world, who).actor, at=AT)


def test_an_avoided_host_does_not_invite(world: World):
    data = AvoidanceInput(organisation="重庆市教育委员会", reason="曾在该单位任职", valid_until=date(2027, 6, 30))
    avoidance = experts.avoid(expert=world.expert, data=data, by=world.expert_person.actor, at=AT)
    assert newest().note == "重庆市教育委员会：曾在该单位任职"
    with refused("avoids", why=Why.CONFLICT, where="host"):
        invite(world)
    assert invite(world, host="四川省教育厅", by=world.sc_officer.actor).state == ServiceState.INVITED
    after = AT.replace(year=2027, month=7, day=1)
    assert invite(world, begins="2027-07-02", ends="2027-07-02", at=after).state == ServiceState.INVITED
    experts.end_avoidance(avoidance=avoidance, by=world.swu_admin.actor, at=AT)
    assert newest().verb == "expert.avoid_end"
    assert invite(world).state == ServiceState.INVITED


def test_two_experts_avoid_each_other(world: World):
    nominate(world)
    data = AvoidanceInput(person="陆小新", reason="师生")
    avoidance = experts.avoid(expert=world.expert, data=data, by=world.cq_officer.actor, at=AT)
    assert (avoidance.person.name, avoidance.organisation) == ("陆小新", None)


@pytest.mark.parametrize("who", ["learner", "teacher", "outsider", "sc_officer"])
def test_only_the_host_and_its_officer_invite(world: World, who: str):
    with refused("no_right"):
        invite(world, by=getattr(world, who).actor)


def test_staff_of_the_host_invites(world: World):
    assert invite(world, host="重庆大学", by=world.staff.actor).host == world.cqu
    assert (newest().verb, newest().note) == ("expert.invite", "重庆大学：评议师范专业")


def test_no_invitation_that_ends_before_it_begins(world: World):
    with refused("dates_reversed", where="ends"):
        invite(world, ends="2026-11-18")


def test_only_an_expert_of_the_pool_is_invited(world: World):
    with refused("not_in_pool", why=Why.CONFLICT):
        invite(world, at=AT + timedelta(days=3 * 366))
    with refused("reason_missing", where="reason"):
        experts.retire(expert=world.expert, reason=" ", by=world.cq_officer.actor, at=AT)
    experts.retire(expert=world.expert, reason="本人申请", by=world.cq_officer.actor, at=AT)
    assert (newest().verb, newest().note) == ("expert.retire", "本人申请")
    with refused("not_in_pool"):
        invite(world)


@pytest.mark.parametrize("who", ["swu_admin", "cq_officer", "outsider"])
def test_the_expert_answers_himself(world: World, who: str):
    service = invite(world)
    with refused("no_right"):
        experts.answer(service=service, accept=True, by=getattr(world, who).actor, at=AT)


def test_a_declined_invitation_is_closed(world: World):
    service = experts.answer(service=invite(world), accept=False, by=world.expert_person.actor, at=AT)
    assert (service.state, newest().verb) == (ServiceState.DECLINED, "expert.decline_invitation")
    with refused("already_answered", why=Why.CONFLICT):
        experts.answer(service=service, accept=True, by=world.expert_person.actor, at=AT)


def test_the_host_takes_an_invitation_back(world: World):
    service = invite(world)
    for who in ("expert_person", "scu_admin", "sc_officer"):
        with refused("no_right"):
            experts.withdraw_invitation(service=service, by=getattr(world, who).actor, at=AT)
    experts.answer(service=service, accept=True, by=world.expert_person.actor, at=AT)
    service = experts.withdraw_invitation(service=service, by=world.cq_officer.actor, at=AT)
    assert (service.state, newest().verb) == (ServiceState.WITHDRAWN, "expert.withdraw_invitation")
    with refused("not_open", why=Why.CONFLICT):
        experts.withdraw_invitation(service=service, by=world.cq_officer.actor, at=AT)


def test_service_is_recorded_by_the_host_after_it_began(world: World):
    result = ServiceResultInput(hours="7.5", result="评议三个专业。")
    service = invite(world)
    with refused("not_accepted", why=Why.CONFLICT):
        experts.record_service(service=service, data=result, by=world.cq_officer.actor, at=AT)
    experts.answer(service=service, accept=True, by=world.expert_person.actor, at=AT)
    with refused("no_right"):
        experts.record_service(service=service, data=result, by=world.expert_person.actor, at=AT)
    with refused("not_begun"):
        experts.record_service(service=service, data=result, by=world.cq_officer.actor, at=AT - timedelta(days=2))
    service = experts.record_service(service=service, data=result, by=world.cq_officer.actor, at=AT)
    service.refresh_from_db()
    assert (service.state, str(service.hours), service.result) == (ServiceState.SERVED, "7.5", "评议三个专业。")
    assert (newest().verb, newest().note) == ("expert.served", "评议师范专业 7.5")


def edit(world: World, who: str, *, version: int = 1, **changes: object) -> Expert:
    values = {"employer": "西南大学", "title": "教授", "field": "basic", "specialities": "数学教育"} | changes
    return experts.edit(
        expert=Expert.objects.get(pk=world.expert.pk), data=ExpertEditInput.model_validate(values), version=version,
        by=getattr(world, who).actor, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["outsider", "cqu_admin", "staff", "sc_officer", "node_admin", "auditor"])
def test_only_who_keeps_the_record_corrects_it(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        edit(world, who)


@pytest.mark.parametrize("who", ["expert_person", "swu_admin", "cq_officer"])
def test_an_expert_is_corrected_and_found_by_it(world: World, who: str):
    edit(world, who)
    assert newest().changes["title"] == [world.expert.title, "教授"]
    assert titles("数学教育", actor=world.cq_officer.actor) == [world.expert.person.name]
    with refused("changed_meanwhile", why=Why.CONFLICT):
        edit(world, who)


def test_an_expert_moves_with_the_work(world: World):
    for who in ("expert_person", "swu_admin"):
        with refused("employer_moves", where="employer"):
            edit(world, who, employer="四川大学")
    moved = edit(world, "cq_officer", employer="四川大学")
    assert (moved.employer, moved.side) == (world.scu, "sc")


def test_who_has_left_the_pool_stays_as_recorded(world: World):
    experts.retire(expert=world.expert, reason="本人申请", by=world.cq_officer.actor, at=AT)
    with refused("not_in_pool", why=Why.CONFLICT):
        edit(world, "cq_officer")
