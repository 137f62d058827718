"""The door of the API: who asks, with which scope, and whether the request is one that the operation takes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial, wraps
from typing import Any, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.http import parse_etags
from ninja.operation import Operation

from shuangcheng.core.outcome import Message, Objection
from shuangcheng.core.schema import SENTENCES
from shuangcheng.core.text import _
from shuangcheng.directory import actors
from shuangcheng.directory.actor import Actor, public

from . import idempotency, problems
from .asked import Asked, language_of
from .problems import Declined, declined, not_found
from .render import dumps

Run = Callable[..., HttpResponse]
BODIES = {"body": "application/json", "form": "multipart/form-data", "file": "multipart/form-data"}


@dataclass(frozen=True)
class Entry:
    """What the door knows of an operation: its scope, whether anybody may come in, what it takes."""

    scope: str
    open: bool
    parameters: frozenset[str]
    takes: str
    """Media type of the body, empty when it takes none."""
    parts: frozenset[str]
    """Names of the parts of a multipart body."""

    @classmethod
    def of(cls, operation: Operation, *, scope: str, open: bool) -> "Entry":
        """Read what the operation takes from its declaration."""
        parameters: set[str] = set()
        parts: set[str] = set()
        takes = ""
        for model in operation.models:
            source = str(model.__ninja_param_source__)
            if source == "query":
                parameters.update(model.__ninja_flatten_map__)
            if source in ("form", "file"):
                parts.update(model.model_fields)
            takes = BODIES.get(source, takes)
        return cls(
            scope=scope, open=open, parameters=frozenset(parameters), takes=takes, parts=frozenset(parts)
        )  # fmt: skip


def entrance(*, scope: str, open: bool) -> Callable[[Run], Run]:
    """The decorator that puts an operation behind the door."""

    def decorate(run: Run) -> Run:
        entry = Entry.of(cast(Operation, run.__self__), scope=scope, open=open)  # type: ignore[attr-defined]

        @wraps(run)
        def enter(request: HttpRequest, **keys: Any) -> HttpResponse:
            language = language_of(request)
            with translation.override(language):
                response = _answered(request, entry, partial(run, request, **keys), keys)
            return labelled(response, language)

        return enter

    return decorate


def labelled(response: HttpResponse, language: str) -> HttpResponse:
    """The response with its language, and what it depends on."""
    response["Content-Language"] = language
    response["Vary"] = "Authorization, Accept-Language"
    return response


def _answered(request: HttpRequest, entry: Entry, respond: Callable[[], HttpResponse], keys: Any) -> HttpResponse:
    try:
        asked = _admitted(request)
        _check_scope(asked.actor, entry)
        _check_address(asked, entry, keys)
        if asked.method == "GET":
            return _conditional(asked, _dressed(asked, respond()))
        _check_body(asked, entry)
        response = idempotency.once(asked, respond)
        if asked.afterwards is not None and response.status_code < 400:
            response.content = dumps(asked.afterwards()).encode()
        return _dressed(asked, response)
    except Exception as error:
        return problems.answer(request, error)


def _admitted(request: HttpRequest) -> Asked:
    """The request with its time and actor; sessions and cookies count for nothing here."""
    asked = cast(Asked, request)
    asked.at, asked.version, asked.location, asked.afterwards = timezone.localtime(), None, "", None
    asked.actor = _actor(asked)
    return asked


def _actor(asked: Asked) -> Actor:
    header = asked.headers.get("Authorization")
    if header is None:
        return public(door="api")
    scheme, _space, clear = header.partition(" ")
    actor = actors.of_token(clear.strip(), at=asked.at) if scheme.lower() == "bearer" else None
    if actor is None:
        text = _("令牌无效：它可能写错了、已过期或已撤销，或者账号已停用。请检查请求头 Authorization: Bearer 令牌。")
        headers = {"WWW-Authenticate": 'Bearer realm="shuangcheng", error="invalid_token"'}
        raise declined(401, "token_invalid", text, where="Authorization", headers=headers)
    return actor


def _check_scope(actor: Actor, entry: Entry) -> None:
    if not actor.signed_in:
        if not entry.open:
            text = _("这项操作需要接口令牌。请在请求头中加上 Authorization: Bearer 令牌。")
            raise declined(401, "token_missing", text, where="Authorization")
    elif entry.scope and entry.scope not in (actor.scopes or ()):
        text = _("这个接口令牌不含“%(scope)s”权限，请另建令牌。")
        challenge = f'Bearer realm="shuangcheng", error="insufficient_scope", scope="{entry.scope}"'
        raise declined(403, "scope", text, headers={"WWW-Authenticate": challenge}, scope=entry.scope)


def _check_address(asked: Asked, entry: Entry, keys: dict[str, Any]) -> None:
    if any("\0" in str(value) for value in keys.values()):
        raise not_found()
    objections = []
    for name, values in asked.GET.lists():
        if name not in entry.parameters:
            objections.append(_unknown(name, entry))
        elif len(values) > 1:
            text = _("查询参数“%(name)s”给了不止一次，请只留一个。")
            objections.append(Objection("parameter_twice", Message(text, {"name": name}), name))
        elif "\0" in values[0]:
            text = _("查询参数“%(name)s”含有不可见的控制字符，请删去。")
            objections.append(Objection("null_character", Message(text, {"name": name}), name))
    if objections:
        raise Declined(422, *objections)


def _unknown(name: str, entry: Entry) -> Objection:
    shown = name.replace("\0", "?")[:80]
    near = get_close_matches(name, entry.parameters, n=1)
    text = _("没有“%(name)s”这个查询参数。")
    if near:
        text = _("没有“%(name)s”这个查询参数，您要的可能是“%(near)s”。")
    return Objection("parameter_unknown", Message(text, {"name": shown, "near": "".join(near)}), shown)


def _check_body(asked: Asked, entry: Entry) -> None:
    if not entry.takes:
        if asked.content_type != "multipart/form-data" and asked.body.strip() in (b"", b"{}"):
            return
        raise declined(422, "body_unexpected", _("这项操作不接受请求正文，请去掉正文。"))
    if asked.content_type != entry.takes:
        text = _("请求正文应为 %(takes)s，请设置请求头 Content-Type。")
        raise declined(415, "media_type", text, where="Content-Type", takes=entry.takes)
    if entry.takes == "multipart/form-data":
        _check_upload(asked, entry)
    elif not asked.body.strip():
        raise declined(400, "body_missing", _("请求正文是空的。请以 JSON 对象发送内容。"))


def _check_upload(asked: Asked, entry: Entry) -> None:
    sent = {*asked.POST, *asked.FILES}
    if getattr(asked, "upload_too_large", False):
        raise declined(413, "file_too_large", _("文件超过本节点的上限，没有保存。请拆分或压缩后再上传。"))
    if unknown := sorted(sent - entry.parts):
        text = SENTENCES["extra_forbidden"]
        raise Declined(422, *(Objection("extra_forbidden", Message(text, {"field": name}), name) for name in unknown))


def _dressed(asked: Asked, response: HttpResponse) -> HttpResponse:
    """The headers that every answer carries."""
    response.headers.setdefault("Cache-Control", "private, no-cache" if asked.method == "GET" else "no-store")
    if asked.location:
        response["Location"] = asked.location
    if asked.version is not None and response.status_code < 400:
        response["ETag"] = f'"{asked.version}-{_digest(response)}"'
    return response


def _digest(response: HttpResponse) -> str:
    return hashlib.sha256(response.content).hexdigest()[:16]


def _conditional(asked: Asked, response: HttpResponse) -> HttpResponse:
    """304 when the client has this very answer already."""
    if response.status_code != 200:
        return response
    if "ETag" not in response:
        response["ETag"] = f'"{_digest(response)}"'
    wanted = parse_etags(asked.headers.get("If-None-Match", ""))
    if "*" not in wanted and response["ETag"] not in {etag.removeprefix("W/") for etag in wanted}:
        return response
    if isinstance(response, FileResponse) and response.file_to_stream:
        response.file_to_stream.close()
    same = HttpResponse(status=304)
    same["ETag"], same["Cache-Control"] = response["ETag"], response["Cache-Control"]
    del same["Content-Type"]
    return same
