"""Language by cookie, the actor of a request, refusals as pages, and headers that the framework lacks."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.directory import actor as actors_of
from shuangcheng.directory.actors import of_account

from .say import say

Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = {code for code, _name in settings.LANGUAGES}
STATUS = {
    Why.INVALID: 422,
    Why.FORBIDDEN: 403,
    Why.MISSING: 404,
    Why.CONFLICT: 409,
    Why.TOO_LARGE: 413,
    Why.SIGN_IN: 401,
}


class LanguageMiddleware:
    """Chinese, unless the visitor's cookie says English; the browser's own preference is not asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class ActorMiddleware:
    """Gives each request its time and its actor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = timezone.now()  # type: ignore[attr-defined]
        account = request.user
        request.actor = (  # type: ignore[attr-defined]
            of_account(account, door="web", at=request.at)  # type: ignore[attr-defined,arg-type]
            if account.is_authenticated
            else actors_of.public(door="web")
        )
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), interest-cohort=()")
        if account.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response


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
