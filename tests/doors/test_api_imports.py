"""Spreadsheets over the API: template, upload, check, confirm; and everything that is refused."""

import io
import zipfile
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from shuangcheng.desk.importing import actions
from shuangcheng.desk.models import Import
from shuangcheng.directory.models import AuditLine, Organisation
from tests.doors.api_client import API, Api, codes, token
from tests.world import Someone, World

HEAD = "机构名称,机构类型,所在区划\n"
GOOD = HEAD + "示例一中,中小学校,500106\n示例二中,中小学校,500103\n"
BAD = HEAD + "示例三中,城堡,500106\n示例四中,中小学校,999999\n示例五中,中小学校,500106\n"


def upload(who: Someone | str, content: str | bytes, *, table: str = "organisation", name: str = "表.csv") -> Any:
    data = content.encode() if isinstance(content, str) else content
    clear = who if isinstance(who, str) else token(who)
    return Client().post(
        f"{API}/imports", {"table": table, "file": SimpleUploadedFile(name, data)},
        headers={"Authorization": f"Bearer {clear}"},
    )  # fmt: skip


def checked(response: Any) -> str:
    """The address of an import after the worker has checked it."""
    assert response.status_code == 201, response.content
    actions.check(import_id=UUID(response.json()["id"]), at=timezone.now())
    return str(response["Location"])


def test_from_template_to_the_directory(world: World) -> None:
    api = Api(token(world.cq_officer))
    tables = {table["name"]: table for table in api.get("/tables").json()["items"]}
    assert {"organisation", "programme"} <= tables.keys()
    titles = [column["title"] for column in tables["organisation"]["columns"]]
    template = api.get("/tables/organisation/template")
    assert openpyxl.load_workbook(io.BytesIO(template.content)).worksheets[0].cell(3, 1).value == f"{titles[0]}*"
    response = upload(world.cq_officer, GOOD)
    assert response.json()["state"] == "uploaded"
    assert ProcrastinateJob.objects.filter(args={"import_id": response.json()["id"]}).exists()
    address = checked(response)
    told = api.get(address).json()
    assert (told["state"], told["rows"], told["new"], told["wrong"]) == ("checked", 2, 2, 0)
    confirmed = api.post(f"{address}/confirm", {})
    assert confirmed.json()["state"] == "writing"
    assert codes(api.post(f"{address}/confirm", {})) == ["import.state"]
    actions.write(import_id=UUID(told["id"]), at=timezone.now())
    assert api.get(address).json()["state"] == "done"
    assert Organisation.objects.filter(name__in=["示例一中", "示例二中"]).count() == 2
    assert AuditLine.objects.filter(verb="import.confirm", door="api").count() == 1
    assert [item["id"] for item in api.get("/imports?state=done&table=organisation").json()["items"]] == [told["id"]]


def test_errors_by_row_and_column(world: World) -> None:
    api = Api(token(world.cq_officer))
    address = checked(upload(world.cq_officer, BAD))
    assert api.get(address).json()["wrong"] == 2
    errors = api.get(f"{address}/errors").json()
    assert [(error["row"], error["column"]) for error in errors["items"]] == [(2, "机构类型"), (3, "所在区划")]
    assert errors["items"][0]["value"] == "城堡"
    report = api.get(f"{address}/report")
    assert "示例三中" in str(
        [cell.value for row in openpyxl.load_workbook(io.BytesIO(report.content)).worksheets[0] for cell in row]
    )
    assert codes(api.post(f"{address}/confirm", {})) == ["import.wrong"]
    assert not Organisation.objects.filter(name="示例五中").exists()
    assert api.post(f"{address}/confirm", {"valid_only": "是"}).json()["valid_only"] is True
    actions.write(import_id=UUID(api.get(address).json()["id"]), at=timezone.now())
    assert Organisation.objects.filter(name="示例五中").exists()
    assert not Organisation.objects.filter(name="示例三中").exists()


def test_cancel(world: World) -> None:
    api = Api(token(world.cq_officer))
    address = checked(upload(world.cq_officer, GOOD))
    assert api.post(f"{address}/cancel").json()["state"] == "cancelled"
    assert codes(api.post(f"{address}/cancel")) == ["import.state"]
    assert codes(api.get(f"{address}/report")) == ["import.state"]


def test_who_may_not(world: World) -> None:
    assert codes(upload("", GOOD)) == ["token_invalid"]
    assert codes(Api().post("/imports")) == ["token_missing"]
    assert codes(upload(token(world.cq_officer, "directory:write"), GOOD)) == ["scope"]
    for who in (world.learner, world.cqu_admin, world.auditor):
        assert codes(upload(who, GOOD)) == ["no_right"], who.login
    assert Api(token(world.learner)).get("/tables").json()["items"] == []
    assert codes(Api(token(world.learner)).get("/tables/organisation/template")) == ["no_right"]
    address = checked(upload(world.cq_officer, GOOD))
    other = Api(token(world.sc_officer))
    for method, path in (("GET", ""), ("GET", "/errors"), ("GET", "/report"), ("POST", "/cancel")):
        assert codes(other.send(method, f"{address}{path}")) == ["not_found"], path
    assert codes(other.post(f"{address}/confirm", {})) == ["not_found"]
    assert Import.objects.get().state == "checked"


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表.xlsx", b"not a workbook"),
        ("表.pdf", b"%PDF-1.4"),
        ("表.csv", b""),
        ("表.csv", b"\x00\x01\x02"),
        ("表.xlsm", b"PK\x03\x04"),
        ("表.txt", "不是表格".encode()),
        ("表.xlsx", bomb()),
    ],
    ids=["not a workbook", "pdf", "empty", "binary", "macros", "text", "bomb"],
)
def test_files_that_are_refused_at_once(world: World, name: str, content: bytes) -> None:
    response = upload(world.cq_officer, content, name=name)
    assert response.status_code in (413, 422), response.content
    assert codes(response)
    assert not Import.objects.exists()


def test_parts_that_are_wrong(world: World) -> None:
    headers = {"Authorization": f"Bearer {token(world.cq_officer)}"}
    file = SimpleUploadedFile("表.csv", GOOD.encode())
    assert codes(Client().post(f"{API}/imports", {"file": file}, headers=headers)) == ["missing"]
    assert codes(Client().post(f"{API}/imports", {"table": "organisation"}, headers=headers)) == ["missing"]
    file.seek(0)
    more = {"table": "organisation", "file": file, "colour": "red"}
    assert codes(Client().post(f"{API}/imports", more, headers=headers)) == ["extra_forbidden"]
    unknown = upload(world.cq_officer, GOOD, table="castles")
    assert (unknown.status_code, codes(unknown)) == (404, ["table"])
    assert not Import.objects.exists()
