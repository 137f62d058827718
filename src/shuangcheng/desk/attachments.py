"""Files that belong to things of upper rooms; the room's action has asked for the right before it calls these."""

from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model, QuerySet

from shuangcheng.core.files import Limits, inspect
from shuangcheng.core.files.shapes import MEDIA_TYPES
from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor

from .models import Attachment

MOST = 50
"""Files of one thing."""


def of(kind: str, subject: Model) -> "QuerySet[Attachment]":
    """The files of a thing that the reader may see."""
    return Attachment.objects.filter(subject_kind=kind, subject_id=subject.pk)


@transaction.atomic
def attach(*, kind: str, subject: Model, name: str, data: bytes, by: Actor, at: datetime, note: str = "") -> Attachment:
    """Keep a file; the same bytes twice are one file. Refused: too large, of no known kind, dangerous, too many."""
    file = inspect(name=name, data=data, limits=Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024))
    there = of(kind, subject)
    if same := there.filter(sha256=file.sha256).first():
        return same
    if there.count() >= MOST:
        raise refusal(
            "attachments.many", _("附件已有 %(most)d 个，请先删去不用的。"), where="file", why=Why.CONFLICT, most=MOST
        )
    row = Attachment(
        subject_kind=kind, subject_id=subject.pk, name=name[:200], media_type=MEDIA_TYPES[file.kind], size=len(data),
        sha256=file.sha256, note=note[:200], at=at, by_person=by.person_id, by_name=by.name,
    )  # fmt: skip
    row.file.save(f"{row.id}.{file.kind.value}", ContentFile(data), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(by=by, at=at, verb="attachment.add", kind=kind, subject=subject, note=row.name)
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


@transaction.atomic
def remove(*, attachment: Attachment, subject: Model, by: Actor, at: datetime) -> None:
    """Take a file away; its bytes go when the transaction is through."""
    storage, name = attachment.file.storage, attachment.file.name
    audit.record(
        by=by, at=at, verb="attachment.remove", kind=attachment.subject_kind, subject=subject, note=attachment.name,
        changes={"sha256": [attachment.sha256, None]},
    )  # fmt: skip
    attachment.delete()
    transaction.on_commit(lambda: storage.delete(str(name)))
