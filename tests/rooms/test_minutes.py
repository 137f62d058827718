"""Minutes: resolutions that become items, and the confirmation by both sides."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from shuangcheng.core.official import Paper, counted, word
from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.desk.models import Notice
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import minutes, sessions
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.sessions import AttendanceInput, DigestInput, MinutesInput, ResolutionInput
from shuangcheng.plan.minutes import confirmations, content, digest_of, paper, template
from shuangcheng.plan.models import Body, Item, MinutesConfirmation, Plan, PlanVersion, Resolution, Session
from tests.rooms.checks import newest, refused
from tests.rooms.meetings import (
    LEADS,
    confirm,
    held_session,
    make_body,
    make_item,
    make_plan,
    make_session,
    resolve,
    written,
)
from tests.world import AT, SYSTEM, World

REASON = ReasonInput(reason="登记有误")


@pytest.fixture
def body(world: World) -> Body:
    return make_body()


@pytest.fixture
def session(world: World, body: Body) -> Session:
    return held_session(body)


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "learner", "node_admin"])
def test_only_officers_write_resolve_and_confirm(world: World, session: Session, who: str):
    by = getattr(world, who).actor
    row = resolve(session, SYSTEM)
    for act in (
        lambda: minutes.write(session=session, data=MinutesInput(text="一" * 20), by=by, at=AT),
        lambda: resolve(session, by),
        lambda: minutes.withdraw(resolution=row, data=REASON, by=by, at=AT),
        lambda: minutes.confirm(session=session, data=DigestInput(digest="0" * 64), by=by, at=AT),
        lambda: minutes.reopen(session=session, data=REASON, by=by, at=AT),
    ):
        with refused("no_right", why=Why.FORBIDDEN):
            act()


def test_nothing_is_recorded_before_the_session(world: World, body: Body):
    ahead = make_session(body)
    with refused("not_held", why=Why.CONFLICT):
        written(ahead, world.cq_officer.actor)
    with refused("not_held", why=Why.CONFLICT):
        resolve(ahead, world.cq_officer.actor)


def test_a_resolution_becomes_an_item_of_a_plan_made_on_first_use(world: World, session: Session):
    row = resolve(session, world.cq_officer.actor)
    plan = Plan.objects.get()
    assert (plan.name, plan.first_year, plan.last_year) == ("示例教育联席会议议定事项", 2027, 2027)
    assert Body.objects.get().plan == plan
    item = Item.objects.get()
    assert row.item == item
    assert (item.number, item.title, item.text, item.due, item.starts) == (
        "1.1", "共建一个产教联合体", "共建一个产教联合体。年底前挂牌。", date(2027, 3, 31), AT.date(),
    )  # fmt: skip
    assert (item.lead_cq, item.lead_sc) == (world.cq_bureau, world.sc_department)
    assert row.agenda is not None
    verbs = list(AuditLine.objects.order_by("-id").values_list("verb", flat=True)[:3])
    assert verbs == ["session.resolve", "item.create", "plan.create"]
    second = resolve(session, world.sc_officer.actor, due="2028-01-01")
    assert (second.number, second.item.number, Plan.objects.get().last_year) == (2, "1.2", 2028)  # type: ignore[union-attr]


def test_a_number_that_the_plan_has_is_not_used_again(world: World):
    plan = make_plan()
    make_item(plan, "1.1")
    make_item(plan, "1.1-2")
    own = held_session(make_body(name="甲乙联席会议", plan="示例清单"))
    assert resolve(own, SYSTEM).item.number == "1.1-3"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"lead_cq": "", "lead_sc": ""}, ["lead_missing", "lead_missing"]),
        ({"due": ""}, ["due_missing"]),
        ({"due": "2026-01-01"}, ["due_before"]),
        ({"agenda": "7"}, ["not_on_agenda"]),
        ({"lead_sc": "没有的单位"}, ["not_found"]),
    ],
)
def test_a_resolution_that_cannot_be(world: World, session: Session, changes: dict[str, str], codes: list[str]):
    with pytest.raises(Refused) as caught:
        resolve(session, world.cq_officer.actor, **changes)
    assert [objection.code for objection in caught.value.objections] == codes
    assert not Item.objects.exists()
    assert not Plan.objects.exists(), "no plan without a resolution"


def test_a_side_s_own_body_needs_its_own_lead_and_confirmation_only(world: World):
    own = held_session(make_body(name="本市联席会议", side="cq"))
    resolve(own, world.cq_officer.actor, lead_sc="")
    written(own, world.cq_officer.actor)
    confirm(own, world.cq_officer.actor)
    assert Session.objects.get().state == "confirmed"


def test_amending_and_withdrawing_take_the_item_along(world: World, session: Session):
    row = resolve(session, SYSTEM)
    Item.objects.update(office_cq="职成处")
    data = read(ResolutionInput, {"text": "共建两个产教联合体。"} | LEADS | {"due": "2027-06-30"})
    minutes.amend(resolution=row, data=data, by=world.sc_officer.actor, at=AT)
    item = Item.objects.get()
    assert (item.title, item.due, item.office_cq) == ("共建两个产教联合体", date(2027, 6, 30), "职成处")
    minutes.withdraw(resolution=row, data=REASON, by=world.sc_officer.actor, at=AT)
    assert not Item.objects.exists()
    assert not Resolution.objects.exists()


def test_a_resolution_whose_item_is_used_is_not_withdrawn(world: World, session: Session):
    row = resolve(session, SYSTEM)
    PlanVersion.objects.create(plan=Plan.objects.get(), number=1, snapshot={}, digest="0" * 64, approved_at=AT)
    with refused("item.used", why=Why.CONFLICT):
        minutes.withdraw(resolution=row, data=REASON, by=world.sc_officer.actor, at=AT)
    assert Resolution.objects.exists()


def test_the_first_draft_says_what_is_known(world: World, session: Session):
    resolve(session, SYSTEM)
    session.agenda.update(detail="有分歧：两地口径不一", outcome="原则同意")
    text = template(session)
    known = ("示例教育联席会议第一次会议", "2026年11月20日，重庆市渝中区", "四川省教育厅（分管负责人）")
    for part in (*known, "（一）审议年度工作要点", "会议议定 1 项事项"):
        assert part in text, part
    assert "原则同意。" in text
    assert "口径不一" not in text, "the discussion of an item is not public, confirmed minutes are"


def test_both_sides_confirm_what_they_have_seen(world: World, session: Session):
    resolve(session, SYSTEM)
    with refused("no_minutes", why=Why.CONFLICT):
        confirm(session, world.cq_officer.actor)
    written(session, world.cq_officer.actor)
    with refused("minutes.changed", why=Why.CONFLICT, where="digest"):
        minutes.confirm(session=session, data=DigestInput(digest="0" * 64), by=world.sc_officer.actor, at=AT)
    with refused("no_side", why=Why.FORBIDDEN):
        confirm(session, SYSTEM)
    confirm(session, world.cq_officer.actor)
    assert Session.objects.get().state == "minutes"
    assert Notice.objects.get().person_id == world.sc_officer.account.person_id, "it is the other side's turn"
    confirm(session, world.sc_officer.actor)
    row = Session.objects.get()
    assert row.state == "confirmed"
    assert {line.digest for line in MinutesConfirmation.objects.all()} == {digest_of(row.snapshot)}
    assert newest().verb == "notice.tell"
    assert Notice.objects.filter(person=world.staff.account.person).exists()


def test_confirmed_minutes_stay_when_a_member_is_renamed(world: World, session: Session):
    written(session, world.cq_officer.actor)
    for who in (world.cq_officer, world.sc_officer):
        confirm(session, who.actor)
    before = digest_of(content(Session.objects.get()))
    world.cqu.name = "重庆新大学"
    world.cqu.save()
    assert digest_of(content(Session.objects.get())) == before


@pytest.mark.parametrize("what", ["minutes", "resolution", "attendance"])
def test_a_change_makes_an_earlier_confirmation_void(world: World, session: Session, what: str):
    officer = world.sc_officer.actor
    written(session, officer)
    confirm(session, world.cq_officer.actor)
    Notice.objects.all().delete()
    if what == "minutes":
        minutes.write(session=session, data=MinutesInput(text="会议作出了新的安排，另行印发。"), by=officer, at=AT)
    elif what == "resolution":
        resolve(session, officer)
    else:
        lines = read(AttendanceInput, {"lines": [{"organisation": "重庆大学"}]})
        sessions.attend(session=session, data=lines, by=officer, at=AT)
    assert Notice.objects.get().person_id == world.cq_officer.account.person_id, "that side is told"
    confirm(session, officer)
    row = Session.objects.get()
    assert row.state == "minutes", "the other side's confirmation was of other minutes"
    states = {side: holds for side, (_row, holds) in confirmations(row, digest_of(content(row))).items()}
    assert states == {"cq": False, "sc": True}
    confirm(session, world.cq_officer.actor)
    assert Session.objects.get().state == "confirmed"


def test_the_same_minutes_written_again_stay_confirmed(world: World, session: Session):
    written(session, world.sc_officer.actor)
    confirm(session, world.cq_officer.actor)
    written(session, world.sc_officer.actor)
    confirm(session, world.sc_officer.actor)
    assert Session.objects.get().state == "confirmed"


def test_confirmed_minutes_change_only_after_they_were_sent_back(world: World, session: Session):
    row = resolve(session, SYSTEM)
    written(session, world.cq_officer.actor)
    with refused("not_confirmed", why=Why.CONFLICT):
        minutes.reopen(session=session, data=REASON, by=world.cq_officer.actor, at=AT)
    for who in (world.cq_officer, world.sc_officer):
        confirm(session, who.actor)
    with refused("minutes.confirmed", why=Why.CONFLICT):
        written(session, world.cq_officer.actor)
    with refused("minutes.confirmed", why=Why.CONFLICT):
        minutes.withdraw(resolution=row, data=REASON, by=world.cq_officer.actor, at=AT)
    minutes.reopen(session=session, data=REASON, by=world.sc_officer.actor, at=AT)
    assert not MinutesConfirmation.objects.exists()
    written(session, world.cq_officer.actor)


def test_of_two_officers_the_second_is_told(world: World, session: Session):
    session.refresh_from_db()
    data = MinutesInput(text="会议听取了年度工作情况。")
    minutes.write(session=session, data=data, by=world.cq_officer.actor, at=AT, seen=session.version)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        minutes.write(session=session, data=data, by=world.sc_officer.actor, at=AT, seen=session.version)


def test_the_minutes_as_word(world: World, session: Session):
    resolve(session, SYSTEM)
    session = written(session, world.cq_officer.actor)
    confirm(session, world.cq_officer.actor)
    document = Document(BytesIO(word(paper(Session.objects.get()))))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "示例教育联席会议第一次会议纪要"
    assert "一、会议名称" in lines
    assert "重庆：2026年11月20日确认" in lines
    assert "四川：未确认" in lines
    assert lines[-1].endswith(digest_of(content(Session.objects.get())))
    attendance, resolutions = document.tables
    assert [cell.text for cell in resolutions.rows[1].cells] == [
        "1", "共建一个产教联合体。年底前挂牌。", "重庆市教育委员会", "四川省教育厅", "2027年3月31日",
    ]  # fmt: skip
    assert len(attendance.rows) == 4


def test_an_official_paper_names_chinese_faces() -> None:
    paper = Paper("示例纪要", "一、总体情况\n（一）进展\n正文。")
    document = Document(BytesIO(word(paper)))
    faces = [
        run._element.rPr.rFonts.get(qn("w:eastAsia")) for paragraph in document.paragraphs for run in paragraph.runs
    ]
    assert faces == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert [counted(number) for number in (5, 10, 12, 20, 21, 99, 100)] == [
        "五", "十", "十二", "二十", "二十一", "九十九", "100",
    ]  # fmt: skip
