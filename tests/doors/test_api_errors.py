"""Whatever is sent, the API answers with a clear problem, and nothing is half-written."""

import io
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from shuangcheng.api.resources import desk
from shuangcheng.directory.models import AuditLine, Organisation
from tests.doors.api_cast import organisation_body
from tests.doors.api_client import API, Api, codes, token
from tests.world import World

GOOD = {"name": "示例中学", "type": "school", "division": "500106"}


@pytest.fixture
def officer(world: World) -> Api:
    return Api(token(world.cq_officer))


BODIES = [
    (b"  ", "body_missing"),
    (b"{", "not_json"),
    (b'{"name": "a"} {"name": "b"}', "not_json"),
    (b"{'name': 1}", "not_json"),
    (b'{"name": NaN}', "not_json"),
    (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
    (b"[1, 2]", "not_an_object"),
    (b'"text"', "not_an_object"),
    (b"null", "not_an_object"),
    (json.dumps(GOOD).encode("utf-16"), "not_utf8"),
    (json.dumps(GOOD, ensure_ascii=False).encode("gb18030"), "not_utf8"),
    (b'\xef\xbb\xbf{"name": "a"}', "not_json"),
    (b'{"name": "a", "name": "b"}', "duplicate_key"),
    (b'{"x": {"deep": 1, "deep": 2}}', "duplicate_key"),
    (b'{"name": "a\\u0000b"}', "null_character"),
    (b'{"a\\u0000b": 1}', "null_character"),
    (b'{"name": "\\ud83d"}', "broken_character"),
    (b'{"name": ' + b"[" * 30 + b"]" * 30 + b"}", "too_deep"),
    (b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too_deep"),
    (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too_deep"),
]


def test_body_that_cannot_be_read(officer: Api) -> None:
    for raw, code in BODIES:
        response = officer.post("/organisations", raw)
        assert (response.status_code, codes(response)) == (400, [code]), raw[:40]


def test_body_too_large(officer: Api) -> None:
    response = officer.post("/organisations", b'{"name": "' + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}')
    assert (response.status_code, codes(response)) == (413, ["body_too_large"])


def test_wrong_media_type(officer: Api) -> None:
    for media in (
        "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "nonsense"
    ):  # fmt: skip
        response = officer.send("POST", "/organisations", json.dumps(GOOD).encode(), Content_Type=media)
        assert (response.status_code, codes(response)) == (415, ["media_type"]), media


def test_body_where_none_belongs(officer: Api, world: World) -> None:
    path = f"/agreements/{world.agreement.id}/approve?version={world.agreement.version}"
    assert codes(officer.post(path, {"force": True})) == ["body_unexpected"]
    assert codes(officer.post(path, {})) == ["not_a_draft"]


def test_every_field_that_is_wrong_is_named(officer: Api) -> None:
    response = officer.post("/organisations", {"name": "中", "type": "castle", "colour": "red", "private": "perhaps"})
    assert response.status_code == 422
    found = {error["where"]: error["code"] for error in response.json()["errors"]}
    assert found == {
        "name": "string_too_short", "type": "enum", "division": "missing", "private": "bool_parsing",
        "colour": "extra_forbidden",
    }  # fmt: skip
    assert "“机构名称”" in response.json()["detail"]


def test_codes_are_checked_as_in_the_form(officer: Api) -> None:
    response = officer.post("/organisations", GOOD | {"credit_code": "91500000MA5U000000"})
    assert response.json()["errors"][0]["where"] == "credit_code"
    assert codes(officer.post("/organisations", GOOD | {"division": "999999"})) == ["not_found"]


def test_nothing_is_written_when_refused(officer: Api) -> None:
    before = (Organisation.objects.count(), AuditLine.objects.count())
    officer.post("/organisations", GOOD | {"colour": "red"})
    officer.post("/organisations", GOOD | {"code": "4150010611"})
    assert (Organisation.objects.count(), AuditLine.objects.count()) == before


QUERIES = [
    ("tpye=school", "parameter_unknown", "tpye"),
    ("limit=0", "greater_than_equal", "limit"),
    ("limit=201", "less_than_equal", "limit"),
    ("limit=ten", "int_parsing", "limit"),
    ("limit=1&limit=2", "parameter_twice", "limit"),
    ("type=castle", "enum", "type"),
    ("q=%00", "null_character", "q"),
    ("q=" + "a" * 65, "string_too_long", "q"),
    ("division=999999", "not_found", "division"),
    ("page=2", "parameter_unknown", "page"),
    ("offset=20", "parameter_unknown", "offset"),
    ("%00=1", "parameter_unknown", "?"),
]


def test_query_parameters(world: World) -> None:
    for query, code, where in QUERIES:
        response = Api().get(f"/organisations?{query}")
        assert (response.status_code, codes(response)) == (422, [code]), query
        assert response.json()["errors"][0]["where"] == where


def test_did_you_mean(world: World) -> None:
    assert "“type”" in Api().get("/organisations?tpye=school").json()["detail"]
    assert codes(Api().get("/terms?x=1&y=2")) == ["parameter_unknown", "parameter_unknown"]


def test_not_found(world: World) -> None:
    nowhere = "01900000-0000-7000-8000-000000000000"
    for path in (
        "/nothing", "/organisations/", "/organisations/1", f"/organisations/{nowhere}",
        f"/organisations/{nowhere}/names", "/divisions/%00", "/divisions/999999", "/", f"/agreements/{nowhere}/file",
    ):  # fmt: skip
        response = Api().get(path)
        assert response.status_code == 404
        assert codes(response)[0] in ("not_found", "address_unknown"), path


def test_method_not_allowed(world: World) -> None:
    for method in ("PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        response = Api().send(method, f"/organisations/{world.cqu.id}")
        assert (response.status_code, codes(response)) == (405, ["method"])
        assert {"GET", "HEAD", "PUT"} == set(response["Allow"].split(", "))
        assert codes(Api().send(method, "/openapi.json")) == ["method"]


def test_head(world: World) -> None:
    got, head = Api().get("/terms"), Api().send("HEAD", "/terms")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert head["Content-Length"] == str(len(got.content))


def test_language(world: World) -> None:
    for wanted, language, title in (
        ("", "zh-hans", "没有找到"), ("zh-CN,en;q=0.5", "zh-hans", "没有找到"), ("fr", "zh-hans", "没有找到"),
    ):  # fmt: skip
        response = Api(**({"Accept-Language": wanted} if wanted else {})).get("/nothing")
        assert (response["Content-Language"], response.json()["title"]) == (language, title)
    for wanted in ("en", "en-GB,en;q=0.9,zh;q=0.1"):
        assert Api(**{"Accept-Language": wanted}).get("/nothing")["Content-Language"] == "en"
        assert Api(**{"Accept-Language": wanted}).get("/terms")["Content-Language"] == "en"


def test_a_failure_tells_nothing_of_its_inside(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_choice: Any) -> Any:
        raise RuntimeError("secret 110101199003078888")

    monkeypatch.setattr(desk, "_terms", fails)
    with caplog.at_level(logging.ERROR):
        response = Api().get("/terms")
    assert (response.status_code, codes(response)) == (500, ["failure"])
    assert "secret" not in response.content.decode()
    assert response["X-Request-ID"]
    assert any("unhandled" in record.message for record in caplog.records)


def test_a_database_that_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_choice: Any) -> Any:
        raise OperationalError("connection refused at /secret")

    monkeypatch.setattr(desk, "_terms", fails)
    response = Api().get("/terms")
    assert (response.status_code, codes(response), response["Retry-After"]) == (503, ["unavailable"], "5")
    assert "secret" not in response.content.decode()


def test_stale_writer_hears_of_it(world: World) -> None:
    api = Api(token(world.cqu_admin))
    body = organisation_body(world.cqu, website="https://a.example")
    assert codes(api.put(f"/organisations/{world.cqu.id}", body)) == ["version_missing"]
    assert codes(api.put(f"/organisations/{world.cqu.id}?version=0", body)) == ["greater_than_equal"]
    assert codes(api.put(f"/organisations/{world.cqu.id}?version={10**30}", body)) == ["less_than_equal"]


def upload(world: World, name: str, content: bytes) -> Any:
    agreement = world.agreement
    agreement.state = "draft"
    agreement.save(update_fields=["state"])
    return Client().post(
        f"{API}/agreements/{agreement.id}/file",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {token(world.cqu_admin)}"},
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("协议.pdf", b"not a pdf at all"),
        ("协议.exe", b"MZ" + b"\0" * 200),
        ("协议.docx", b"PK\x03\x04 broken"),
        ("协议", b"text"),
    ],
)
def test_upload_that_is_not_what_it_says(world: World, name: str, content: bytes) -> None:
    response = upload(world, name, content)
    assert response.status_code == 422, response.content
    assert codes(response)


def test_empty_upload(world: World) -> None:
    assert codes(upload(world, "协议.txt", b"")) == ["file.empty"]


def test_upload_beyond_the_limit(world: World) -> None:
    response = upload(world, "协议.txt", b"a" * (settings.SHUANGCHENG.max_upload_mb * 1024 * 1024 + 1))
    assert (response.status_code, codes(response)) == (413, ["file_too_large"])


def test_upload_without_the_part_or_cut_off(world: World) -> None:
    address = f"{API}/agreements/{world.agreement.id}/file"
    headers = {"Authorization": f"Bearer {token(world.cqu_admin)}"}
    missing = Client().post(address, {}, headers=headers)
    assert (missing.status_code, codes(missing)) == (422, ["missing"])
    other = Client().post(address, {"other": io.BytesIO(b"a")}, headers=headers)
    assert (other.status_code, codes(other)) == (422, ["extra_forbidden"])
    for media, raw in (("multipart/form-data", b"a"), ("multipart/form-data; boundary=x", b"--x\r\ngarbage")):
        response = Client().generic("POST", address, raw, content_type=media, headers=headers)
        assert response.status_code in (400, 422)
        assert codes(response)
