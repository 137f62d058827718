"""At the doors: what was read is named, and what has changed meanwhile is told without losing what was typed."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shuangcheng.directory.actions import agreements
from tests.doors.api_cast import Stage, stage, writes
from tests.doors.api_client import Api, codes, token
from tests.world import SYSTEM, World

NAMED = (
    "editAlliance", "editZone", "editAgreement", "approveAgreement", "decideReport", "editProgramme", "editDesignation",
    "editExpert", "correctName",
)  # fmt: skip
WHO = "cq_officer"


def sent(on: Stage, operation: str) -> tuple[str, str, Any]:
    method, path, body = writes(on)[operation]
    return method, path.partition("?")[0], body


@pytest.mark.parametrize("operation", NAMED)
def test_a_program_names_the_version_that_it_read(world: World, operation: str) -> None:
    api = Api(token(getattr(world, WHO)))
    method, path, body = sent(stage(world), operation)
    missing = api.send(method, path, body)
    assert (missing.status_code, codes(missing)) == (428, ["version_missing"])
    stale = api.send(method, f"{path}?version=7", body)
    assert (stale.status_code, codes(stale)) == (409, ["changed_meanwhile"])
    wrong = api.send(method, path, body, If_Match='"7"')
    assert (wrong.status_code, codes(wrong)) == (412, ["changed_meanwhile"])
    assert api.send(method, f"{path}?version=1", body).status_code == 200


def test_an_etag_names_the_version(world: World) -> None:
    api = Api(token(world.cq_officer))
    _method, path, body = sent(stage(world), "editZone")
    assert api.put(path, body, If_Match=api.get(path)["ETag"]).json()["version"] == 2


def test_an_officer_approves_on_the_page_what_he_saw(client: Client, world: World) -> None:
    row = stage(world).draft
    client.force_login(world.cq_officer.account)
    page = f"/agreements/{row.id}/"
    assert 'name="version" value="1"' in client.get(page).content.decode()
    agreements.attach(agreement=row, name="a.pdf", content=b"x", text="", by=SYSTEM, at=timezone.now())
    refused = client.post(f"{page}decide/", {"do": "approve", "version": "1"}, follow=True)
    assert "别人已修改过" in refused.content.decode()
    assert not row.versions.exists()
    assert "别人已修改过" in client.post(f"{page}decide/", {"do": "approve"}, follow=True).content.decode()
    client.post(f"{page}decide/", {"do": "approve", "version": "2"})
    assert row.versions.count() == 1


def test_a_report_is_decided_on_the_page_as_it_was_seen(client: Client, world: World) -> None:
    row = stage(world).report
    client.force_login(world.cq_officer.account)
    path = f"/alliances/{world.alliance.id}/reports/{row.id}/"
    assert "别人已修改过" in client.post(path, {"do": "accept", "version": "0"}, follow=True).content.decode()
    client.post(path, {"do": "accept", "version": "1"})
    row.refresh_from_db()
    assert row.state == "accepted"


def test_the_second_of_two_editors_keeps_what_he_typed(client: Client, world: World) -> None:
    client.force_login(world.cq_officer.account)
    path = f"/zones/{world.zone.id}/edit/"
    form = {"name": world.zone.name, "kind": "pair", "level": "joint", "field": "mechanism",
            "divisions": ["500152", "510900"], "version": "1"}  # fmt: skip
    assert client.post(path, form | {"tasks": "共建教师学院"}).status_code == 302
    second = client.post(path, form | {"tasks": "互派校长", "level": "provincial"})
    assert second.status_code == 422
    text = second.content.decode()
    for shown in ("别人已修改过", "互派校长", "现在保存的是：共建教师学院", "现在保存的是：川渝共同"):
        assert shown in text
    assert text.count("现在保存的是") == 2, "only at what differs"
    assert 'name="version" value="2"' in text, "he may save after reading"
    assert client.post(path, form | {"tasks": "互派校长", "version": "2"}).status_code == 302


def test_programmes_titles_experts_and_names_are_not_overwritten(client: Client, world: World) -> None:
    on = stage(world)
    client.force_login(world.cq_officer.account)
    programme = {"catalogue": "undergraduate_2026", "code": "080901", "state": "open"}
    title = {"title": "产教融合型企业", "level": "national"}
    expert = {"employer": "西南大学", "field": "basic", "specialities": "数学"}
    enterprise, person = on.designation.organisation_id, world.teacher.account.person_id
    for path, form in (
        (f"/organisations/{world.cqu.id}/programmes/{world.programme.id}/", programme | {"quota": "90"}),
        (f"/organisations/{enterprise}/designations/{on.designation.id}/", title | {"basis": "示例文件"}),
        (f"/experts/{world.expert.id}/edit/", expert | {"title": "教授"}),
        (f"/people/{person}/name/", {"name": "焦大师", "basis": "居民身份证"}),
    ):
        assert 'name="version" value="1"' in client.get(path).content.decode(), path
        assert client.post(path, form | {"version": "1"}).status_code == 302, path
        second = client.post(path, form | {"version": "1"})
        assert (second.status_code, "别人已修改过" in second.content.decode()) == (422, True), path
