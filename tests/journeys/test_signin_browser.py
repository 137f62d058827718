"""Signing in with a real browser: password, one-time password, single sign-on; with and without scripts."""

import copy
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import chromium
from tests.doors.oidc_providers import real_provider
from tests.doors.signin_steps import code_of
from tests.doors.test_oidc import configure
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; the database calls are ours
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def _fresh(transactional_db: None) -> Iterator[None]:
    """The cache is not emptied with the tables."""
    cache.clear()
    yield
    cache.clear()


@contextmanager
def tab(browser: Browser, server: Any, **options: Any) -> Iterator[Page]:
    """A tab of its own, in which our pages may say nothing on the console."""
    with browser.new_context(**options) as context:
        page = context.new_page()
        said: list[str] = []

        def hear(words: str) -> None:
            if page.url.startswith(server.url):
                said.append(words)

        page.on("console", lambda message: hear(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: hear(str(error)))
        yield page
        assert not said


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def enter(page: Page, server: Any, login: str, password: str = PASSWORD) -> None:
    page.goto(f"{server.url}/account/login/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    press(page, "登录")


def leave(page: Page) -> None:
    page.locator(".menu summary").click()
    page.locator(".menu").get_by_role("button", name="退出").click()
    expect(page.get_by_text("已退出登录。")).to_be_visible()


def code(page: Page, label: str, value: str, button: str) -> None:
    page.get_by_label(label).fill(value)
    press(page, button)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_first_sign_in_to_the_code(browser: Browser, live_server: Any, world: World, scripts: bool) -> None:
    with tab(browser, live_server, java_script_enabled=scripts) as page:
        enter(page, live_server, "teacher", "not-this-one")
        expect(page.get_by_role("alert")).to_have_text("登录名或密码不正确。")
        expect(page.get_by_label("登录名")).to_have_value("teacher")
        expect(page.get_by_label("密码")).to_have_value("")
        enter(page, live_server, "teacher")
        expect(page).to_have_url(f"{live_server.url}/")

        page.goto(f"{live_server.url}/my/security/")
        page.get_by_role("link", name="启用动态口令").click()
        secret = page.locator("#secret").inner_text()
        assert re.fullmatch(r"[A-Z2-7]{32}", secret)
        code(page, "六位数字", "000000", "启用")
        expect(page.locator(".msg")).to_contain_text("不正确")
        assert page.locator("#secret").inner_text() == secret, "a wrong code does not change the key"
        code(page, "六位数字", code_of(secret), "启用")
        expect(page.locator("#codes li")).to_have_count(10)
        spare = page.locator("#codes li").first.inner_text()
        with page.expect_download() as download:
            page.get_by_role("link", name="下载").click()
        assert spare in download.value.path().read_text()

        leave(page)
        enter(page, live_server, "teacher")
        expect(page).to_have_url(f"{live_server.url}/account/code/")
        code(page, "动态口令", "000000", "登录")
        expect(page.locator(".msg")).to_contain_text("不正确")
        code(page, "动态口令", code_of(secret), "登录")
        expect(page).to_have_url(f"{live_server.url}/")
        expect(page.locator(".menu summary")).to_contain_text("焦小师")

        leave(page)
        enter(page, live_server, "teacher")
        press(page, "取消")
        expect(page).to_have_url(f"{live_server.url}/account/login/")
        enter(page, live_server, "teacher")
        code(page, "动态口令", spare, "登录")
        expect(page.locator(".menu summary")).to_contain_text("焦小师")


def test_five_wrong_passwords_lock(browser: Browser, live_server: Any, world: World) -> None:
    with tab(browser, live_server) as page:
        for _attempt in range(5):
            enter(page, live_server, "teacher", "not-this-one")
        expect(page.get_by_role("alert")).to_contain_text("请 15 分钟后再试；急用请联系本单位管理员重置密码")


def test_single_sign_on_through_the_policy_of_the_page(
    browser: Browser, live_server: Any, world: World, settings: Any
) -> None:
    with real_provider() as provider, tab(browser, live_server) as page:
        configure(settings, provider.issuer)
        policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
        policy["DIRECTIVES"]["form-action"].append(provider.issuer)
        settings.CONTENT_SECURITY_POLICY = policy
        provider.enter("sub-teacher", preferred_username="teacher")
        page.goto(f"{live_server.url}/my/security/")
        press(page, "用川渝教育统一认证登录")
        page.locator("input[name=sub]").first.fill("sub-teacher")
        page.get_by_role("button", name="Authorize").click()
        expect(page).to_have_url(f"{live_server.url}/my/security/")
        expect(page.locator(".menu summary")).to_contain_text("焦小师")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_of_signing_in_are_accessible_and_fit(
    browser: Browser, live_server: Any, world: World, width: int, scheme: str
) -> None:
    findings = []
    with tab(browser, live_server, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:

        def look() -> None:
            violations = Axe().run(page).response["violations"]
            findings.extend(f"{page.url}: {found['id']} {found['nodes'][0]['html'][:120]}" for found in violations)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                findings.append(f"{page.url}: wider than {width}")
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{folder}/{len(os.listdir(folder)):02}-{width}.png", full_page=True)

        page.goto(f"{live_server.url}/account/login/")
        look()
        enter(page, live_server, "teacher", "not-this-one")
        look()
        enter(page, live_server, "teacher")
        for path in ("password/", "logout/", "inactive/", "code/activate/", "sso/cancelled/"):
            page.goto(f"{live_server.url}/account/{path}")
            look()
        page.goto(f"{live_server.url}/account/code/activate/")
        code(page, "六位数字", "000000", "启用")
        look()
        secret = page.locator("#secret").inner_text()
        code(page, "六位数字", code_of(secret), "启用")
        look()
        for path in ("recovery/new/", "code/deactivate/", "confirm/", "code/confirm/"):
            page.goto(f"{live_server.url}/account/{path}")
            look()
        leave(page)
        enter(page, live_server, "teacher")
        look()
    assert not findings, "\n".join(findings)
