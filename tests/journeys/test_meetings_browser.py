"""A session in a real browser: the agenda is ordered with and without script, and the pages are accessible."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from shuangcheng.plan.actions import agenda
from shuangcheng.plan.inputs.sessions import MatterInput
from tests.journeys.test_pages_browser import SIZES, browser, context
from tests.rooms.meetings import held_session, make_body, make_item, make_plan, make_session, resolve, written
from tests.world import AT, SYSTEM, World

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
def test_the_agenda_is_arranged(browser: Browser, live_server: Any, world: World, script: bool) -> None:
    session = make_session(make_body())
    make_item(make_plan(), "1", due="2025-12-26")
    agenda.add(session=session, data=MatterInput(title="审议要点"), by=SYSTEM, at=AT)
    opened = context(
        browser, live_server, who=world.cq_officer, viewport=SIZES["wide"], java_script_enabled=script
    )  # fmt: skip
    page = opened.new_page()
    page.goto(f"{live_server.url}/plan/sessions/{session.id}/")
    page.get_by_role("button", name="按清单情况生成议题建议").click()
    page.get_by_role("button", name="列入", exact=True).click()
    matters = page.locator("#agenda > ol > li")
    expect(matters).to_have_count(2)
    page.get_by_role("button", name="上移：1 示例事项1").click()
    expect(matters.first).to_contain_text("示例事项1")
    opened.close()


def test_a_refusal_is_said_when_only_the_agenda_was_asked_for(browser: Browser, live_server: Any, world: World) -> None:
    session = make_session(make_body())
    agenda.raise_matter(session=session, data=MatterInput(title="实训基地"), by=world.cqu_admin.actor, at=AT)
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES["wide"])
    page = opened.new_page()
    page.goto(f"{live_server.url}/plan/sessions/{session.id}/")
    page.locator("#agenda button[value=drop]").click()
    expect(page.locator(".notice.bad")).to_contain_text("“理由”没有填写")
    opened.close()


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_pages_of_bodies_are_accessible_and_fit(
    browser: Browser, live_server: Any, world: World, size: str, scheme: str
) -> None:
    body = make_body()
    held, ahead = held_session(body), make_session(body)
    resolve(held, SYSTEM)
    written(held, SYSTEM)
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES[size], color_scheme=scheme)
    page = opened.new_page()
    findings: list[str] = []
    for path in (
        "/plan/bodies/", "/plan/sessions/", f"/plan/bodies/{body.id}/", f"/plan/sessions/{held.id}/",
        f"/plan/sessions/{held.id}/minutes/", f"/plan/sessions/{held.id}/minutes/edit/",
        f"/plan/sessions/{ahead.id}/", f"/plan/sessions/{ahead.id}/attendance/",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        findings += [f"{path}: {found['id']}" for found in Axe().run(page).response["violations"]]
        width = page.evaluate("document.documentElement.scrollWidth")
        findings += [f"{path}: {width} wide"] if width > SIZES[size]["width"] else []
    opened.close()
    assert not findings, "\n".join(findings)
