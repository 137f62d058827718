"""Lists by cursor: complete, in order, steady when rows come in between, and only with cursors that the API gave."""

from typing import Any

from django.core import signing

from shuangcheng.directory.models import Division
from tests.doors.api_cast import stage
from tests.doors.api_client import Api, codes, token
from tests.world import World, organisation

LISTS = [
    "/divisions?",
    "/catalogues?catalogue=undergraduate_2026&",
    "/organisations?",
    "/programmes?",
    "/alliances?",
    "/alliances/{alliance}/members?",
    "/alliances/{alliance}/applications?",
    "/alliances/{alliance}/ballots?",
    "/alliances/{alliance}/reports?",
    "/zones?",
    "/agreements?",
    "/experts?",
    "/experts/{expert}/services?",
    "/experts/{expert}/avoidances?",
    "/people?",
    "/tokens?",
    "/audit?",
]


def walk(api: Api, first: str) -> list[dict[str, Any]]:
    """Every item, page by page."""
    items, address = [], first
    for _page in range(500):
        response = api.get(address)
        assert response.status_code == 200, response.content
        answered = response.json()
        items += answered["items"]
        if answered["next"] is None:
            return items
        address = answered["next"]
    raise AssertionError("the list does not end")


def test_pages_give_what_one_page_gives(world: World) -> None:
    stage(world)
    api = Api(token(world.node_admin))
    for template in LISTS:
        path = template.format(alliance=world.alliance.id, expert=world.expert.id)
        whole = api.get(f"{path}limit=200").json()
        assert whole["next"] is None, path
        assert whole["items"], path
        assert walk(api, f"{path}limit={1 if len(whole['items']) < 20 else 7}") == whole["items"], path
        ids = [item["id"] for item in whole["items"]]
        assert len(ids) == len(set(ids)), path


def test_order_is_pinyin(world: World) -> None:
    names = [item["name"] for item in Api().get("/organisations").json()["items"]]
    assert names.index("重庆大学") < names.index("四川大学") < names.index("西南大学")


def test_rows_that_come_in_between_move_nothing(world: World) -> None:
    before = [item["name"] for item in Api().get("/organisations?limit=200").json()["items"]]
    first = Api().get("/organisations?limit=3").json()
    organisation("阿坝示例中学", "school", "510100")
    organisation("资阳示例中学", "school", "510100")
    rest = walk(Api(), first["next"])
    assert [item["name"] for item in [*first["items"], *rest]] == [*before, "资阳示例中学"]


def test_equal_keys_are_told_apart(world: World) -> None:
    for division in ("510100", "510107", "510115", "510900", "500103"):
        organisation("同名示例学校", "school", division)
    items = walk(Api(), "/organisations?limit=2&q=同名示例")
    assert len({item["id"] for item in items}) == 5


def test_filters_stay_in_the_next_link(world: World) -> None:
    first = Api().get("/organisations?type=university&side=sc&limit=1").json()
    assert "type=university" in first["next"]
    assert [item["name"] for item in walk(Api(), first["next"])] == ["西南财经大学"]


def forged(path: str) -> str:
    return signing.dumps(["a", "b"], salt=f"api.cursor./api/v1{path}", key="another key")


def test_cursor_that_the_api_did_not_give(world: World) -> None:
    for cursor in ("x", "WyJhIl0:abc:def", "…", "a" * 1999):
        response = Api().get(f"/organisations?cursor={cursor}")
        assert (response.status_code, codes(response)) == (422, ["cursor_invalid"]), cursor


def test_forged_or_misplaced_cursor(world: World) -> None:
    assert codes(Api().get(f"/organisations?cursor={forged('/organisations')}")) == ["cursor_invalid"]
    elsewhere = Api().get("/divisions?limit=1").json()["next"].partition("cursor=")[2]
    assert codes(Api().get(f"/organisations?cursor={elsewhere}")) == ["cursor_invalid"]
    wrong_shape = signing.dumps({"a": 1}, salt="api.cursor./api/v1/organisations")
    assert codes(Api().get(f"/organisations?cursor={wrong_shape}")) == ["cursor_invalid"]


def test_divisions_by_day(world: World) -> None:
    def valid(day: str) -> set[str]:
        items = Api().get(f"/divisions?valid_on={day}&parent=500000&limit=200").json()["items"]
        return {item["name"] for item in items}

    assert "江北区" in valid("2025-06-01")
    assert "江北区" not in valid("2026-06-01")
    assert "两江新区" in valid("2026-06-01")
    assert "两江新区" not in valid("2024-06-01")
    jiangbei = Division.objects.get(code="500105")
    assert Api().get("/divisions/500105").json()["id"] == str(jiangbei.id)
    assert Api().get(f"/divisions/{jiangbei.id}").json()["successor_code"] == "500157"
    assert Api().get("/divisions/500105?valid_on=2026-06-01").status_code == 404
