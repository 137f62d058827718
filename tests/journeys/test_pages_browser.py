"""The pages in a real browser: accessible, without a script error, within the width, usable by keyboard."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from shuangcheng.desk.search import rebuild
from tests.conftest import chromium
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; the database calls are ours
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def context(
    browser: Browser, server: Any, *, who: Any = None, language: str = "zh-hans", **options: Any
) -> BrowserContext:
    opened = browser.new_context(**options)
    cookies = {settings.LANGUAGE_COOKIE_NAME: language}
    if who:
        client = Client()
        client.force_login(who.account)
        cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    opened.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    return opened


def pages(world: World) -> dict[str, Any]:
    """Each page with who looks at it."""
    officer, admin = world.cq_officer, world.cqu_admin
    return {
        "/": None, "/organisations/": officer, f"/organisations/{world.cqu.id}/": admin, "/organisations/new/": officer,
        "/alliances/": None, f"/alliances/{world.alliance.id}/": admin, f"/zones/{world.zone.id}/": officer,
        f"/agreements/{world.agreement.id}/": officer, "/agreements/new/": officer, "/map/": None, "/verify/": None,
        "/divisions/": None, "/catalogues/": None, "/search/?q=cqdx": None, "/experts/": officer,
        f"/experts/{world.expert.id}/": officer, "/people/": world.node_admin, "/audit/": world.auditor, "/my/": admin,
        "/my/notices/": admin, "/my/mail/": admin,
        "/my/security/": admin, "/account/login/": None, "/fields/higher/": None, "/help/": None, "/imports/": officer,
        "/nowhere/": None,
    }  # fmt: skip


@pytest.mark.parametrize(("size", "language", "scheme"), [("wide", "zh-hans", "light"), ("phone", "en", "dark")])
def test_every_page_is_accessible_and_fits(
    browser: Browser, live_server: Any, world: World, size: str, language: str, scheme: str
) -> None:
    """No finding of axe, no message in the console, no sideways scrolling."""
    findings: list[str] = []
    for path, who in pages(world).items():
        opened = context(browser, live_server, who=who, language=language, viewport=SIZES[size], color_scheme=scheme)
        page = opened.new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        answer = page.goto(live_server.url + path)
        assert answer is not None
        if path != "/nowhere/":
            findings += [f"{path}: {answer.status}"] if answer.status != 200 else []
            findings += [f"{path}: {text}" for text in said]
        result = Axe().run(page)
        findings += [
            f"{path}: {found['id']} {[node['target'] for node in found['nodes']][:3]}"
            for found in result.response["violations"]
        ]
        width = page.evaluate("document.documentElement.scrollWidth")
        findings += [f"{path}: {width} wide"] if width > SIZES[size]["width"] else []
        opened.close()
    assert not findings, "\n".join(findings)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_search_by_keyboard_alone(browser: Browser, live_server: Any, world: World) -> None:
    opened = context(browser, live_server, viewport=SIZES["wide"])
    page = opened.new_page()
    page.goto(live_server.url + "/alliances/")
    page.keyboard.press("/")
    page.keyboard.type("cqdx")
    expect(page.locator(".suggest a").first).to_contain_text("重庆大学")
    page.keyboard.press("ArrowDown")
    assert "重庆大学" in focused(page)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("重庆大学")
    opened.close()


def test_filters_work_with_and_without_script(browser: Browser, live_server: Any, world: World) -> None:
    for script in (True, False):
        opened = context(browser, live_server, viewport=SIZES["wide"], java_script_enabled=script)
        page = opened.new_page()
        page.goto(live_server.url + "/organisations/")
        page.get_by_label("四川").check()
        if not script:
            page.get_by_role("button", name="应用筛选").click()
        expect(page.locator("#results")).not_to_contain_text("重庆大学")
        expect(page.locator("#results")).to_contain_text("四川大学")
        assert "side=sc" in page.url
        opened.close()


def test_what_cannot_be_undone_is_asked_and_forms_are_not_printed(
    browser: Browser, live_server: Any, world: World
) -> None:
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES["wide"])
    page = opened.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"{live_server.url}/alliances/{world.alliance.id}/")
    count = world.alliance.memberships.filter(left__isnull=True).count()
    page.get_by_role("button", name="退出", exact=True).last.click()
    assert asked
    assert "办理退出吗" in asked[0]
    assert world.alliance.memberships.filter(left__isnull=True).count() == count
    page.emulate_media(media="print")
    assert not [form for form in page.locator("form").all() if form.is_visible()]
    assert page.get_by_role("heading", name="成员").is_visible()
    opened.close()


def test_a_form_suggests_and_keeps_what_was_typed(browser: Browser, live_server: Any, world: World) -> None:
    rebuild("division")
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES["phone"])
    page = opened.new_page()
    page.goto(live_server.url + "/organisations/new/")
    page.get_by_label("机构名称").fill("示例县职业教育中心")
    page.get_by_label("机构类型").select_option("secondary_vocational")
    page.get_by_label("所在区划").press_sequentially("荣昌")
    expect(page.locator("#list-division option").first).to_have_attribute("value", "500153")
    page.get_by_label("所在区划").fill("天边")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".msg")).to_contain_text("没有找到“天边”")
    expect(page.get_by_label("机构名称")).to_have_value("示例县职业教育中心")
    page.get_by_label("所在区划").fill("500153")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("h1")).to_contain_text("示例县职业教育中心")
    opened.close()
