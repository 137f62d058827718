"""Progress filing: periods, saving, filing, returning, accepting, reminding."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import LazySettings

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.core.schema import read
from shuangcheng.desk import attachments
from shuangcheng.desk.models import Notice
from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import decisions, evidence, filings, periods, progress
from shuangcheng.plan.inputs.filings import PeriodFactsInput, PeriodInput, ReturnedInput
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.models import Filing, Item, Observation, Period, Progress
from tests.rooms.checks import newest, refused
from tests.rooms.filings import PERIOD, Asked, build, content, filed
from tests.world import AT, CHINA, SYSTEM, World

COMMENT = ReturnedInput(answer="请补充数据来源")


@pytest.fixture
def asked(world: World, settings: LazySettings, tmp_path: object) -> Asked:
    settings.MEDIA_ROOT = tmp_path
    return build()


def now(filing: Filing) -> Filing:
    return Filing.objects.get(pk=filing.pk)


def facts(**changes: object) -> PeriodFactsInput:
    kept = {name: value for name, value in PERIOD.items() if name not in ("plan", "side")}
    return read(PeriodFactsInput, kept | changes)


def day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), AT.time(), CHINA)


# Periods


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "node_admin", "auditor", "learner"])
def test_only_officers_open_change_and_close(world: World, asked: Asked, who: str):
    by = getattr(world, who).actor
    with refused("no_right", why=Why.FORBIDDEN):
        periods.begin(data=read(PeriodInput, PERIOD | {"title": "另一期"}), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        periods.edit(period=asked.period, data=facts(), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        periods.close(period=asked.period, by=by, at=AT)


def test_the_other_sides_period_is_left_alone(world: World, asked: Asked):
    data = read(PeriodInput, PERIOD | {"title": "重庆一期", "side": "cq"})
    with refused("no_right", why=Why.FORBIDDEN):
        periods.begin(data=data, by=world.sc_officer.actor, at=AT)
    period = periods.begin(data=data, by=world.cq_officer.actor, at=AT)
    assert sorted(str(filing) for filing in period.filings.all()) == ["西南大学", "重庆大学"]
    with refused("no_right", why=Why.FORBIDDEN):
        periods.close(period=period, by=world.sc_officer.actor, at=AT)


def test_whoever_is_named_on_open_items_is_asked(asked: Asked):
    names = {str(filing) for filing in asked.period.filings.all()}
    assert names == {"重庆大学", "西南大学", "四川大学", "四川省教育厅"}, "not 西南财经大学, whose item is done"


def test_those_asked_are_told(world: World, asked: Asked):
    notice = Notice.objects.get(person=world.cqu_admin.actor.person_id)
    assert notice.address.endswith(f"{asked.cqu.pk}/")
    assert Notice.objects.filter(person=world.sc_officer.actor.person_id).exists(), "an authority files too"
    assert not Notice.objects.filter(person=world.outsider.actor.person_id).exists()


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"covers_to": "2026-06-30"}, "dates_reversed", "covers_to"),
        ({"due": "2020-01-01"}, "past", "due"),
        ({"title": "下半年推进情况"}, "title_taken", "title"),
        ({"plan": "没有的清单"}, "not_found", "plan"),
    ],
)
def test_a_period_that_cannot_be(world: World, asked: Asked, changes: dict[str, object], code: str, where: str):
    data = read(PeriodInput, PERIOD | {"title": "另一期"} | changes)
    with refused(code, where=where):
        periods.begin(data=data, by=world.cq_officer.actor, at=AT)


def test_nobody_to_ask_is_no_period(world: World, asked: Asked):
    Item.objects.update(told="done", percent=100)
    with refused("nobody", where="plan"):
        periods.begin(data=read(PeriodInput, PERIOD | {"title": "另一期"}), by=world.cq_officer.actor, at=AT)
    assert Period.objects.count() == 1


def test_a_change_asks_whoever_is_named_by_now_and_opens_again(world: World, asked: Asked):
    periods.close(period=asked.period, by=world.cq_officer.actor, at=AT)
    with refused("period.closed", why=Why.CONFLICT):
        periods.close(period=asked.period, by=world.cq_officer.actor, at=AT)
    asked.other.partners.add(world.swufe)
    period = periods.edit(period=asked.period, data=facts(title="全年"), by=world.sc_officer.actor, at=AT)
    assert (period.state, period.filings.count()) == ("open", 5)
    assert newest().changes["filings"] == [0, 1]


def test_two_officers_change_one_period(world: World, asked: Asked):
    periods.edit(period=asked.period, data=facts(title="全年"), by=world.cq_officer.actor, at=AT, seen=1)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        periods.edit(period=asked.period, data=facts(title="半年"), by=world.sc_officer.actor, at=AT, seen=1)


# Saving and filing


@pytest.mark.parametrize("who", ["outsider", "scu_admin", "sc_officer", "learner", "node_admin", "teacher"])
def test_nobody_else_writes_or_files(world: World, asked: Asked, who: str):
    by = getattr(world, who).actor
    with refused("no_right", why=Why.FORBIDDEN):
        filings.save(filing=asked.cqu, data=content(asked.line()), by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        filings.file(filing=asked.cqu, by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        filings.attach(filing=asked.cqu, item="1", name="a.txt", data=b"words", by=by, at=AT)


def test_a_draft_is_kept_half_done_and_counts_nothing(world: World, asked: Asked):
    by = world.staff.actor
    filing = filings.save(filing=asked.cqu, data=content({"item": "1", "text": "写了一半"}), by=by, at=AT)
    assert (filing.state, filing.saved_by, filing.version) == ("draft", by.name, 2)
    line = filing.lines.get()
    assert (line.text, line.counts, line.told) == ("写了一半", False, "not_started")
    assert newest().verb == "filing.save"
    asked.led.refresh_from_db()
    assert (asked.led.percent, asked.led.told) == (0, "not_started")


def test_saving_the_same_again_is_no_change_and_typing_on_no_line(world: World, asked: Asked):
    by = world.staff.actor
    filings.save(filing=asked.cqu, data=content(asked.line()), by=by, at=AT)
    lines = AuditLine.objects.count()
    assert filings.save(filing=asked.cqu, data=content(asked.line()), by=by, at=AT).version == 2
    assert filings.save(filing=asked.cqu, data=content(asked.line(text="又写")), by=by, at=AT).version == 3
    assert AuditLine.objects.count() == lines
    filings.save(filing=asked.cqu, data=content(asked.line(text="接着写")), by=world.cqu_admin.actor, at=AT)
    assert newest().actor_name == world.cqu_admin.actor.name


def test_what_is_not_said_makes_no_line(world: World, asked: Asked):
    untouched = {"item": "1", "told": "not_started", "percent": 0}
    filing = filings.save(filing=asked.cqu, data=content(untouched, summary=""), by=world.staff.actor, at=AT)
    assert (filing.state, filing.lines.count()) == ("due", 0)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"item": "2", "text": "别人的事项"}, "item_unknown"),
        ({"item": "9", "text": "没有的事项"}, "item_unknown"),
        ({"item": "1", "figures": {"01900000-0000-7000-8000-000000000000": "3"}}, "target_unknown"),
    ],
)
def test_what_is_no_matter_of_the_organisation(world: World, asked: Asked, line: dict[str, object], code: str):
    with refused(code):
        filings.save(filing=asked.cqu, data=content(line), by=world.staff.actor, at=AT)
    assert not Progress.objects.exists()


def test_two_write_in_one_filing(world: World, asked: Asked):
    filings.save(filing=asked.cqu, data=content(asked.line()), by=world.staff.actor, at=AT, seen=1)
    with refused("changed_meanwhile", why=Why.CONFLICT):
        filings.save(filing=asked.cqu, data=content(asked.line(text="乙")), by=world.cqu_admin.actor, at=AT, seen=1)


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"text": "", "reason": "说了原因"}, "text_missing", "1.text"),
        ({"told": "done"}, "not_whole", "1.percent"),
        ({"told": "blocked"}, "reason_missing", "1.reason"),
    ],
)
def test_what_cannot_be_filed(world: World, asked: Asked, changes: dict[str, object], code: str, where: str):
    filings.save(filing=asked.cqu, data=content(asked.line(**changes)), by=world.staff.actor, at=AT)
    with refused(code, where=where):
        filings.file(filing=asked.cqu, by=world.staff.actor, at=AT)
    assert now(asked.cqu).state == "draft"


def test_an_item_left_out_is_told_by_number(world: World, asked: Asked):
    with pytest.raises(Refused) as caught:
        filings.file(filing=asked.cqu, by=world.staff.actor, at=AT)
    assert str(caught.value).startswith("1　还没有填写进展情况")


def test_filed_once_told_to_the_own_officers_and_shut(world: World, asked: Asked):
    by = world.cqu_admin.actor
    filings.save(filing=asked.cqu, data=content(asked.line()), by=by, at=AT)
    filing = filings.file(filing=asked.cqu, by=by, at=AT)
    assert (filing.state, filing.filed_by, filing.lines.get().on) == ("filed", by.name, AT.date())
    told = Notice.objects.filter(message__text=filings.FILED).values_list("person", flat=True)
    assert list(told) == [world.cq_officer.actor.person_id]
    for act in (
        lambda: filings.file(filing=asked.cqu, by=by, at=AT),
        lambda: filings.save(filing=asked.cqu, data=content(asked.line(text="改")), by=by, at=AT),
        lambda: filings.attach(filing=asked.cqu, item="1", name="a.txt", data=b"words", by=by, at=AT),
    ):
        with refused("filing.shut", why=Why.CONFLICT):
            act()


def test_nothing_is_filed_after_closing(world: World, asked: Asked):
    filings.save(filing=asked.cqu, data=content(asked.line()), by=world.staff.actor, at=AT)
    periods.close(period=asked.period, by=world.cq_officer.actor, at=AT)
    with refused("period.closed", why=Why.CONFLICT):
        filings.file(filing=asked.cqu, by=world.staff.actor, at=AT)
    with refused("period.closed", why=Why.CONFLICT):
        filings.save(filing=asked.cqu, data=content(asked.line(text="改")), by=world.staff.actor, at=AT)


def test_evidence_begins_the_line_and_stays_once_filed(world: World, asked: Asked):
    by = world.staff.actor
    file = filings.attach(filing=asked.cqu, item=str(asked.led.pk), name="说明.txt", data="证明".encode(), by=by, at=AT)
    line = now(asked.cqu).lines.get()
    assert [row.pk for row in attachments.of("progress", line)] == [file.pk]
    assert now(asked.cqu).state == "draft"
    with refused("no_right"):
        evidence.remove(attachment=file, subject=line, by=world.outsider.actor, at=AT)
    filings.save(filing=asked.cqu, data=content(asked.line()), by=by, at=AT)
    filings.file(filing=asked.cqu, by=by, at=AT)
    with refused("filing.shut"):
        evidence.remove(attachment=file, subject=line, by=by, at=AT)


# Deciding


@pytest.mark.parametrize("who", ["cqu_admin", "outsider", "sc_officer", "node_admin", "learner"])
def test_nobody_else_decides_or_reminds(world: World, asked: Asked, who: str):
    filing = filed(asked.cqu, asked.line())
    by = getattr(world, who).actor
    with refused("no_right", why=Why.FORBIDDEN):
        decisions.accept(filings=[filing], by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        decisions.send_back(filing=filing, data=COMMENT, by=by, at=AT)
    with refused("no_right", why=Why.FORBIDDEN):
        decisions.remind(filings=[asked.swu], by=by, at=AT)


def test_what_is_accepted_counts(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line(money_spent="12.5"))
    [accepted] = decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT)
    asked.led.refresh_from_db()
    asked.target.refresh_from_db()
    assert (asked.led.told, asked.led.percent, asked.led.money_spent) == ("on_track", 60, Decimal("12.5"))
    assert (asked.target.observed, accepted.lines.get().counts) == (8, True)
    assert Notice.objects.filter(message__text=decisions.ACCEPTED, person=world.cqu_admin.actor.person_id).exists()


def test_the_second_of_two_officers_is_told(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT)
    with refused("filing.state", why=Why.CONFLICT):
        decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT)


def test_a_filing_that_was_filed_anew_is_not_accepted_unseen(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    decisions.send_back(filing=filing, data=COMMENT, by=world.cq_officer.actor, at=AT)
    filed(asked.cqu, asked.line(percent=70))
    with refused("changed_meanwhile", why=Why.CONFLICT):
        decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT, seen={filing.pk: filing.version})


def test_several_are_accepted_all_or_none_and_the_lead_has_the_last_word(world: World, asked: Asked):
    rows = [filed(asked.cqu, asked.line()), filed(asked.swu, asked.line(percent=20, figures={}))]
    with refused("filing.state"):
        decisions.accept(filings=[*rows, asked.scu], by=SYSTEM, at=AT)
    assert now(asked.cqu).state == "filed"
    decisions.accept(filings=rows, by=world.cq_officer.actor, at=AT)
    asked.led.refresh_from_db()
    assert asked.led.percent == 60
    with refused("nothing"):
        decisions.accept(filings=[], by=world.cq_officer.actor, at=AT)


def test_returned_with_a_comment_and_filed_again(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    filing = decisions.send_back(filing=filing, data=COMMENT, by=world.cq_officer.actor, at=AT)
    assert (filing.state, filing.answer) == ("returned", "请补充数据来源")
    filing = filed(filing, asked.line(text="已补充。"))
    assert [event["what"] for event in filing.history] == ["filed", "returned", "filed"]
    assert [event["lines"][0]["text"] for event in filing.history if event["what"] == "filed"] == [
        "已组建八个。", "已补充。",
    ]  # fmt: skip
    assert filing.history[0]["lines"][0]["figures"] == {"联合体": "8"}


def test_what_was_accepted_can_be_returned_and_counts_no_more(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT)
    with refused("progress.filed"):
        progress.withdraw(progress=filing.lines.get(), data=ReasonInput(reason="错"), by=SYSTEM, at=AT)
    decisions.send_back(filing=filing, data=COMMENT, by=world.cq_officer.actor, at=AT)
    asked.led.refresh_from_db()
    asked.target.refresh_from_db()
    assert (asked.led.told, asked.led.percent, asked.target.observed) == ("not_started", 0, None)
    assert not Observation.objects.exists()


def test_closed_what_was_filed_is_accepted_but_not_returned(world: World, asked: Asked):
    filing = filed(asked.cqu, asked.line())
    periods.close(period=asked.period, by=world.cq_officer.actor, at=AT)
    with refused("period.closed", why=Why.CONFLICT):
        decisions.send_back(filing=filing, data=COMMENT, by=world.cq_officer.actor, at=AT)
    decisions.accept(filings=[filing], by=world.cq_officer.actor, at=AT)
    assert now(filing).state == "accepted"


# Reading


def test_who_sees_what(world: World, asked: Asked):
    seen = {
        who: sorted(str(row) for row in Filing.objects.visible_to(getattr(world, who).actor))
        for who in ("cqu_admin", "outsider", "learner", "cq_officer")
    }
    assert seen["cqu_admin"] == ["重庆大学"]
    assert seen["outsider"] == seen["learner"] == []
    assert len(seen["cq_officer"]) == 4, "officers see both sides"
    assert list(Period.objects.visible_to(world.outsider.actor)) == []
    assert list(Period.objects.visible_to(world.cqu_admin.actor)) == [asked.period]


def test_who_has_not_filed_stands_first(asked: Asked):
    decisions.accept(filings=[filed(asked.cqu, asked.line())], by=SYSTEM, at=AT)
    filed(asked.swu, asked.line(figures={}))
    states = [row.state for row in asked.period.filings.missing_first()]
    assert states == ["due", "due", "filed", "accepted"]


# Reminding


def test_who_has_not_filed_is_reminded_once_a_day(world: World, asked: Asked):
    rows = [asked.cqu, filed(asked.swu, asked.line(figures={}))]
    reminded = decisions.remind(filings=rows, by=world.cq_officer.actor, at=AT)
    assert [str(row) for row in reminded] == ["重庆大学"]
    told = Notice.objects.filter(message__text=decisions.REMINDED).values_list("person", flat=True)
    assert set(told) == {world.cqu_admin.actor.person_id, world.staff.actor.person_id}
    with refused("nobody", why=Why.CONFLICT):
        decisions.remind(filings=rows, by=world.cq_officer.actor, at=AT + timedelta(hours=3))
    assert decisions.remind(filings=rows, by=world.cq_officer.actor, at=AT + timedelta(days=1))


def test_the_system_reminds_before_the_last_day_and_after_it(asked: Asked):
    """The last day is a Monday, so that three working days before is the Wednesday before."""
    Period.objects.update(due="2026-12-07")
    filed(asked.swu, asked.line(figures={}))
    assert decisions.first_reminder(date(2026, 12, 7)) == date(2026, 12, 2)
    counts = {
        text: decisions.remind_by_itself(at=day(text))
        for text in ("2026-12-01", "2026-12-02", "2026-12-02", "2026-12-04", "2026-12-07", "2026-12-08", "2026-12-09")
    }
    assert list(counts.values()) == [0, 0, 0, 0, 3, 0], "2026-12-02 stands for its second run"
    assert AuditLine.objects.filter(verb="filing.remind", actor_name="自动催报").count() == 6


def test_a_missed_day_is_made_up_for_and_a_closed_period_left_alone(asked: Asked):
    Period.objects.update(due="2026-12-07")
    assert decisions.remind_by_itself(at=day("2026-12-04")) == 4
    Period.objects.update(state="closed")
    assert decisions.remind_by_itself(at=day("2026-12-08")) == 0
