"""Who hears of what happens in the room."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shuangcheng.core.outcome import Message
from shuangcheng.desk import notices
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.person import Grant
from shuangcheng.directory.terms import Role


def holders(role: Role, *, at: datetime) -> Iterable[UUID]:
    """The people who hold a role on the node's side today."""
    return Grant.objects.people(role, side=settings.SHUANGCHENG.side, day=at.date())


def tell(role: Role, message: Message, *, kind: str, address: str, by: Actor, at: datetime) -> None:
    """A notice to everybody who holds a role on the node's side."""
    notices.tell(people=holders(role, at=at), message=message, kind=kind, address=address, by=by, at=at)
