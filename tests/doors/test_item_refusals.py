"""Who is turned away from the list: the public, learners, outsiders, the other side's officer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.actions import evidence
from shuangcheng.plan.models import Plan
from tests.doors.plan_cast import PNG, PlanCast, cast, enter
from tests.world import AT, SYSTEM, World

__all__ = ["cast"]


def forms(cast: PlanCast) -> dict[str, dict[str, object]]:
    """Address -> what is sent there."""
    item = f"/plan/items/{cast.late.id}"
    target = f"{item}/targets/{cast.target.id}"
    return {
        f"/plan/items/new/?plan={cast.plan.id}": {"number": "9", "title": "别人的事项", "field": "basic"},
        f"{item}/edit/": {"number": "9", "title": "别人的事项", "field": "basic", "version": cast.late.version},
        f"{item}/row/": {"told": "on_track", "due": "2027-01-01", "version": cast.late.version},
        f"{item}/remove/": {"reason": "不要了"},
        f"{item}/targets/new/": {"subject": "学校", "comparator": "ge", "value": "1", "kind": "goal", "side": "both"},
        f"{target}/": {
            "subject": "学校",
            "comparator": "ge",
            "value": "1",
            "kind": "goal",
            "side": "both",
            "version": 1,
        },
        f"{target}/remove/": {},
        f"{target}/observe/": {"on": "2026-01-05", "value": "1"},
        f"{item}/report/": {"on": "2026-01-05", "told": "on_track", "percent": 1, "text": "有进展。"},
        f"{item}/progress/{cast.report.id}/withdraw/": {"reason": "不对"},
        f"{item}/remark/": {"kind": "remark", "text": "有意见。"},
        f"{item}/evidence/": {"file": SimpleUploadedFile("图.png", PNG)},
        "/plan/bulk/": {"item": str(cast.late.id), "due": "2027-01-01", "do": "look"},
    }


ONLY_POST = ("/remove/", "/evidence/")
PARTICIPANTS = ("/observe/", "/report/", "/remark/", "/evidence/")


def written() -> int:
    return AuditLine.objects.exclude(verb__startswith="account.").count()


def test_the_public_is_sent_to_sign_in(client: Client, world: World, cast: PlanCast) -> None:
    cast.approve()
    before = written()
    for address, body in forms(cast).items():
        answer = client.post(address, body)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/account/login/"), address
    assert written() == before


@pytest.mark.parametrize("who", ["learner", "outsider", "auditor", "teacher", "employer", "node_admin"])
def test_who_has_no_part_changes_nothing(client: Client, world: World, cast: PlanCast, who: str) -> None:
    cast.approve()
    enter(client, world, who)
    before = written()
    for address, body in forms(cast).items():
        assert client.post(address, body).status_code == 403, address
        if not address.endswith(ONLY_POST):
            assert client.get(address.replace("bulk/", f"bulk/?item={cast.late.id}")).status_code == 403, address
    assert written() == before


@pytest.mark.parametrize("who", ["cqu_admin", "staff", "swu_admin"])
def test_participants_report_but_do_not_edit(client: Client, world: World, cast: PlanCast, who: str) -> None:
    enter(client, world, who)
    for address, body in forms(cast).items():
        may = address.endswith(PARTICIPANTS)
        assert client.post(address, body).status_code == (302 if may else 403), address


def test_the_other_sides_officer_does_not_keep_our_plan(client: Client, world: World, cast: PlanCast) -> None:
    Plan.objects.update(side="cq")
    enter(client, world, "sc_officer")
    before = written()
    for address, body in forms(cast).items():
        answer = client.post(address, body)
        if address == "/plan/bulk/":
            assert [reasons for _item, _changes, reasons in answer.context["rows"]] != [[]]
        else:
            assert answer.status_code == 403, address
    assert written() == before


@pytest.mark.parametrize("who", [None, "learner", "outsider", "scu_admin"])
def test_what_is_not_approved_is_not_there(client: Client, world: World, cast: PlanCast, who: str | None) -> None:
    """四川大学 leads the project, so its administrator sees the plan; the others do not."""
    enter(client, world, who)
    seen = who == "scu_admin"
    assert client.get(f"/plan/items/{cast.late.id}/").status_code == (200 if seen else 404)
    assert (cast.late.title in client.get("/plan/").content.decode()) is seen


def test_evidence_is_seen_with_its_subject(client: Client, world: World, cast: PlanCast) -> None:
    files = [
        evidence.attach(subject=subject, name=f"{number}.txt", data=f"材料{number}".encode(), by=SYSTEM, at=AT)
        for number, subject in enumerate([cast.late, cast.report])
    ]
    for file in files:
        assert client.get(f"/plan/evidence/{file.id}/").status_code == 404
    cast.approve()
    cast.report.counts = False
    cast.report.save()
    own, reported = (f"/plan/evidence/{file.id}/" for file in files)
    answer = client.get(own)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == "材料0".encode()
    assert client.get(reported).status_code == 404, "its report does not count yet"
    assert enter(client, world, "outsider").post(f"{own}remove/").status_code == 403


def test_a_report_of_another_item_is_not_withdrawn_here(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    address = f"/plan/items/{cast.project.id}/progress/{cast.report.id}/withdraw/"
    assert client.post(address, {"reason": "不对"}).status_code == 404
    assert client.get(f"/plan/items/{cast.project.id}/targets/{cast.target.id}/").status_code == 404


@pytest.mark.parametrize("query", ["plan=%00", "organisation=x", "page=99999", "year=99999&view=timetable", "item=x"])
def test_odd_addresses_are_borne(client: Client, world: World, cast: PlanCast, query: str) -> None:
    enter(client, world, "cq_officer")
    assert client.get(f"/plan/?{query}").status_code in (200, 400)
    assert client.get(f"/plan/bulk/?{query}").status_code in (302, 400)
