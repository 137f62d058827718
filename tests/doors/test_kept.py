"""Pages kept for everybody: never somebody's own, never older than the last commit, whoever made it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangcheng.directory.actions import organisations
from shuangcheng.directory.inputs import RenameInput
from shuangcheng.web.pages import organisations as pages
from tests.world import AT, World

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "示例更名大学"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w{64})"')


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the pages stands still, so that no minute ends between two requests."""
    at(monkeypatch, AT)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("shuangcheng.web.middleware.timezone", SimpleNamespace(localtime=lambda: moment))


@contextmanager
def another_process() -> Iterator["psycopg.Connection[Any]"]:
    """A connection of its own, as another web process or the worker has one."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{name: settings[name] for name in names if settings.get(name)}) as other:
        yield other


def queries(ask: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return [query["sql"] for query in captured]


def text(path: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def without_token(page: str) -> str:
    return TOKEN.sub("", page)


def paths(world: World) -> list[str]:
    return ["/", "/organisations/", f"/organisations/{world.cqu.id}/", f"/alliances/{world.alliance.id}/", "/map/"]


def test_the_second_visitor_gets_the_same_page_for_one_query(world: World) -> None:
    for path in paths(world):
        first = text(path)
        # Other test processes write to the same PostgreSQL, so a page may have to be made again a few times.
        tries = [queries(lambda path=path: Client().get(path)) for _time in range(50)]  # type: ignore[misc]
        fewest = min(tries, key=len)
        assert len(fewest) == 1, path
        assert "pg_current_snapshot" in fewest[0]
        assert without_token(text(path)) == without_token(first), path


def test_a_write_shows_at_once(world: World) -> None:
    for path in ("/organisations/", f"/organisations/{world.cqu.id}/"):
        assert NEW not in text(path)
    organisations.rename(
        organisation=world.cqu, data=RenameInput(name=NEW, since=AT.date()), by=world.cq_officer.actor, at=AT
    )
    for path in ("/organisations/", f"/organisations/{world.cqu.id}/"):
        assert NEW in text(path)


def test_a_write_of_another_process_shows_when_it_is_committed(world: World) -> None:
    page = f"/organisations/{world.cqu.id}/"
    assert NEW not in text(page)
    with another_process() as other, another_process() as third:
        other.execute("UPDATE directory_organisation SET name = %s WHERE id = %s", [NEW, world.cqu.id])
        assert NEW not in text(page)
        third.execute("UPDATE directory_organisation SET remark = %s WHERE id = %s", ["先提交", world.scu.id])
        third.commit()
        assert NEW not in text(page), "the younger transaction is over, the older is not"
        other.commit()
        assert NEW in text(page)


def test_what_is_written_while_a_page_is_made_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/organisations/{world.cqu.id}/"
    plain = pages.render

    def slow(*arguments: Any) -> Any:
        response = plain(*arguments)
        with another_process() as other:
            other.execute("UPDATE directory_organisation SET name = %s WHERE id = %s", [NEW, world.cqu.id])
        return response

    monkeypatch.setattr(pages, "render", slow)
    assert NEW not in text(page)
    monkeypatch.setattr(pages, "render", plain)
    assert NEW in text(page)


def test_a_page_tells_the_minute_it_was_asked_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert f"{AT:%Y-%m-%d %H:%M}" in text("/map/")
    later = AT + timedelta(minutes=1)
    at(monkeypatch, later)
    assert f"{later:%Y-%m-%d %H:%M}" in text("/map/")


def test_each_visitor_has_a_token_of_their_own(world: World) -> None:
    text("/")
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    [one, *_more] = TOKEN.findall(text("/", first))
    [other, *_more] = TOKEN.findall(text("/", second))
    assert one != other
    form = {"language": "en", "next": "/"}
    assert first.post("/language/", {**form, "csrfmiddlewaretoken": one}).status_code == 302
    assert second.post("/language/", {**form, "csrfmiddlewaretoken": one}).status_code == 403


def test_who_is_signed_in_neither_gets_nor_leaves_a_kept_page(world: World) -> None:
    officer = Client()
    officer.force_login(world.cq_officer.account)
    for path in paths(world):
        public = without_token(text(path))
        own = text(path, officer)
        assert world.cq_officer.actor.name in own, path
        assert world.cq_officer.actor.name not in text(path), path
        assert without_token(text(path)) == public, path


def test_a_message_is_for_one_visitor(world: World) -> None:
    visitor = Client()
    visitor.force_login(world.cq_officer.account)
    visitor.post("/account/logout/")
    assert 'class="notice' not in text("/")
    assert 'class="notice' in text("/", visitor)
    assert 'class="notice' not in text("/")


def test_each_language_and_address_has_its_page(world: World) -> None:
    chinese = text("/organisations/")
    english = Client()
    english.post("/language/", {"language": "en", "next": "/"})
    assert "Organisations" in text("/organisations/", english)
    assert without_token(text("/organisations/")) == without_token(chinese)
    assert "重庆大学" not in text("/organisations/?side=sc").split('id="results"')[1]
    assert "重庆大学" in text("/organisations/").split('id="results"')[1]


def test_only_pages_are_kept(world: World) -> None:
    missing = "/organisations/00000000-0000-7000-8000-000000000000/"
    for _time in range(2):
        assert Client().get("/organisations/", {"format": "xlsx"})["Content-Type"].endswith("sheet")
        assert Client().get(missing).status_code == 404
