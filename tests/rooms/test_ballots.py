"""Votes of an alliance's council: who votes, when it closes, what follows."""

from datetime import date, timedelta

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.directory.actions import alliances, ballots
from shuangcheng.directory.inputs import AnswerInput, BallotInput, JoinInput, MemberInput, VoteInput
from shuangcheng.directory.models import AuditLine, Ballot, Vote
from shuangcheng.directory.terms import BallotState, MemberRole, MemberState
from tests.rooms.checks import newest, refused
from tests.world import AT, World

VOTERS = {"重庆大学": "cqu_admin", "四川大学": "scu_admin", "西南大学": "swu_admin"}
LATER = AT + timedelta(days=15)


def propose(world: World, **changes: object) -> Ballot:
    by = changes.pop("by", world.cqu_admin.actor)
    data = BallotInput.model_validate({"title": "设立秘书处", "text": "设在重庆大学。"} | changes)
    return ballots.propose(alliance=world.alliance, data=data, by=by, at=AT)


def vote(world: World, ballot: Ballot, name: str, choice: str, *, who: str = "", at=AT) -> Ballot:
    actor = getattr(world, who or VOTERS[name]).actor
    return ballots.vote(ballot=ballot, data=VoteInput(organisation=name, choice=choice), by=actor, at=at)


def application(world: World) -> Ballot:
    data = JoinInput(organisation="西南财经大学", statement="愿意加入。")
    return alliances.apply_to_join(alliance=world.alliance, data=data, by=world.outsider.actor, at=AT).ballots.get()


@pytest.mark.parametrize("who", ["outsider", "scu_admin", "staff", "employer"])
def test_only_the_lead_proposes(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        propose(world, by=getattr(world, who).actor)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"kind": "admission"}, "admission_by_application", "kind"),
        ({"kind": "charter", "text": ""}, "text_missing", "text"),
        ({"closes_on": "2026-11-19"}, "date_past", "closes_on"),
    ],
)
def test_a_proposal_that_cannot_be(world: World, changes: dict[str, str], code: str, where: str):
    with refused(code, where=where):
        propose(world, **changes)


def test_one_revision_of_the_charter_at_once(world: World):
    first = propose(world, kind="charter", text="第一条　改。")
    with refused("charter_voted_on", why=Why.CONFLICT, where="kind"):
        propose(world, kind="charter", text="第一条　另改。")
    ballots.close(ballot=first, by=world.cq_officer.actor, at=LATER)
    propose(world, kind="charter", text="第一条　另改。")
    with refused("charter_voted_on", why=Why.CONFLICT):
        ballots.vote_again(ballot=Ballot.objects.get(pk=first.pk), by=world.cq_officer.actor, at=LATER)


def test_a_proposal_runs_as_long_as_the_charter_says(world: World):
    ballot = propose(world)
    assert (ballot.state, ballot.closes_on, len(ballot.council)) == (BallotState.OPEN, date(2026, 12, 4), 3)
    assert (newest().verb, newest().note) == ("ballot.open", "设立秘书处")
    assert not ballot.overdue(date(2026, 12, 4))
    assert ballot.overdue(date(2026, 12, 5))


@pytest.mark.parametrize(
    ("name", "who", "code"),
    [
        ("四川大学", "cqu_admin", "no_right"),
        ("四川大学", "outsider", "no_right"),
        ("四川大学", "sc_officer", "no_right"),
        ("重庆大学", "staff", "no_right"),
        ("西南财经大学", "outsider", "not_council"),
    ],
)
def test_nobody_votes_for_another(world: World, name: str, who: str, code: str):
    ballot = propose(world)
    with refused(code, why=Why.FORBIDDEN):
        vote(world, ballot, name, "for", who=who)
    assert not Vote.objects.exists()


def test_who_joins_the_council_later_has_no_vote(world: World):
    ballot = propose(world)
    entered = MemberInput(organisation="西南财经大学", role=MemberRole.COUNCIL)
    alliances.enter_member(alliance=world.alliance, data=entered, by=world.cq_officer.actor, at=AT)
    with refused("not_council"):
        vote(world, ballot, "西南财经大学", "for", who="outsider")


def test_no_vote_after_the_day(world: World):
    ballot = propose(world)
    vote(world, ballot, "重庆大学", "for", at=AT + timedelta(days=14))
    with refused("ballot_closed", why=Why.CONFLICT):
        vote(world, ballot, "四川大学", "for", at=LATER)


def test_a_vote_may_be_changed_while_the_ballot_is_open(world: World):
    ballot = propose(world)
    vote(world, ballot, "重庆大学", "for")
    vote(world, ballot, "重庆大学", "against")
    assert (Vote.objects.get().choice, Vote.objects.get().by_name) == ("against", "仲小大")
    assert newest().verb == "ballot.vote"
    assert ballots.count(ballot).cast == 1


@pytest.mark.parametrize(
    ("choices", "state"),
    [
        (("for", "for", "against"), BallotState.PASSED),
        (("for", "against", "abstain"), BallotState.FAILED),
        (("abstain", "abstain", "abstain"), BallotState.FAILED),
        (("for", "abstain", "abstain"), BallotState.PASSED),
    ],
)
def test_the_last_vote_closes_the_ballot(world: World, choices: tuple[str, ...], state: BallotState):
    ballot = propose(world)
    for name, choice in zip(VOTERS, choices, strict=True):
        vote(world, ballot, name, choice)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.closed_at) == (state, AT)
    assert "应到 3，参加 3" in ballot.reason
    assert newest().verb == "ballot.close"
    with refused("ballot_closed"):
        vote(world, ballot, "重庆大学", "for")


def test_an_application_that_passes_makes_a_member(world: World):
    ballot = application(world)
    for name in VOTERS:
        vote(world, ballot, name, "for")
    membership = ballot.membership
    membership.refresh_from_db()
    assert (membership.state, membership.joined, membership.role) == (MemberState.ADMITTED, AT.date(), "member")
    assert [newest().verb, newest().note] == ["alliance.admit", "西南财经大学"]


def test_an_application_that_fails_may_be_made_again(world: World):
    ballot = application(world)
    for name in VOTERS:
        vote(world, ballot, name, "against")
    ballot.membership.refresh_from_db()
    assert (ballot.membership.state, newest().verb) == (MemberState.REFUSED, "alliance.refuse")
    assert "未通过" in ballot.membership.answer
    assert application(world).membership_id != ballot.membership_id


def test_a_charter_changes_by_vote(world: World):
    ballot = propose(world, kind="charter", title="修订章程", text="第一条　新的章程。")
    for name in VOTERS:
        vote(world, ballot, name, "for")
    world.alliance.refresh_from_db()
    assert (world.alliance.charter, world.alliance.charter_version) == ("第一条　新的章程。", 2)


def test_a_ballot_is_not_closed_before_its_day(world: World):
    ballot = propose(world)
    vote(world, ballot, "重庆大学", "for")
    with refused("too_early", why=Why.CONFLICT):
        ballots.close_now(ballot=ballot, by=world.cqu_admin.actor, at=AT)
    with refused("no_right"):
        ballots.close_now(ballot=ballot, by=world.scu_admin.actor, at=LATER)


def test_a_quorum_is_two_thirds(world: World):
    missed, met = propose(world), propose(world, title="另一项")
    vote(world, missed, "重庆大学", "for")
    for name in ("重庆大学", "四川大学"):
        vote(world, met, name, "for")
    assert ballots.close_now(ballot=missed, by=world.cqu_admin.actor, at=LATER).state == BallotState.NO_QUORUM
    assert ballots.close_now(ballot=met, by=world.cqu_admin.actor, at=LATER).state == BallotState.PASSED
    assert "至少须 2 参加" in Ballot.objects.get(pk=missed.pk).reason


def test_overdue_ballots_are_closed_by_the_system_once(world: World):
    ballot = propose(world)
    assert ballots.close_overdue(at=AT + timedelta(days=14)) == 0
    assert ballots.close_overdue(at=LATER) == 1
    assert ballots.close_overdue(at=LATER) == 0
    ballot.refresh_from_db()
    line = newest()
    assert (ballot.state, line.actor_kind, line.actor_name) == (BallotState.NO_QUORUM, "system", "表决到期")
    lines = AuditLine.objects.count()
    ballots.close(ballot=ballot, by=world.cqu_admin.actor, at=LATER)
    assert AuditLine.objects.count() == lines, "closing twice changes nothing"


def test_only_a_vote_without_quorum_is_repeated_and_once(world: World):
    ballot = application(world)
    with refused("quorum_was_met"):
        ballots.vote_again(ballot=ballot, by=world.cqu_admin.actor, at=AT)
    ballots.close_overdue(at=LATER)
    ballot.refresh_from_db()
    with refused("no_right"):
        ballots.vote_again(ballot=ballot, by=world.outsider.actor, at=LATER)
    again = ballots.vote_again(ballot=ballot, by=world.cqu_admin.actor, at=LATER)
    assert (again.membership, again.closes_on) == (ballot.membership, LATER.date() + timedelta(days=14))
    with refused("repeated_already", why=Why.CONFLICT):
        ballots.vote_again(ballot=ballot, by=world.cqu_admin.actor, at=LATER)
    for name in VOTERS:
        vote(world, again, name, "for", at=LATER)
    ballot.membership.refresh_from_db()
    assert ballot.membership.state == MemberState.ADMITTED


def test_no_new_vote_on_an_application_that_was_returned(world: World):
    ballot = application(world)
    ballots.close_overdue(at=LATER)
    answer = AnswerInput(accept=False, answer="请补充材料。")
    alliances.return_application(membership=ballot.membership, data=answer, by=world.cqu_admin.actor, at=LATER)
    ballot = Ballot.objects.get(pk=ballot.pk)
    with refused("already_decided"):
        ballots.vote_again(ballot=ballot, by=world.cqu_admin.actor, at=LATER)
