"""Pages for everybody are kept ready until something is written to the database, by whomever, or the minute is over."""

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.middleware.csrf import get_token

from .request import Request

P = ParamSpec("P")
Page = Callable[Concatenate[Request, P], HttpResponse]

LARGEST = 200_000
TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w{64}(?=")')


def kept(page: Page[P]) -> Page[P]:
    """Answer with the page that was made for another visitor at the same address, if nothing has changed since."""

    @wraps(page)
    def answer(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _for_everybody(request):
            return page(request, *args, **kwargs)
        state = (_snapshot(), f"{request.at:%Y-%m-%d %H:%M}")
        address = f"{request.LANGUAGE_CODE} {request.build_absolute_uri()}"
        key = sha256(address.encode(errors="replace")).hexdigest()
        made, parts = caches["pages"].get(key, (None, []))
        if made == state:
            # The token against forgery is each visitor's own.
            return HttpResponse(get_token(request).encode().join(parts) if len(parts) > 1 else parts[0])
        response = page(request, *args, **kwargs)
        if _plain(response):
            caches["pages"].set(key, (state, TOKEN.split(response.content)))
        return response

    return answer


def _for_everybody(request: Request) -> bool:
    """Whether the page depends on nothing but its address, the language, the minute and what is committed."""
    known = request.actor.signed_in or settings.SESSION_COOKIE_NAME in request.COOKIES
    return request.method == "GET" and not known and not request.htmx and not connection.in_atomic_block


def _plain(response: HttpResponse) -> bool:
    """Whether the response is a page that was found, of a modest size, without cookies or headers of its own."""
    return (
        response.status_code == 200
        and [*response.headers] == ["Content-Type"]
        and response["Content-Type"].startswith("text/html")
        and not response.cookies
        and len(response.content) <= LARGEST
    )


def _snapshot() -> tuple[str, ...]:
    """What PostgreSQL calls the set of the transactions that are over: where it is the same, all rows are the same.

    It never comes back after a commit, but could after a crash, so the start of the server belongs to it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text, pg_postmaster_start_time()::text")
        return tuple(cursor.fetchone())
