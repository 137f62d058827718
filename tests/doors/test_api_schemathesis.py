"""Requests made up from the description, at every operation: no failure, no answer it does not promise."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shuangcheng.api.mount import schema
from shuangcheng.desk.importing import actions as imports
from shuangcheng.desk.models import Import
from shuangcheng.directory.actions import people
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.people_inputs import GrantInput
from tests.doors.api_cast import Stage, stage
from tests.doors.api_client import token
from tests.world import SYSTEM, Someone, World

EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
REFERENCES = {
    "organisation": "重庆大学", "lead": "四川大学", "host": "四川大学", "employer": "西南大学",
    "nominated_by": "西南大学", "division": "500106", "parties": ["重庆大学", "四川大学"],
    "divisions": ["500106", "510100"], "leads": [], "code": "080717T", "catalogue": "undergraduate_2026",
    "alliance": "", "zone": "",
}  # fmt: skip
"""What made-up text cannot hit: every second body is given these, so that some writes go through."""


@pytest.fixture
def one_connection() -> Iterator[None]:
    """As Django's own test client does: a request must not close the connection that holds the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def omnipotent(world: World) -> Someone:
    """Somebody with every right, so that nothing stops at the rights."""
    person = world.node_admin.account.person
    roles = (
        ("officer", "重庆市教育委员会"), ("organisation_admin", "重庆大学"), ("organisation_admin", "西南大学"),
        ("auditor", "重庆市教育委员会"), ("expert", "西南大学"),
    )  # fmt: skip
    for role, organisation in roles:
        data = GrantInput(role=role, organisation=organisation)
        people.grant(person=person, data=data, by=SYSTEM, at=timezone.now())
    actor = of_account(world.node_admin.account, door="web", at=timezone.now())
    return Someone(world.node_admin.account, actor, world.cq_bureau)


def ids(on: Stage) -> dict[str, str]:
    """First part of an address -> the id of something that is there."""
    w = on.world
    rows = {
        "organisations": w.cqu, "programmes": w.programme, "designations": on.designation, "alliances": w.alliance,
        "memberships": on.application, "ballots": on.ballot, "reports": on.report, "zones": w.zone,
        "agreements": on.draft, "experts": w.expert, "avoidances": on.avoidance, "services": on.invitation,
        "people": w.teacher.account.person, "grants": w.teacher.account.person.grants.get(),
    }  # fmt: skip
    table = "机构名称,机构类型,所在区划\n示例一中,中小学校,500106\n示例二中,城堡,500103\n"
    item = imports.upload(table="organisation", name="表.csv", data=table.encode(), by=SYSTEM, at=timezone.now())
    imports.check(import_id=item.id, at=timezone.now())
    Import.objects.filter(pk=item.pk).update(side="cq")
    return {name: str(row.id) for name, row in rows.items()} | {"imports": str(item.id)}


def attack(operation: Any, *, headers: dict[str, str], id: str | None) -> dict[int, int]:
    """Fire at one operation; returns how often each status came."""
    fixed = {"id": id} if id and "{id}" in operation.path else None
    good = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=fixed)
    bad = operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=fixed)
    answered: dict[int, int] = {}

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=st.one_of(good, bad), real=st.booleans())
    def fire(case: Any, real: bool) -> None:
        if real and isinstance(case.body, dict):
            case.body |= {name: value for name, value in REFERENCES.items() if name in case.body}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        answered[response.status_code] = answered.get(response.status_code, 0) + 1

    fire()
    return answered


def test_nothing_made_up_breaks_it(world: World, one_connection: None) -> None:
    on = stage(world)
    headers = {"Authorization": f"Bearer {token(omnipotent(world))}"}
    api = schemathesis.openapi.from_dict(schema())
    api.app = get_wsgi_application()
    known = ids(on)
    statuses: dict[int, int] = {}
    for result in api.get_all_operations():
        operation = result.ok()
        with transaction.atomic():
            answered = attack(operation, headers=headers, id=known.get(operation.path.split("/")[3]))
            transaction.set_rollback(True)
        for status, count in answered.items():
            statuses[status] = statuses.get(status, 0) + count
    assert {200, 201, 422} <= statuses.keys()
    assert sum(statuses.values()) > 7 * len(schema()["paths"])
