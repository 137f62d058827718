"""Addresses of the API; whatever is not an operation is refused as a problem, too."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja.operation import PathView
from ninja.utils import replace_path_param_notation

from shuangcheng.core.outcome import Message, Objection
from shuangcheng.core.text import _

from . import docs, problems
from .asked import language_of
from .door import labelled
from .mount import api

app_name = "api"
View = Callable[..., HttpResponse]


def _refused(request: HttpRequest, status: int, code: str, text: str) -> HttpResponse:
    language = language_of(request)
    with translation.override(language):
        return labelled(problems.problem(status, Objection(code, Message(text))), language)


def _own(view: View) -> View:
    """The view without what is meant for pages: no cross-site check as cookies do not count, no HTML refusals."""
    view.own_refusals = True  # type: ignore[attr-defined]
    return csrf_exempt(view)


@_own
def nothing(request: HttpRequest) -> HttpResponse:
    """No operation has this address."""
    text = _("接口没有这个地址。请对照接口说明核对路径，路径末尾不带斜杠。")
    return _refused(request, 404, "address_unknown", text)


def complete(view: View) -> View:
    """The view, with HEAD answered as GET without a body, and other methods refused as a problem."""

    def wrapper(request: HttpRequest, **keys: Any) -> HttpResponse:
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = view(request, **keys)
        if response.status_code == 405:
            allowed = ", ".join(sorted(response["Allow"].split(", ")))
            response = _refused(request, 405, "method", _("这个地址不支持这种请求方法，可用的方法见响应头 Allow。"))
            response["Allow"] = allowed if "HEAD" in allowed else allowed.replace("GET", "GET, HEAD")
        if head and not response.streaming:
            length = len(response.content)
            response.content = b""
            response["Content-Length"] = str(length)
        return response

    return _own(wrapper)


def _operations() -> Iterator[URLPattern]:
    """One view for each address, also where its methods are declared in several sections."""
    views: dict[str, PathView] = {}
    for section in api()._get_bound_routers():
        for route, declared in section.path_operations.items():
            views.setdefault(route, PathView()).operations.extend(declared.operations)
    for route, view in views.items():
        entry = complete(view.get_view())
        for operation in view.operations:
            yield path(replace_path_param_notation(route).lstrip("/"), entry, name=operation.view_func.__name__)


urlpatterns = [
    path("openapi.json", complete(require_safe(docs.description)), name="openapi"),
    path("docs", complete(require_safe(docs.page)), name="docs"),
    path("docs/<slug:name>", complete(require_safe(docs.section)), name="docs_section"),
    *_operations(),
    re_path("", nothing),
]
