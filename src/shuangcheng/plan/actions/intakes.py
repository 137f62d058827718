"""Writes of the library's door: a file or text is handed in, read, and kept until it is decided what becomes of it."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from shuangcheng.core import policy as reader
from shuangcheng.core.files import Inspected, Limits, extract_text, inspect
from shuangcheng.core.outcome import Message, Why, refusal
from shuangcheng.core.policy.packing import alone, pack
from shuangcheng.core.table import pack as pack_message
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actions.agreements import text_digest
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require

from ..inputs.policies import MOST_TEXT, TextInput
from ..models import Intake, Policy, PolicyVersion


@transaction.atomic
def receive_file(*, name: str, data: bytes, by: Actor, at: datetime, renews: Policy | None = None) -> Intake:
    """Read a file and keep it with what was read; nothing enters the library yet."""
    require(by, "policy.edit", renews)
    limits = Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024, max_text=MOST_TEXT)
    file = inspect(name=name, data=data, limits=limits)
    extracted = extract_text(inspected=file, data=data, limits=limits)
    warnings = (*file.warnings, *(one for one in extracted.warnings if one not in file.warnings))
    return _receive(name, extracted.text, by=by, at=at, renews=renews, warnings=warnings, file=file, data=data)


@transaction.atomic
def receive_text(*, data: TextInput, by: Actor, at: datetime, renews: Policy | None = None) -> Intake:
    """Read a pasted text and keep it with what was read."""
    require(by, "policy.edit", renews)
    text = data.text.replace("\r\n", "\n")
    return _receive(data.name or text.strip().split("\n")[0][:60], text, by=by, at=at, renews=renews)


def _receive(
    name: str, text: str, *, by: Actor, at: datetime, renews: Policy | None, warnings: tuple[Message, ...] = (),
    file: Inspected | None = None, data: bytes = b"",
) -> Intake:  # fmt: skip
    documents = reader.read(text)
    if not documents:
        raise refusal("policy.nothing", reader.NOTHING, where="file", name=name)
    digests = [text_digest(alone(text, document)[0]) for document in documents]
    there = list(PolicyVersion.objects.filter(text_sha256__in=digests).select_related("policy"))
    if len({row.text_sha256 for row in there}) == len(set(digests)):
        first = there[0].policy
        sentence = _("库中已有相同的文本：《%(title)s》。没有重复收录。")
        raise refusal("policy.there", sentence, where="file", why=Why.CONFLICT, title=first.title, id=str(first.id))
    waiting = Intake.objects.open().filter(digests=digests, renews=renews).first()
    if waiting:
        sentence = _("相同的文本已经上传（%(title)s，%(by)s），正在待收录。没有重复读取。")
        values = {"title": waiting.name, "by": waiting.by_name, "id": str(waiting.id)}
        raise refusal("policy.waiting", sentence, where="file", why=Why.CONFLICT, **values)
    intake = Intake(
        id=uuid7(), created_at=at, updated_at=at, name=name[:200], text=text, digests=digests, renews=renews,
        readings=[pack(document) for document in documents], warnings=[pack_message(one) for one in warnings],
        by_name=by.name,
    )  # fmt: skip
    if file:
        stored = f"{hashlib.sha256(data).hexdigest()[:16]}-{intake.id}.{file.kind.value}"
        intake.file.save(stored, ContentFile(data), save=False)
    try:
        with transaction.atomic():
            intake.save(force_insert=True)
            audit.record(by=by, at=at, verb="policy.upload", kind="intake", subject=intake)
    except BaseException:
        if intake.file:
            intake.file.delete(save=False)
        raise
    return intake


@transaction.atomic
def discard(*, intake: Intake, by: Actor, at: datetime) -> None:
    """Give up what has not been taken in; the file goes when no document was made from it."""
    require(by, "policy.edit", None)
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    audit.record(by=by, at=at, verb="policy.upload_discard", kind="intake", subject=intake)
    if intake.taken:
        intake.closed, intake.updated_at = True, at
        intake.save()
        return
    storage, name = intake.file.storage, intake.file.name
    intake.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
