"""The API's contract is a file in git: it changes only on purpose, and says everything a client must know."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import jsonschema_rs
import pytest
from pydantic import BaseModel

from shuangcheng.api.mount import api, schema
from shuangcheng.api.problems import KINDS
from shuangcheng.directory.policy import SCOPES

SNAPSHOT = Path(__file__).parent / "snapshots" / "openapi.json"
OPERATIONS = [
    pytest.param(path, method, operation, id=operation["operationId"])
    for path, methods in schema()["paths"].items()
    for method, operation in methods.items()
]
PERSONAL = re.compile("id_number|sealed|digest_key|password", re.IGNORECASE)


def test_snapshot() -> None:
    """After a change on purpose: make openapi-snapshot, and commit the file with the change."""
    kept = json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    made = json.loads(json.dumps(schema()))
    assert made["paths"].keys() == kept["paths"].keys()
    assert made == kept


def test_it_is_openapi_3_1() -> None:
    described = schema()
    assert described["openapi"] == "3.1.0"
    for name, definition in described["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(definition), name


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_references(value) for value in node))
    return set()


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    described = schema()
    referred = _references(described)
    present = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "responses", "parameters")
        for name in described["components"][kind]
    }
    assert referred - present == set()
    assert present - referred <= {
        f"#/components/responses/{KINDS[status].component}" for status in KINDS
    }  # fmt: skip


def test_operation_ids_are_unique_and_readable() -> None:
    names = [param.values[2]["operationId"] for param in OPERATIONS]
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[a-z]+([A-Z][a-z]+)+", name) for name in names)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_says_all(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert len(operation["description"]) > 5
    assert operation["description"] != operation["summary"]
    assert operation["tags"]
    assert operation["x-scope"] in {*SCOPES, ""}
    responses = operation["responses"]
    assert {"401", "403", "422", "500"} <= responses.keys()
    assert any(status.startswith("2") for status in responses)
    if "{" in path:
        assert "404" in responses
    if method != "get":
        assert {"400", "409", "413"} <= responses.keys()
        assert {} not in operation["security"]
    if method == "post":
        assert {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
    for parameter in operation["parameters"]:
        if parameter.get("in") == "query":
            assert parameter.get("description"), parameter["name"]


@pytest.mark.parametrize("name", sorted(schema()["components"]["schemas"]))
def test_every_schema_is_described(name: str) -> None:
    definition = schema()["components"]["schemas"][name]
    assert definition.get("description"), name
    for field, details in definition.get("properties", {}).items():
        told = details.get("description") or details.get("title")
        assert told, (name, field)
        if not name.endswith("Input"):
            assert details.get("description"), (name, field)
    if definition["type"] == "object" and "properties" in definition:
        assert definition.get("additionalProperties") is False, name


def test_no_answer_has_a_place_for_a_personal_number() -> None:
    for name, definition in schema()["components"]["schemas"].items():
        if not name.endswith("Input"):
            found = {field for field in definition.get("properties", {}) if PERSONAL.search(field)}
            assert found <= {"first_password"}, name


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, itself or its parts."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def described() -> set[type[BaseModel]]:
    """Every model that some operation takes or gives, with the models of its fields."""
    views = [view for _prefix, router in api()._routers for view in router.path_operations.values()]
    operations = [operation for view in views for operation in view.operations]
    waiting: list[Any] = [model for operation in operations for model in operation.models]
    waiting += [model for operation in operations for model in operation.response_models.values()]
    seen: set[type[BaseModel]] = set()
    while waiting:
        for model in _models(waiting.pop()):
            if model not in seen:
                seen.add(model)
                waiting += [field.annotation for field in model.model_fields.values()]
    return {model for model in seen if model.__module__.startswith("shuangcheng.")}


def test_no_two_schemas_share_a_name() -> None:
    """One would stand for both in the description."""
    models = sorted(described(), key=lambda model: (model.__name__, model.__module__))
    assert len(models) > 200
    pairs = [(one, two) for one, two in pairwise(models) if one.__name__ == two.__name__]
    assert [(one.__name__, one.__module__, two.__module__) for one, two in pairs] == []
