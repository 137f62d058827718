"""Answers about notices."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext
from pydantic import Field

from shuangcheng.desk.models import Notice

from .base import Output, Page


class NoticeOut(Output):
    """A notice to oneself 通知: a sentence and the page it is about."""

    id: UUID = Field(description="Its id.")
    at: datetime = Field(description="When.")
    kind: str = Field(description="What it is about.", examples=["digest"])
    text: str = Field(description="The sentence, in the language of the answer.")
    address: str = Field(description="Path of the page on this node, or empty.")
    read_at: datetime | None = Field(description="When it was read; null for an unread one.")

    @classmethod
    def each(cls, row: Notice) -> "NoticeOut":
        """The answer about a row."""
        text = row.told.render(lambda text: gettext(text) if text else "")
        return cls(id=row.id, at=row.at, kind=row.kind, text=text, address=row.address, read_at=row.read_at)


class NoticePage(Page[NoticeOut]):
    """Some of one's notices."""


class NoticesRead(Output):
    """What was marked as read."""

    read: int = Field(description="How many were unread until now.")
