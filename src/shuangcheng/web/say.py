"""Interface text in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from shuangcheng.core.outcome import Message
from shuangcheng.core.table import unpack


def say(message: Message) -> str:
    """The sentence in the language of the request."""
    return message.render(lambda text: gettext(text) if text else "")


def say_kept(said: Mapping[str, Any] | None, text: str) -> str:
    """A sentence that was kept when it was written; older rows hold its text alone."""
    return say(unpack(said)) if said else text
