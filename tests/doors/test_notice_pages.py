"""Notices on pages: nobody else's, the unread first, opening one is reading it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangcheng.core.outcome import Message
from shuangcheng.desk import notices
from shuangcheng.desk.models import Notice
from tests.doors.plan_cast import enter
from tests.world import SYSTEM, Someone, World

pytestmark = pytest.mark.django_db


def told(someone: Someone, text: str, *, address: str = "/plan/", ago: int = 0) -> Notice:
    at: datetime = timezone.localtime() - timedelta(hours=ago)
    people = [someone.account.person]
    [row] = notices.tell(people=people, message=Message(text), kind="agenda", address=address, by=SYSTEM, at=at)
    return row


@pytest.mark.parametrize(
    "path", ["/my/notices/", "/my/notices/read/", "/my/notices/0190f6a0-0000-7000-8000-000000000000/"]
)
def test_the_public_has_no_notices(client: Client, world: World, path: str) -> None:
    answer = client.post(path) if path.endswith("read/") else client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_others_notices_do_not_exist(client: Client, world: World) -> None:
    row = told(world.sc_officer, "四川方面的通知。")
    enter(client, world, "cq_officer")
    assert "四川方面的通知" not in client.get("/my/notices/").content.decode()
    assert client.get(f"/my/notices/{row.pk}/").status_code == 404
    assert client.post("/my/notices/read/", {"notice": str(row.pk)}).status_code == 404
    client.post("/my/notices/read/")
    row.refresh_from_db()
    assert row.read_at is None


def test_the_bell_says_how_many_are_unread(client: Client, world: World) -> None:
    assert "/my/notices/" not in client.get("/").content.decode()
    enter(client, world, "cqu_admin")
    assert "条未读" not in client.get("/sources/").content.decode()
    told(world.cqu_admin, "甲。")
    told(world.cqu_admin, "乙。")
    assert "通知，2 条未读" in client.get("/sources/").content.decode()


@pytest.mark.parametrize(("who", "asked"), [("cqu_admin", 1), (None, 0)])
def test_the_bell_costs_one_query_for_those_who_are_known(
    client: Client, world: World, who: str | None, asked: int
) -> None:
    enter(client, world, who)
    with CaptureQueriesContext(connection) as queries:
        client.get("/plan/")
    assert sum("desk_notice" in query["sql"] for query in queries) == asked


def test_the_unread_stand_first(client: Client, world: World) -> None:
    told(world.cqu_admin, "早先的一条。", ago=5)
    newer = told(world.cqu_admin, "后来的一条。", ago=1)
    enter(client, world, "cqu_admin")
    answer = client.get(f"/my/notices/{newer.pk}/")
    assert answer["Location"] == "/plan/"
    text = client.get("/my/notices/").content.decode()
    assert text.index("早先的一条") < text.index("后来的一条")
    assert "后来的一条" not in client.get("/my/notices/?only=unread").content.decode()


def test_opening_twice_keeps_when_it_was_read(client: Client, world: World) -> None:
    row = told(world.cqu_admin, "请核对。", address="")
    enter(client, world, "cqu_admin")
    assert client.get(f"/my/notices/{row.pk}/")["Location"] == "/my/notices/"
    row.refresh_from_db()
    first = row.read_at
    client.get(f"/my/notices/{row.pk}/")
    row.refresh_from_db()
    assert first is not None
    assert row.read_at == first


def test_one_or_all_are_marked_as_read(client: Client, world: World) -> None:
    rows = [told(world.cqu_admin, f"第{n}条。") for n in range(3)]
    enter(client, world, "cqu_admin")
    assert client.post("/my/notices/read/", {"notice": str(rows[0].pk)}).status_code == 302
    assert Notice.objects.unread().count() == 2
    page = client.get("/my/notices/").content.decode()
    until = page.split('name="until" value="')[1].split('"')[0]
    late = told(world.cqu_admin, "页面打开之后才来的一条。")
    client.post("/my/notices/read/", {"until": until})
    assert [row.pk for row in Notice.objects.unread()] == [late.pk]
    client.post("/my/notices/read/", {"until": "昨天"})
    assert not Notice.objects.unread().exists()


def test_an_empty_page_says_so(client: Client, world: World) -> None:
    enter(client, world, "learner")
    assert "还没有通知" in client.get("/my/notices/").content.decode()
    assert "没有未读的通知" in client.get("/my/notices/?only=unread").content.decode()


def test_many_are_paged(client: Client, world: World, django_assert_max_num_queries: object) -> None:
    for n in range(31):
        told(world.cqu_admin, f"第{n}条。")
    enter(client, world, "cqu_admin")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        text = client.get("/my/notices/").content.decode()
    assert "page=2" in text
    assert "第 31–31 项" in client.get("/my/notices/?page=2").content.decode()


def test_where_reminders_go_is_said_on_a_page(client: Client, world: World) -> None:
    assert client.get("/my/mail/")["Location"].startswith("/account/login/")
    enter(client, world, "cqu_admin")
    wrong = client.post("/my/mail/", {"email": "lead@", "wants_mail": "true"})
    assert wrong.status_code == 422
    assert "电子邮箱应为“名称@域名”的形式。" in wrong.content.decode()
    assert 'value="lead@"' in wrong.content.decode()
    assert client.post("/my/mail/", {"email": "lead@cqu.example", "wants_mail": "true"}).status_code == 302
    text = client.get("/my/security/").content.decode()
    assert "lead@cqu.example" in text
    assert "发送邮件" in text
    client.post("/my/mail/", {"email": "lead@cqu.example"})
    assert "不发邮件" in client.get("/my/security/").content.decode()
