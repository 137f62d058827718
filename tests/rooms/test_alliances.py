"""Alliances, their members, applications and yearly reports."""

from datetime import date

import pytest

from shuangcheng.core.outcome import Why
from shuangcheng.directory.actions import alliances, reports
from shuangcheng.directory.inputs import AllianceInput, AnswerInput, JoinInput, MemberInput, YearlyReportInput
from shuangcheng.directory.models import Ballot, Membership, YearlyReport
from shuangcheng.directory.terms import BallotState, MemberRole, MemberState, ReportState
from tests.rooms.checks import newest, refused, titles
from tests.world import AT, World

STATEMENT = "我校愿意开放课程。"


def data(**changes: object) -> AllianceInput:
    values = {"name": "川渝示例联盟", "kind": "alliance", "field": "higher", "division": "500106", "lead": "重庆大学"}
    return AllianceInput.model_validate(values | changes)


def same_as(alliance, **changes: object) -> AllianceInput:
    names = ("kind", "field", "action_plan", "founded", "purpose", "charter", "open_to_join")
    values = {name: getattr(alliance, name) for name in names} | {"name": alliance.organisation.name}
    return data(**(values | changes))


def member(world: World, name: str) -> Membership:
    return world.alliance.memberships.get(organisation__name=name)


def apply(world: World, **changes: object) -> Membership:
    by = changes.pop("by", world.outsider.actor)
    asked = JoinInput.model_validate({"organisation": "西南财经大学", "statement": STATEMENT} | changes)
    return alliances.apply_to_join(alliance=world.alliance, data=asked, by=by, at=AT)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_enter_alliances(world: World, who: str):
    with refused("no_right", why=Why.FORBIDDEN):
        alliances.found(data=data(), by=getattr(world, who).actor, at=AT)


def test_a_name_is_taken_once(world: World):
    with refused("name_taken", why=Why.CONFLICT, where="name"):
        alliances.found(data=data(name="示例教师教育联盟"), by=world.cq_officer.actor, at=AT)


def test_an_unknown_lead_is_refused(world: World):
    with refused("not_found", where="lead"):
        alliances.found(data=data(lead="没有这所大学"), by=world.cq_officer.actor, at=AT)


def test_an_alliance_is_entered_audited_and_found(world: World):
    figures = [{"text": "成员", "value": "113 所", "source": "报纸", "caution": "不含企业"}]
    row = alliances.found(
        data=data(founded="2020-06-01", charter="第一条"), by=world.sc_officer.actor, at=AT, reported=figures
    )
    lead = row.memberships.get()
    assert (lead.organisation, lead.role, lead.joined) == (world.cqu, MemberRole.LEAD, date(2020, 6, 1))
    assert (row.charter_version, row.reported, row.organisation.side) == (1, figures, "cq")
    assert (newest().verb, newest().actor_name) == ("alliance.create", "川小宁")
    assert titles("cysllm") == ["川渝示例联盟"]


def test_what_no_source_tells_stays_unknown(world: World):
    row = alliances.found(data=data(lead="", founded="2020-01-01"), by=world.cq_officer.actor, at=AT, year_only=True)
    assert not row.memberships.exists()
    known = alliances.found(
        data=data(name="另一联盟", founded="2020-01-01"), by=world.cq_officer.actor, at=AT, year_only=True
    )
    assert known.memberships.get().joined is None, "a year is no day of joining"


@pytest.mark.parametrize("who", ["outsider", "scu_admin", "staff", "employer"])
def test_others_do_not_edit_an_alliance(world: World, who: str):
    with refused("no_right"):
        alliances.edit(
            alliance=world.alliance,
            version=world.alliance.version,
            data=same_as(world.alliance),
            by=getattr(world, who).actor,
            at=AT,
        )


def test_a_charter_in_force_is_not_edited(world: World):
    with refused("charter_by_vote", where="charter"):
        alliances.edit(
            alliance=world.alliance,
            version=world.alliance.version,
            data=same_as(world.alliance, charter="新章程"),
            by=world.cq_officer.actor,
            at=AT,
        )


def test_an_edit_does_not_rename(world: World):
    with refused("rename", where="name"):
        alliances.edit(
            alliance=world.alliance,
            version=world.alliance.version,
            data=same_as(world.alliance, name="新名"),
            by=world.cqu_admin.actor,
            at=AT,
        )


def test_the_lead_edits(world: World):
    row = alliances.edit(
        alliance=world.alliance, version=world.alliance.version,
        data=same_as(world.alliance, open_to_join=False, division="500153"),
        by=world.cqu_admin.actor, at=AT,
    )  # fmt: skip
    assert (row.open_to_join, row.organisation.division) == (False, world.divisions["荣昌区"])
    assert row.charter_version == 1
    assert newest().changes == {"open_to_join": [True, False]}


def test_a_member_is_entered_once(world: World):
    with refused("member_there", why=Why.CONFLICT):
        alliances.enter_member(
            alliance=world.alliance, data=MemberInput(organisation="四川大学"), by=world.cq_officer.actor, at=AT
        )


def test_a_member_is_entered_by_an_officer(world: World):
    entered = MemberInput(organisation="西南财经大学", role="council", joined=date(2026, 1, 1))
    with refused("no_right"):
        alliances.enter_member(alliance=world.alliance, data=entered, by=world.scu_admin.actor, at=AT)
    row = alliances.enter_member(alliance=world.alliance, data=entered, by=world.cq_officer.actor, at=AT, source="名单")
    assert (row.state, row.role, row.source) == (MemberState.ADMITTED, MemberRole.COUNCIL, "名单")
    assert (newest().verb, newest().note) == ("alliance.member", "西南财经大学")


def test_the_last_lead_stays(world: World):
    lead = member(world, "重庆大学")
    with refused("last_lead", where="role"):
        alliances.set_role(membership=lead, role=MemberRole.MEMBER, by=world.cq_officer.actor, at=AT)
    with refused("last_lead"):
        alliances.leave(membership=lead, on=date(2026, 11, 20), by=world.cqu_admin.actor, at=AT)
    alliances.set_role(membership=member(world, "四川大学"), role=MemberRole.LEAD, by=world.cq_officer.actor, at=AT)
    assert newest().changes == {"role": ["standing_council", "lead"]}
    assert (
        alliances.leave(membership=lead, on=date(2026, 11, 20), by=world.cqu_admin.actor, at=AT).state
        == MemberState.LEFT
    )


def test_an_applicant_gets_no_role(world: World):
    with_application = apply(world)
    with refused("not_a_member", why=Why.CONFLICT):
        alliances.set_role(membership=with_application, role=MemberRole.LEAD, by=world.cq_officer.actor, at=AT)


@pytest.mark.parametrize("who", ["outsider", "swu_admin", "staff"])
def test_nobody_takes_another_member_off(world: World, who: str):
    with refused("no_right"):
        alliances.leave(
            membership=member(world, "四川大学"), on=date(2026, 11, 20), by=getattr(world, who).actor, at=AT
        )


def test_a_member_leaves_and_its_record_stays(world: World):
    row = member(world, "四川大学")
    with refused("left_before_joined", where="on"):
        alliances.leave(membership=row, on=date(2021, 1, 1), by=world.scu_admin.actor, at=AT)
    left = alliances.leave(membership=row, on=date(2026, 11, 20), by=world.scu_admin.actor, at=AT)
    assert (left.state, left.joined, left.left) == (MemberState.LEFT, date(2021, 10, 19), date(2026, 11, 20))
    assert newest().verb == "alliance.leave"
    with refused("not_a_member"):
        alliances.leave(membership=row, on=date(2026, 11, 20), by=world.scu_admin.actor, at=AT)
    again = alliances.enter_member(
        alliance=world.alliance, data=MemberInput(organisation="四川大学"), by=world.cq_officer.actor, at=AT
    )
    assert again.pk != row.pk


@pytest.mark.parametrize("who", ["scu_admin", "cq_officer", "node_admin", "staff", "anyone"])
def test_nobody_applies_for_another(world: World, who: str):
    actor = world.anyone if who == "anyone" else getattr(world, who).actor
    with refused("sign_in" if who == "anyone" else "no_right"):
        apply(world, by=actor)


def test_no_application_to_a_closed_alliance(world: World):
    alliances.edit(
        alliance=world.alliance,
        version=world.alliance.version,
        data=same_as(world.alliance, open_to_join=False),
        by=world.cqu_admin.actor,
        at=AT,
    )
    with refused("closed", why=Why.CONFLICT):
        apply(world)


def test_no_application_that_nobody_can_decide(world: World):
    without = alliances.found(data=data(lead=""), by=world.cq_officer.actor, at=AT)
    with refused("no_council"):
        alliances.apply_to_join(
            alliance=without, data=JoinInput(organisation="西南财经大学", statement=STATEMENT),
            by=world.outsider.actor, at=AT,
        )  # fmt: skip


def test_no_second_application_and_none_of_a_member(world: World):
    apply(world)
    with refused("member_there", why=Why.CONFLICT):
        apply(world)
    with refused("member_there", why=Why.CONFLICT):
        apply(world, organisation="西南大学", by=world.swu_admin.actor)


def test_an_application_asks_the_council(world: World):
    row = apply(world)
    ballot = row.ballots.get()
    assert (row.state, ballot.state, ballot.closes_on) == (MemberState.APPLIED, BallotState.OPEN, date(2026, 12, 4))
    assert sorted(ballot.council) == sorted(str(each.id) for each in (world.cqu, world.scu, world.swu))
    assert newest().verb == "ballot.open"


def test_an_application_is_seen_by_those_whom_it_concerns(world: World):
    row = apply(world)
    for who in ("outsider", "cqu_admin", "swu_admin", "cq_officer", "node_admin"):
        assert row in Membership.objects.visible_to(getattr(world, who).actor), who
    for actor in (world.anyone, world.learner.actor.__class__(kind="person", name="", door="web")):
        assert row not in Membership.objects.visible_to(actor)


def test_only_the_applicant_withdraws(world: World):
    row = apply(world)
    for who in ("cqu_admin", "cq_officer", "scu_admin"):
        with refused("no_right"):
            alliances.withdraw(membership=row, by=getattr(world, who).actor, at=AT)
    alliances.withdraw(membership=row, by=world.outsider.actor, at=AT)
    row.refresh_from_db()
    assert (row.state, row.ballots.get().state) == (MemberState.WITHDRAWN, BallotState.CANCELLED)
    with refused("already_decided", why=Why.CONFLICT):
        alliances.withdraw(membership=row, by=world.outsider.actor, at=AT)
    assert apply(world).pk != row.pk, "after a withdrawal one may apply anew"


def test_a_return_needs_its_reason_and_the_lead(world: World):
    row = apply(world)
    with refused("reason_missing", where="answer"):
        alliances.return_application(membership=row, data=AnswerInput(accept=False), by=world.cqu_admin.actor, at=AT)
    answer = AnswerInput(accept=False, answer="请补充课程清单。")
    with refused("no_right"):
        alliances.return_application(membership=row, data=answer, by=world.scu_admin.actor, at=AT)


def test_a_returned_application_comes_back_as_itself(world: World):
    row = apply(world)
    answer = AnswerInput(accept=False, answer="请补充课程清单。")
    returned = alliances.return_application(membership=row, data=answer, by=world.cqu_admin.actor, at=AT)
    assert (returned.state, returned.answer) == (MemberState.RETURNED, "请补充课程清单。")
    assert Ballot.objects.get().state == BallotState.CANCELLED
    again = apply(world, statement="附课程清单：六门。")
    assert (again.pk, again.state, again.statement) == (row.pk, MemberState.APPLIED, "附课程清单：六门。")
    assert [ballot.state for ballot in again.ballots.order_by("created_at", "id")] == ["cancelled", "open"]


def report(world: World, **changes: object) -> YearlyReport:
    by, version = changes.pop("by", world.cqu_admin.actor), changes.pop("version", 0)
    values = {"year": 2025, "activities": 12, "summary": "全年组织了十二次活动。"} | changes
    data = YearlyReportInput.model_validate(values)
    return reports.file(alliance=world.alliance, data=data, version=version, by=by, at=AT)


@pytest.mark.parametrize("who", ["outsider", "scu_admin", "staff", "auditor"])
def test_only_the_lead_files_the_report(world: World, who: str):
    with refused("no_right"):
        report(world, by=getattr(world, who).actor)


def test_a_report_of_a_year_to_come_is_refused(world: World):
    with refused("year_ahead", where="year"):
        report(world, year=2027)


def test_a_report_is_returned_filed_again_and_accepted(world: World):
    row = report(world)
    assert (row.state, newest().verb, newest().note) == (ReportState.FILED, "report.file", "2025")
    no, yes = AnswerInput(accept=False, answer="数字不符。"), AnswerInput(accept=True)
    with refused("no_right"):
        reports.decide(report=row, version=row.version, data=yes, by=world.cqu_admin.actor, at=AT)
    with refused("reason_missing", where="answer"):
        reports.decide(
            report=row, version=row.version, data=AnswerInput(accept=False), by=world.sc_officer.actor, at=AT
        )
    row = reports.decide(report=row, version=row.version, data=no, by=world.sc_officer.actor, at=AT)
    assert row.state == ReportState.RETURNED
    assert newest().verb == "report.return"
    again = report(world, activities=10, version=row.version)
    assert (again.pk, again.state, again.activities, again.answer) == (row.pk, ReportState.FILED, 10, "")
    assert row not in YearlyReport.objects.visible_to(world.anyone), "only accepted reports are public"
    again = reports.decide(report=again, version=again.version, data=yes, by=world.cq_officer.actor, at=AT)
    assert newest().verb == "report.accept"
    assert row in YearlyReport.objects.visible_to(world.anyone)
    with refused("report_accepted", why=Why.CONFLICT, where="year"):
        report(world)
    with refused("not_filed", why=Why.CONFLICT):
        reports.decide(report=again, version=again.version, data=no, by=world.cq_officer.actor, at=AT)
