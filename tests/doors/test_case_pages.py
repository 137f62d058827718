"""Pages and API of the cases: refusals first, then a case from its opening to its end."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuangcheng.cases.actions import cases
from shuangcheng.cases.actions.cases import Paper
from shuangcheng.cases.inputs import OpenInput
from shuangcheng.cases.models import Case
from shuangcheng.core.identifiers import Sex, invented_id_number
from shuangcheng.directory.models import AuditLine
from shuangcheng.exchange.models import Peer
from tests.doors.api_client import Api, token
from tests.world import World

NUMBER = invented_id_number(serial=3, birth=timezone.localdate().replace(year=2012), sex=Sex.FEMALE)
FORM = {
    "title": "学籍状态有误", "holder": "cq", "register_name": "student_status", "person": "王小明",
    "person_number": NUMBER, "told": "状态应为在读，登记成了已毕业。",
}  # fmt: skip


@pytest.fixture
def case(world: World) -> Case:
    paper = Paper("evidence", name="证明.txt", content="在读证明".encode())
    data = OpenInput.model_validate(FORM)
    return cases.open_case(data=data, by=world.cq_officer.actor, at=timezone.localtime(), papers=[paper])


def signed_in(client: Client, world: World, who: str) -> Client:
    client.force_login(getattr(world, who).account)
    return client


PATHS = ["", "{id}/", "{id}/step/", "{id}/number/", "new/"]


@pytest.mark.parametrize("path", PATHS)
def test_the_public_is_asked_to_sign_in(client: Client, case: Case, path: str) -> None:
    address = f"/cases/{path.format(id=case.id)}"
    for response in (client.get(address), client.post(address, FORM | {"way": "accept"})):
        assert (response.status_code == 404) if "{id}" in path else (response.status_code == 302)
    assert Case.objects.get().step == "raised"


@pytest.mark.parametrize("path", [path for path in PATHS if "{id}" in path])
@pytest.mark.parametrize("who", ["learner", "outsider", "cqu_admin", "employer"])
def test_a_case_of_others_is_not_there(client: Client, world: World, case: Case, path: str, who: str) -> None:
    signed_in(client, world, who)
    address = f"/cases/{path.format(id=case.id)}"
    assert client.get(address).status_code == 404
    assert client.post(address, {"way": "accept", "version": "1"}).status_code == 404
    assert Case.objects.get().step == "raised"


def test_an_auditor_reads_and_changes_nothing(client: Client, world: World, case: Case) -> None:
    signed_in(client, world, "auditor")
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert "显示全号" not in page
    assert client.post(f"/cases/{case.id}/step/", {"way": "accept", "version": "1"}).status_code == 403
    assert client.post(f"/cases/{case.id}/number/").status_code == 403


def test_a_file_of_another_case_is_not_served(client: Client, world: World, case: Case) -> None:
    other = cases.open_case(data=OpenInput.model_validate(FORM), by=world.cq_officer.actor, at=timezone.localtime())
    [file] = case.history.all()
    attached = cases.attachment_of(case, __import__("uuid").uuid4())
    assert attached is None
    from shuangcheng.desk.models import Attachment

    row = Attachment.objects.get(subject_id=file.pk)
    signed_in(client, world, "cq_officer")
    assert client.get(f"/cases/{other.id}/files/{row.id}/").status_code == 404
    assert b"".join(client.get(f"/cases/{case.id}/files/{row.id}/")) == "在读证明".encode()


def test_the_number_is_masked_shown_on_request_and_told_to_the_auditor(
    client: Client, world: World, case: Case
) -> None:
    signed_in(client, world, "cq_officer")
    page = client.get(f"/cases/{case.id}/").content.decode()
    assert NUMBER not in page
    assert NUMBER[-4:] in page
    assert client.get(f"/cases/{case.id}/number/").status_code == 302
    response = client.post(f"/cases/{case.id}/number/")
    assert NUMBER in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    [line] = AuditLine.objects.filter(verb="case.number")
    assert NUMBER not in str(line.__dict__)


def test_an_officer_opens_a_case_and_takes_it_to_its_end(client: Client, world: World, db: None) -> None:
    signed_in(client, world, "cq_officer")
    wrong = client.post("/cases/new/", FORM | {"told": "", "register_name": "nothing"})
    assert wrong.status_code == 422
    assert "王小明" in wrong.content.decode(), "what was typed stays"
    file = SimpleUploadedFile("证明.txt", "证明".encode())
    response = client.post("/cases/new/", FORM | {"file-evidence": file})
    case = Case.objects.get()
    assert response["Location"] == f"/cases/{case.id}/"
    for way, more in (
        ("accept", {}),
        ("extend", {"remark": "需要调档"}),
        ("correct", {"text-corrected_record": "已改为在读"}),
        ("confirm", {}),
    ):
        case.refresh_from_db()
        sent = {"way": way, "version": str(case.version)} | more
        assert client.post(f"/cases/{case.id}/step/", sent).status_code == 302
    case.refresh_from_db()
    assert case.closed_at is not None
    page = client.get(f"/cases/{case.id}/").content.decode()
    for words in ("已更正", "延长期限", "需要调档", "已改为在读", "证明.txt"):
        assert words in page


def test_a_missing_document_is_said_and_changes_nothing(client: Client, world: World, case: Case) -> None:
    signed_in(client, world, "cq_officer")
    sent = {"way": "decline", "version": str(case.version)}
    page = client.post(f"/cases/{case.id}/step/", sent, follow=True).content.decode()
    assert "缺少材料：理由说明" in page
    page = client.post(f"/cases/{case.id}/step/", sent | {"version": "9", "way": "accept"}, follow=True)
    assert "别人已修改过" in page.content.decode()
    assert Case.objects.get().step == "raised"


def test_the_list_shows_finds_and_downloads(
    client: Client, world: World, case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, world, "cq_officer")
    with django_assert_max_num_queries(16):
        page = client.get("/cases/").content.decode()
    assert case.number in page
    assert case.number not in client.get("/cases/?asker=sc&step=verifying").content.decode()
    assert client.get("/cases/?format=xlsx")["Content-Type"].endswith("sheet")


def test_the_page_costs_few_queries(
    client: Client, world: World, case: Case, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    signed_in(client, world, "cq_officer")
    with django_assert_max_num_queries(15):
        client.get(f"/cases/{case.id}/")


def test_the_api_refuses(world: World, case: Case) -> None:
    assert Api().get("/cases").status_code == 401
    assert Api(token(world.cq_officer, "plan:read")).get("/cases").status_code == 403
    learner = Api(token(world.learner))
    assert learner.get(f"/cases/{case.id}").status_code == 404
    assert learner.get("/cases").json()["items"] == []
    body = {"way": "accept"}
    assert learner.send("POST", f"/cases/{case.id}/steps?version=1", body).status_code == 404
    officer = Api(token(world.cq_officer))
    assert officer.send("POST", f"/cases/{case.id}/steps", body).status_code == 428
    assert officer.send("POST", f"/cases/{case.id}/steps?version=9", body).status_code == 409
    assert officer.send("POST", f"/cases/{case.id}/steps?version=1", body | {"admin": True}).status_code == 422
    assert Case.objects.get().step == "raised"


def test_the_api_opens_and_moves_on(world: World, peer: Peer) -> None:
    officer = Api(token(world.cq_officer))
    papers = [{"document": "evidence", "text": "见学校证明。"}]
    made = officer.send("POST", "/cases", FORM | {"papers": papers})
    assert made.status_code == 201
    case = made.json()
    assert (case["step"], case["ways"]) == ("raised", ["accept", "ask_more", "decline"])
    assert NUMBER not in made.content.decode()
    path = f"/cases/{case['id']}/steps?version={case['version']}"
    answer = officer.send("POST", path, {"way": "accept"})
    assert answer.json()["step"] == "verifying"
    assert [step["way"] for step in answer.json()["history"]] == ["open", "accept"]
    assert len(officer.get("/cases?mine=true&open=true").json()["items"]) == 1
    sent = officer.send("POST", "/cases", FORM | {"holder": "sc"})
    assert sent.status_code == 201
    assert officer.send("POST", "/cases", FORM | {"holder": "yn"}).status_code == 422
