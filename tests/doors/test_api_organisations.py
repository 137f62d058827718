"""Organisations, programmes and titles over the API."""

from shuangcheng.directory.models import AuditLine, Organisation
from tests.doors.api_client import Api, codes, token
from tests.world import World


def names(api: Api, query: str) -> list[str]:
    return [item["name"] for item in api.get(f"/organisations?{query}").json()["items"]]


FILTERS: list[tuple[str, list[str] | None]] = [
    ("type=university&side=cq", ["重庆大学", "西南大学"]),
    ("type=本科高校&side=川", None),
    ("division=510000&type=university", ["四川大学", "西南财经大学"]),
    ("division=510100&type=authority", ["四川省教育厅"]),
    ("division=重庆市/北碚区", ["西南大学"]),
    ("code=4151010651", ["西南财经大学"]),
    ("type=alliance", ["示例教师教育联盟"]),
    ("private=true", []),
    ("status=closed", []),
    ("level=本科", []),
    ("designation=产教融合型企业", []),
    ("q=cqdx", ["重庆大学"]),
    ("q=西南师范", ["西南大学"]),
    ("q=chongqingdaxue", ["重庆大学"]),
]


def test_filters(world: World) -> None:
    for query, found in FILTERS:
        if found is None:
            assert codes(Api().get(f"/organisations?{query}")) == ["enum"]
        else:
            assert names(Api(), query) == found, query


def test_one(world: World) -> None:
    told = Api().get(f"/organisations/{world.swu.id}").json()
    assert told["former_names"] == [{"name": "西南师范大学", "valid_from": None, "valid_until": None, "basis": ""}]
    assert (told["division"]["code"], told["version"], told["merged_into"]) == ("500109", 1, None)


def test_create_edit_rename(world: World) -> None:
    api = Api(token(world.cq_officer))
    body = {"name": "示例县职业教育中心", "type": "中等职业学校", "division": "500103", "former_names": "示例县职高"}
    made = api.post("/organisations", body)
    assert made.status_code == 201
    told = made.json()
    assert made["Location"] == f"/api/v1/organisations/{told['id']}"
    assert (told["type"], told["side"]) == ("secondary_vocational", "cq")
    saved = api.put(made["Location"], body | {"website": "https://school.example"}, If_Match=made["ETag"])
    assert (saved.status_code, saved.json()["website"]) == (200, "https://school.example")
    assert codes(api.put(made["Location"], body | {"name": "新名"}, If_Match=saved["ETag"])) == ["rename"]
    renamed = api.post(f"{made['Location']}/rename", {"name": "示例县职业高中", "since": "2026年9月1日"})
    assert renamed.json()["name"] == "示例县职业高中"
    former = api.get(f"{made['Location']}/names").json()["items"]
    assert {(item["name"], item["valid_until"]) for item in former} == {
        ("示例县职业教育中心", "2026-08-31"), ("示例县职高", None),
    }  # fmt: skip
    assert names(api, "q=示例县职业教育中心") == ["示例县职业高中"]
    lines = AuditLine.objects.filter(subject_id=told["id"]).values_list("verb", "door", "actor_name")
    assert sorted(lines) == [
        ("organisation.create", "api", "余小安"), ("organisation.edit", "api", "余小安"),
        ("organisation.rename", "api", "余小安"),
    ]  # fmt: skip


def test_a_code_in_use(world: World) -> None:
    api = Api(token(world.cq_officer))
    response = api.post(
        "/organisations", {"name": "冒名大学", "type": "university", "division": "500106", "code": "4150010611"}
    )
    assert (response.status_code, codes(response)) == (409, ["code_taken"])
    assert not Organisation.objects.filter(name="冒名大学").exists()


def test_too_long_for_the_tables(world: World) -> None:
    api = Api(token(world.cq_officer))
    body = {"name": "示例中学", "type": "school", "division": "500106"}
    for field, text in (("level", "高" * 21), ("authority", "局" * 121), ("former_names", "名" * 121)):
        response = api.post("/organisations", body | {field: text})
        assert response.status_code == 422
        assert [error["where"] for error in response.json()["errors"]] == [field]


def test_programmes(world: World) -> None:
    api = Api(token(world.cqu_admin))
    path = f"/organisations/{world.cqu.id}/programmes"
    made = api.post(path, {"catalogue": "undergraduate_2026", "code": "080717T", "years": "4", "quota": 60})
    assert made.status_code == 201
    told = made.json()
    assert (told["name"], told["years"], told["quota"], told["state"]) == ("人工智能", 4.0, 60, "open")
    again = api.post(path, {"catalogue": "undergraduate_2026", "code": "080717T"})
    assert (again.status_code, codes(again)) == (409, ["programme_there"])
    assert codes(api.post(path, {"catalogue": "undergraduate_2026", "code": "0809"})) == ["not_a_programme"]
    edited = api.put(
        f"/programmes/{told['id']}?version=1", {"catalogue": "undergraduate_2026", "code": "080717T", "state": "closed"}
    )
    assert edited.json()["state"] == "closed"
    assert [item["code"] for item in Api().get(path).json()["items"]] == ["080717T", "080901"]
    assert [item["code"] for item in Api().get("/programmes?state=open").json()["items"]] == ["080901"]
    assert Api().get("/programmes?side=sc").json()["items"] == []


def test_titles(world: World) -> None:
    api = Api(token(world.cq_officer))
    path = f"/organisations/{world.enterprise.id}/designations"
    body = {"title": "产教融合型企业", "level": "provincial", "valid_from": "2025-01-01", "valid_until": "2027-12-31"}
    made = api.post(path, body)
    assert made.status_code == 201
    assert codes(api.post(path, body)) == ["designation_there"]
    reversed_dates = api.post(path, body | {"title": "示范企业", "valid_until": "2024-01-01"})
    assert codes(reversed_dates) == ["dates_reversed"]
    edited = api.put(f"/designations/{made.json()['id']}?version=1", body | {"level": "national"})
    assert edited.json()["level"] == "national"
    assert len(Api().get(path).json()["items"]) == 1
    assert names(Api(), "designation=产教融合型企业") == ["示例智造有限公司"]
