"""What has not changed is not sent again, and what has changed is not overwritten."""

from shuangcheng.directory.models import AuditLine
from tests.doors.api_cast import organisation_body
from tests.doors.api_client import Api, codes, token
from tests.world import World


def test_not_modified(world: World) -> None:
    for path in (f"/organisations/{world.cqu.id}", "/organisations", "/terms", "/openapi.json"):
        first = Api().get(path)
        again = Api().get(path, If_None_Match=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"]), path
        assert "no-cache" in first["Cache-Control"]
        assert Api().get(path, If_None_Match=f'W/{first["ETag"]}, "other"').status_code == 304
        assert Api().get(path, If_None_Match='"other"').status_code == 200


def test_answers_depend_on_who_asks_and_in_which_language(world: World) -> None:
    assert Api().get("/organisations")["Vary"].startswith("Authorization, Accept-Language")
    assert Api().get("/organisations")["Cache-Control"] == "private, no-cache"


def test_a_refusal_is_never_not_modified(world: World) -> None:
    assert Api().get("/nothing", If_None_Match="*").status_code == 404
    assert codes(Api().get("/me", If_None_Match="*")) == ["token_missing"]


def test_change_with_the_etag_that_was_read(world: World) -> None:
    api, path = Api(token(world.cqu_admin)), f"/organisations/{world.cqu.id}"
    etag = api.get(path)["ETag"]
    body = organisation_body(world.cqu, website="https://a.example")
    saved = api.put(path, body, If_Match=etag)
    assert saved.status_code == 200
    assert saved.json()["version"] == world.cqu.version + 1
    assert saved["ETag"] == api.get(path)["ETag"] != etag
    stale = api.put(path, body, If_Match=etag)
    assert (stale.status_code, codes(stale)) == (412, ["changed_meanwhile"])
    stale = api.put(f"{path}?version={world.cqu.version}", body)
    assert (stale.status_code, codes(stale)) == (409, ["changed_meanwhile"])
    assert AuditLine.objects.filter(verb="organisation.edit").count() == 1


def test_if_match_that_does_not_match(world: World) -> None:
    api, path, body = Api(token(world.cqu_admin)), f"/organisations/{world.cqu.id}", organisation_body(world.cqu)
    for header in ("*", "3", '"x"', 'W/"1"', '"1", "2"', '"99999"', ""):
        response = api.put(path, body, If_Match=header)
        assert (response.status_code, codes(response)) == (412, ["changed_meanwhile"]), header


def test_answers_with_secrets_are_not_stored(world: World) -> None:
    response = Api(token(world.learner)).post("/tokens", {"name": "自用", "scopes": ["directory:read"]})
    assert response["Cache-Control"] == "no-store"
    assert Api().get("/nothing")["Cache-Control"] == "no-store"
