"""An item changed in its row of the list: in place with htmx, on a page of its own without."""

import pytest
from django.test import Client

from shuangcheng.plan.models import Item, Progress
from tests.doors.plan_cast import PlanCast, cast, enter
from tests.doors.test_item_pages import text
from tests.rooms.checks import newest
from tests.world import World

__all__ = ["cast"]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def address(cast: PlanCast) -> str:
    return f"/plan/items/{cast.late.id}/row/"


def sent(cast: PlanCast, **changes: object) -> dict[str, object]:
    """The row as its form sends it when nothing was changed."""
    values = {"told": "on_track", "due": "2025-12-31", "lead_cq": "重庆大学", "lead_sc": "四川省教育厅"}
    return values | {"version": cast.late.version} | changes


def test_only_who_may_edit_sees_the_way(client: Client, world: World, cast: PlanCast, address: str) -> None:
    cast.approve()
    assert address not in text(client.get("/plan/"))
    assert address not in text(enter(client, world, "cqu_admin").get("/plan/"))
    assert address in text(enter(client, world, "sc_officer").get("/plan/"))


def test_a_row_is_changed_in_place(client: Client, world: World, cast: PlanCast, address: str) -> None:
    enter(client, world, "cq_officer")
    Item.objects.filter(pk=cast.late.pk).update(office_cq="教务处", office_sc="职成处")
    form = text(client.get(address, **HTMX))
    assert "<html" not in form
    assert 'value="2025-12-31"' in form
    body = sent(cast, told="blocked", reason="用地未批", due="2027-06-30", lead_sc="四川大学")
    answer = client.post(address, body, **HTMX)
    assert answer.status_code == 200
    assert "<html" not in text(answer)
    for words in ("2027-06-30", "用地未批", "受阻", "四川大学"):
        assert words in text(answer), words
    cast.late.refresh_from_db()
    assert (cast.late.told, cast.late.percent, str(cast.late.due)) == ("blocked", 60, "2027-06-30")
    assert (cast.late.lead_cq, cast.late.lead_sc) == (world.cqu, world.scu)
    assert (cast.late.office_cq, cast.late.office_sc) == ("教务处", ""), "the office was the old lead's"
    report = Progress.objects.get(told="blocked")
    assert (report.reason, report.by_name) == ("用地未批", "余小安")
    assert sorted(newest().changes) == ["due", "lead_sc", "office_sc"]
    assert cast.late.title in text(client.get(f"{address}?as=row", **HTMX))


def test_nothing_changed_is_nothing_written(client: Client, world: World, cast: PlanCast, address: str) -> None:
    enter(client, world, "cq_officer")
    before = newest()
    assert client.post(address, sent(cast), **HTMX).status_code == 200
    assert newest() == before
    assert Progress.objects.count() == 1


def test_what_is_blanked_is_emptied(client: Client, world: World, cast: PlanCast, address: str) -> None:
    enter(client, world, "cq_officer")
    assert client.post(address, sent(cast, due="", lead_cq=""), **HTMX).status_code == 200
    cast.late.refresh_from_db()
    assert (cast.late.due, cast.late.lead_cq, cast.late.lead_sc) == (None, None, world.sc_department)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"told": "blocked", "reason": ""}, "请说明原因"),
        ({"due": "2025-01-01"}, "早于开始日期"),
        ({"due": "明天"}, "日期"),
        ({"told": ""}, "状态"),
        ({"lead_cq": "没有的单位", "lead_sc": "也没有"}, "也没有"),
        ({"version": 0}, "已被他人修改"),
    ],
)
def test_a_refused_change_keeps_what_was_typed(
    client: Client, world: World, cast: PlanCast, address: str, changes: dict[str, object], words: str
) -> None:
    enter(client, world, "cq_officer")
    body = sent(cast, reason="我写的原因", lead_sc="四川大学") | changes
    shown = text(client.post(address, body, **HTMX))
    assert words in shown
    assert f'value="{"我写的原因" if "lead_sc" in changes else "四川大学"}"' in shown
    cast.late.refresh_from_db()
    assert (cast.late.told, str(cast.late.due), cast.late.lead_cq) == ("on_track", "2025-12-31", world.cqu)
    assert client.post(address, body).status_code == 422, "without a script the form comes back on its page"


def test_without_a_script_it_is_a_page(client: Client, world: World, cast: PlanCast, address: str) -> None:
    enter(client, world, "sc_officer")
    assert "<html" in text(client.get(address))
    answer = client.post(address, sent(cast, told="done"))
    assert answer["Location"] == f"/plan/items/{cast.late.id}/"
    cast.late.refresh_from_db()
    assert (cast.late.told, cast.late.percent) == ("done", 100)


def test_who_does_not_report_changes_the_rest(client: Client, world: World, cast: PlanCast) -> None:
    enter(client, world, "cq_officer")
    address = f"/plan/items/{cast.project.id}/row/"
    assert 'name="told"' not in text(client.get(address, **HTMX)), "led by the other side alone"
    body = {"told": "done", "due": "2027-01-01", "lead_sc": "四川大学", "version": cast.project.version}
    assert client.post(address, body, **HTMX).status_code == 200
    cast.project.refresh_from_db()
    assert (cast.project.told, str(cast.project.due)) == ("not_started", "2027-01-01")
