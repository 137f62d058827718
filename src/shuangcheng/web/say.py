"""Interface text in the reader's language."""

from django.utils.translation import gettext

from shuangcheng.core.outcome import Message


def say(message: Message) -> str:
    """The sentence in the language of the request."""
    return message.render(lambda text: gettext(text) if text else "")
