"""The pages of errors that no view could answer."""

import sys

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Speak the reader's language, and ask nothing of the database, which may be what failed, and is said then."""
    unavailable = isinstance(sys.exception(), OperationalError)
    context = {
        "unavailable": unavailable,
        "request": request,
        "csrf_token": get_token(request),
        "node": settings.SHUANGCHENG,
        "at": timezone.now(),
        "LANGUAGE_CODE": translation.get_language(),
    }
    response = HttpResponse(render_to_string("500.html", context), status=503 if unavailable else 500)
    if unavailable:
        response["Retry-After"] = "5"
    return response
