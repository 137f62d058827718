"""Evidence 佐证材料: files of an item or of a report of progress."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.desk import attachments
from shuangcheng.desk.models import Attachment
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.policy import require

from ..models import Item, Progress
from ..rights import takes_away
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
    item, filed = (subject.item, subject.filing) if isinstance(subject, Progress) else (subject, None)
    if filed is None and not takes_away(attachment, item, by):
        text = _("“%(name)s”不是您上传的。请由上传人或教育行政部门的干部删除。")
        raise refusal("evidence.others", text, why=Why.FORBIDDEN, name=attachment.name)
    attachments.remove(attachment=attachment, subject=subject, by=by, at=at)
