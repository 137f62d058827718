"""Nobody comes through the API's door who should not: every operation, every way of lacking a token, scope or right."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from shuangcheng.api.mount import schema
from shuangcheng.directory.actions import people, tokens
from shuangcheng.directory.models import ApiToken, AuditLine
from tests.doors.api_cast import OTHERS, PERMITTED, Stage, stage, writes
from tests.doors.api_client import Api, codes, expired_token, token
from tests.world import SYSTEM, World

ID = "01900000-0000-7000-8000-000000000000"


class Keys(dict[str, str]):
    """What stands in addresses: ids that are nowhere, but for these."""

    def __missing__(self, _name: str) -> str:
        return ID


KEYS = Keys(key="500106", digest="0" * 64, number="1", name="organisation")
OPERATIONS = [
    (operation["operationId"], method.upper(), path, operation)
    for path, methods in schema()["paths"].items()
    for method, operation in methods.items()
]
SCOPES = (
    "directory:read", "directory:write", "import", "audit:read", "plan:read", "plan:write", "cases:read", "cases:write",
    "exchange:read", "exchange:write", "registers:read", "registers:write",
)  # fmt: skip
UPPER = ("plan:write", "cases:write", "exchange:write", "registers:write")
ROOMS = {name for name, _method, _path, operation in OPERATIONS if operation["x-scope"] in UPPER}
"""Writes of the upper rooms, whose rights are tested beside what they do, in test_api_plans, _exchange and so on."""
WRITES = {name for name, method, _path, _operation in OPERATIONS if method != "GET"} - ROOMS
ELSEWHERE = {"attachAgreementFile", "revokeToken", "uploadImport", "confirmImport", "cancelImport"}
"""Writes whose rights are tested beside what they do, because they need a file or one's own token."""


@pytest.fixture
def on(world: World) -> Stage:
    return stage(world)


def calls(api: Api, *, only: Any = lambda operation: True) -> list[tuple[str, Any]]:
    """Every operation with an id that is nowhere and no body: what the door refuses before it looks at those."""
    return [
        (name, api.send(method, path.format_map(KEYS)))
        for name, method, path, operation in OPERATIONS
        if only(operation)
    ]


def test_without_token_only_what_is_open(world: World) -> None:
    for name, response in calls(Api(), only=lambda operation: {} not in operation["security"]):
        assert (response.status_code, codes(response)) == (401, ["token_missing"]), name
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_no_write_is_open() -> None:
    assert not [name for name, method, _path, op in OPERATIONS if method != "GET" and {} in op["security"]]


def test_wrong_token_is_refused_even_where_none_is_needed(world: World) -> None:
    for name, response in calls(Api(Authorization="Bearer sct_wrong")):
        assert (response.status_code, codes(response)) == (401, ["token_invalid"]), name
    for header in ("Bearer", "Basic YTpi", "sct_wrong", "Bearer sct_错", ""):
        assert codes(Api(Authorization=header).get("/terms")) == ["token_invalid"], header


def test_expired_token(world: World) -> None:
    for name, response in calls(Api(expired_token(world.node_admin))):
        assert (response.status_code, codes(response)) == (401, ["token_invalid"]), name


def test_revoked_token(world: World) -> None:
    clear = token(world.node_admin)
    tokens.revoke_token(token=ApiToken.objects.get(), by=world.node_admin.actor, at=timezone.now())
    for name, response in calls(Api(clear)):
        assert (response.status_code, codes(response)) == (401, ["token_invalid"]), name


def test_token_of_a_closed_account(world: World) -> None:
    clear = token(world.learner)
    people.set_active(account=world.learner.account, active=False, by=SYSTEM, at=timezone.now())
    assert codes(Api(clear).get("/me")) == ["token_invalid"]


def test_missing_scope(world: World) -> None:
    by_scope = {needed: Api(token(world.node_admin, *({*SCOPES} - {needed}))) for needed in SCOPES}
    for name, method, path, operation in OPERATIONS:
        needed = operation["x-scope"]
        if needed:
            response = by_scope[needed].send(method, path.format_map(KEYS))
            assert (response.status_code, codes(response)) == (403, ["scope"]), name
            assert f'scope="{needed}"' in response["WWW-Authenticate"]


def test_session_cookie_counts_for_nothing(world: World) -> None:
    api = Api()
    api.client.force_login(world.node_admin.account)
    assert codes(api.get("/me")) == ["token_missing"]


def test_every_write_has_a_sample(on: Stage) -> None:
    assert set(writes(on)) | ELSEWHERE == WRITES


def test_learner_may_write_nothing_but_tokens(on: Stage) -> None:
    api, before = Api(token(on.world.learner)), AuditLine.objects.count()
    for name, (method, path, body) in writes(on).items():
        if name != "createToken":
            response = api.send(method, path, body)
            assert response.status_code in (403, 404), (name, response.content.decode())
            assert codes(response)[0] in ("no_right", "not_found"), name
    assert AuditLine.objects.count() == before


def test_same_right_elsewhere_does_not_help(on: Stage) -> None:
    before = AuditLine.objects.exclude(verb="token.create").count()
    for name, who in OTHERS.items():
        method, path, body = writes(on)[name]
        response = Api(token(getattr(on.world, who))).send(method, path, body)
        assert response.status_code in (403, 404), (name, response.content.decode())
        assert codes(response)[0] in ("no_right", "not_found", "other_side"), name
    assert AuditLine.objects.exclude(verb="token.create").count() == before


def test_the_right_person_may(on: Stage) -> None:
    requests = writes(on)
    for name, who in PERMITTED.items():
        method, path, body = requests[name]
        with transaction.atomic():
            response = Api(token(getattr(on.world, who))).send(method, path, body)
            assert response.status_code in (200, 201), (name, response.content.decode())
            line = AuditLine.objects.filter(door="api").first()
            assert line is not None, name
            assert line.at > timezone.now() - timedelta(minutes=1)
            transaction.set_rollback(True)


def test_the_right_must_be_in_force_today(on: Stage) -> None:
    clear = token(on.world.cqu_admin)
    grant = on.world.cqu_admin.account.person.grants.get()
    people.end_grant(grant=grant, by=SYSTEM, at=timezone.now())
    method, path, body = writes(on)["addProgramme"]
    assert codes(Api(clear).send(method, path, body)) == ["no_right"]
