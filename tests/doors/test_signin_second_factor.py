"""One-time passwords: turning them on and off, recovery codes, and who must use them."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from shuangcheng.directory.models import ApiToken, AuditLine
from tests.doors.api_client import Api, codes, token
from tests.doors.signin_steps import LOGIN, activate, code_of, node, recovery_codes, sign_in, signed_in, text
from tests.world import World


def second_step(client: Client, code: str) -> Any:
    return client.post("/account/code/", {"code": code})


def verbs() -> list[str]:
    return list(AuditLine.objects.filter(door="web").order_by("at").values_list("verb", flat=True))


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Some lines are written after the commit. The cache is not emptied with the tables."""
    cache.clear()
    yield
    cache.clear()


def test_from_turning_it_on_to_signing_in_with_it(committed: None, client: Client, world: World) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    assert "动态口令已启用" in text(client.get("/account/recovery/"))
    assert "account.second_factor_on" in verbs()
    client.post("/account/logout/")

    assert sign_in(client, "teacher", next="/my/")["Location"] == "/account/code/"
    assert not signed_in(client), "the password alone opens nothing"
    assert client.get(LOGIN)["Location"] == "/account/code/"
    before = verbs().count("account.sign_in")
    assert "不正确" in text(second_step(client, "000000"))
    assert second_step(client, code_of(secret, steps=1))["Location"] == "/my/"
    assert signed_in(client)
    assert verbs().count("account.sign_in") == before + 1
    assert AuditLine.objects.filter(verb="account.sign_in").latest("at").note == "密码、动态口令"


def test_the_second_step_can_be_given_up(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    activate(client)
    client.post("/account/logout/")
    sign_in(client, "teacher")
    assert client.post("/account/logout/", {"next": LOGIN})["Location"] == LOGIN
    assert client.get("/account/code/")["Location"] == LOGIN


def test_a_code_is_taken_once(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    client.post("/account/logout/")
    code = code_of(secret, steps=1)
    sign_in(client, "teacher")
    assert second_step(client, code)["Location"] == "/"
    other = Client()
    sign_in(other, "teacher")
    assert "已经用过" in text(second_step(other, code))
    assert "已经用过" in text(second_step(other, f" {code[:3]} {code[3:]} "))
    assert not signed_in(other)


def test_a_used_code_stays_used_while_it_would_be_valid(client: Client, world: World) -> None:
    """allauth remembers a code for one period; with a tolerance of one it is valid for up to three."""
    sign_in(client, "teacher")
    secret = activate(client)
    client.post("/account/logout/")
    code = code_of(secret, steps=1)
    sign_in(client, "teacher")
    second_step(client, code)
    account = world.teacher.account
    assert cache.delete(f"allauth.mfa.totp.used?user={account.pk}&code={code}"), "what a period later is gone"
    other = Client()
    sign_in(other, "teacher")
    assert "已经用过" in text(second_step(other, code))


def test_recovery_codes(committed: None, client: Client, world: World) -> None:
    sign_in(client, "teacher")
    activate(client)
    codes = recovery_codes(client)
    assert len(set(codes)) == 10
    file = client.get("/account/recovery/download/")
    assert file["Content-Disposition"].startswith("attachment")
    assert [line for line in file.content.decode().splitlines() if line.isdigit()] == codes
    client.post("/account/logout/")

    sign_in(client, "teacher")
    assert second_step(client, codes[3])["Location"] == "/"
    assert recovery_codes(client) == codes[:3] + codes[4:]
    assert AuditLine.objects.filter(verb="account.sign_in").latest("at").note == "密码、备用码"
    client.post("/account/logout/")
    sign_in(client, "teacher")
    assert "已经用过" in text(second_step(client, codes[3]))
    second_step(client, codes[0])

    assert "原有的 8 个立即作废" in text(client.get("/account/recovery/new/"))
    assert client.post("/account/recovery/new/")["Location"] == "/account/recovery/"
    assert len(recovery_codes(client)) == 10
    assert not set(recovery_codes(client)) & set(codes)
    assert "account.recovery_codes" in verbs()


def test_turning_it_off(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    activate(client)
    assert "备用码同时作废" in text(client.get("/account/code/deactivate/"))
    client.post("/account/code/deactivate/")
    assert "动态口令已停用" in text(client.get("/my/security/"))
    assert not Authenticator.objects.exists()
    assert "account.second_factor_off" in verbs()
    client.post("/account/logout/")
    assert sign_in(client, "teacher")["Location"] == "/"


def test_the_picture_and_the_text_hold_the_same_secret(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    page = client.get("/account/code/activate/").content.decode()
    picture = re.search(r'<img src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture
    svg = b64decode(picture[1]).decode()
    assert '<rect fill="white"' in svg, "dark pages show it too"
    assert "<style" not in svg
    address = re.search(r'href="(otpauth://totp/teacher\?secret=([A-Z2-7]+)[^"]*)"', page)
    assert address
    assert f'id="secret">{address[2]}<' in page
    assert "核对手机的时间" in text(client.post("/account/code/activate/", {"code": "000000"}))


def test_secrets_are_sealed_in_the_database(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    kept = json.dumps([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    for code in recovery_codes(client):
        assert code not in kept
    seed = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert not re.fullmatch(r"[0-9a-f]{80}", seed)


def test_delicate_things_ask_again_when_sign_in_was_long_ago(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    activate(client)
    session = client.session
    session["account_authentication_methods"] = [
        {**record, "at": record["at"] - 301} for record in session["account_authentication_methods"]
    ]
    session.save()
    for path in ("recovery/", "recovery/new/", "recovery/download/", "code/deactivate/"):
        answer = client.get(f"/account/{path}")
        assert answer["Location"].startswith("/account/confirm/?next="), path
    confirm = answer["Location"]
    page = text(client.get(confirm))
    assert "确认身份" in page
    assert "改用动态口令或备用码" in page
    assert "密码不正确" in text(client.post(confirm, {"password": "not-this-one"}))
    assert client.post(confirm, {"password": "worldly-password"})["Location"] == "/account/code/deactivate/"
    assert client.get("/account/code/deactivate/").status_code == 200


def test_confirming_by_code(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    secret = activate(client)
    address = "/account/code/confirm/?next=/account/recovery/"
    assert "改用密码" in text(client.get(address))
    assert "不正确" in text(client.post(address, {"code": "000000"}))
    code = code_of(secret, steps=1)
    assert client.post(address, {"code": code})["Location"] == "/account/recovery/"
    assert "已经用过" in text(client.post(address, {"code": code}))


@pytest.mark.parametrize("who", ["cq_officer", "node_admin", "auditor"])
def test_who_sees_everything_must_turn_it_on_first(client: Client, world: World, settings: Any, who: str) -> None:
    node(settings, second_factor="required")
    sign_in(client, getattr(world, who).login)
    for path in ("/", "/my/", "/my/security/", "/people/", "/audit/", "/my/tokens/new/", "/organisations/?format=xlsx"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/account/code/activate/"), path
    token = {"name": "程序", "scopes": ["directory:read"], "days": "30"}
    assert client.post("/my/tokens/new/", token)["Location"] == "/account/code/activate/"
    assert not ApiToken.objects.exists()
    part = client.get("/search/suggest/?q=c", headers={"HX-Request": "true"})
    assert part.headers.get("HX-Redirect") == "/account/code/activate/"

    assert "须先启用动态口令" in text(client.get("/account/code/activate/"))
    assert client.get("/account/password/").status_code == 200
    assert client.post("/language/", {"language": "en", "next": "/"}).status_code == 302
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    activate(client)
    assert client.get("/my/security/").status_code == 200
    assert client.post("/my/tokens/new/", token).status_code == 200
    assert ApiToken.objects.count() == 1

    client.post("/account/code/deactivate/")
    assert client.get("/my/")["Location"] == "/account/code/activate/", "off again counts at once"
    client.post("/account/logout/")
    assert client.get("/").status_code == 200


def test_a_token_made_without_it_is_refused_at_the_api(world: World, settings: Any) -> None:
    clear = token(world.cq_officer)
    node(settings, second_factor="required")
    refused = Api(clear).get("/organisations")
    assert (refused.status_code, codes(refused)) == (403, ["second_factor_missing"])
    assert "one-time password" in Api(clear, **{"Accept-Language": "en"}).get("/organisations").json()["detail"]
    assert Api(token(world.cqu_admin)).get("/organisations").status_code == 200, "others need none"


def test_others_need_not(client: Client, world: World, settings: Any) -> None:
    node(settings, second_factor="required")
    for who in ("cqu_admin", "staff", "teacher", "learner", "employer", "expert_person"):
        sign_in(client, getattr(world, who).login)
        assert client.get("/my/security/").status_code == 200, who
        client.post("/account/logout/")


@pytest.mark.parametrize(
    ("second_factor", "demo", "asked"),
    [(None, False, True), (None, True, False), ("optional", False, False), ("required", True, True)],
)
def test_it_is_asked_by_default_outside_the_demonstration(
    client: Client, world: World, settings: Any, second_factor: str | None, demo: bool, asked: bool
) -> None:
    node(settings, second_factor=second_factor, demo=demo)
    sign_in(client, "cq.officer")
    assert (client.get("/my/security/").status_code == 302) is asked
