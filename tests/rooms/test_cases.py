"""Cases: opened here or there, moved on by whose turn it is, by a clock in working days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shuangcheng.cases.actions import cases, reminders
from shuangcheng.cases.actions.cases import Paper
from shuangcheng.cases.inputs import OpenInput, StepInput
from shuangcheng.cases.models import Case
from shuangcheng.core import calendar
from shuangcheng.core.letter import Letter
from shuangcheng.core.outcome import Refused
from shuangcheng.core.wire import base64url, seconds, sha256
from shuangcheng.desk.models import Attachment, Notice
from shuangcheng.directory.models.base import uuid7
from shuangcheng.exchange import outbox
from shuangcheng.exchange.handlers import Later
from shuangcheng.exchange.models import Outgoing, Peer
from tests.partner import Partner
from tests.world import SYSTEM, World

NUMBER = "999999201509011232"
NOTE = Paper("notice", "请补充户口簿复印件。")
REASONS = Paper("reasons", "经核对，原记录无误。")


def number_for(world: World) -> str:
    from shuangcheng.core.identifiers import Sex, invented_id_number

    return str(invented_id_number(birth=timezone.localdate() - timedelta(days=4000), sex=Sex.MALE, serial=7))


def opening(holder: str = "sc", **changes: str) -> OpenInput:
    values = {
        "title": "学籍状态有误", "holder": holder, "register_name": "student_status", "person": "王小明",
        "told": "状态应为在读，登记成了已毕业。", "wanted": "在读",
    }  # fmt: skip
    return OpenInput.model_validate(values | changes)


def deliver() -> None:
    for row in Outgoing.objects.filter(state="waiting"):
        outbox.deliver(row.pk, at=timezone.localtime())


def act(case: Case, way: str, world: World, *papers: Paper) -> Case:
    case.refresh_from_db()
    return cases.step(case=case, data=StepInput(way=way), version=case.version, by=world.cq_officer.actor,
                      at=timezone.localtime(), papers=papers)  # fmt: skip


def opened_here(world: World, **changes: str) -> Case:
    return cases.open_case(data=opening(**changes), by=world.cq_officer.actor, at=timezone.localtime(),
                           papers=[Paper("evidence", name="证明.txt", content="在读证明".encode())])  # fmt: skip


def told_by(partner: Partner, case: Case, number: int, way: str, **more: object) -> Letter:
    says = {
        "case": str(case.pk), "procedure": "correction", "number": number, "way": way, "by": "川方经办",
        "at": seconds(timezone.now()), **more,
    }  # fmt: skip
    return partner.ask("case_step.v1", says)


def paper(document: str, text: str) -> dict[str, str]:
    return {"document": document, "text": text}


def opened_there(partner: Partner, **changes: object) -> Letter:
    content = "在读证明".encode()
    says = {
        "case": str(uuid7()), "number": "sc-2026-00001", "procedure": "correction", "asker": "sc", "holder": "cq",
        "title": "毕业学校有误", "register_name": "graduate_employment", "person": "李某", "told": "学校名称写错。",
        "by": "川方经办", "opened": seconds(timezone.now()),
        "papers": [{"document": "evidence", "name": "证明.txt", "sha256": sha256(content),
                    "content": base64url(content)}],
        **changes,
    }  # fmt: skip
    return partner.ask("case_open.v1", says)


def test_a_case_goes_to_the_other_side_with_its_papers(world: World, peer: Peer, partner: Partner) -> None:
    case = opened_here(world)
    deliver()
    [letter] = partner.received
    assert letter.envelope.type == "case_open.v1"
    assert letter.envelope.sealed_body is not None
    assert letter.says["told"] == case.told
    assert letter.says["papers"][0]["name"] == "证明.txt"
    assert (case.number, case.step, case.turn) == (f"cq-{timezone.localdate().year}-00001", "raised", "holder")
    assert case.due == calendar.add(timezone.localdate(), 2)


def test_a_number_is_sealed_and_travels_only_inside(world: World, peer: Peer, partner: Partner) -> None:
    number = number_for(world)
    case = opened_here(world, person_number=number)
    row = Outgoing.objects.get()
    assert number.encode() not in bytes(row.content or b"")
    assert number not in str(row.outside)
    assert case.masked.endswith(number[-4:])
    assert "*" in case.masked
    assert cases.reveal_number(case=case, by=world.cq_officer.actor, at=timezone.localtime()) == number
    deliver()
    assert partner.received[0].says["person_number"] == number


def test_the_whole_way_to_a_correction(world: World, peer: Peer, partner: Partner) -> None:
    case = opened_here(world)
    deliver()
    told_by(partner, case, 1, "accept")
    told_by(partner, case, 2, "extend")
    case.refresh_from_db()
    assert case.extended
    told_by(partner, case, 3, "correct", papers=[paper("corrected_record", "已改为在读。")])
    case.refresh_from_db()
    assert (case.step, case.turn) == ("confirming", "asker")
    act(case, "confirm", world)
    case.refresh_from_db()
    assert case.closed_at is not None
    deliver()
    assert [letter.says["number"] for letter in partner.received[1:]] == [2], "the asker's second step"
    assert [step.way for step in case.history.all()] == ["open", "accept", "extend", "correct", "confirm"]


def test_a_case_that_the_other_side_opens(world: World, peer: Peer, partner: Partner) -> None:
    opened_there(partner)
    case = Case.objects.get()
    assert (case.asker, case.holder, case.opened_by) == ("sc", "cq", None)
    assert Attachment.objects.get().name == "证明.txt"
    notice = Notice.objects.get(person=world.cq_officer.actor.person_id)
    assert "毕业学校有误" in str(notice.told)
    with pytest.raises(Refused, match="缺少材料"):
        act(case, "ask_more", world)
    act(case, "ask_more", world, NOTE)
    deliver()
    assert partner.received[-1].says["papers"] == [paper("notice", NOTE.text)]
    with pytest.raises(Refused, match="权限"):
        act(case, "complete", world)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"asker": "cq"}, "parties"),
        ({"holder": "sc"}, "parties"),
        ({"procedure": "transfer"}, "procedure"),
        ({"number": "cq-2026-00001"}, "number"),
        ({"opened": seconds(timezone.now() + timedelta(days=3))}, "future"),
    ],
)
def test_what_cannot_be_opened(
    world: World, peer: Peer, partner: Partner, changes: dict[str, object], code: str
) -> None:
    answer = opened_there(partner, **changes)
    assert answer.says["reasons"][0]["code"] == code
    assert not Case.objects.exists()


def test_steps_are_taken_once_and_in_order(world: World, peer: Peer, partner: Partner) -> None:
    case = opened_here(world)
    deliver()
    with pytest.raises(Later):
        told_by(partner, case, 2, "accept")
    told_by(partner, case, 1, "accept")
    assert told_by(partner, case, 1, "accept").says["reasons"][0]["code"] == "step_taken"
    assert told_by(partner, case, 2, "confirm").says["reasons"][0]["code"] == "no_such_way"
    case.refresh_from_db()
    assert (case.step, case.history.count()) == ("verifying", 2)


def test_a_step_of_a_case_that_is_not_there_yet_waits(world: World, peer: Peer, partner: Partner) -> None:
    ghost = Case(id=uuid7())
    with pytest.raises(Later):
        told_by(partner, ghost, 1, "accept")


def test_a_consultation_ends_when_both_choose_the_same(world: World, peer: Peer, partner: Partner) -> None:
    case = opened_here(world)
    deliver()
    told_by(partner, case, 1, "decline", papers=[paper("reasons", "材料不符。")])
    act(case, "dispute", world, Paper("reasons", "我方有证明。"))
    case.refresh_from_db()
    assert case.step == "consultation"
    act(case, "uphold", world, Paper("minutes", "双方会商纪要。"))
    case.refresh_from_db()
    assert case.step == "consultation", "a proposal only"
    told_by(partner, case, 2, "correct", papers=[paper("minutes", "纪要"), paper("corrected_record", "已改")])
    case.refresh_from_db()
    assert case.step == "consultation", "not the same"
    told_by(partner, case, 3, "uphold")
    case.refresh_from_db()
    assert (case.step, case.closed_at is None) == ("upheld", False)


def test_a_refused_letter_is_told_on_the_case(world: World, peer: Peer, partner: Partner) -> None:
    says = {"standing": "refused", "reasons": [{"code": "no", "message": "不办理"}]}
    partner.answer = lambda partner, raw: partner.reply(partner.open(raw), "receipt.v1", says, status=422)
    case = opened_here(world)
    deliver()
    case.refresh_from_db()
    assert case.trouble == "不办理"


def test_a_case_with_one_self_needs_no_letter(world: World, db: None) -> None:
    case = opened_here(world, holder="cq")
    assert not Outgoing.objects.exists()
    act(case, "accept", world)
    act(case, "uphold", world, REASONS)
    case.refresh_from_db()
    assert case.step == "contested"


def test_somebody_without_an_office_opens_for_himself_only(world: World, peer: Peer) -> None:
    with pytest.raises(Refused, match="只能就本人"):
        cases.open_case(data=opening(), by=world.learner.actor,
                        at=timezone.localtime())  # fmt: skip
    assert not Case.objects.exists()


def test_two_officers_do_not_take_the_same_step(world: World, peer: Peer, partner: Partner) -> None:
    opened_there(partner)
    case = Case.objects.get()
    seen = case.version
    for expected in (None, Refused):
        data = StepInput(way="accept")
        if expected is None:
            cases.step(case=case, data=data, version=seen, by=world.cq_officer.actor, at=timezone.localtime())
        else:
            with pytest.raises(Refused):
                cases.step(case=case, data=data, version=seen, by=world.cq_officer.actor, at=timezone.localtime())
    assert case.history.count() == 2


def test_officers_are_reminded_on_the_days_that_matter(world: World, peer: Peer, partner: Partner) -> None:
    opened_there(partner)
    Notice.objects.all().delete()
    at = timezone.localtime()
    assert reminders.remind(by=SYSTEM, at=at) == 1
    due = Case.objects.get().due
    assert due is not None
    late = at.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=1)
    while not calendar.is_working_day(late.date()):
        late += timedelta(days=1)
    assert reminders.remind(by=SYSTEM, at=late) == 1
    assert "逾期" in str(Notice.objects.first().told)  # type: ignore[union-attr]


def test_a_provisional_deadline_is_counted_anew(world: World, peer: Peer, partner: Partner) -> None:
    opened_there(partner)
    Case.objects.update(provisional=True, due=timezone.localdate() + timedelta(days=90))
    assert cases.recompute(by=SYSTEM, at=timezone.localtime()) == 1
    case = Case.objects.get()
    assert (case.due, case.provisional) == (calendar.add(timezone.localdate(), 2), False)
