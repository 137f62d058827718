"""Lock-out: it holds per account, across processes and in parallel, and it ends."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import people
from shuangcheng.directory.models import AuditLine
from shuangcheng.web import lockout
from tests.doors.signin_steps import activate, code_of, node, recovery_codes, sign_in, signed_in, text
from tests.world import PASSWORD, World

LOCKED = "已暂停登录。请 15 分钟后再试；急用请联系本单位管理员重置密码"


def fail(client: Client, login: str, times: int) -> str:
    for number in range(times):
        answer = sign_in(client, login, f"wrong-{number}")
    return text(answer)


def test_the_fifth_failure_locks_that_account_and_no_other(client: Client, world: World) -> None:
    assert LOCKED not in fail(client, "teacher", 4)
    assert LOCKED in fail(client, "teacher", 1)
    assert LOCKED in text(sign_in(Client(), "teacher")), "the right password, from elsewhere"
    assert not signed_in(client)
    assert sign_in(Client(), "cqu.staff")["Location"] == "/"
    [line] = AuditLine.objects.filter(verb="account.locked")
    assert (line.subject_title, line.note) == ("teacher", "密码")


def test_an_unknown_login_is_locked_just_the_same(client: Client, world: World) -> None:
    assert LOCKED not in fail(client, "nobody.here", 4)
    assert LOCKED in fail(client, "nobody.here", 1)
    assert not AuditLine.objects.filter(verb="account.locked").exists()


def test_four_failures_are_forgotten_by_success(client: Client, world: World) -> None:
    for _round in range(3):
        fail(client, "teacher", 4)
        assert sign_in(client, "teacher")["Location"] == "/"
        client.post("/account/logout/")


def test_neither_spelling_nor_host_nor_language_makes_it_another_account(
    client: Client, world: World, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    for login, host in zip(
        ("teacher", "TEACHER", " Teacher", "teacher ", "tEacher"),
        ("testserver", "localhost:1", "localhost:2", "127.0.0.1:3", "testserver:80"),
        strict=True,
    ):
        client.post("/account/login/", {"login": login, "password": "wrong"}, headers={"host": host})
    assert LOCKED in text(sign_in(Client(), "teacher"))


def test_the_lock_tells_the_minutes_left_and_ends(client: Client, world: World) -> None:
    fail(client, "teacher", 5)
    now = timezone.now()
    with pytest.raises(lockout.LockedOut) as refused:
        lockout.begin("password", "teacher", at=now + timedelta(minutes=10, seconds=1))
    assert refused.value.minutes == 5
    attempt = lockout.begin("password", "teacher", at=now + timedelta(minutes=15, seconds=1))
    assert not attempt.last, "counted from one again"


def test_the_lock_lasts_as_set_and_counts_as_set(client: Client, world: World, settings: Any) -> None:
    node(settings, login_attempts=2, lockout_minutes=60)
    assert "请 60 分钟后再试" in fail(client, "teacher", 2)


def test_a_new_password_from_the_administrator_lifts_it(client: Client, world: World) -> None:
    fail(client, "teacher", 5)
    people.set_password(
        account=world.teacher.account, password="a-fresh-password", by=world.cqu_admin.actor, at=timezone.now()
    )
    assert sign_in(client, "teacher", "a-fresh-password")["Location"] == "/"


def test_an_open_session_is_no_place_to_guess_the_password(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    form = {"password1": "hao-shan-hao-shui", "password2": "hao-shan-hao-shui"}
    for number in range(4):
        client.post("/account/password/", {**form, "oldpassword": f"wrong-{number}"})
    assert "已暂停登录" in text(client.post("/account/password/", {**form, "oldpassword": "wrong"}))
    assert LOCKED in text(sign_in(Client(), "teacher"))


def test_wrong_codes_lock_although_the_password_is_right(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    [spare, *_rest] = recovery_codes(client)
    client.post("/account/logout/")

    def step(code: str) -> Any:
        return client.post("/account/code/", {"code": code})

    assert sign_in(client, "teacher")["Location"] == "/account/code/"
    for _wrong in range(4):
        assert "不正确" in text(step("000000"))
        # Entering the password once more does not buy further guesses.
        client = Client()
        sign_in(client, "teacher")
    assert "动态口令连续输错，已暂停登录。请 15 分钟后再试" in text(step("000000"))
    assert "动态口令连续输错" in text(step(code_of(secret, steps=1)))
    assert "动态口令连续输错" in text(step(spare))
    assert not signed_in(client)
    [line] = AuditLine.objects.filter(verb="account.locked")
    assert (line.subject_title, line.note) == ("teacher", "动态口令")
    failures = AuditLine.objects.filter(verb="account.sign_in_failed")
    assert {failure.note for failure in failures} == {"动态口令"}
    assert failures.count() == 5


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_get_no_more_than_the_limit(world: World) -> None:
    cache.clear()
    answers: list[str] = []
    ready = threading.Barrier(12)

    def guess(number: int) -> None:
        client = Client()
        ready.wait()
        answers.append(text(sign_in(client, "teacher", f"wrong-{number}")))
        connections.close_all()

    guesses = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    looked_at = AuditLine.objects.filter(verb="account.sign_in_failed").count()
    assert looked_at == 5, "each line is a password that was compared"
    assert sum(LOCKED in answer for answer in answers) == 8, "the fifth guess and the seven that came too late"
    assert AuditLine.objects.filter(verb="account.locked").count() == 1
    assert LOCKED in text(sign_in(Client(), "teacher", PASSWORD))
    cache.clear()


def test_one_network_cannot_try_one_password_on_many_accounts(client: Client, world: World, settings: Any) -> None:
    """The minute is given, because the real one may turn while the test runs."""
    node(settings, login_attempts=2)
    now = timezone.now()
    for _failure in range(20):
        lockout.check_address("192.0.2.1", at=now)
        lockout.count_address("192.0.2.1", at=now)
    with pytest.raises(lockout.LockedOut):
        lockout.check_address("192.0.2.1", at=now)
    lockout.check_address("192.0.2.2", at=now)
    lockout.check_address("192.0.2.1", at=now + timedelta(minutes=1))


def test_a_network_with_too_many_failures_is_told_to_wait(client: Client, world: World) -> None:
    def fails() -> list[str]:
        return [text(sign_in(client, f"somebody-{number}", "123456")) for number in range(51)]

    answers = fails()
    if "失败的次数过多" not in answers[-1]:  # the minute turned meanwhile
        answers = fails()
    assert "不正确" in answers[0]
    assert "从您所在的网络登录失败的次数过多，请一分钟后再试" in answers[-1]
    assert "失败的次数过多" in text(sign_in(client, "teacher"))
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "teacher")["Location"] == "/"
