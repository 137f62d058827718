"""Whether a digest is that of an approved plan or of confirmed minutes, on the page and over the API."""

import pytest
from django.test import Client

from shuangcheng.core.schema import read
from shuangcheng.plan.actions import approvals, items, minutes
from shuangcheng.plan.inputs.items import ItemInput
from shuangcheng.plan.inputs.sessions import DigestInput, MinutesInput
from shuangcheng.plan.minutes import content, digest_of
from shuangcheng.plan.models import Plan, Session
from shuangcheng.plan.snapshots import digest_of as plan_digest
from shuangcheng.plan.snapshots import snapshot_of
from tests.doors.api_client import Api
from tests.rooms.meetings import held_session, make_body, make_item, make_plan
from tests.world import AT, SYSTEM, World

pytestmark = pytest.mark.django_db


def approve(plan: Plan) -> str:
    digest = plan_digest(snapshot_of(plan))
    for side in ("cq", "sc"):
        approvals.approve(plan=plan, seen=digest, side=side, by=SYSTEM, at=AT)
    return digest


def confirm(session: Session, *sides: str) -> str:
    digest = digest_of(content(session))
    for side in sides:
        minutes.confirm(session=session, data=DigestInput(digest=digest), side=side, by=SYSTEM, at=AT)
    return digest


def written(text: str = "会议认为两地要抓紧推进各项工作。", session: Session | None = None) -> Session:
    data = MinutesInput(text=text)
    return minutes.write(session=session or held_session(make_body()), data=data, by=SYSTEM, at=AT)


def page(client: Client, digest: str) -> str:
    return str(client.get("/verify/", {"digest": digest}).content.decode())


def test_what_only_one_side_approved_is_not_found(client: Client, world: World) -> None:
    plan = make_plan()
    make_item(plan, "1")
    digest = plan_digest(snapshot_of(plan))
    approvals.approve(plan=plan, seen=digest, side="cq", by=SYSTEM, at=AT)
    one = confirm(written(), "cq")
    for unknown in (digest, one, "0" * 64):
        assert "没有找到一致的存证版本" in page(client, unknown)
        answer = Api().get(f"/verify/{unknown}").json()
        assert (answer["matches"], answer["plans"], answer["minutes"]) == ([], [], [])


def test_an_approved_plan_is_found_also_when_there_is_a_newer_one(client: Client, world: World) -> None:
    plan = make_plan()
    item = make_item(plan, "1")
    first = approve(plan)
    assert "清单第 1 版" in page(client, first)
    data = read(ItemInput, {"number": "1", "title": "改过的事项", "field": "vocational"})
    items.edit(item=item, data=data, by=SYSTEM, at=AT)
    second = approve(plan)
    assert "，但已有更新的核定版本" in page(client, first)
    assert "，但已有更新的核定版本" not in page(client, second.upper())
    for digest, number, newest in ((first, 1, False), (second, 2, True)):
        [found] = Api().get(f"/verify/{digest}").json()["plans"]
        assert (found["version"]["number"], found["newest"]) == (number, newest)
        assert found["plan"] == {"id": str(plan.pk), "name": "示例清单"}


def test_confirmed_minutes_are_found_but_not_what_they_were_before(client: Client, world: World) -> None:
    session = written()
    before = confirm(session, "cq")
    session = written("会议认为两地要加快推进各项工作。", session)
    after = confirm(session, "cq", "sc")
    assert "没有找到" in page(client, before)
    assert Api().get(f"/verify/{before}").json()["minutes"] == []
    text = page(client, after)
    assert "会议纪要，各方已确认" in text
    assert f"/plan/sessions/{session.pk}/" in text
    [found] = Api().get(f"/verify/{after}").json()["minutes"]
    assert found["session"] == {"id": str(session.pk), "name": str(session)}
    assert found["body"]["name"] == "示例教育联席会议"
