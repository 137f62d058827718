"""Log lines, as JSON or text: time, level, event, request, actor; never a personal number."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
import uuid_utils

if TYPE_CHECKING:
    # Not at run time: the processes that only start others would pay for all of Django.
    from django.http import HttpRequest, HttpResponseBase

# An identity number has 18 places, or 15 in the old form; a pupil number puts a letter before it. Digits of any script.
NUMBER = re.compile(
    r"(?<!\d)(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXxＸｘ]|\d{6}[ -]?\d{2}[01]\d[0-3]\d[ -]?\d{3})(?![\dXxＸｘ])", re.UNICODE
)
MASK = "[number]"


def mask(text: str) -> str:
    """Return the text with everything that is shaped like an identity-card number taken out."""
    return NUMBER.sub(MASK, text)


def _clean(value: Any) -> Any:
    """Mask numbers that are not text, and cut fractions whose digits would look like one: the line stays JSON."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, int) and not isinstance(value, bool):
        return MASK if NUMBER.search(str(value)) else value
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    return value


def _clean_event(_logger: object, _method: str, event: Any) -> Any:
    return _clean(event)


def _mask_line(_logger: object, _method: str, line: Any) -> str:
    return mask(line)


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    structlog.processors.StackInfoRenderer(),
]


def formatter(style: str) -> logging.Formatter:
    """Return the formatter that writes one line (or one traceback) per event."""
    renderers: list[Any]
    if style == "json":
        renderers = [
            structlog.processors.format_exc_info,
            _clean_event,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    else:
        renderers = [
            _clean_event,
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0, timestamp_key="time", exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*SHARED, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers, _mask_line],
    )


def logging_config(*, style: str, level: str) -> dict[str, Any]:
    """Return the logging configuration that every process of the node uses."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "shuangcheng.site.logs.formatter", "style": style}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request line below already says what was refused.
            "django.request": {"level": "ERROR"},
            "_granian": {"handlers": [], "propagate": True},
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
        },
    }


def configure() -> None:
    """Send structlog's events through the standard library, so that all lines look alike."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


log = structlog.stdlib.get_logger("shuangcheng.request")


class RequestLogMiddleware:
    """Names each request, ties its log lines together and writes one line at its end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        request_id = str(uuid_utils.uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._write(request, response, milliseconds=round((time.perf_counter() - begun) * 1000, 1))
        finally:
            structlog.contextvars.clear_contextvars()
        return response

    def _write(self, request: HttpRequest, response: HttpResponseBase, *, milliseconds: float) -> None:
        facts: Mapping[str, object] = {
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "ms": milliseconds,
        }
        # Looked at only if the page already did: logging must not cost a query.
        account = getattr(request, "_cached_user", None)
        if account is not None and account.is_authenticated:
            facts = {**facts, "actor": str(account.pk)}
        log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "request", **facts)
