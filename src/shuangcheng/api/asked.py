"""A request as the API sees it: who asks, when, and in which language the answer is."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header

from shuangcheng.core.outcome import Message
from shuangcheng.core.table import unpack
from shuangcheng.directory.actor import Actor

CHINESE, ENGLISH = "zh-hans", "en"


class Asked(HttpRequest):
    """A request that has passed the door."""

    at: datetime
    actor: Actor
    version: int | None
    """The version of the thing that is answered; becomes the beginning of the ETag."""
    location: str
    """The address of what was made."""
    afterwards: Callable[[], object] | None
    """What is done once the write is committed, such as asking another node; it gives the answer."""


def language_of(request: HttpRequest) -> str:
    """English when the client prefers it to Chinese, else Chinese; cookies are not asked."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        if code.startswith("zh"):
            return CHINESE
        if code.startswith("en"):
            return ENGLISH
    return CHINESE


def say(message: Message) -> str:
    """The sentence in the language of the answer."""
    return message.render(lambda text: gettext(text) if text else "")


def say_kept(said: Mapping[str, Any] | None, text: str) -> str:
    """A sentence that was kept when it was written; older rows hold its text alone."""
    return say(unpack(said)) if said else text
