"""The policy library and the reading desk in a real browser: accessible, within the width, quick by keyboard."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from shuangcheng.plan.actions import plans, policies, proposals
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models import Plan
from tests import policy_samples as samples
from tests.journeys.test_pages_browser import SIZES, browser, context
from tests.world import AT, SYSTEM, World

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plan(world: World) -> Plan:
    policy = samples.policy(by=SYSTEM, at=AT)
    data = PlanInput(name="示例清单", policy=policy.title, field="vocational", first_year=2025, last_year=2027)
    made = plans.create(data=data, by=SYSTEM, at=AT)
    assert made.policy_version
    proposals.read(plan=made, version=made.policy_version, by=SYSTEM, at=AT)
    return made


@pytest.mark.parametrize(("size", "language", "scheme"), [("wide", "zh-hans", "light"), ("phone", "en", "dark")])
def test_every_page_is_accessible_and_fits(
    browser: Browser,
    live_server: Any,
    world: World,
    plan: Plan,
    size: str,
    language: str,
    scheme: str,
) -> None:
    assert plan.policy_version
    policy = plan.policy_version.policy
    waiting = samples.intake(samples.TEXT + "附注。\n", at=AT)
    policies.renew(intake=samples.intake(samples.NEWER, at=AT), article=0, policy=policy, by=SYSTEM, at=AT)
    row = plan.proposals.filter(kind="measure")[0]
    paths = (
        "/policy/", f"/policy/{policy.id}/", f"/policy/{policy.id}/edit/", "/policy/new/",
        f"/policy/intakes/{waiting.id}/", f"/policy/{policy.id}/versions/2/difference/",
        f"/plan/reading/new/?policy={policy.id}", f"/plan/plans/{plan.id}/reading/", f"/plan/proposals/{row.id}/edit/",
        f"/plan/proposals/{row.id}/split/", "/plan/plans/new/", f"/plan/plans/{plan.id}/edit/",
    )  # fmt: skip
    findings: list[str] = []
    opened = context(
        browser, live_server, who=world.cq_officer, language=language, viewport=SIZES[size], color_scheme=scheme
    )
    page = opened.new_page()
    page.on("console", lambda message: findings.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: findings.append(str(error)))
    for path in paths:
        answer = page.goto(live_server.url + path)
        assert answer is not None
        findings += [f"{path}: {answer.status}"] if answer.status != 200 else []
        for found in Axe().run(page).response["violations"]:
            findings.append(f"{path}: {found['id']} {[node['target'] for node in found['nodes']][:3]}")
        width = page.evaluate("document.documentElement.scrollWidth")
        findings += [f"{path}: {width} wide"] if width > SIZES[size]["width"] else []
    opened.close()
    assert findings == []


def test_the_desk_by_keyboard_alone(browser: Browser, live_server: Any, world: World, plan: Plan) -> None:
    opened = context(browser, live_server, who=world.cq_officer, viewport=SIZES["wide"])
    page = opened.new_page()
    page.goto(f"{live_server.url}/plan/plans/{plan.id}/reading/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    now = page.locator("[data-proposal].now")
    expect(now).to_contain_text("2.1 组建产教联合体")
    expect(page.locator("mark.now").first).to_be_visible()
    page.keyboard.press("e")
    page.get_by_label("事项").fill("组建十个联合体")
    page.get_by_role("button", name="保存更正").click()
    expect(page.locator("[data-proposal].now")).to_contain_text("2.1 组建十个联合体")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_contain_text("已核定 2 项，共 7 项")
    page.keyboard.press("j")
    expect(now).to_contain_text("2.2.1 开放在线课程")
    page.keyboard.press("x")
    page.keyboard.type("已在别处")
    page.keyboard.press("Enter")
    expect(page.locator("#progress")).to_contain_text("已核定 3 项，共 7 项")
    opened.close()
    assert plan.items.get().title == "组建十个联合体"
    assert plan.proposals.get(state="dropped").reason == "已在别处"
