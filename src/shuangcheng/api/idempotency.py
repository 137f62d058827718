"""A write that comes twice with the same Idempotency-Key is done once and answered twice."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponse

from shuangcheng.core.text import _

from .asked import Asked
from .models import IdempotentReply
from .problems import declined
from .render import dumps

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
LONGEST = 100
TOLD_ONCE = frozenset({"token", "first_password"})
"""Fields of answers that are secrets: they are not kept, so a repeated answer has null in their place."""


@dataclass(frozen=True)
class Slot:
    """Where an answer is kept: the account's own key."""

    account: UUID
    key: str


def once(asked: Asked, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a write in a transaction, and keep the answer in the same one when the write brought a key."""
    slot = _slot(asked)
    with transaction.atomic():
        if slot and (kept := _kept(asked, slot)):
            return kept
        response = respond()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif slot:
            _keep(asked, slot, response)
    return response


def _slot(asked: Asked) -> Slot | None:
    """The slot, if the write is one that may be repeated by mistake and its actor is known."""
    key, account = asked.headers.get(HEADER), asked.actor.account_id
    if key is None or asked.method != "POST" or account is None:
        return None
    if not 1 <= len(key) <= LONGEST or not all("!" <= character <= "~" for character in key):
        text = _("Idempotency-Key 应为 1 至 %(limit)d 个可见的 ASCII 字符，不含空格。")
        raise declined(422, "key_invalid", text, where=HEADER, limit=LONGEST)
    return Slot(account, key)


def fingerprint(asked: Asked) -> str:
    """Keyed, because a body may hold a personal number; of the parts when multipart, whose boundary is random."""
    told = hmac.new(settings.DIGEST_KEY, f"{asked.method} {asked.get_full_path()}\0".encode(), hashlib.sha256)
    if asked.content_type == "multipart/form-data":
        for name, values in sorted(asked.POST.lists()):
            told.update(f"{name}\0{values}\0".encode())
        for name, file in sorted(cast("Iterable[tuple[str, UploadedFile[bytes]]]", asked.FILES.items())):
            told.update(f"{name}\0{file.name}\0{file.size}\0".encode())
            for chunk in file.chunks():
                told.update(chunk)
    else:
        told.update(asked.body)
    return told.hexdigest()


def _lock(slot: Slot) -> None:
    """Whoever comes second with the same key waits here until the first has finished."""
    name = hashlib.blake2b(f"{slot.account}\0{slot.key}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(name, signed=True)])


def _kept(asked: Asked, slot: Slot) -> HttpResponse | None:
    _lock(slot)
    young = IdempotentReply.objects.filter(at__gt=asked.at - KEPT)
    reply = young.filter(account_id=slot.account, key=slot.key).first()
    if reply is None:
        return None
    if not hmac.compare_digest(reply.fingerprint, fingerprint(asked)):
        text = _("这个 Idempotency-Key 已用于另一个请求。每个新的写入请换一个新的值。")
        raise declined(422, "key_reused", text, where=HEADER)
    response = HttpResponse(reply.body, status=reply.status, content_type="application/json; charset=utf-8")
    response["Idempotent-Replayed"] = "true"
    asked.location = reply.location
    return response


def _keep(asked: Asked, slot: Slot, response: HttpResponse) -> None:
    answered = json.loads(response.content)
    held_back = dict.fromkeys(TOLD_ONCE & answered.keys())
    IdempotentReply.objects.update_or_create(
        account_id=slot.account, key=slot.key,
        defaults={
            "fingerprint": fingerprint(asked), "status": response.status_code, "body": dumps(answered | held_back),
            "location": asked.location, "at": asked.at,
        },
    )  # fmt: skip


def purge(*, at: datetime) -> int:
    """Forget the answers that are older than a day; returns how many."""
    forgotten, _by_table = IdempotentReply.objects.filter(at__lte=at - KEPT).delete()
    return forgotten
