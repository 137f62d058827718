"""Everything that is refused, as application/problem+json (RFC 9457) with every reason."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError
from pydantic import Field

from shuangcheng.core.outcome import Message, Objection, Refused, Why
from shuangcheng.core.text import _

from .asked import say
from .outputs.base import Output
from .render import dumps

MEDIA_TYPE = "application/problem+json"
DOCS = "/api/v1/docs"
log = logging.getLogger("shuangcheng.api")


class Reason(Output):
    """One reason for a refusal."""

    code: str = Field(description="The reason for programs; it does not change with the language.")
    detail: str = Field(description="The reason as a sentence, in Chinese or, with `Accept-Language: en`, in English.")
    where: str = Field(description="The field, parameter or header that it is about; empty when about the whole.")


class Problem(Output):
    """A refusal or failure, RFC 9457."""

    type: str = Field(description="Kind of problem: an address in the documentation of this API.")
    title: str = Field(description="Kind of problem in a few words.")
    status: int = Field(description="The HTTP status, again.")
    detail: str = Field(description="All reasons in one text.")
    errors: list[Reason] = Field(description="Every reason; never empty.")


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the status, its name in addresses, its title, and what it means to a developer."""

    status: int
    name: str
    title: str
    meaning: str

    @property
    def address(self) -> str:
        """The `type` of the problem."""
        return f"{DOCS}#problem-{self.name}"

    @property
    def component(self) -> str:
        """Its name among the OpenAPI responses."""
        return self.name.title().replace("-", "")


KINDS = {
    kind.status: kind
    for kind in (
        Kind(400, "malformed", _("请求读不出"), "The request cannot be read: broken JSON, a key twice, bad UTF-8."),
        Kind(401, "sign-in", _("需要有效的令牌"), "A token is needed, or the one sent is unknown, expired or revoked."),
        Kind(403, "forbidden", _("没有权限"), "The token lacks the scope, or its account lacks the right."),
        Kind(404, "missing", _("没有找到"), "There is no such thing, or the account may not see it."),
        Kind(405, "method", _("不支持这种方法"), "The address exists but does not take this method; see `Allow`."),
        Kind(409, "conflict", _("与现状冲突"), "The state of things does not allow it, or somebody was faster."),
        Kind(412, "changed", _("内容已被修改"), "The thing has changed since the version named in `If-Match`."),
        Kind(413, "too-large", _("内容太大"), "The body or file is larger than the node accepts."),
        Kind(415, "media-type", _("内容类型不对"), "The body is not of the media type that the operation takes."),
        Kind(422, "invalid", _("内容有误"), "A field or parameter is unknown, missing or wrong; `errors` names each."),
        Kind(428, "precondition", _("缺少版本"), "Send the version that was read, in `If-Match` or `version`."),
        Kind(500, "failure", _("系统故障"), "The node failed; the response carries `X-Request-ID` for its operators."),
        Kind(
            503, "unavailable", _("暂时不可用"), "The database is busy or unreachable; try again after `Retry-After`."
        ),
    )
}

STATUS = {
    Why.INVALID: 422,
    Why.FORBIDDEN: 403,
    Why.MISSING: 404,
    Why.CONFLICT: 409,
    Why.TOO_LARGE: 413,
    Why.SIGN_IN: 401,
    Why.UNAVAILABLE: 503,
}


class Declined(Refused):
    """A refusal by the door itself, with its own status and headers."""

    def __init__(self, status: int, *objections: Objection, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(*objections)
        self.status = status
        self.headers = headers or {}


def declined(
    status: int, code: str, text: str, *, where: str = "", headers: Mapping[str, str] | None = None, **values: object
) -> Declined:
    """A `Declined` with one objection; `text` is marked with `_` by the caller."""
    return Declined(status, Objection(code, Message(text, values), where), headers=headers)


def not_found() -> Declined:
    """What is answered where nothing is, or nothing that the actor may see."""
    return declined(404, "not_found", _("没有找到。它可能不存在，或者您无权查看。"))


def problem(status: int, *objections: Objection, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The response for a kind of problem and its reasons."""
    kind = KINDS[status]
    reasons = [Reason(code=o.code, detail=say(o.message), where=o.where) for o in objections]
    body = Problem(
        type=kind.address, title=say(Message(kind.title)), status=status,
        detail="\n".join(reason.detail for reason in reasons), errors=reasons,
    )  # fmt: skip
    response = HttpResponse(dumps(body.model_dump()), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="shuangcheng"'
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _known(error: Exception) -> Exception:
    """The error as a refusal when its cause is the caller's."""
    if isinstance(error, HttpError) and isinstance(error.__cause__, Refused):
        # ninja wraps what the reader of the body raises.
        return error.__cause__
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, RequestDataTooBig):
        return declined(413, "body_too_large", _("请求正文太大。文件请用上传接口发送。"))
    if isinstance(error, MultiPartParserError | UnreadablePostError | SuspiciousOperation):
        return declined(400, "not_read", _("请求没有收完整，或格式不对。请重新发送。"))
    if isinstance(error, IntegrityError):
        log.warning("lost a race", exc_info=error)
        return declined(409, "conflict", _("同一时间有人改动了相同的内容，这次没有保存。请重新读取后再试。"))
    return error


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Any exception as a problem; what nobody foresaw is logged and told without its inside."""
    error = _known(error)
    if isinstance(error, Declined):
        return problem(error.status, *error.objections, headers=error.headers)
    if isinstance(error, Refused):
        return problem(STATUS[error.why], *error.objections)
    if isinstance(error, OperationalError):
        log.error("database", exc_info=error)
        text = _("数据库暂时不可用，请稍后再试。这次没有保存任何内容。")
        return problem(503, Objection("unavailable", Message(text)), headers={"Retry-After": "5"})
    log.error("unhandled", exc_info=error)
    text = _("系统出现故障，这次没有保存任何内容。请把响应头 X-Request-ID 的值告诉管理员。")
    return problem(500, Objection("failure", Message(text)))
