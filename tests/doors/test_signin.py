"""Signing in and out with a password: the pages, what they do not tell, the audit lines."""

import re
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import NoReverseMatch, reverse

from shuangcheng.directory.models import Account, AuditLine
from tests.doors.signin_steps import LOGIN, node, sign_in, signed_in, text
from tests.world import PASSWORD, World

WRONG = "登录名或密码不正确"


def lines(verb: str) -> list[AuditLine]:
    return list(AuditLine.objects.filter(verb=verb).order_by("at"))


def test_a_person_signs_in_and_out(client: Client, world: World) -> None:
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "没有账号" in text(page)
    answer = sign_in(client, world.teacher.login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)
    assert client.get(LOGIN).status_code == 302, "whoever is signed in need not do it again"

    asked = client.get("/account/logout/")
    assert "确定要退出吗" in text(asked)
    assert signed_in(client), "asking does not sign out"
    assert client.post("/account/logout/")["Location"] == "/"
    assert "已退出登录" in text(client.get("/"))
    assert not signed_in(client)

    [entered], [left] = lines("account.sign_in"), lines("account.sign_out")
    for line in (entered, left):
        assert (line.actor_name, line.subject_id) == ("焦小师", str(world.teacher.account.pk))
    assert entered.note == "密码"


def test_the_login_may_be_written_in_capitals_or_with_spaces(client: Client, world: World) -> None:
    assert sign_in(client, " Teacher ")["Location"] == "/"


def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(client: Client, world: World) -> None:
    known, unknown = sign_in(client, "teacher", "not-this-one"), sign_in(client, "teachar", "not-this-one")
    assert known.status_code == unknown.status_code == 200
    assert WRONG in text(known)

    def plain(response: Any, login: str) -> str:
        return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", response.content.decode()).replace(login, "?")

    assert plain(known, "teacher") == plain(unknown, "teachar")
    assert not signed_in(client)


def test_an_unknown_login_takes_as_long_as_a_wrong_password(client: Client, world: World, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    node(settings, login_attempts=20)
    account = world.teacher.account
    account.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    account.save()

    def least(login: str) -> float:
        taken = []
        for _attempt in range(3):
            begun = time.perf_counter()
            sign_in(client, login, "not-this-one")
            taken.append(time.perf_counter() - begun)
        return min(taken)

    known, unknown = least("teacher"), least("teachar")
    assert known > 0.05, "the hash was not computed"
    assert 0.5 < unknown / known < 2


def test_failures_are_kept_without_what_was_typed(client: Client, world: World) -> None:
    sign_in(client, "teacher", "Secret-Of-Teacher")
    sign_in(client, "My-Own-Password-2026", "x")
    known, unknown = lines("account.sign_in_failed")
    assert (known.subject_title, known.actor_kind, known.note) == ("teacher", "public", "密码")
    assert (unknown.subject_id, unknown.subject_title) == ("", "")
    for line in AuditLine.objects.all():
        kept = f"{line.subject_title} {line.note} {line.actor_name} {line.changes}"
        assert "Secret-Of-Teacher" not in kept
        assert "My-Own-Password" not in kept


def test_a_closed_account_is_told_so_only_by_its_own_password(client: Client, world: World) -> None:
    Account.objects.filter(pk=world.teacher.account.pk).update(is_active=False)
    assert WRONG in text(sign_in(client, "teacher", "not-this-one"))
    answer = sign_in(client, "teacher")
    assert answer["Location"] == "/account/inactive/"
    assert "这个账号已停用" in text(client.get(answer["Location"]))
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/my/", "/my/"),
        ("/organisations/?q=1&page=2", "/organisations/?q=1&page=2"),
        ("http://testserver/my/", "http://testserver/my/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example/", "/"),
        ("///evil.example", "/"),
        ("http:///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (" https://evil.example/", "/"),
        ("https://localhost/", "/"),
        ("http://testserver@evil.example/", "/"),
    ],
)
def test_next_never_leads_away(client: Client, world: World, wanted: str, given: str) -> None:
    assert sign_in(client, "teacher", next=wanted)["Location"] == given
    assert client.get(f"{LOGIN}?{urlencode({'next': wanted})}")["Location"] == given, "already signed in"
    assert client.post("/account/logout/", {"next": wanted})["Location"] == given


def test_no_sign_up_no_mail_no_reset(client: Client) -> None:
    for name in ("account_signup", "account_email", "account_reset_password", "socialaccount_signup"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("signup", "email", "password/reset", "3rdparty", "2fa", "sessions", "login/code/confirm"):
        assert client.get(f"/account/{path}/").status_code == 404, path
    assert client.get("/account/").status_code == 404
    assert "平台不通过邮件重置密码" in text(client.get(LOGIN))


def test_the_demonstration_says_where_its_accounts_are(client: Client, settings: Any, db: None) -> None:
    assert "演示账号" not in text(client.get(LOGIN))
    node(settings, demo=True)
    assert "演示账号见启动窗口" in text(client.get(LOGIN))


def test_a_password_is_changed_and_everybody_is_signed_out(client: Client, world: World) -> None:
    other = Client()
    sign_in(client, "teacher")
    sign_in(other, "teacher")
    change = "/account/password/"
    form = {"oldpassword": PASSWORD, "password1": "hao-shan-hao-shui", "password2": "hao-shan-hao-shui"}

    assert "当前密码不正确" in text(client.post(change, {**form, "oldpassword": "not-this-one"}))
    assert "至少" in text(client.post(change, {**form, "password1": "short", "password2": "short"}))
    assert "必须相同" in text(client.post(change, {**form, "password2": "hao-shan-hao-feng"}))
    assert signed_in(client)

    answer = client.post(change, form)
    assert answer["Location"] == LOGIN
    assert "密码已修改" in text(client.get(LOGIN))
    assert not signed_in(client)
    assert not signed_in(other)
    assert WRONG in text(sign_in(client, "teacher"))
    assert sign_in(client, "teacher", "hao-shan-hao-shui")["Location"] == "/"
    [line] = lines("account.password_change")
    assert line.actor_name == "焦小师"


def test_english(client: Client, world: World, settings: Any) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = sign_in(client, "teacher", "not-this-one")
    assert '<html lang="en">' in answer.content.decode()
    assert "The login or the password is wrong." in text(answer)
    for _attempt in range(4):
        answer = sign_in(client, "teacher", "not-this-one")
    assert "15 minutes" in text(answer)
    assert not re.search(r"[\u4e00-\u9fff]", text(answer).replace("重庆节点", "").replace("中文", ""))
