"""Two officers edit one thing of the plan: each page says so to the second, and keeps what he typed."""

from collections.abc import Callable

import lxml.html
import pytest
from django.db.models import F
from django.test import Client

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import ledger, plans, proposals, sought
from shuangcheng.plan.inputs.ledger import ActivityInput, SoughtInput
from shuangcheng.plan.inputs.plans import PlanInput
from shuangcheng.plan.models.base import Versioned
from tests import policy_samples as samples
from tests.rooms.meetings import held_session, make_body, make_item, make_plan, make_session, written
from tests.world import AT, SYSTEM, World

pytestmark = pytest.mark.django_db

TYPED = "第二位写下的内容，请勿丢失。"
Made = tuple[Versioned, str, str]


def _policy() -> Made:
    row = samples.policy(by=SYSTEM, at=AT)
    return row, f"/policy/{row.pk}/edit/", "remark"


def _proposal() -> Made:
    data = PlanInput(
        name="示例清单", policy=samples.policy(by=SYSTEM, at=AT).title, field="vocational",
        first_year=2025, last_year=2027,
    )  # fmt: skip
    plan = plans.create(data=data, by=SYSTEM, at=AT)
    assert plan.policy_version
    proposals.read(plan=plan, version=plan.policy_version, by=SYSTEM, at=AT)
    row = plan.proposals.filter(kind="measure")[0]
    return row, f"/plan/proposals/{row.pk}/edit/", "title"


def _plan() -> Made:
    row = make_plan()
    return row, f"/plan/plans/{row.pk}/edit/", "purpose"


def _item() -> Made:
    row = make_item(make_plan(), "1")
    return row, f"/plan/items/{row.pk}/edit/", "text"


def _activity() -> Made:
    data = {"kind": "event", "title": "示例活动", "on": "2026-03-01", "hosts": ["重庆大学"]}
    row = ledger.create(data=read(ActivityInput, data), by=SYSTEM, at=AT)
    return row, f"/plan/ledger/{row.pk}/edit/", "result"


def _sought() -> Made:
    data = {"kind": "policy", "title": "增投招生计划", "lead_cq": "重庆市教育委员会"}
    row = sought.save(data=read(SoughtInput, data), by=SYSTEM, at=AT)
    return row, f"/plan/sought/{row.pk}/edit/", "text"


def _body() -> Made:
    row = make_body()
    return row, f"/plan/bodies/{row.pk}/edit/", "mandate"


def _session() -> Made:
    row = make_session(make_body())
    return row, f"/plan/sessions/{row.pk}/edit/", "place"


def _minutes() -> Made:
    row = written(held_session(make_body()), SYSTEM)
    return row, f"/plan/sessions/{row.pk}/minutes/edit/", "text"


@pytest.mark.parametrize(
    "make", [_policy, _proposal, _plan, _item, _activity, _sought, _body, _session, _minutes]
)  # fmt: skip
def test_the_second_is_told_and_keeps_his_text(client: Client, world: World, make: Callable[[], Made]) -> None:
    row, path, field = make()
    client.force_login(world.cq_officer.account)
    [form] = [
        one for one in lxml.html.fromstring(client.get(path).content).forms if field in one.fields
    ]  # fmt: skip
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    type(row)._default_manager.filter(pk=row.pk).update(version=F("version") + 1)
    second = client.post(path, sent | {field: [TYPED]})
    text = second.content.decode()
    assert second.status_code == 422
    assert "已被他人修改" in text
    assert TYPED in text
    assert client.post(path, sent | {field: [TYPED], "version": [str(row.version + 1)]}).status_code == 302
