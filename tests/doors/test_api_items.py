"""Items, targets, progress, discussion and evidence over the API: refusals first."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuangcheng.directory.models import AuditLine
from shuangcheng.plan.models import Item, Plan
from tests.doors.api_client import API, Api, codes, token
from tests.doors.plan_cast import PNG, PlanCast, cast
from tests.world import Someone, World

__all__ = ["cast"]
SCOPES = ("plan:read", "plan:write")
AUTH = 3


def api(who: Someone) -> Api:
    return Api(token(who, *SCOPES))


def writes(cast: PlanCast) -> dict[str, tuple[str, str, Any]]:
    """operationId -> method, path and body of a write that is good in itself; files are left out."""
    item, target = f"/plan/items/{cast.late.id}", f"/plan/targets/{cast.target.id}"
    facts = {"number": "1", "title": "组建联合体", "field": "vocational", "lead_sc": "四川大学"}
    figure = {"subject": "学校", "value": "5"}
    return {
        "createItem": ("POST", "/plan/items", facts | {"number": "7", "plan": cast.plan.name}),
        "editItem": ("PUT", f"{item}?version={cast.late.version}", facts),
        "removeItem": ("DELETE", f"/plan/items/{cast.node.id}", {"reason": "重复"}),
        "editItems": ("POST", "/plan/items/bulk", {"items": [str(cast.late.id)], "due": "2027-01-29"}),
        "addTarget": ("POST", f"{item}/targets", figure),
        "editTarget": ("PUT", f"{target}?version={cast.target.version}", figure),
        "removeTarget": ("DELETE", target, {"reason": "重复"}),
        "observeTarget": ("POST", f"{target}/observations", {"on": "2026-01-05", "value": "6"}),
        "reportProgress": ("POST", f"{item}/progress", {"on": "2026-01-05", "percent": 5, "text": "开始推进。"}),
        "withdrawProgress": ("POST", f"/plan/progress/{cast.report.id}/withdraw", {"reason": "报错了"}),
        "addRemark": ("POST", f"{item}/remarks", {"text": "有意见。"}),
    }  # fmt: skip


FOR_PARTICIPANTS = {"observeTarget", "reportProgress", "addRemark"}
READS = ("/plan/items", "/plan/items/{item}", "/plan/items/{item}/progress", "/plan/items/{item}/evidence",
         "/plan/targets/{target}/observations")  # fmt: skip


def paths(cast: PlanCast) -> list[str]:
    return [path.format(item=cast.late.id, target=cast.target.id) for path in READS]


def upload(who: Someone | None, path: str, data: bytes = PNG, name: str = "照片.png") -> Any:
    headers = {"Authorization": f"Bearer {token(who, *SCOPES)}"} if who else {}
    return Client().post(f"{API}{path}", {"file": SimpleUploadedFile(name, data)}, headers=headers)


def test_without_a_token_nothing_is_written(world: World, cast: PlanCast) -> None:
    cast.approve()
    for name, (method, path, body) in writes(cast).items():
        assert codes(Api().send(method, path, body)) == ["token_missing"], name
    assert codes(upload(None, f"/plan/items/{cast.late.id}/evidence")) == ["token_missing"]


def test_a_token_needs_the_scope(world: World, cast: PlanCast) -> None:
    reader = Api(token(world.cq_officer, "plan:read", "directory:write"))
    for name, (method, path, body) in writes(cast).items():
        assert codes(reader.send(method, path, body)) == ["scope"], name
    for path in paths(cast):
        assert codes(Api(token(world.cq_officer, "directory:read")).get(path)) == ["scope"], path


@pytest.mark.parametrize("who", ["learner", "outsider", "auditor", "cqu_admin", "node_admin"])
def test_who_has_no_right(world: World, cast: PlanCast, who: str) -> None:
    cast.approve()
    asked = api(getattr(world, who))
    before = AuditLine.objects.exclude(verb="token.create").count()
    for name, (method, path, body) in writes(cast).items():
        if not (who == "cqu_admin" and name in FOR_PARTICIPANTS):
            assert codes(asked.send(method, path, body)) == ["no_right"], name
    assert AuditLine.objects.exclude(verb="token.create").count() == before


def test_the_other_sides_officer(world: World, cast: PlanCast) -> None:
    Plan.objects.update(side="cq")
    asked = api(world.sc_officer)
    for name, (method, path, body) in writes(cast).items():
        assert set(codes(asked.send(method, path, body))) == {"no_right"}, name


def test_what_is_not_approved_is_not_there(world: World, cast: PlanCast) -> None:
    for asked in (Api(), api(world.outsider)):
        assert asked.get("/plan/items").json()["items"] == []
        for path in paths(cast)[1:]:
            assert codes(asked.get(path)) == ["not_found"], path
    for name, (method, path, body) in writes(cast).items():
        expected = ["no_right"] if name == "editItems" else ["not_found"]
        assert codes(api(world.outsider).send(method, path, body)) == expected, name


@pytest.mark.parametrize("name", ["createItem", "editItem", "editItems", "reportProgress", "addTarget", "addRemark"])
def test_an_unknown_field_is_refused(world: World, cast: PlanCast, name: str) -> None:
    method, path, body = writes(cast)[name]
    response = api(world.cq_officer).send(method, path, body | {"colour": "red"})
    assert "extra_forbidden" in codes(response)


def test_every_write_is_done_and_told(world: World, cast: PlanCast) -> None:
    asked = api(world.sc_officer)
    last = ("removeTarget", "withdrawProgress")
    versioned = {"editItem": cast.late, "editTarget": cast.target}
    for name, (method, path, body) in sorted(writes(cast).items(), key=lambda entry: entry[0] in last):
        if row := versioned.get(name):
            row.refresh_from_db()
            path = f"{path.partition('?')[0]}?version={row.version}"
        response = asked.send(method, path, body)
        assert response.status_code in (200, 201), (name, response.content.decode())
        line = AuditLine.objects.filter(door="api").first()
        assert line is not None
        assert line.actor_name == "川小宁"


FILTERS = [
    ("", ["1", "1.1", "1.1.1"]), ("kind=measure", ["1"]), ("standing=late", ["1"]), ("action_plan=6", ["1"]),
    ("lead=重庆大学", ["1"]), ("organisation=西南大学", ["1"]), ("division=500000", ["1"]), ("disputed=true", ["1"]),
    ("zone=潼南—遂宁教育一体化", ["1"]), ("alliance=示例教师教育联盟", ["1"]), ("q=zjcjlht", ["1"]),
    ("plan=示例清单&field=basic", []),
]  # fmt: skip


def test_filters_and_pages(world: World, cast: PlanCast) -> None:
    cast.approve()
    for query, found in FILTERS:
        response = Api().get(f"/plan/items?{query}")
        assert [item["number"] for item in response.json()["items"]] == found, query
    assert [row["number"] for row in Api().get(f"/plan/items?parent={cast.late.id}").json()["items"]] == ["1.1"]
    first = Api().get("/plan/items?limit=2").json()
    assert [item["number"] for item in first["items"]] == ["1", "1.1"]
    assert [item["number"] for item in Api().get(first["next"]).json()["items"]] == ["1.1.1"]
    assert codes(Api().get("/plan/items?lead=没有的单位")) == ["not_found"]
    assert codes(Api().get("/plan/items?standing=gone")) == ["enum"]


def test_money_and_discussion_are_for_those_who_have_a_part(world: World, cast: PlanCast) -> None:
    cast.approve()
    path = f"/plan/items/{cast.late.id}"
    told = api(world.cqu_admin).get(path).json()
    assert (told["money_planned"], told["money_spent"], told["standing"]) == ("1200.5", "300", "late")
    assert (told["targets"][0]["value"], told["targets"][0]["observed"]) == ("10", "8")
    assert [partner["name"] for partner in told["partners"]] == ["西南大学"]
    public = Api().get(path).json()
    assert (public["money_planned"], public["money_spent"], public["percent"]) == (None, None, 60)
    assert Api().get(f"{path}/progress").json()["items"][0]["money_spent"] is None
    assert api(world.swu_admin).get(f"{path}/progress").json()["items"][0]["money_spent"] == "300"
    assert api(world.swu_admin).get(f"{path}/remarks").json()["items"][0]["text"] == "口径不一"
    assert codes(api(world.outsider).get(f"{path}/remarks")) == ["no_right"]
    assert codes(Api().get(f"{path}/remarks")) == ["token_missing"]


def test_create_and_edit(world: World, cast: PlanCast) -> None:
    asked = api(world.cq_officer)
    body = {"number": "2", "title": "新的举措", "field": "高等教育", "clause": "（一）", "partners": ["西南大学"]}
    made = asked.post("/plan/items", body | {"plan": str(cast.plan.id)})
    assert made.status_code == 201, made.content.decode()
    told = made.json()
    assert (told["field"], told["clause"]["name"], told["version"]) == ("higher", "（一）共建联合体", 1)
    address = made["Location"]
    saved = asked.put(f"{address}?version=1", body | {"title": "改过的举措", "due": "2027年6月30日"})
    assert (saved.json()["due"], saved.json()["version"]) == ("2027-06-30", 2)
    stale = asked.put(f"{address}?version=1", body)
    assert (stale.status_code, codes(stale)) == (409, ["changed_meanwhile"])
    assert codes(asked.put(address, body, If_Match='"1"')) == ["changed_meanwhile"]
    assert asked.put(address, body).status_code == 428, "the version that was read must be named"
    assert asked.put(address, body, If_Match=asked.get(address)["ETag"]).json()["version"] == 3
    assert codes(asked.post("/plan/items", body | {"plan": "没有的清单"})) == ["not_found"]


def test_progress_with_figures_and_back(world: World, cast: PlanCast) -> None:
    asked = api(world.cqu_admin)
    path = f"/plan/items/{cast.late.id}"
    figures = [{"target": str(cast.target.id), "value": "9.5"}]
    report = {"on": cast.report.on.isoformat(), "percent": 90, "text": "快完成了。", "figures": figures}
    made = asked.post(f"{path}/progress", report)
    assert made.status_code == 201, made.content.decode()
    assert asked.get(path).json()["targets"][0]["observed"] == "9.5"
    seen = asked.get(f"/plan/targets/{cast.target.id}/observations").json()["items"]
    assert [(row["value"], row["by"]) for row in seen] == [("9.5", "仲小大")]
    strange = [{"target": str(cast.plan.id), "value": "1"}]
    assert codes(asked.post(f"{path}/progress", report | {"figures": strange})) == ["target_unknown"]
    back = asked.post(f"/plan/progress/{made.json()['id']}/withdraw", {"reason": "报早了"})
    assert (back.json()["percent"], back.json()["targets"][0]["observed"]) == (60, "8")


def test_evidence(world: World, cast: PlanCast) -> None:
    path = f"/plan/items/{cast.late.id}/evidence"
    made = upload(world.cqu_admin, path)
    assert made.status_code == 201, made.content.decode()
    assert (
        upload(world.cqu_admin, f"/plan/progress/{cast.report.id}/evidence", "纪要".encode(), "纪要.txt").status_code
        == 201
    )
    assert codes(upload(world.cqu_admin, path, b"MZ" + b"\0" * 99, "工具.exe"))[0].startswith("file.")
    assert codes(upload(world.learner, path)) == ["not_found"]
    told = api(world.swu_admin).get(path).json()["items"]
    assert [(row["of"], row["name"]) for row in told] == [("item", "照片.png"), ("progress", "纪要.txt")]
    file = f"/plan/evidence/{told[0]['id']}"
    assert codes(Api().get(f"{file}/file")) == ["not_found"]
    cast.approve()
    answer = Api().get(f"{file}/file")
    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Disposition"].startswith("attachment")
    assert codes(api(world.outsider).delete(file)) == ["no_right"]
    assert codes(api(world.swu_admin).delete(file)) == ["evidence.others"]
    assert api(world.cqu_admin).delete(file).json()["title"] == "照片.png"
    assert len(Api().get(path).json()["items"]) == 1


def test_many_at_once(world: World, cast: PlanCast) -> None:
    asked = api(world.cq_officer)
    ids = [str(cast.late.id), str(cast.project.id)]
    looked = asked.post("/plan/items/bulk", {"items": ids, "due": "2025-01-01", "preview": True}).json()
    assert looked["written"] is False
    told = {item["number"]: item for item in looked["items"]}
    assert told["1"]["refusals"] == ["完成期限早于开始日期，请核对。"]
    assert told["1.1"]["changes"] == {"due": ["2099-12-31", "2025-01-01"]}
    refused = asked.post("/plan/items/bulk", {"items": ids, "due": "2025-01-01"})
    assert codes(refused) == ["dates_reversed"]
    assert not Item.objects.filter(due="2025-01-01").exists()
    assert asked.post("/plan/items/bulk", {"items": ids, "due": "2027-01-29"}).json()["written"] is True
    assert Item.objects.filter(due="2027-01-29").count() == 2
    nowhere = [*ids, "01900000-0000-7000-8000-000000000000"]
    assert codes(asked.post("/plan/items/bulk", {"items": nowhere, "due": "2027-01-29"})) == ["not_found"]
    assert codes(asked.post("/plan/items/bulk", {"items": ids})) == ["nothing"]


def test_lists_cost_few_queries(world: World, cast: PlanCast, django_assert_max_num_queries: Any) -> None:
    cast.approve()
    known = api(world.cq_officer)
    known.get("/me")
    for path in paths(cast):
        with django_assert_max_num_queries(5 + AUTH):
            assert known.get(path).status_code == 200, path
