"""The description of the API: as OpenAPI for programs, as a page for people."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.http import etag

from shuangcheng.directory.policy import SCOPES

from .mount import schema
from .problems import KINDS
from .render import dumps

ORDER = ("get", "post", "put", "delete")


@cache
def _text() -> bytes:
    return dumps(schema()).encode()


@etag(lambda _request: f'"{hashlib.sha256(_text()).hexdigest()[:16]}"')
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    response = HttpResponse(_text(), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "public, no-cache"
    return response


@dataclass(frozen=True)
class Shown:
    """An operation as the page lists it."""

    id: str
    method: str
    path: str
    summary: str
    description: list[str]
    """Text, code, text, …: what stands between backquotes is code."""
    scope: str
    open: bool
    parameters: list[dict[str, Any]]
    body: str


def _shown(path: str, method: str, operation: dict[str, Any]) -> Shown:
    content = operation.get("requestBody", {}).get("content", {})
    return Shown(
        id=operation["operationId"], method=method.upper(), path=path, summary=operation["summary"],
        description=operation["description"].split("`"), scope=operation["x-scope"], open={} in operation["security"],
        parameters=[item for item in operation["parameters"] if item.get("in") in ("path", "query")],
        body=", ".join(_named(media, part["schema"]) for media, part in content.items()),
    )  # fmt: skip


def _named(media: str, schema: dict[str, Any]) -> str:
    return f"{media}: {schema['$ref'].rsplit('/', 1)[-1]}" if "$ref" in schema else media


def _sections() -> list[tuple[dict[str, str], list[Shown]]]:
    described = schema()
    operations = [
        (operation["tags"][0], _shown(path, method, operation))
        for path, methods in described["paths"].items()
        for method, operation in sorted(methods.items(), key=lambda item: ORDER.index(item[0]))
    ]
    return [(tag, [shown for name, shown in operations if name == tag["name"]]) for tag in described["tags"]]


def page(request: HttpRequest) -> HttpResponse:
    """Every operation in a line, scopes and problems, for people."""
    scopes = [(scope, gettext(label)) for scope, label in SCOPES.items()]
    problems = [
        {"name": kind.name, "status": kind.status, "title": gettext(kind.title), "meaning": kind.meaning}
        for kind in KINDS.values()
    ]
    sections = [(slugify(tag["name"]), tag, operations) for tag, operations in _sections()]
    context = {"sections": sections, "scopes": scopes, "problems": problems, "section": "api"}
    return render(request, "api/docs.html", context)


def section(request: HttpRequest, name: str) -> HttpResponse:
    """The operations of one section, with all that is said of them."""
    for tag, operations in _sections():
        if slugify(tag["name"]) == name:
            return render(request, "api/section.html", {"tag": tag, "operations": operations, "section": "api"})
    raise Http404
