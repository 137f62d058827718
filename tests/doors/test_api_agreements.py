"""Zones, agreements with their files, and verification over the API."""

import hashlib
import json
from typing import Any

import rfc8785
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.doors.api_cast import stage
from tests.doors.api_client import API, Api, codes, token
from tests.world import Someone, World


def upload(path: str, who: Someone, name: str, content: bytes) -> Any:
    return Client().post(
        f"{API}{path}", {"file": SimpleUploadedFile(name, content)}, headers={"Authorization": f"Bearer {token(who)}"}
    )


def test_zones(world: World) -> None:
    api = Api(token(world.sc_officer))
    body = {
        "name": "荣昌—成都", "kind": "区县结对", "level": "joint", "aims_at": "national",
        "divisions": ["500153", "510100"], "leads": ["四川大学"],
    }  # fmt: skip
    made = api.post("/zones", body)
    assert made.status_code == 201
    assert [place["name"] for place in made.json()["divisions"]] == ["荣昌区", "成都市"]
    assert codes(api.post("/zones", body)) == ["name_taken"]
    wrong = api.post("/zones", body | {"name": "另一个", "divisions": ["999998", "999999"]})
    assert codes(wrong) == ["not_found", "not_found"]
    edited = api.put(made["Location"] + "?version=1", body | {"leads": [], "tasks": "共建。"})
    assert (edited.json()["leads"], edited.json()["tasks"]) == ([], "共建。")

    def names(query: str) -> list[str]:
        return [item["name"] for item in Api().get(f"/zones?{query}").json()["items"]]

    assert names("kind=pair") == ["荣昌—成都", "潼南—遂宁教育一体化"] or names("kind=pair") == names("")
    assert names("division=510000") == names("")
    assert names("division=500152") == ["潼南—遂宁教育一体化"]
    assert names("q=rongchang") == ["荣昌—成都"]
    assert names("kind=border") == []


def test_drafts_are_for_officers_and_parties(world: World) -> None:
    on = stage(world)
    for who, sees in (
        (world.sc_officer, True),
        (world.cqu_admin, True),
        (world.staff, True),
        (world.learner, False),
        (world.outsider, False),
    ):
        api = Api(token(who))
        titles = [item["title"] for item in api.get("/agreements?state=draft").json()["items"]]
        assert titles == (["师资互聘协议"] if sees else []), who.login
        assert api.get(f"/agreements/{on.draft.id}").status_code == (200 if sees else 404)
    for path in ("", "/file", "/versions", "/versions/1"):
        assert Api().get(f"/agreements/{on.draft.id}{path}").status_code == 404


def test_filters(world: World) -> None:
    for query in ("party=重庆大学", "field=higher", f"alliance={world.alliance.id}", "q=课程互选", "state=已签署"):
        assert len(Api().get(f"/agreements?{query}").json()["items"]) == 1, query
    for query in ("party=西南大学", f"zone={world.zone.id}", "action_plan=1"):
        assert Api().get(f"/agreements?{query}").json()["items"] == [], query


def test_from_draft_to_verified(world: World) -> None:
    admin, officer = Api(token(world.cqu_admin)), Api(token(world.sc_officer))
    body = {"title": "实习合作协议", "parties": ["重庆大学", "四川大学"], "signed": "2026-03-01"}
    path = admin.post("/agreements", body)["Location"].removeprefix(API)
    assert codes(officer.post(f"{path}/approve?version=1")) == ["nothing_to_sign"]
    content = "甲方与乙方共建实习基地。\n".encode()
    attached = upload(f"{path}/file", world.cqu_admin, "协议 正本.txt", content)
    assert attached.status_code == 200
    assert attached.json()["agreement"]["file_sha256"] == hashlib.sha256(content).hexdigest()
    assert attached.json()["agreement"]["text"].strip() == content.decode().strip()
    assert codes(upload(f"{path}/file", world.outsider, "协议.txt", content)) == ["not_found"]
    assert codes(admin.post(f"{path}/approve?version=2")) == ["no_right"]
    assert officer.post(f"{path}/approve?version=2").json()["state"] == "approved"
    assert codes(upload(f"{path}/file", world.cqu_admin, "协议.txt", content)) == ["approved"]
    file = Api().get(f"{path}/file")
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"].startswith("attachment")
    assert file["Content-Type"] == "application/octet-stream"
    assert Api().get(f"{path}/file", If_None_Match=file["ETag"]).status_code == 304
    version = Api().get(f"{path}/versions/1").json()
    assert hashlib.sha256(rfc8785.dumps(version["snapshot"])).hexdigest() == version["digest"]
    for part in ("digest", "text_sha256", "file_sha256"):
        (match,) = Api().get(f"/verify/{version[part].upper()}").json()["matches"]
        assert match["of"] == [{"digest": "snapshot", "text_sha256": "text", "file_sha256": "file"}[part]]
        assert (match["agreement"]["name"], match["newest"], match["state"]) == ("实习合作协议", True, "approved")
    assert officer.post(f"{path}/end", {"reason": "提前结束"}).json()["state"] == "ended"
    assert codes(admin.put(f"{path}?version=4", body)) == ["ended"]


def test_an_old_version_stays_verified(world: World) -> None:
    path = f"/agreements/{world.agreement.id}"
    first = Api().get(f"{path}/versions").json()["items"][0]
    body = {
        "title": "课程互选协议（新）",
        "parties": ["重庆大学", "四川大学"],
        "signed": "2026-03-01",
        "text": "新文本。",
    }
    revision = Api(token(world.cqu_admin)).put(f"{path}?version={world.agreement.version}", body).json()
    assert (revision["state"], revision["revises"]) == ("draft", str(world.agreement.id))
    shown = Api().get(path).json()
    assert (shown["title"], shown["state"], shown["being_revised"]) == ("课程互选协议", "approved", True)
    assert Api().get(f"/agreements/{revision['id']}").status_code == 404
    (match,) = Api().get(f"/verify/{first['digest']}").json()["matches"]
    assert (match["agreement"]["name"], match["newest"], match["state"]) == ("课程互选协议", True, "approved")
    approved = Api(token(world.sc_officer)).post(f"/agreements/{revision['id']}/approve?version=1").json()
    assert (approved["id"], approved["title"]) == (str(world.agreement.id), "课程互选协议（新）")
    (match,) = Api().get(f"/verify/{first['digest']}").json()["matches"]
    assert match["newest"] is False


def test_what_is_not_verified(world: World) -> None:
    unknown = Api().get(f"/verify/{'0' * 64}")
    assert (unknown.status_code, unknown.json()["matches"]) == (200, [])
    nothing = hashlib.sha256(b"").hexdigest()
    assert Api().get(f"/verify/{nothing}").json()["matches"] == []
    for wrong in ("abc", "g" * 64, "0" * 63, "0" * 65):
        refused = Api().get(f"/verify/{wrong}")
        assert codes(refused) == ["digest_not_read"]
        assert "摘要应为 64 位十六进制" in refused.json()["detail"]


def test_a_scan_is_taken_with_a_warning(world: World) -> None:
    on = stage(world)
    png = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
        b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xdc\xccY\xe7\x00\x00\x00\x00IEND\xaeB`\x82"
    )
    attached = upload(f"/agreements/{on.draft.id}/file", world.cqu_admin, "扫描件.png", png)
    assert attached.status_code == 200, attached.content
    assert attached.json()["warnings"]
    assert json.loads(attached.content)["agreement"]["file_name"] == "扫描件.png"
