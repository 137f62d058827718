"""Seats in a council are not the lead's to give, take or outvote; its papers are for those who work at a member."""

import threading
import time
from datetime import date

import pytest
from django.db import connection, connections, transaction

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.directory.actions import alliances, ballots, reports
from shuangcheng.directory.inputs import (
    AllianceInput,
    BallotInput,
    JoinInput,
    MemberInput,
    VoteInput,
    YearlyReportInput,
)
from shuangcheng.directory.models import Ballot, Membership, YearlyReport
from shuangcheng.directory.terms import BallotState, MemberRole, MemberState
from tests.rooms.checks import newest, refused
from tests.rooms.test_alliances import same_as
from tests.world import AT, World, build

DAY = date(2026, 11, 20)


def member(world: World, name: str) -> Membership:
    return world.alliance.memberships.select_related("alliance").get(organisation__name=name)


def test_a_lead_does_not_pack_the_council(world: World):
    lead = world.cqu_admin.actor
    entered = MemberInput(organisation="西南财经大学", role="council")
    with refused("council_decides", why=Why.FORBIDDEN):
        alliances.enter_member(alliance=world.alliance, data=entered, by=lead, at=AT)
    with refused("council_decides"):
        alliances.set_role(membership=member(world, "示例智造有限公司"), role=MemberRole.COUNCIL, by=lead, at=AT)


def test_a_lead_does_not_empty_the_council(world: World):
    lead = world.cqu_admin.actor
    with refused("council_decides"):
        alliances.set_role(membership=member(world, "西南大学"), role=MemberRole.MEMBER, by=lead, at=AT)
    with refused("council_decides"):
        alliances.leave(membership=member(world, "西南大学"), on=DAY, by=lead, at=AT)


@pytest.mark.parametrize("change", [{"quorum_percent": 1}, {"majority_percent": 1}])
def test_a_lead_does_not_loosen_the_rules_of_votes(world: World, change: dict[str, int]):
    row = world.alliance
    with refused("council_decides", where=next(iter(change))):
        alliances.edit(alliance=row, version=1, data=same_as(row, **change), by=world.cqu_admin.actor, at=AT)
    alliances.edit(alliance=row, version=1, data=same_as(row, **change), by=world.cq_officer.actor, at=AT)


def test_a_lead_that_is_alone_begins_the_list(world: World):
    data = AllianceInput(name="新联盟", kind="alliance", field="higher", division="500106", lead="重庆大学")
    row = alliances.found(data=data, by=world.cq_officer.actor, at=AT)
    for name, role in (("西南大学", "member"), ("四川大学", "council")):
        entered = MemberInput(organisation=name, role=role)
        alliances.enter_member(alliance=row, data=entered, by=world.cqu_admin.actor, at=AT)
    with refused("council_decides"):
        entered = MemberInput(organisation="西南财经大学")
        alliances.enter_member(alliance=row, data=entered, by=world.cqu_admin.actor, at=AT)


def seat(world: World, name: str = "示例智造有限公司", role: str = "council") -> Ballot:
    data = BallotInput(kind="seat", title="增补理事", member=name, role=role)
    return ballots.propose(alliance=world.alliance, data=data, by=world.cqu_admin.actor, at=AT)


def vote(world: World, ballot: Ballot, choice: str) -> None:
    for name, who in (("重庆大学", world.cqu_admin), ("西南大学", world.swu_admin), ("四川大学", world.scu_admin)):
        ballots.vote(ballot=ballot, data=VoteInput(organisation=name, choice=choice), by=who.actor, at=AT)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"kind": "seat"}, "seat_missing", "member"),
        ({"kind": "seat", "member": "西南大学"}, "seat_missing", "role"),
        ({"kind": "seat", "member": "西南财经大学", "role": "council"}, "not_a_member", "member"),
        ({"kind": "resolution", "member": "西南大学", "role": "council"}, "seat_only", "member"),
    ],
)
def test_a_vote_on_a_seat_that_cannot_be(world: World, changes: dict[str, str], code: str, where: str):
    data = BallotInput.model_validate({"title": "增补理事"} | changes)
    with refused(code, where=where):
        ballots.propose(alliance=world.alliance, data=data, by=world.cqu_admin.actor, at=AT)


def test_a_council_gives_a_seat_by_vote(world: World):
    ballot = seat(world)
    with refused("seat_voted_on", why=Why.CONFLICT):
        seat(world, role="standing_council")
    assert member(world, "示例智造有限公司").role == MemberRole.MEMBER
    vote(world, ballot, "for")
    assert member(world, "示例智造有限公司").role == MemberRole.COUNCIL
    assert (newest().verb, newest().changes) == ("alliance.role", {"role": ["member", "council"]})


def test_a_seat_that_was_voted_down_is_not_given(world: World):
    vote(world, seat(world), "against")
    assert member(world, "示例智造有限公司").role == MemberRole.MEMBER


def test_the_last_lead_stays_also_by_vote(world: World):
    ballot = seat(world, "重庆大学", "member")
    vote(world, ballot, "for")
    ballot.refresh_from_db()
    assert (ballot.state, member(world, "重庆大学").role) == (BallotState.PASSED, MemberRole.LEAD)


def test_applications_votes_and_reports_are_for_those_who_work_at_a_member(world: World):
    data = JoinInput(organisation="西南财经大学", statement="愿意一起培养教师。")
    application = alliances.apply_to_join(alliance=world.alliance, data=data, by=world.outsider.actor, at=AT)
    ballot = application.ballots.get()
    filed = YearlyReportInput(year=2025, activities=3, summary="全年组织了三次活动。")
    report = reports.file(alliance=world.alliance, data=filed, by=world.cqu_admin.actor, at=AT)
    sees = {"teacher": False, "learner": False, "employer": False, "expert_person": False,
            "staff": True, "swu_admin": True, "sc_officer": True}  # fmt: skip
    for who, right in sees.items():
        actor = getattr(world, who).actor
        assert (application in Membership.objects.visible_to(actor)) is right, who
        assert (ballot in Ballot.objects.visible_to(actor)) is right, who
        assert (report in YearlyReport.objects.visible_to(actor)) is right, who


def waiting() -> bool:
    """Whether a connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_closing_and_withdrawing_do_not_wait_for_each_other():
    with transaction.atomic():
        world = build()
    data = JoinInput(organisation="西南财经大学", statement="愿意一起培养教师。")
    application = alliances.apply_to_join(alliance=world.alliance, data=data, by=world.outsider.actor, at=AT)
    ballot, came = application.ballots.get(), []

    def withdraw() -> None:
        try:
            came.append(alliances.withdraw(membership=application, by=world.outsider.actor, at=AT))
        except Exception as error:
            came.append(error)
        finally:
            connections.close_all()

    other = threading.Thread(target=withdraw)
    with transaction.atomic():
        ballots.hold(world.alliance.pk)  # what closing takes first, before the applicant changes his mind
        other.start()
        until = time.monotonic() + 10
        while not waiting() and time.monotonic() < until:
            time.sleep(0.02)
        closed = ballots.close(ballot=ballot, by=world.cqu_admin.actor, at=AT)
    other.join(10)
    application.refresh_from_db()
    assert (closed.state, application.state) == (BallotState.NO_QUORUM, MemberState.WITHDRAWN)
    assert not isinstance(came[0], Exception)


def test_what_was_decided_first_holds(world: World):
    data = JoinInput(organisation="西南财经大学", statement="愿意一起培养教师。")
    application = alliances.apply_to_join(alliance=world.alliance, data=data, by=world.outsider.actor, at=AT)
    vote(world, application.ballots.get(), "for")
    with pytest.raises(Refused, match="已经办结"):
        alliances.withdraw(membership=application, by=world.outsider.actor, at=AT)
