"""The pages of registers in a real browser: accessible and within the width."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from shuangcheng.core.registers import REGISTERS
from shuangcheng.registers.actions import holdings
from tests.journeys.test_pages_browser import SIZES, browser, context
from tests.rooms.test_connectors import save
from tests.upstream import Upstream
from tests.world import AT, SYSTEM, World

__all__ = ["browser"]  # the fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("size", "language", "scheme"), [("wide", "zh-hans", "light"), ("phone", "en", "dark")])
def test_every_page_is_accessible_and_fits(
    browser: Browser, live_server: Any, world: World, upstream: Upstream, size: str, language: str, scheme: str
) -> None:
    register = REGISTERS["teacher_certificate"]
    row = holdings.put(register=register, values=register.sample, source="测试", by=SYSTEM, at=AT)
    save(upstream, enabled=False)
    home = "/registers/teacher_certificate/"
    pages = {
        "/registers/": world.cq_officer, home: world.node_admin, f"{home}new/": world.cq_officer,
        f"{home}records/{row.pk}/": world.cq_officer, f"{home}records/{row.pk}/edit/": world.cq_officer,
        f"{home}connector/": world.node_admin, "/registers/student_status/": world.learner,
        "/imports/new/teacher_certificate/": world.cq_officer,
    }  # fmt: skip
    findings: list[str] = []
    for path, who in pages.items():
        opened = context(browser, live_server, who=who, language=language, viewport=SIZES[size], color_scheme=scheme)
        page = opened.new_page()
        answer = page.goto(live_server.url + path)
        assert answer is not None
        findings += [f"{path}: {answer.status}"] if answer.status != 200 else []
        result = Axe().run(page)
        findings += [
            f"{path}: {found['id']} {[node['target'] for node in found['nodes']][:3]}"
            for found in result.response["violations"]
        ]
        width = page.evaluate("document.documentElement.scrollWidth")
        findings += [f"{path}: {width} wide"] if width > SIZES[size]["width"] else []
        opened.close()
    assert not findings, "\n".join(findings)
