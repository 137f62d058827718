"""Sessions and their cookies: they turn, they end, and they carry the node's name."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import people
from shuangcheng.directory.models import AuditLine
from shuangcheng.web.signin import UNTIL
from tests.doors.signin_steps import LOGIN, activate, node, sign_in, signed_in, text
from tests.world import PASSWORD, World

SESSION, CSRF, LANGUAGE = "sc_cq_session", "sc_cq_csrf", "sc_cq_language"


def test_the_session_is_another_one_after_signing_in(client: Client, world: World) -> None:
    client.get("/audit/")  # a refusal leaves a message, and so a session
    before = client.cookies[SESSION].value
    sign_in(client, "teacher")
    after = client.cookies[SESSION].value
    assert after != before
    old = Client()
    old.cookies[SESSION] = before
    assert not signed_in(old), "an id that was planted before is worth nothing"


def test_the_session_is_gone_after_signing_out(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    kept = client.cookies[SESSION].value
    client.post("/account/logout/")
    thief = Client()
    thief.cookies[SESSION] = kept
    assert not signed_in(thief)


def test_the_session_ends_whatever_was_done_in_it(client: Client, world: World, settings: Any) -> None:
    node(settings, session_hours=2)
    sign_in(client, "teacher")
    assert 7190 < client.session[UNTIL] - timezone.now().timestamp() <= 7200
    session = client.session
    session[UNTIL] = timezone.now().timestamp() - 1
    session.save()
    answer = client.get("/organisations/?q=1")
    assert answer["Location"] == f"{LOGIN}?next=/organisations/%3Fq%3D1"
    assert "登录已超过规定时长" in text(client.get(answer["Location"]))
    assert not signed_in(client)
    assert AuditLine.objects.filter(verb="account.sign_out").count() == 1


def test_a_form_sent_too_late_changes_nothing(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    session = client.session
    session[UNTIL] = timezone.now().timestamp() - 1
    session.save()
    answer = client.post("/my/tokens/new/", {"name": "程序", "scopes": ["directory:read"], "days": "30"})
    assert answer["Location"] == f"{LOGIN}?next=/"
    part = Client()
    assert part.get("/search/suggest/?q=c", headers={"HX-Request": "true"}).status_code == 200


def test_a_session_of_unknown_age_is_over(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    session = client.session
    del session[UNTIL]
    session.save()
    assert not signed_in(client)


def test_closing_an_account_ends_its_sessions_for_good(client: Client, world: World) -> None:
    sign_in(client, "cqu.staff")
    other = Client()
    sign_in(other, "teacher")
    account, by = world.staff.account, world.cqu_admin.actor
    people.set_active(account=account, active=False, by=by, at=timezone.now())
    assert not signed_in(client)
    people.set_active(account=account, active=True, by=by, at=timezone.now())
    assert not signed_in(client), "opening the account does not open its old sessions"
    assert signed_in(other)
    assert sign_in(client, "cqu.staff")["Location"] == "/"


def test_an_account_closed_behind_our_back_is_out_at_once(client: Client, world: World) -> None:
    sign_in(client, "cqu.staff")
    type(world.staff.account).objects.filter(pk=world.staff.account.pk).update(is_active=False)
    assert not signed_in(client)


def test_a_password_set_by_the_administrator_ends_the_sessions(client: Client, world: World) -> None:
    sign_in(client, "cqu.staff")
    people.set_password(
        account=world.staff.account, password="a-fresh-password", by=world.cqu_admin.actor, at=timezone.now()
    )
    assert not signed_in(client)


def test_cookies_are_named_and_guarded(client: Client, world: World) -> None:
    client.get(LOGIN)
    sign_in(client, "teacher")
    client.post("/language/", {"language": "en", "next": "/"})
    assert set(client.cookies) == {SESSION, CSRF, LANGUAGE}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["path"] == "/", cookie.key
        assert not cookie["secure"], "plain http on this machine"
    assert int(client.cookies[SESSION]["max-age"]) == 8 * 3600


def made_settings(tmp_path: Path, **given: str) -> dict[str, Any]:
    """Django's settings as a node with these of its own would have them."""
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SESSION_COOKIE_NAME",
             "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SECURE_HSTS_SECONDS", "SESSION_EXPIRE_AT_BROWSER_CLOSE",
             "ACCOUNT_SESSION_REMEMBER", "SESSION_COOKIE_AGE", "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
             "CONTENT_SECURITY_POLICY", "SOCIALACCOUNT_PROVIDERS")  # fmt: skip
    code = (
        "import json; from shuangcheng.site import django_settings as made; "
        f"print(json.dumps({{name: getattr(made, name, None) for name in {names}}}))"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHUANGCHENG_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "SHUANGCHENG_VAR_DIR": str(tmp_path / "var"), **given}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_https_makes_cookies_secure_and_two_nodes_do_not_share_them(tmp_path: Path) -> None:
    found = made_settings(tmp_path, SHUANGCHENG_NODE="sc", SHUANGCHENG_BASE_URL="https://node.example.cn")
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_NAME"] == f"sc_sc_{cookie.lower()}"
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert found["ACCOUNT_DEFAULT_HTTP_PROTOCOL"] == "https"


@pytest.mark.parametrize("until_closed", ["true", "false"])
def test_a_session_may_end_with_the_browser(tmp_path: Path, until_closed: str) -> None:
    given = {"SHUANGCHENG_SESSION_ENDS_WITH_BROWSER": until_closed, "SHUANGCHENG_SESSION_HOURS": "3"}
    found = made_settings(tmp_path, **given)
    assert found["SESSION_EXPIRE_AT_BROWSER_CLOSE"] is (until_closed == "true")
    assert found["ACCOUNT_SESSION_REMEMBER"] is (until_closed == "false")
    assert found["SESSION_COOKIE_AGE"] == 3 * 3600


def test_the_second_step_keeps_nothing_of_the_password(client: Client, world: World) -> None:
    """What is kept between the two steps lies in the database."""
    sign_in(client, "teacher")
    activate(client)
    client.post("/account/logout/")
    assert sign_in(client, "teacher")["Location"] == "/account/code/"
    kept = json.dumps(dict(client.session))
    assert str(world.teacher.account.pk) in kept
    assert PASSWORD not in kept
