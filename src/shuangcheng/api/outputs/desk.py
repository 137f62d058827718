"""Answers about the search, the audit trail, closed lists and oneself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shuangcheng.directory import terms
from shuangcheng.directory.models import AuditLine

from ..asked import say_kept
from .base import Output, Page
from .people import GrantOut


class Hit(Output):
    """Something that was found."""

    kind: str = Field(description="What it is.", examples=["organisation"])
    id: UUID = Field(description="Its id.")
    title: str = Field(description="Its name or title.")
    subtitle: str = Field(description="What tells it apart from others of the name.")
    side: terms.Side = Field(description="On whose side.")
    address: str | None = Field(description="Its address in this API, if it has one.")


class Hits(Output):
    """The best matches, the best first."""

    items: list[Hit] = Field(description="The matches.")
    more: bool = Field(description="Whether there are others.")


class AuditOut(Output):
    """A line of the audit trail 审计记录: who did what, when, through which door."""

    id: UUID = Field(description="Its id.")
    at: datetime = Field(description="When.")
    actor_kind: str = Field(description="`person`, `system` or `public`.")
    actor_id: str = Field(description="Id of the person, or empty.")
    actor_name: str = Field(description="The actor's name then.")
    side: str = Field(description="The actor's side, or empty.")
    door: str = Field(description="`web`, `api`, `cli` or `system`.")
    verb: str = Field(description="What was done.", examples=["organisation.edit"])
    subject_kind: str = Field(description="To what kind of thing.")
    subject_id: str = Field(description="To which.")
    subject_title: str = Field(description="Its name then.")
    changes: dict[str, Any] = Field(description="Field to [before, after].")
    note: str = Field(description="What else was said, or empty.")

    @classmethod
    def each(cls, row: AuditLine) -> "AuditOut":
        """The answer about a row."""
        plain = {name: getattr(row, name) for name in cls.model_fields if name != "note"}
        return cls(**plain, note=say_kept(row.said, row.note))


class AuditPage(Page[AuditOut]):
    """A page of the audit trail, the newest first."""


class Term(Output):
    """A value of a closed list."""

    value: str = Field(description="The value in requests and answers.")
    label: str = Field(
        description="What people call it, in the language of the answer; understood in requests in Chinese."
    )


class Terms(Output):
    """The closed lists: schema name to values."""

    lists: dict[str, list[Term]] = Field(description="Each closed list by the name of its schema.")


class MeOut(Output):
    """Whom the token stands for, and what it may do."""

    person_id: UUID = Field(description="Id of the person.")
    name: str = Field(description="The person's name.")
    side: str = Field(description="The side the person acts for, or empty.")
    roles: list[GrantOut] = Field(description="Roles in force today.")
    scopes: list[str] = Field(description="Scopes of this token.")
