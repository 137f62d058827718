"""A write that comes twice with the same key is done once, also when both come at the same time."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from shuangcheng.api import idempotency
from shuangcheng.api.models import IdempotentReply
from shuangcheng.directory.models import ApiToken, AuditLine, Organisation, Person
from tests import world as cast
from tests.doors.api_client import API, Api, codes, token
from tests.world import World

GOOD = {"name": "示例中学", "type": "school", "division": "500106"}


@pytest.fixture
def officer(world: World) -> Api:
    return Api(token(world.cq_officer))


def test_the_same_again_is_answered_alike_and_done_once(officer: Api) -> None:
    first, again = (officer.post("/organisations", GOOD, key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert first["Location"] == again["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Organisation.objects.filter(name="示例中学").count() == 1
    assert AuditLine.objects.filter(verb="organisation.create", door="api").count() == 1


def test_without_a_key_each_is_a_write(officer: Api) -> None:
    first, second = (officer.post("/organisations", GOOD) for _ in range(2))
    assert (first.status_code, codes(second)) == (201, ["name_taken"])


def test_same_key_for_something_else(officer: Api) -> None:
    officer.post("/organisations", GOOD, key="k1")
    for path, body in (("/organisations", GOOD | {"name": "另一中学"}), ("/zones", GOOD)):
        response = officer.post(path, body, key="k1")
        assert (response.status_code, codes(response)) == (422, ["key_reused"])
    assert not Organisation.objects.filter(name="另一中学").exists()


def test_a_refusal_is_not_kept(officer: Api) -> None:
    assert officer.post("/organisations", GOOD | {"division": "999999"}, key="k1").status_code == 422
    assert not IdempotentReply.objects.exists()
    assert officer.post("/organisations", GOOD, key="k1").status_code == 201


def test_keys_are_the_accounts_own(officer: Api, world: World) -> None:
    officer.post("/organisations", GOOD, key="k1")
    other = Api(token(world.node_admin)).post("/organisations", GOOD, key="k1")
    assert codes(other) == ["no_right"]
    assert codes(Api().post("/organisations", GOOD, key="k1")) == ["token_missing"]
    assert codes(Api(token(world.cq_officer, "directory:read")).post("/organisations", GOOD, key="k1")) == ["scope"]


@pytest.mark.parametrize("key", ["a b", "a" * 101, "é"])
def test_bad_keys(officer: Api, key: str) -> None:
    response = officer.post("/organisations", GOOD, key=key)
    assert (response.status_code, codes(response)) == (422, ["key_invalid"])


def test_secrets_are_told_once_and_never_kept(world: World) -> None:
    api = Api(token(world.cqu_admin))
    body = {"name": "自用", "scopes": ["directory:read"]}
    first, again = (api.post("/tokens", body, key="t").json() for _ in range(2))
    assert first["token"].startswith("sct_")
    assert again == first | {"token": None}
    assert ApiToken.objects.filter(name="自用").count() == 1
    person = {"name": "新小人", "login": "new.person", "role": "teacher", "organisation": "重庆大学"}
    made, repeated = (api.post("/people", person, key="p").json() for _ in range(2))
    assert made["first_password"]
    assert repeated == made | {"first_password": None}
    assert Person.objects.filter(name="新小人").count() == 1
    for reply in IdempotentReply.objects.all():
        assert first["token"] not in reply.body
        assert made["first_password"] not in reply.body


def test_uploads_are_told_apart_by_their_content(world: World) -> None:
    agreement = world.agreement
    agreement.state = "draft"
    agreement.save(update_fields=["state"])
    headers = {"Authorization": f"Bearer {token(world.cqu_admin)}", "Idempotency-Key": "f1"}

    def upload(content: str) -> Any:
        file = SimpleUploadedFile("协议.txt", content.encode())
        return Client().post(f"{API}/agreements/{agreement.id}/file", {"file": file}, headers=headers)

    first, again, other = upload("甲方乙方"), upload("甲方乙方"), upload("甲方丙方")
    assert first.content == again.content
    assert again["Idempotent-Replayed"] == "true"
    assert codes(other) == ["key_reused"]
    assert AuditLine.objects.filter(verb="agreement.attach").count() == 1


def test_answers_are_forgotten_after_a_day(officer: Api) -> None:
    officer.post("/organisations", GOOD, key="k1")
    now = timezone.now()
    assert idempotency.purge(at=now) == 0
    IdempotentReply.objects.update(at=now - timedelta(hours=25))
    assert officer.post("/organisations", GOOD | {"name": "另一中学"}, key="k1").status_code == 201
    IdempotentReply.objects.update(at=now - timedelta(hours=25))
    assert idempotency.purge(at=now) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once() -> None:
    """Not in one transaction: two connections, as two workers have."""
    built = cast.build()
    clear = token(built.cq_officer)
    answers: list[Any] = []
    ready = threading.Barrier(4)

    def send() -> None:
        ready.wait()
        answers.append(Api(clear).post("/organisations", GOOD, key="race"))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    assert Organisation.objects.filter(name="示例中学").count() == 1
