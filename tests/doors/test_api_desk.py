"""Search, audit, closed lists and oneself over the API; and the page that describes it."""

import re
from urllib.parse import urlencode

import pytest

from shuangcheng.api.mount import schema
from shuangcheng.api.resources.desk import CLOSED
from shuangcheng.core.schema import Choice
from shuangcheng.directory import terms
from tests.doors.api_cast import stage
from tests.doors.api_client import Api, codes, token
from tests.world import World


def test_search(world: World) -> None:
    stage(world)
    for words, title in (("cqdx", "重庆大学"), ("西南师范大学", "西南大学"), ("潼南", None), ("教师教育", None)):
        hits = Api().get(f"/search?q={words}").json()["items"]
        assert hits, words
        if title:
            assert hits[0]["title"] == title
        for hit in hits:
            assert Api().get(hit["address"]).status_code == 200, hit
    assert Api().get("/search?q=庄小家").json() == {"items": [], "more": False}
    assert Api(token(world.cq_officer)).get("/search?q=庄小家").json()["items"][0]["kind"] == "expert"
    assert Api().get("/search?q=师资互聘协议").json()["items"] == []
    assert {hit["kind"] for hit in Api().get("/search?q=示例&kind=alliance").json()["items"]} == {"alliance"}
    assert Api().get("/search?q=示例&limit=1").json()["more"] is True
    assert codes(Api().get("/search")) == ["missing"]
    assert Api().get("/search?q=!!!").json()["items"] == []
    assert Api().get("/search?" + urlencode({"q": "' | ! :* & <->"})).json()["items"] == []


@pytest.mark.parametrize("who", ["cq_officer", "cqu_admin", "learner", "expert_person"])
def test_audit_needs_the_right(world: World, who: str) -> None:
    response = Api(token(getattr(world, who))).get("/audit")
    assert (response.status_code, codes(response)) == (403, ["no_right"])


def test_audit(world: World) -> None:
    writer = Api(token(world.cq_officer))
    made = writer.post("/organisations", {"name": "示例中学", "type": "school", "division": "500106"}).json()
    api = Api(token(world.auditor))
    (line,) = api.get(f"/audit?subject_id={made['id']}").json()["items"]
    assert (line["verb"], line["door"], line["actor_name"]) == ("organisation.create", "api", "余小安")
    assert line["changes"]["name"] == [None, "示例中学"]
    for query in (
        "door=api",
        "verb=organisation&door=api",
        f"actor_id={line['actor_id']}&door=api",
        "side=cq&door=api",
    ):
        assert line in api.get(f"/audit?{query}").json()["items"], query
    assert api.get("/audit?until=2020-01-01T00:00:00Z").json()["items"] == []
    assert line in api.get("/audit?since=2020-01-01T00:00:00%2B08:00").json()["items"]
    assert api.get("/audit?since=soon").status_code == 422


@pytest.mark.parametrize("moment", ["2020-01-01T00:00:00", "2020-01-01"])
def test_a_moment_without_zone_is_refused(world: World, moment: str) -> None:
    assert Api(token(world.auditor)).get(f"/audit?since={moment}").status_code == 422


def test_me(world: World) -> None:
    told = Api(token(world.cqu_admin, "directory:read")).get("/me").json()
    assert (told["name"], told["side"], told["scopes"]) == ("仲小大", "cq", ["directory:read"])
    assert [(role["role"], role["organisation"]["name"]) for role in told["roles"]] == [
        ("organisation_admin", "重庆大学")
    ]


def test_terms_are_complete(world: World) -> None:
    lists = Api().get("/terms").json()["lists"]
    declared = {name for name, value in vars(terms).items() if isinstance(value, type) and issubclass(value, Choice)}
    assert {choice.__name__ for choice in CLOSED} == (declared - {"Choice"}) | {"ImportState"}
    assert {"value": "lead", "label": "牵头单位"} in lists["MemberRole"]
    assert len(lists["ActionPlan"]) == 10


def test_the_page(world: World) -> None:
    response = Api().get("/docs")
    assert response.status_code == 200
    html = response.content.decode()
    for part in (
        "organisations#listOrganisations",
        "/api/v1/organisations/{id}",
        "problem-invalid",
        "directory:write",
    ):
        assert part in html
    assert "<script>" not in html
    assert " style=" not in html
    assert "http" + "://" not in html.replace("http://www.w3.org", "")
    assert len(html) < 100_000


def test_each_section_has_a_page(world: World) -> None:
    names = set(re.findall(r'href="/api/v1/docs/([a-z-]+)"', Api().get("/docs").content.decode()))
    assert len(names) == len({tag["name"] for tag in schema()["tags"]})
    shown = ""
    for name in names:
        response = Api().get(f"/docs/{name}")
        assert response.status_code == 200
        assert len(response.content) < 100_000
        shown += response.content.decode()
    assert "<code>ETag</code>" in shown
    for methods in schema()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in shown
    assert Api().get("/docs/nothing").status_code == 404
