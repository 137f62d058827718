"""Single sign-on: whom it lets in, whom it does not, and what happens when the provider fails or lies."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import people
from shuangcheng.directory.models import Account, AuditLine, Person
from tests.doors.oidc_providers import Provider, real_provider
from tests.doors.signin_steps import LOGIN, activate, code_of, node, sign_in, signed_in, text
from tests.doors.test_signin_sessions import made_settings
from tests.journeys.test_serve import free_port
from tests.world import PASSWORD, World

BEGIN, BACK = "/account/sso/login/", "/account/sso/callback/"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with real_provider() as running:
        yield running


def configure(settings: Any, issuer: str, **more: object) -> None:
    """As the operator's settings would; only the issuer differs from test to test."""
    node(settings, oidc_issuer=issuer, oidc_client_id="shuangcheng", oidc_title="川渝教育统一认证")
    app = {"provider_id": "sso", "name": "川渝教育统一认证", "client_id": "shuangcheng", "secret": "not-told"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": ["openid", "profile"],
            "APPS": [{**app, "settings": {"server_url": issuer}}],
            **more,
        }
    }


@pytest.fixture
def sso(provider: Provider, settings: Any) -> Provider:
    configure(settings, provider.issuer)
    return provider


def begin(client: Client, **data: str) -> str:
    """Press the button; returns the provider's address."""
    answer = client.post(BEGIN, data)
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def come_in(client: Client, provider: Provider, sub: str, **data: str) -> Any:
    """From the button to the answer after coming back."""
    return client.get(provider.consent(begin(client, **data), sub))


def counts() -> tuple[int, int, int]:
    return Account.objects.count(), Person.objects.count(), SocialAccount.objects.count()


def test_the_button_is_there_when_single_sign_on_is_configured(client: Client, settings: Any, db: None) -> None:
    assert BEGIN not in client.get(LOGIN).content.decode()
    assert client.post(BEGIN).status_code == 404
    configure(settings, "https://sso.example.cn")
    page = client.get(LOGIN)
    assert "用川渝教育统一认证登录" in text(page)
    assert f'action="{BEGIN}"' in page.content.decode()


def test_a_known_person_comes_in(client: Client, world: World, sso: Provider) -> None:
    sso.enter("sub-teacher", preferred_username="Teacher", name="焦小师")
    answer = come_in(client, sso, "sub-teacher", next="/my/security/")
    assert answer["Location"] == "/my/security/"
    assert text(client.get("/my/security/")).count("焦小师") == 1
    line = AuditLine.objects.get(verb="account.sign_in")
    assert (line.actor_name, line.note) == ("焦小师", "统一身份认证")
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.uid, kept.provider) == (world.teacher.account, "sub-teacher", "sso")
    assert kept.extra_data == {"preferred_username": "Teacher"}, "no claims are hoarded"

    client.post("/account/logout/")
    sso.enter("sub-teacher", preferred_username="renamed.there", name="焦小师")
    assert come_in(client, sso, "sub-teacher")["Location"] == "/", "known by sub from now on"
    assert SocialAccount.objects.get().extra_data == {"preferred_username": "renamed.there"}


def test_what_is_asked_of_the_provider(client: Client, world: World, sso: Provider) -> None:
    address = begin(client, scope="email,admin", auth_params="prompt=none&acr_values=0", process="connect")
    asked = parse_qs(urlsplit(f"{address}").query)
    assert sorted(asked["scope"][0].split()) == ["openid", "profile"]
    assert set(asked) == {
        "client_id", "redirect_uri", "scope", "response_type", "state", "code_challenge", "code_challenge_method",
        "nonce",
    }  # fmt: skip
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked["code_challenge_method"] == ["S256"]
    other = parse_qs(urlsplit(client.post(f"{BEGIN}?scope=admin&auth_params=x%3D1&process=connect")["Location"]).query)
    assert set(other) == set(asked)
    for once in ("state", "nonce", "code_challenge"):
        assert other[once] != asked[once], once
        assert len(other[once][0]) >= 16, once


def test_beginning_takes_a_form_of_ours(world: World, sso: Provider) -> None:
    assert Client().get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403


def test_an_unknown_person_gets_no_account(client: Client, world: World, sso: Provider) -> None:
    before = counts()
    for sub, name in (("sub-x", "nobody.here"), ("sub-y", "<b>x</b>"), ("sub-z", "")):
        sso.enter(sub, preferred_username=name)
        answer = come_in(client, sso, sub)
        assert answer.status_code == 403
        assert "没有可供您使用的账号" in text(answer)
        assert "<b>x</b>" not in answer.content.decode()
        assert not signed_in(client)
    assert counts() == before
    assert {line.subject_title for line in AuditLine.objects.filter(verb="account.sign_in_failed")} == {""}


def test_an_account_passes_to_nobody_who_gets_the_user_name_later(client: Client, world: World, sso: Provider) -> None:
    sso.enter("first", preferred_username="teacher")
    sso.enter("second", preferred_username="teacher")
    assert come_in(client, sso, "first")["Location"] == "/"
    other = Client()
    answer = come_in(other, sso, "second")
    assert answer.status_code == 403
    assert "是否已由他人使用" in text(answer)
    assert not signed_in(other)
    assert SocialAccount.objects.get().uid == "first"


def test_e_mail_connects_nothing(client: Client, world: World, provider: Provider, settings: Any) -> None:
    configure(settings, provider.issuer, SCOPE=["openid", "profile", "email"], VERIFIED_EMAIL=True)
    Account.objects.filter(pk=world.teacher.account.pk).update(email="teacher@cqu.example.cn")
    EmailAddress.objects.create(user=world.teacher.account, email="teacher@cqu.example.cn", verified=True, primary=True)
    provider.enter("mail", email="teacher@cqu.example.cn", email_verified=True, preferred_username="somebody.else")
    assert come_in(client, provider, "mail").status_code == 403
    provider.enter("mail", email="teacher@cqu.example.cn", email_verified=True)
    assert come_in(client, provider, "mail").status_code == 403
    assert not signed_in(client)
    provider.enter("mail", email="auditor@cqu.example.cn", email_verified=True, preferred_username="cqu.staff")
    assert come_in(client, provider, "mail")["Location"] == "/"
    assert Account.objects.get(login="cqu.staff").email == "", "nor does it change the account"
    assert EmailAddress.objects.count() == 1


def test_a_closed_account_stays_closed(client: Client, world: World, sso: Provider) -> None:
    sso.enter("sub-staff", preferred_username="cqu.staff")
    close = {"account": world.staff.account, "by": world.cqu_admin.actor}
    people.set_active(**close, active=False, at=timezone.now())
    assert come_in(client, sso, "sub-staff").status_code == 403, "never connected"
    assert not SocialAccount.objects.exists()
    people.set_active(**close, active=True, at=timezone.now())
    come_in(client, sso, "sub-staff")
    assert signed_in(client)
    people.set_active(**close, active=False, at=timezone.now())
    answer = come_in(Client(), sso, "sub-staff")
    assert answer["Location"] == "/account/inactive/", "connected before"
    assert not signed_in(client)


def test_the_one_time_password_is_asked_as_well(client: Client, world: World, sso: Provider) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    client.post("/account/logout/")
    sso.enter("sub-teacher", preferred_username="teacher")
    assert come_in(client, sso, "sub-teacher", next="/my/security/")["Location"] == "/account/code/"
    assert not signed_in(client)
    answer = client.post("/account/code/", {"code": code_of(secret, steps=1)})
    assert answer["Location"] == "/my/security/"
    assert AuditLine.objects.filter(verb="account.sign_in").latest("at").note == "统一身份认证、动态口令"


def test_officers_turn_it_on_without_knowing_a_password(
    client: Client, world: World, sso: Provider, settings: Any
) -> None:
    node(settings, second_factor="required")
    sso.enter("sub-officer", preferred_username="cq.officer")
    come_in(client, sso, "sub-officer")
    assert client.get("/my/security/")["Location"] == "/account/code/activate/"
    activate(client)
    assert signed_in(client)


def test_somebody_else_may_sign_on_in_an_open_session(client: Client, world: World, sso: Provider) -> None:
    sign_in(client, "cqu.staff")
    sso.enter("sub-teacher", preferred_username="teacher")
    come_in(client, sso, "sub-teacher")
    assert "焦小师" in text(client.get("/my/security/"))
    assert SocialAccount.objects.get().user == world.teacher.account


def test_next_never_leads_away(client: Client, world: World, sso: Provider) -> None:
    sso.enter("sub-teacher", preferred_username="teacher")
    for away in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert come_in(client, sso, "sub-teacher", next=away)["Location"] == "/"


def refused(answer: Any, client: Client) -> None:
    assert answer.status_code == 401, text(answer)
    assert "的答复不能使用" in text(answer)
    assert "Traceback" not in text(answer)
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_a_state_that_is_not_ours_is_refused(client: Client, world: World, sso: Provider) -> None:
    sso.enter("sub-teacher", preferred_username="teacher")
    back = sso.consent(begin(client), "sub-teacher")
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused(Client().get(back), Client())
    refused(client.get(back.replace(state, "0" * 16)), client)
    refused(client.get(back.replace(f"state={state}", "")), client)
    refused(client.get(BACK), client)
    assert client.get(back)["Location"] == "/"
    client.post("/account/logout/")
    SocialAccount.objects.all().delete()
    refused(client.get(back), client)


def test_an_answer_to_another_sign_in_is_refused(client: Client, world: World, sso: Provider) -> None:
    """The code of one person's sign-in, planted in another's: the state is right, the nonce is not."""
    sso.enter("sub-teacher", preferred_username="teacher")
    theirs = parse_qs(urlsplit(sso.consent(begin(Client()), "sub-teacher")).query)["code"][0]
    mine = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get(BACK, {"code": theirs, "state": mine}), client)


def test_an_invented_code_is_refused(client: Client, world: World, sso: Provider) -> None:
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get(BACK, {"code": "invented", "state": state}), client)


def test_cancelling_and_other_errors_of_the_provider(client: Client, world: World, sso: Provider) -> None:
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get(BACK, {"error": "access_denied", "state": state})
    assert answer["Location"] == "/account/sso/cancelled/"
    assert "取消了登录" in text(client.get(answer["Location"]))
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    refused(client.get(BACK, {"error": "server_error", "error_description": "<b>", "state": state}), client)
    assert client.get("/account/sso/error/").status_code == 401


def test_a_provider_that_is_down_is_told_and_passwords_still_work(
    client: Client, world: World, sso: Provider, settings: Any
) -> None:
    back = sso.consent(begin(client), "sub-teacher")
    for issuer in (
        f"http://127.0.0.1:{free_port()}",
        f"{sso.issuer}/nothing-here",
        f"{sso.issuer}/?a-page=/.well-known/",
        f"{sso.issuer}/jwks?not-a-configuration=/.well-known/",
    ):
        configure(settings, issuer)
        answer = client.post(BEGIN)
        assert answer.status_code == 503, issuer
        assert "川渝教育统一认证现在没有答复" in text(answer)
    configure(settings, f"http://127.0.0.1:{free_port()}")
    answer = client.get(back)
    assert answer.status_code == 503
    assert "用密码登录" in text(answer)
    assert client.get(LOGIN).status_code == 200
    assert sign_in(client, "teacher", PASSWORD)["Location"] == "/"


def test_the_browser_may_go_to_the_provider(tmp_path: Any) -> None:
    """The redirect of a sent form needs the provider in `form-action`."""
    given = {
        "SHUANGCHENG_OIDC_ISSUER": "https://sso.example.cn:8443/realms/edu",
        "SHUANGCHENG_OIDC_CLIENT_ID": "a",
        "SHUANGCHENG_OIDC_CLIENT_SECRET": "b",
    }
    found = made_settings(tmp_path, **given)
    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'", "https://sso.example.cn:8443"]
    [app] = found["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert app["provider_id"] == "sso"
    assert found["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["SCOPE"] == ["openid", "profile"]
    assert "b" not in json.dumps(found["CONTENT_SECURITY_POLICY"]).split('"')
