"""Evidence 佐证材料: files of an item or of a report of progress."""

from datetime import datetime

from django.db import transaction

from shuangcheng.desk import attachments
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..models import Item, Progress
from .filings import writable

KINDS = {Item: "item", Progress: "progress"}


def _allowed(subject: Item | Progress, by: Actor) -> None:
    """Refuse who may not report; what was filed keeps its files until it is returned."""
    if isinstance(subject, Progress) and subject.filing is not None:
        require(by, "filing.file", subject.filing)
        writable(subject.filing, seen=None)
    else:
        require(by, "item.report", subject.item if isinstance(subject, Progress) else subject)


@transaction.atomic
def attach(*, subject: Item | Progress, name: str, data: bytes, by: Actor, at: datetime, note: str = "") -> Attachment:
    """Keep a file with an item or a report; whoever sees the thing sees it."""
    _allowed(subject, by)
    kind = KINDS[type(subject)]
    return attachments.attach(kind=kind, subject=subject, name=name, data=data, by=by, at=at, note=note)


@transaction.atomic
def remove(*, attachment: Attachment, subject: Item | Progress, by: Actor, at: datetime) -> None:
    """Take a file away; the audit trail keeps its name and digest."""
    _allowed(subject, by)
    attachments.remove(attachment=attachment, subject=subject, by=by, at=at)
