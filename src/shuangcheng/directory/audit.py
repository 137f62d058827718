"""The audit line that every action writes in its own transaction, and who listens to it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from shuangcheng.core.outcome import Message
from shuangcheng.core.table import pack

from .actor import Actor
from .models import AuditLine

Listener = Callable[[AuditLine], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call `listener` with every line, inside the transaction that writes it; upper rooms register here."""
    _listeners.append(listener)
    return listener


def plain(value: Any) -> Any:
    """A value as the audit trail keeps it: JSON, people and things by their name."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 4 and 4.0 years are no difference
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What changed: field -> [before, after]."""
    return {
        name: [plain(before.get(name)), plain(value)]
        for name, value in after.items()
        if plain(before.get(name)) != plain(value)
    }


def record(
    *,
    by: Actor,
    at: datetime,
    verb: str,
    kind: str,
    subject: Model | None = None,
    title: str = "",
    changes: Mapping[str, Any] | None = None,
    note: str | Message = "",
) -> AuditLine:
    """Write one line and tell the listeners. A note that is a message is said in the language of whoever reads it."""
    line = AuditLine.objects.create(
        at=at,
        actor_kind=by.kind,
        actor_id=str(by.person_id or ""),
        actor_name=by.name,
        side=by.side,
        door=by.door,
        verb=verb,
        subject_kind=kind,
        subject_id=str(subject.pk) if subject is not None else "",
        subject_title=(title or str(subject or ""))[:200],
        changes=dict(changes or {}),
        note=str(note),
        said=pack(note) if isinstance(note, Message) else None,
    )
    for listener in _listeners:
        listener(line)
    return line
