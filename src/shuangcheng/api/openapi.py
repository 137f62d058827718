"""The OpenAPI description: what ninja makes of the declarations, and what holds for all operations alike."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .idempotency import HEADER, LONGEST
from .problems import KINDS, MEDIA_TYPE, Problem
from .render import dumps
from .section import Section

ABOUT = """\
Two education authorities, Chongqing 渝 and Sichuan 川, each run a node. This is the HTTP API of one node.

**Tokens.** Send `Authorization: Bearer sct_…`. A token belongs to an account, may do what the account may, and only
within its scopes. Without a token one sees what the public sees. Cookies are not looked at.

**Lists** give `limit` things (50, at most 200) and the address of the `next` page. There are no offsets.

**Writes.** Unknown fields are refused. Send an `Idempotency-Key` with every POST: if the answer is lost, send the same
again and get the same answer; the key is remembered for 24 hours.

**Refusals** are `application/problem+json` with every reason, in Chinese, or in English with `Accept-Language: en`.
"""

ALWAYS = (401, 403, 422, 500, 503)
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Any value of your own, new for every write. The same write with the same key is done once, and "
    "answered alike for 24 hours; `Idempotent-Replayed: true` marks the repeated answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]+$"},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the answer that is at hand; 304 when it still holds.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the version that was read and is being changed.",
    "schema": {"type": "string"},
}
FORMS = ("widget", "choices")
"""Keywords in inputs that only the pages use."""


def described(made: Mapping[str, Any], *, sections: Iterable[Section]) -> dict[str, Any]:
    """The description made by ninja, completed; plain JSON values."""
    description: dict[str, Any] = json.loads(dumps(made))
    components = description["components"]
    components["schemas"] |= {"Problem": _problem_schema(components["schemas"])}
    components["responses"] = {kind.component: _response(kind.meaning) for kind in KINDS.values()}
    components["parameters"] = {
        "IdempotencyKey": IDEMPOTENCY_KEY, "IfNoneMatch": IF_NONE_MATCH, "IfMatch": IF_MATCH,
    }  # fmt: skip
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made under “My account” or by POST /tokens.",
        }
    }
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method=method, path=path)
    description["tags"] = [{"name": section.title, "description": section.about} for section in sections]
    description.pop("servers", None)
    schemas = components["schemas"]
    _tidy(schemas)
    while unused := schemas.keys() - _referred(description):
        for name in unused:
            del schemas[name]
    components["schemas"] = dict(sorted(schemas.items()))
    return description


def _problem_schema(schemas: dict[str, Any]) -> dict[str, Any]:
    made = Problem.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas |= made.pop("$defs")
    return made


def _response(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _statuses(operation: Mapping[str, Any], *, method: str, path: str) -> set[int]:
    """The problems that an operation may answer with."""
    statuses = {*ALWAYS, *operation["x-also"]}
    if "{" in path:
        statuses.add(404)
    if method != "get":
        statuses |= {400, 409, 413}
    if "requestBody" in operation:
        statuses.add(415)
    return statuses


def _complete(operation: dict[str, Any], *, method: str, path: str) -> None:
    responses = operation["responses"]
    for status in sorted(_statuses(operation, method=method, path=path)):
        responses[str(status)] = {"$ref": f"#/components/responses/{KINDS[status].component}"}
    parameters = operation["parameters"]
    for parameter in parameters:
        _untitle(parameter["schema"], parameter["name"])
    for response in responses.values():
        _mark_file(response)
    if method == "get":
        responses["304"] = {"description": "The answer at hand still holds."}
        parameters.append({"$ref": "#/components/parameters/IfNoneMatch"})
    if method == "post":
        parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
    if 412 in operation["x-also"]:
        parameters.append({"$ref": "#/components/parameters/IfMatch"})
    operation["security"] = [{"token": []}, *([{}] if operation.pop("x-open") else [])]
    operation["responses"] = dict(sorted(responses.items()))
    del operation["x-also"]


def _mark_file(response: dict[str, Any]) -> None:
    """A response that is a file is not JSON."""
    content = response.get("content", {})
    if content.get("application/json", {}).get("schema", {}).get("format") == "binary":
        response["content"] = {"application/octet-stream": {}}


def _referred(node: Any) -> set[str]:
    """Names of the schemas that are referred to."""
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/schemas/")[2]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(_referred(value) for value in node.values()))
    return set().union(*(_referred(value) for value in node)) if isinstance(node, list) else set()


def _tidy(schemas: dict[str, Any]) -> None:
    """Take out what concerns the pages alone, and titles that only repeat the name of a field."""
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            for keyword in FORMS:
                field.pop(keyword, None)
            if not {"string", "integer", "number", "array"} & {field.get("type")}:
                # Spreadsheets take the Chinese label, and 是 or 否; the schema names the values.
                field.pop("examples", None)
            if "reference" in field:
                field["x-reference"] = field.pop("reference")
            _untitle(field, name)


def _untitle(field: dict[str, Any], name: str) -> None:
    if field.get("title") == name.replace("_", " ").title():
        del field["title"]
