"""The list in a real browser: a row changed in place, by keyboard, without losing the place."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.doors.plan_cast import PlanCast, build
from tests.journeys.test_pages_browser import SIZES, browser, context
from tests.world import World

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(world: World) -> PlanCast:
    return build(world)


@pytest.mark.parametrize("size", SIZES)
def test_a_row_is_changed_in_place(browser: Browser, live_server: Any, world: World, cast: PlanCast, size: str) -> None:
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES[size])
    page = opened.new_page()
    page.goto(f"{live_server.url}/plan/?field=vocational")
    page.get_by_role("link", name="修改 1", exact=True).press("Enter")
    editing = page.locator("tr.editing")
    expect(editing.locator("td")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    editing.get_by_label("状态").select_option("受阻")
    editing.get_by_label("完成期限").fill("2099-06-30")
    editing.get_by_label("完成期限").press("Enter")
    expect(editing).to_contain_text("请说明原因")
    expect(editing.get_by_label("完成期限")).to_have_value("2099-06-30")
    editing.get_by_label("原因").fill("用地未批")
    editing.get_by_role("button", name="保存").click()
    expect(editing).to_have_count(0)
    row = page.locator("tr", has=page.get_by_role("link", name=cast.late.title))
    expect(row).to_be_focused()
    expect(row).to_contain_text("2099-06-30")
    expect(row).to_contain_text("用地未批")
    row.get_by_role("link", name="修改 1").click()
    editing.get_by_role("link", name="取消").click()
    expect(row).to_contain_text("2099-06-30")
    assert page.url.endswith("/plan/?field=vocational")
    opened.close()
