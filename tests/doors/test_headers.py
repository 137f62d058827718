"""Headers on every response, and pages without inline script or style: every page, as everybody."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import Resolver404, path, resolve

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.site import urls
from tests.doors.signin_steps import LOGIN, activate, sign_in
from tests.world import World

ROLES = ("node_admin", "auditor", "cq_officer", "cqu_admin", "staff", "teacher", "learner", "employer", "expert_person")
EACH = 2
"""How many addresses of one kind, with a query and without, are looked at as one role."""


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("for the test")


def refuse(request: HttpRequest, why: str) -> HttpResponse:
    raise refusal("x", "不能办理", why=Why(why))


urlpatterns = [path("fail/", fail), path("refuse/<str:why>/", refuse), *urls.urlpatterns]
handler500 = urls.handler500


def check_headers(response: Any, where: str) -> None:
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data:",
        "font-src": "'self'", "connect-src": "'self'", "object-src": "'none'", "base-uri": "'none'",
        "frame-ancestors": "'none'", "form-action": "'self'",
    }, where  # fmt: skip
    assert response["X-Content-Type-Options"] == "nosniff", where
    assert response["Referrer-Policy"] == "same-origin", where
    assert response["Cross-Origin-Opener-Policy"] == "same-origin", where
    for device in ("camera", "microphone", "geolocation"):
        assert f"{device}=()" in response["Permissions-Policy"], where


class Inline(HTMLParser):
    """Collects what a strict policy forbids, and where the page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.wrong.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "formaction") and (value or "").strip().lower().startswith(
                ("javascript:", "http:", "https:", "//")
            ):
                self.outside(tag, value or "")
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        self.inside = tag if tag in ("script", "style") else ""

    def outside(self, tag: str, value: str) -> None:
        """Links may lead elsewhere; nothing may be loaded from there, and no address may be script."""
        if tag != "a" or value.strip().lower().startswith("javascript:"):
            self.wrong.append(f"<{tag} {value}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.wrong.append(f"<{self.inside}> {data.strip()[:60]}")


def read(response: Any, where: str) -> Inline:
    page = Inline()
    page.feed(response.content.decode())
    assert not page.wrong, f"{where}: {page.wrong}"
    return page


def test_the_reader_of_pages_sees_what_is_forbidden() -> None:
    for wrong in (
        "<p style='color: red'>", "<script>alert(1)</script>", "<style>p {}</style>", "<button onclick='x()'>",
        "<a href='javascript:x()'>", "<img src='https://evil.example/x.png'>", "<form action='https://evil.example/'>",
        "<script src='//evil.example/x.js'></script>",
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            read(HttpResponse(wrong), wrong)
    assert read(HttpResponse('<script src="/a.js"></script><a href="https://example.cn/">x</a>'), "").links


def walk(client: Client, first: list[str]) -> Iterator[tuple[str, Any]]:
    """Follow links from `first`, a few of each kind, and yield every response."""
    waiting, known, seen = deque(first), set(first), Counter[str]()
    while waiting:
        address = waiting.popleft()
        try:
            kind = resolve(urlsplit(address).path).url_name or ""
        except Resolver404:
            kind = "static" if address.startswith("/static/") else ""
        kind += "?" * bool(urlsplit(address).query)
        if kind.startswith("static") or seen[kind] >= EACH:
            continue
        seen[kind] += 1
        response = client.get(address)
        yield address, response
        if response.status_code in (301, 302):
            links = [response["Location"]]
        elif response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            links = read(response, address).links
        else:
            links = []
        for link in links:
            target = urlsplit(urljoin(f"http://testserver{address}", link))
            inner = f"{target.path}?{target.query}".rstrip("?")
            if target.netloc == "testserver" and inner not in known:
                known.add(inner)
                waiting.append(inner)


@pytest.mark.parametrize(("who", "language"), [*((who, "zh-hans") for who in ("anyone", *ROLES)), ("node_admin", "en")])
def test_every_page_of_everybody(client: Client, world: World, settings: Any, who: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if who != "anyone":
        sign_in(client, getattr(world, who).login)
    visited = Counter[int]()
    led_astray = []
    for address, response in walk(client, ["/", LOGIN, "/account/logout/", "/account/code/activate/"]):
        if "/account/logout" not in address:
            assert response.status_code < 500, address
        check_headers(response, address)
        visited[response.status_code] += 1
        if response.status_code in (403, 404):
            led_astray.append(address)
    assert not led_astray, "links that are shown to people who may not follow them"
    assert visited[200] > 20, visited


def test_pages_after_the_one_time_password(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    activate(client)
    for address in ("/account/recovery/", "/account/recovery/new/", "/account/code/deactivate/", "/my/security/"):
        response = client.get(address)
        assert response.status_code == 200
        check_headers(response, address)
        read(response, address)
    check_headers(client.get("/account/recovery/download/"), "download")
    client.post("/account/logout/")
    sign_in(client, "teacher")
    for response in (client.get("/account/code/"), client.post("/account/code/", {"code": "000000"})):
        check_headers(response, "second step")
        read(response, "second step")


def asked(client: Client, language: str, settings: Any) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


ERRORS = {
    "/no-such-page/": 404,
    "/organisations/00000000-0000-0000-0000-000000000000/": 404,
    "/fail/": 500,
    "/refuse/forbidden/": 403,
    "/refuse/conflict/": 409,
    "/refuse/missing/": 404,
    "/refuse/invalid/": 422,
    "/refuse/too_large/": 413,
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("signed", [False, True])
def test_error_pages(world: World, settings: Any, language: str, signed: bool) -> None:
    settings.ROOT_URLCONF = __name__
    client = asked(Client(raise_request_exception=False), language, settings)
    if signed:
        sign_in(client, "teacher")
    for address, status in ERRORS.items():
        response = client.get(address)
        assert response.status_code == status, address
        check_error(response, address, language)


def check_error(response: Any, where: str, language: str) -> None:
    check_headers(response, where)
    read(response, where)
    page = response.content.decode()
    assert f'<html lang="{"en" if language == "en" else "zh-Hans"}">' in page, where
    title = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert title, where
    assert title[1].strip(), where
    assert "for the test" not in page, where
    other = r"[a-z]{4,}" if language == "zh-hans" else r"[\u4e00-\u9fff]"
    assert not re.search(other, title[1]), f"{where}: {title[1]}"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_stale_form_a_large_file_and_a_wrong_host(world: World, settings: Any, language: str) -> None:
    client = asked(Client(enforce_csrf_checks=True), language, settings)
    stale = client.post(LOGIN, {"login": "teacher", "password": "x"})
    assert stale.status_code == 403
    check_error(stale, "403_csrf", language)

    client = asked(Client(), language, settings)
    large = client.post(LOGIN, {"file": Large("x.bin")})
    assert large.status_code == 413
    check_error(large, "too_large", language)

    wrong = client.get("/", headers={"host": "evil.example"})
    assert wrong.status_code == 400
    check_error(wrong, "400", language)
    assert "evil.example" not in wrong.content.decode()


class Large:
    """A file of one megabyte more than the node takes, without a disk."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, *_size: int) -> bytes:
        return b"x" * (21 * 1024 * 1024)


def test_other_answers_carry_them_as_well(client: Client, world: World, settings: Any) -> None:
    file = Path(settings.STATIC_ROOT, "headers.css")
    file.write_text("p {}")
    static = Client().get("/static/headers.css")
    file.unlink()
    assert b"".join(static.streaming_content) == b"p {}"
    for where, response in {
        "redirect": sign_in(client, "teacher"),
        "slash": client.get("/my"),
        "part": client.get("/search/suggest/?q=cqdx", headers={"HX-Request": "true"}),
        "not allowed": client.get("/account/sso/login/"),
        "api": client.get("/api/v1/organisations"),
        "api error": client.get("/api/v1/no-such-thing"),
        "static": static,
    }.items():
        check_headers(response, where)


def test_pages_of_a_signed_in_person_are_not_kept(client: Client, world: World) -> None:
    sign_in(client, "teacher")
    for address in ("/", "/my/security/", "/account/password/"):
        assert "no-store" in client.get(address)["Cache-Control"], address
    assert "no-store" in Client().get(LOGIN)["Cache-Control"]
