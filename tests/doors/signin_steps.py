"""Steps of signing in that several tests take, as a browser would: by reading pages and sending forms."""

import re
import time
from html import unescape
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.world import PASSWORD

LOGIN = "/account/login/"


def node(settings: Any, **values: object) -> None:
    """Change the node's own settings for this test."""
    settings.SHUANGCHENG = settings.SHUANGCHENG.model_copy(update=values)


def text(response: Any) -> str:
    """What a person reads of the page, on one line."""
    page = re.sub(r"<(head|script)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": login, "password": password, **more})


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an authenticator shows for `secret`, `steps` periods from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD + steps)))


def activate(client: Client) -> str:
    """Turn on the one-time password by reading the secret from the page; returns it."""
    page = client.get("/account/code/activate/").content.decode()
    found = re.search(r'id="secret">([A-Z2-7]+)<', page)
    assert found, page
    done = client.post("/account/code/activate/", {"code": code_of(found[1])})
    assert done.headers.get("Location") == "/account/recovery/", done.content.decode()
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    """The codes on the page."""
    return re.findall(r"<li>(\d{8})</li>", client.get("/account/recovery/").content.decode())


def signed_in(client: Client) -> bool:
    """Whether a page that asks for it opens."""
    response = client.get("/my/security/")
    assert response.status_code == 200 or LOGIN in response["Location"], response
    return bool(response.status_code == 200)
