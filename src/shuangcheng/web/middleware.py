"""Language by cookie, the actor of a request, refusals as pages, and headers that the framework lacks."""

from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.directory import actor as actors_of
from shuangcheng.directory.actions.tokens import has_second_factor
from shuangcheng.directory.actors import needs_second_factor, of_account

from .say import say
from .signin import UNTIL

Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = {code for code, _name in settings.LANGUAGES}
OPEN_WITHOUT_SECOND_FACTOR = ("account_", "mfa_", "language")
STATUS = {
    Why.INVALID: 422,
    Why.FORBIDDEN: 403,
    Why.MISSING: 404,
    Why.CONFLICT: 409,
    Why.TOO_LARGE: 413,
    Why.SIGN_IN: 401,
    Why.UNAVAILABLE: 503,
}


class PermissionsMiddleware:
    """Says which of the browser's devices pages may use: none."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        return response


class LanguageMiddleware:
    """Chinese, unless the visitor's cookie says English; the browser's own preference is not asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Gives each request its time and its actor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        at = timezone.localtime()
        account = request.user
        known = account.is_authenticated
        request.at = at  # type: ignore[attr-defined]
        request.actor = (  # type: ignore[attr-defined]
            of_account(account, door="web", at=at) if account.is_authenticated else actors_of.public(door="web")
        )
        structlog.contextvars.bind_contextvars(actor=str(account.pk) if known else "public")
        response = self.get_response(request)
        if known:
            response.setdefault("Cache-Control", "private, no-store")
        return response


class SessionRulesMiddleware:
    """Ends sessions that are over, and sends those who must use a second factor to set it up before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.get(UNTIL, 0) <= request.at.timestamp():  # type: ignore[attr-defined]
            logout(request)
            messages.info(request, gettext("登录已超过规定时长，请重新登录。刚才提交的内容没有保存。"))
            return self._lead(request, redirect_to_login(request.get_full_path() if request.method == "GET" else "/"))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> HttpResponse | None:
        if getattr(view, "own_refusals", False):
            return None
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if name.startswith(OPEN_WITHOUT_SECOND_FACTOR) or not needs_second_factor(request.actor):  # type: ignore[attr-defined]
            return None
        return None if has_second_factor(request.user) else self._lead(request, redirect("mfa_activate_totp"))

    @staticmethod
    def _lead(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponse:
        """Part of a page cannot show another page: the browser is told to go there."""
        return HttpResponseClientRedirect(response.url) if request.htmx else response  # type: ignore[attr-defined]


class RefusalMiddleware:
    """A refusal that no page caught becomes a page with every reason, or the way to sign in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if exception.why == Why.SIGN_IN and not request.htmx:  # type: ignore[attr-defined]
            for objection in exception.objections:
                messages.info(request, say(objection.message))
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        context = {"reasons": [say(objection.message) for objection in exception.objections], "why": exception.why}
        return render(request, "refused.html", context, status=STATUS[exception.why])


class PlainTextMiddleware:
    """Refuses the character U+0000, which no text holds and no database column takes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> HttpResponse | None:
        if getattr(view, "own_refusals", False):
            return None
        sent = [
            request.path,
            *(text for data in (request.GET, request.POST) for _name, texts in data.lists() for text in texts),
        ]
        if any("\x00" in text for text in sent):
            raise SuspiciousOperation("U+0000 in a request")
        return None


class UploadLimitMiddleware:
    """Marks a request whose upload was cut off by the quota, before any page works with half a file."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_arguments: object) -> HttpResponse | None:
        if request.method != "POST" or getattr(view, "own_refusals", False) or not self._read(request):
            return None
        context = {"limit": settings.SHUANGCHENG.max_upload_mb}
        return render(request, "too_large.html", context, status=413)

    @staticmethod
    def _read(request: HttpRequest) -> bool:
        if (request.content_type or "").startswith("multipart/"):
            request.POST  # noqa: B018  reading the body is what runs the upload handlers
        return getattr(request, "upload_too_large", False)
