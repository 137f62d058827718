"""Notices to people: told inside the action that is the cause, read on the person's own pages."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuangcheng.core.outcome import Message
from shuangcheng.core.table import pack
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Person

from .models import Notice, NoticeQuerySet


def give(told: Iterable[tuple[UUID, Message, str]], *, kind: str, at: datetime) -> list[Notice]:
    """A notice for each person with its own sentence and address; the caller's transaction and audit line."""
    return Notice.objects.bulk_create(
        Notice(person_id=id, at=at, kind=kind, message=pack(message), address=address) for id, message, address in told
    )


@transaction.atomic
def tell(
    *, people: Iterable[Person | UUID], message: Message, kind: str, address: str, by: Actor, at: datetime
) -> list[Notice]:
    """Tell each of `people` once, but not whoever acts; the audit line says how many were told."""
    ids = {person.pk if isinstance(person, Person) else person for person in people} - {by.person_id}
    notices = give([(id, message, address) for id in sorted(ids)], kind=kind, at=at)
    if notices:
        audit.record(by=by, at=at, verb="notice.tell", kind="notice", title=str(message), changes={"n": [0, len(ids)]})
    return notices


def read(*, notices: NoticeQuerySet, by: Actor, at: datetime) -> int:
    """Mark one's own notices as read; returns how many were unread. Reading leaves no audit line."""
    own = Notice.objects.visible_to(by).unread()
    return own.filter(pk__in=notices.order_by().values("pk")).update(read_at=at)
