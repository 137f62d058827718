"""One-button pages of the plan ask for the right before they look at what was sent."""

import pytest
from django.test import Client

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import ledger
from shuangcheng.plan.inputs.ledger import ActivityInput
from tests import policy_samples as samples
from tests.doors.plan_cast import PlanCast, cast
from tests.rooms.meetings import held_session, make_body
from tests.world import AT, SYSTEM, World

__all__ = ["cast"]


@pytest.fixture
def addresses(world: World, cast: PlanCast) -> list[str]:
    cast.approve()
    data = {"kind": "event", "title": "示例活动", "on": "2026-03-01", "hosts": ["重庆大学"]}
    activity = ledger.create(data=read(ActivityInput, data), by=SYSTEM, at=AT)
    policy = samples.policy(by=SYSTEM, at=AT)
    session = held_session(make_body())
    return [
        f"/plan/plans/{cast.plan.pk}/close/", f"/plan/plans/{cast.plan.pk}/decide/", f"/policy/{policy.pk}/links/",
        f"/plan/ledger/{activity.pk}/remove/", f"/plan/sessions/{session.pk}/papers/",
    ]  # fmt: skip


def test_who_has_no_right_is_turned_away(client: Client, world: World, addresses: list[str]) -> None:
    for address in addresses:
        assert client.post(address)["Location"].startswith("/account/login/"), address
    client.force_login(world.learner.account)
    for address in addresses:
        assert client.post(address).status_code == 403, address
    client.force_login(world.cq_officer.account)
    for address in addresses:
        assert client.post(address).status_code == 302, address
