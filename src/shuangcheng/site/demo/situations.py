"""Situations that are under way, so that every page has something to show; all of them invented."""

from datetime import date, datetime

from shuangcheng.core.schema import read as read_input
from shuangcheng.directory.actions import agreements, alliances, ballots, reports
from shuangcheng.directory.inputs import (
    AgreementInput,
    AnswerInput,
    BallotInput,
    JoinInput,
    VoteInput,
    YearlyReportInput,
)
from shuangcheng.directory.models import Agreement, Alliance, Ballot, Membership, YearlyReport
from shuangcheng.directory.terms import VoteChoice

from .alliances import named
from .clock import Clock
from .people import actor

COURSES = "双城课程共享联盟（演示）"
ELECTRONICS = "示例电子信息产教融合共同体（演示）"
GROUP = "示例城乡教育集团（演示）"
CQU, SCU, CQCET, SWU = "4150010611", "4151010610", "4150012609", "4150010635"
VOTERS = {CQU: "cqu.admin", SCU: "scu.admin", CQCET: "cqcet.admin"}
TEXT = """【演示文本】

第一条　双方互相开放{thing}。
第二条　费用由双方按年结算。
第三条　任何一方提前三十天书面通知，可以终止本协议。"""


def play(clock: Clock) -> int:
    """Play every situation; returns how many."""
    courses = named(COURSES)
    _admitted(courses, clock)
    _no_quorum(courses, clock)
    _waiting_for_votes(courses, clock)
    _overdue(courses, clock)
    _returned_application(clock)
    _reports(courses, clock)
    return 6 + _agreements(clock)


def _apply(alliance: Alliance, organisation: str, login: str, statement: str, at: datetime) -> Membership:
    data = JoinInput(organisation=organisation, statement=statement)
    return alliances.apply_to_join(alliance=alliance, data=data, by=actor(login, at), at=at)


def _vote(ballot: Ballot, organisation: str, choice: VoteChoice, at: datetime, comment: str = "") -> None:
    data = VoteInput(organisation=organisation, choice=choice, comment=comment)
    ballots.vote(ballot=ballot, data=data, by=actor(VOTERS[organisation], at), at=at)


def _admitted(courses: Alliance, clock: Clock) -> None:
    """An application that the whole council accepted."""
    membership = _apply(
        courses, "重庆市荣昌区教育委员会", "rongchang.admin", "愿意组织区内教师选课研修。", clock.ago(60)
    )
    ballot = membership.ballots.get()
    for days, organisation in ((58, CQU), (56, SCU), (55, CQCET)):
        _vote(ballot, organisation, VoteChoice.FOR, clock.ago(days))


def _no_quorum(courses: Alliance, clock: Clock) -> None:
    """A proposal for which too few members voted."""
    at = clock.ago(50)
    data = BallotInput(title="设立秘书处轮值制度（演示）", text="秘书处每年由一家理事单位轮值。")
    ballot = ballots.propose(alliance=courses, data=data, by=actor("cqu.admin", at), at=at)
    _vote(ballot, CQU, VoteChoice.FOR, clock.ago(49))
    ballots.close_now(ballot=ballot, by=actor("cqu.admin", clock.ago(34)), at=clock.ago(34))


def _waiting_for_votes(courses: Alliance, clock: Clock) -> None:
    """An application with one vote of three."""
    statement = "我校愿意开放《教育心理学》等六门课程，并承认成员学校的学分。（演示）"
    membership = _apply(courses, SWU, "swu.admin", statement, clock.ago(5))
    _vote(membership.ballots.get(), SCU, VoteChoice.FOR, clock.ago(2), "课程质量高，赞成。（演示）")


def _overdue(courses: Alliance, clock: Clock) -> None:
    """A vote that should have been closed."""
    at = clock.ago(20)
    data = BallotInput(title="统一课程评价表（演示）", text="各校采用同一张课程评价表。")
    ballot = ballots.propose(alliance=courses, data=data, by=actor("cqu.admin", at), at=at)
    _vote(ballot, CQU, VoteChoice.FOR, clock.ago(18))
    _vote(ballot, CQCET, VoteChoice.ABSTAIN, clock.ago(15))


def _returned_application(clock: Clock) -> None:
    """An application that the lead sent back for correction."""
    membership = _apply(named(ELECTRONICS), CQU, "cqu.admin", "愿意参与共建实训基地。（演示）", clock.ago(12))
    lead = actor("cqcet.admin", clock.ago(9))
    data = AnswerInput(accept=False, answer="请补充可以开放的实验室清单。（演示）")
    alliances.return_application(membership=membership, data=data, by=lead, at=clock.ago(9))


def _reports(courses: Alliance, clock: Clock) -> None:
    """Yearly reports: one accepted, one filed and waiting, one returned."""
    last = clock.now.year - 1
    accepted = _report(courses, "cqu.admin", last - 1, clock.ago(200), activities=9, participants=640)
    officer = actor("cq.officer", clock.ago(195))
    reports.decide(report=accepted, version=1, data=AnswerInput(accept=True), by=officer, at=clock.ago(195))
    _report(courses, "cqu.admin", last, clock.ago(8), activities=14, participants=1180)
    returned = _report(named(GROUP), "rongchang.admin", last, clock.ago(30), activities=3, participants=90)
    officer = actor("cq.officer", clock.ago(26))
    answer = AnswerInput(accept=False, answer="活动次数与台账不符，请核对后重新报送。（演示）")
    reports.decide(report=returned, version=1, data=answer, by=officer, at=clock.ago(26))


def _report(
    alliance: Alliance, login: str, year: int, at: datetime, *, activities: int, participants: int
) -> YearlyReport:
    data = YearlyReportInput(
        year=year, activities=activities, participants=participants, plans="（演示文本）继续扩大课程共享。",
        summary=f"（演示文本）{year}年组织各类活动{activities}次，参与{participants}人次。",
    )  # fmt: skip
    return reports.file(alliance=alliance, data=data, by=actor(login, at), at=at)


def _agreements(clock: Clock) -> int:
    """Agreements in every state: with two versions, expiring soon, expired, ended and in draft."""
    two = _signed("课程互选与学分互认协议（演示）", "课程", (CQU, SCU), clock, years=3, left=500, alliance=COURSES)
    changed = _input(
        "课程互选与学分互认协议（演示）", "课程和在线教学平台", (CQU, SCU), clock.day(-595), clock.day(500), COURSES
    )
    administrator = actor("cqu.admin", clock.ago(90))
    two = agreements.edit(agreement=two, data=changed, version=two.version, by=administrator, at=clock.ago(90))
    agreements.approve(agreement=two, version=two.version, by=actor("cq.officer", clock.ago(88)), at=clock.ago(88))
    _signed("实训基地共享协议（演示）", "实训基地", (CQCET, "4151012064"), clock, years=3, left=20)
    _signed("教师互派协议（演示）", "教师岗位", (SWU, "4151010636"), clock, years=3, left=-45)
    ended = _signed("图书馆通借通还协议（演示）", "图书馆", (CQU, "4151010613"), clock, years=2, left=200)
    agreements.end(
        agreement=ended,
        reason="（演示）双方已加入统一的通借平台。",
        by=actor("cq.officer", clock.ago(30)),
        at=clock.ago(30),
    )
    draft = _input("联合培养研究生协议（演示）", "导师和实验条件", (SCU, CQU), None, clock.day(1100), "")
    agreements.draft(data=draft, by=actor("scu.admin", clock.ago(6)), at=clock.ago(6), source="演示数据", invented=True)
    return 5


def _signed(
    title: str, thing: str, parties: tuple[str, ...], clock: Clock, *, years: int, left: int, alliance: str = ""
) -> Agreement:
    """An agreement for `years` that has `left` days to run."""
    signed, expires = clock.day(left - 365 * years), clock.day(left)
    data = _input(title, thing, parties, signed, expires, alliance)
    officer = actor("cq.officer", clock.ago(370))
    agreement = agreements.draft(data=data, by=officer, at=clock.ago(370), source="演示数据", invented=True)
    agreements.approve(agreement=agreement, version=agreement.version, by=officer, at=clock.ago(369))
    agreement.refresh_from_db()
    return agreement


def _input(
    title: str, thing: str, parties: tuple[str, ...], signed: date | None, expires: date, alliance: str
) -> AgreementInput:
    return read_input(AgreementInput, {
        "title": title, "field": "higher", "action_plan": 8, "parties": parties, "alliance": alliance,
        "signed": signed, "expires": expires, "text": TEXT.format(thing=thing),
    })  # fmt: skip
