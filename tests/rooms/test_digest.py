"""The weekly digest: once a week, to those who work for a lead, their own numbers; by mail to those who want it."""

import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core import mail as outbox
from procrastinate.contrib.django import app
from pydantic import SecretStr

from shuangcheng.core.schema import read
from shuangcheng.desk import mail
from shuangcheng.desk.models import Notice
from shuangcheng.directory.actions import people
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.people_inputs import MailInput
from shuangcheng.plan import tasks
from shuangcheng.plan.actions import digest
from shuangcheng.plan.models import Plan
from tests.rooms import smtp
from tests.rooms.checks import newest, refused
from tests.rooms.meetings import make_item, make_plan
from tests.world import CHINA, SYSTEM, Someone, World

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=CHINA)
LATE, NEAR, FAR = "2026-11-20", "2026-12-10", "2027-06-30"


@pytest.fixture
def plan(world: World) -> Plan:
    """重庆大学 leads one late, one blocked and one that is due soon; the authorities lead one late together."""
    plan = make_plan()
    make_item(plan, "1", due=LATE, lead_cq="重庆大学")
    make_item(plan, "2", due=FAR, lead_cq="重庆大学", told="blocked", reason="缺经费")
    near = make_item(plan, "3", due=NEAR, lead_cq="重庆大学")
    type(near).objects.filter(pk=near.pk).update(percent=90)
    make_item(plan, "4", due=FAR, lead_cq="重庆大学")
    make_item(plan, "5", due=LATE, lead_cq="重庆大学", told="done")
    make_item(plan, "6", due=LATE, lead_cq="重庆市教育委员会", lead_sc="四川省教育厅")
    make_item(plan, "7", due=LATE, partners=("西南大学",))
    return plan


def send(at: datetime = MONDAY) -> int:
    return digest.send(by=SYSTEM, at=at)


def counts(someone: Someone) -> tuple[int, ...]:
    row = Notice.objects.get(person=someone.account.person)
    return tuple(row.message["values"][name] for name in ("late", "risk", "soon"))


def test_everybody_who_works_for_a_lead_is_told_his_own_numbers(world: World, plan: Plan) -> None:
    send()
    assert counts(world.cqu_admin) == counts(world.staff) == (1, 1, 1)
    assert counts(world.cq_officer) == counts(world.sc_officer) == (1, 0, 0)
    told = set(Notice.objects.values_list("person", flat=True))
    for someone in (world.teacher, world.swu_admin, world.scu_admin, world.outsider, world.learner, world.auditor):
        assert someone.account.person_id not in told
    row = Notice.objects.get(person=world.cqu_admin.account.person)
    assert row.address == f"/plan/?lead={world.cqu.pk}"
    assert str(row.told) == (
        "本周提醒：贵单位牵头的事项中，逾期 1 项，受阻或有风险 1 项，另有 1 项将在 20 个工作日内到期。"
    )


def test_an_item_that_two_of_ones_organisations_lead_counts_once(world: World) -> None:
    make_item(make_plan(), "1", due=LATE, lead_cq="重庆大学", lead_sc="四川大学")
    grants = world.cqu_admin.account.person.grants
    grants.create(role="organisation_staff", organisation=world.scu, side="sc", valid_from=MONDAY.date())
    send()
    assert counts(world.cqu_admin) == (1, 0, 0)
    address = Notice.objects.get(person=world.cqu_admin.account.person).address
    assert address.count("lead=") == 2


def test_a_closed_plan_reminds_nobody(world: World, plan: Plan) -> None:
    Plan.objects.update(closed=True)
    assert send() == 0
    assert newest().verb == "digest.send"


def test_once_a_week(world: World, plan: Plan) -> None:
    first = send()
    assert first == Notice.objects.count() > 0
    assert send() == send(MONDAY + timedelta(days=2)) == 0
    assert send(MONDAY + timedelta(days=7)) == first
    assert [line.note for line in AuditLine.objects.filter(verb="digest.send").order_by("id")] == [
        "2026-W48", "2026-W49",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "sent"),
    [
        ("2026-11-23", True),  # Monday
        ("2026-11-22", False),  # Sunday
        ("2026-10-05", False),  # Monday of the National Day holidays
        ("2026-10-08", True),  # the first working day after them
        ("2026-10-10", True),  # a Saturday on which people work
    ],
)
def test_the_task_waits_for_a_working_day(
    world: World, plan: Plan, monkeypatch: pytest.MonkeyPatch, day: str, sent: bool
) -> None:
    at = datetime.fromisoformat(f"{day}T08:00:00+08:00")
    monkeypatch.setattr(tasks.timezone, "localtime", lambda: at)
    with app.replace_connector(app.connector.get_sync_connector()):
        tasks.weekly_digest(0)
    assert AuditLine.objects.filter(verb="digest.send").exists() is sent


def test_the_task_comes_at_eight_in_china() -> None:
    [periodic] = [task for (name, _id), task in app.periodic_registry.periodic_tasks.items() if "digest" in name]
    assert periodic.cron == "0 0 * * *"


@pytest.fixture
def posting(settings: LazySettings) -> None:
    """A node with a mail server."""
    changes = {"email_url": SecretStr("smtp://127.0.0.1:2525")}
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update=changes)


def wants(someone: Someone, email: str, wants_mail: bool = True) -> None:
    data = read(MailInput, {"email": email, "wants_mail": wants_mail})
    people.set_mail(account=someone.account, data=data, by=someone.actor, at=MONDAY)


def post(at: datetime = MONDAY) -> int:
    return mail.send(kind="digest", subject=tasks.SUBJECT, at=at)


def test_those_who_want_it_get_it_by_mail_once(world: World, plan: Plan, posting: None) -> None:
    wants(world.cqu_admin, "lead@cqu.example")
    wants(world.staff, "staff@cqu.example", wants_mail=False)
    send()
    assert post() == post() == 0
    [message] = outbox.outbox
    assert message.to == ["lead@cqu.example"]
    assert message.subject == "【双城】每周提醒"
    assert "逾期 1 项" in message.body
    assert f"http://127.0.0.1:8050/plan/?lead={world.cqu.pk}" in message.body
    row = Notice.objects.get(person=world.cqu_admin.account.person)
    assert row.mailed_at == MONDAY


def test_no_mail_without_a_server_or_days_later_or_once_read(
    world: World, plan: Plan, settings: LazySettings, request: pytest.FixtureRequest
) -> None:
    wants(world.cqu_admin, "lead@cqu.example")
    wants(world.cq_officer, "officer@cq.example")
    send()
    post()
    request.getfixturevalue("posting")
    Notice.objects.filter(person=world.cq_officer.account.person).update(read_at=MONDAY)
    post(MONDAY + timedelta(days=4))
    assert outbox.outbox == []
    post()
    assert [message.to for message in outbox.outbox] == [["lead@cqu.example"]]


@pytest.fixture
def by_smtp(settings: LazySettings, posting: None) -> Iterator[smtp.Post]:
    """The node's mail goes over a socket."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    with smtp.server() as post:
        settings.EMAIL_PORT = post.port
        yield post


def test_the_digest_goes_over_smtp_and_who_is_refused_is_told_of(world: World, plan: Plan, by_smtp: smtp.Post) -> None:
    wants(world.cqu_admin, "lead@cqu.example")
    wants(world.cq_officer, "gone@cq.example")
    by_smtp.unknown.add("gone@cq.example")
    send()
    assert post() == 1
    [message] = by_smtp.taken
    assert (message["To"], message["Subject"]) == ("lead@cqu.example", "【双城】每周提醒")
    assert "逾期 1 项" in message.get_content()
    mailed = {row.person: row.mailed_at for row in Notice.objects.filter(kind="digest")}
    assert mailed[world.cqu_admin.account.person] == MONDAY
    assert mailed[world.cq_officer.account.person] is None
    by_smtp.unknown.clear()
    assert post() == 0
    assert [row["To"] for row in by_smtp.taken] == ["lead@cqu.example", "gone@cq.example"]


def test_no_server_no_loss(world: World, plan: Plan, by_smtp: smtp.Post, settings: LazySettings) -> None:
    wants(world.cqu_admin, "lead@cqu.example")
    send()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]  # bound, but nobody listens
        with pytest.raises(ConnectionRefusedError):
            post()
    settings.EMAIL_PORT = by_smtp.port
    assert post() == 0
    assert len(by_smtp.taken) == 1


def test_a_closed_account_gets_no_mail(world: World, plan: Plan, posting: None) -> None:
    wants(world.cqu_admin, "lead@cqu.example")
    send()
    people.set_active(account=world.cqu_admin.account, active=False, by=world.node_admin.actor, at=MONDAY)
    post()
    assert outbox.outbox == []


def test_nobody_sets_anothers_address(world: World) -> None:
    data = MailInput(email="a@b.example", wants_mail=True)
    for who in (world.node_admin, world.cq_officer, world.staff):
        with refused("no_right"):
            people.set_mail(account=world.cqu_admin.account, data=data, by=who.actor, at=MONDAY)


def test_the_trail_does_not_hold_the_address(world: World) -> None:
    wants(world.cqu_admin, "lead@cqu.example", wants_mail=False)
    line = newest()
    assert (line.verb, line.changes) == ("account.mail", {"wants_mail": [True, False]})


@pytest.mark.parametrize("email", ["甲", "a@", "a@b.example\nbcc: x@y.example", "a b@c.example"])
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(ValueError, match="电子邮箱"):
        read(MailInput, {"email": email})
