"""Writes of imports. A row's own state is the truth; a background job only wakes it, and may be run again."""

import gc
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from procrastinate.contrib.django import app

from shuangcheng.core.files import Inspected, Kind, Limits, inspect
from shuangcheng.core.files.shapes import MEDIA_TYPES
from shuangcheng.core.outcome import Message, Refused, Why, refusal
from shuangcheng.core.table import RowState, pack, pack_flaw
from shuangcheng.core.text import _
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor, system
from shuangcheng.directory.actors import of_account
from shuangcheng.directory.models import Account
from shuangcheng.directory.models.base import uuid7
from shuangcheng.directory.policy import require

from ..models import Import, ImportState
from . import keeping, storing, writing
from .checking import examine
from .progress import Progress
from .registry import table_named

log = structlog.get_logger(__name__)

SILENT = timedelta(minutes=5)
"""A running import that gives no sign of life for so long is begun again."""

ATTEMPTS = 3
KEPT = timedelta(days=30)
SHOWN_ERRORS = 200
CHECK, WRITE = "desk.check_import", "desk.write_import"
RUNNING = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.WRITING)
CANCELLABLE = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED)


def wake(item: Import) -> None:
    """Ask the worker to go on with an import; the job is written in the caller's transaction."""
    name = WRITE if item.state == ImportState.WRITING else CHECK
    app.configure_task(name, queue="imports").defer(import_id=str(item.id))


def upload(*, table: str, name: str, data: bytes, by: Actor, at: datetime) -> Import:
    """Take in a file and have it checked. What cannot be a table is refused at once."""
    declared = table_named(table)
    require(by, declared.right)
    file = inspect(name=name, data=data, limits=Limits(max_bytes=settings.SHUANGCHENG.max_upload_mb * 1024 * 1024))
    if file.kind not in (Kind.XLSX, Kind.CSV):
        text = _("“%(name)s”不是表格。请上传 Excel 工作簿（.xlsx）或 CSV 文件。")
        raise refusal("sheet.kind", text, where="file", name=name)
    item = Import(
        id=uuid7(), created_at=at, updated_at=at, table=table, file_name=name[:200], sha256=file.sha256,
        state=ImportState.UPLOADED, side=by.side, by_person=by.person_id, by_name=by.name,
        notes=[pack(warning) for warning in file.warnings],
    )  # fmt: skip
    item.file.name = storing.put(item, f"imports/{item.id}.{file.kind.value}", data)
    try:
        with transaction.atomic():
            item.save(force_insert=True)
            audit.record(by=by, at=at, verb="import.upload", kind="import", subject=item, note=Message(declared.title))
            wake(item)
    except BaseException:
        item.file.delete(save=False)
        raise
    return item


def _locked(item: Import, states: Sequence[str]) -> Import:
    """The import as it is now, held against others; refused when it has gone on meanwhile."""
    item = Import.objects.select_for_update().get(pk=item.pk)
    if item.state not in states:
        text = _("这次导入现在是“%(state)s”，不能这样办理。请刷新页面查看最新情况。")
        raise refusal("import.state", text, why=Why.CONFLICT, state=Message(ImportState(item.state).label))
    return item


@transaction.atomic
def confirm(*, item: Import, valid_only: bool, by: Actor, at: datetime) -> Import:
    """Have the checked rows written; with wrong rows only when the right ones alone are wanted."""
    item = _locked(item, (ImportState.CHECKED,))
    require(by, table_named(item.table).right)
    if item.wrong and not valid_only:
        text = _("还有 %(wrong)d 行有错误。请改正后重新上传，或选择“只导入正确的行”。")
        raise refusal("import.wrong", text, why=Why.CONFLICT, wrong=item.wrong)
    if not item.new and not item.changed:
        raise refusal("import.nothing", _("没有需要写入的内容：正确的行都与名录一致。"), why=Why.CONFLICT)
    item.state, item.progress, item.attempts, item.valid_only = ImportState.WRITING, 0, 0, valid_only
    item.by_person, item.by_name, item.updated_at = by.person_id, by.name, at
    item.save()
    audit.record(by=by, at=at, verb="import.confirm", kind="import", subject=item)
    wake(item)
    return item


@transaction.atomic
def cancel(*, item: Import, by: Actor, at: datetime) -> Import:
    """Give an import up before it is written."""
    item = _locked(item, CANCELLABLE)
    require(by, table_named(item.table).right)
    item.state, item.updated_at = ImportState.CANCELLED, at
    item.save(update_fields=["state", "updated_at"])
    audit.record(by=by, at=at, verb="import.cancel", kind="import", subject=item)
    keeping.drop(item)
    storing.drop_sealed(item)
    return item


def actor_of(item: Import, *, at: datetime) -> Actor:
    """Whoever is behind an import, with the rights of today."""
    if item.by_person is None:
        return system(item.by_name)
    account = Account.objects.select_related("person").filter(person_id=item.by_person, is_active=True).first()
    if account is None:
        raise refusal("import.account", _("办理人的账号已停用，导入没有继续。"), why=Why.FORBIDDEN)
    return of_account(account, door="system", at=at)


def check(*, import_id: UUID, at: datetime) -> None:
    """Check an uploaded file; run by the worker. Nothing happens when it is checked already or being checked."""
    _run(import_id, (ImportState.UPLOADED, ImportState.CHECKING), ImportState.CHECKING, _check, at=at)


def write(*, import_id: UUID, at: datetime) -> None:
    """Write a confirmed import in one transaction; run by the worker. Nothing happens when it is written already."""
    _run(import_id, (ImportState.WRITING,), ImportState.WRITING, _write, at=at)


Step = Callable[[Import, datetime, Progress], None]


class Interrupted(Exception):
    """The database refused or broke off; the sweep begins the import again."""

    def __init__(self, import_id: UUID, error: Exception) -> None:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        super().__init__(f"import {import_id}: {type(error).__name__} {getattr(cause, 'sqlstate', None) or ''}".strip())


def _run(import_id: UUID, states: Sequence[str], running: str, step: Step, *, at: datetime) -> None:
    with _alone(import_id) as alone:
        item = Import.objects.filter(pk=import_id, state__in=states).first()
        if item is None or not alone:
            return
        if item.attempts >= ATTEMPTS:
            _end(
                item,
                running,
                _("处理三次都中断了，已停止，名录没有改动。请把文件拆小后重新上传，或联系节点管理员。"),
                at=at,
            )
            return
        Import.objects.filter(pk=import_id).update(state=running, progress=0, attempts=F("attempts") + 1, updated_at=at)
        try:
            with _uncollected(), Progress(import_id) as progress, transaction.atomic():
                step(item, at, progress)
        except Refused as refused:
            _end(item, running, *(objection.message for objection in refused.objections), at=at)
        except (DatabaseError, psycopg.Error) as error:
            # The database's own text may quote the row, and with it personal numbers, which no log may keep.
            raise Interrupted(import_id, error) from None
        except Exception:
            log.exception("import_failed", import_id=str(import_id), step=running)
            _end(item, running, _("处理时程序出错，已停止，名录没有改动。请联系节点管理员查看日志。"), at=at)
            raise


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage: it would go through all rows again and again, and takes a quarter of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _alone(import_id: UUID) -> Iterator[bool]:
    """Whether nobody else works on the import; PostgreSQL lets the lock go when its holder dies."""
    key = int.from_bytes(import_id.bytes[-8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _end(item: Import, running: str, *messages: Message | str, at: datetime) -> None:
    """Stop for a reason; an import that went on meanwhile (cancelled) stays as it is."""
    state = ImportState.FAILED if running == ImportState.WRITING else ImportState.UNREADABLE
    notes = [pack(message if isinstance(message, Message) else Message(message)) for message in messages]
    going = Import.objects.filter(pk=item.pk, state__in=(running, item.state))
    going.update(state=state, notes=notes, progress=0, updated_at=at)


def _check(item: Import, at: datetime, progress: Progress) -> None:
    table = table_named(item.table)
    by = actor_of(item, at=at)
    require(by, table.right)
    data = storing.get(item, item.file.name or "")
    if data is None or hashlib.sha256(data).hexdigest() != item.sha256:
        raise refusal("import.altered", _("存储中的文件与上传时不一致，不能使用。请重新上传。"), where="file")
    # Not inspected again: these are the very bytes that `upload` inspected.
    kind = Kind((item.file.name or "").rpartition(".")[2])
    file = Inspected(item.file_name, kind, MEDIA_TYPES[kind], item.sha256)
    checked, store = examine(table, file=file, data=data, by=by, at=at, progress=progress)
    keeping.keep(item, checked)
    errors = [[row.number, *pack_flaw(flaw)] for row in checked.rows for flaw in row.flaws]
    Import.objects.filter(pk=item.pk, state=ImportState.CHECKING).update(
        state=ImportState.CHECKED, progress=100, attempts=0, updated_at=at,
        rows=len(checked.rows), new=checked.count(RowState.NEW), changed=checked.count(RowState.CHANGED),
        same=checked.count(RowState.SAME), wrong=checked.count(RowState.WRONG),
        notes=[*item.notes, *(pack(note) for note in checked.notes)], errors=errors[:SHOWN_ERRORS],
        sample=keeping.sample(table, checked, store),
    )  # fmt: skip


MEANWHILE = _("检查之后，名录里的有关内容已被修改，所以没有写入，并重新检查了一遍。请核对后再确认。")


def _write(item: Import, at: datetime, progress: Progress) -> None:
    table = table_named(item.table)
    by = actor_of(item, at=at)
    require(by, table.right)
    if not keeping.there(item):
        _check_again(item, at=at)
        return
    rows = writing.matched(item, table, by=by, at=at, progress=progress)
    if rows.wrong:
        _check_again(item, at=at)
        return
    rows.write(progress=progress)
    counts = {"new": [0, rows.count(RowState.NEW)], "changed": [0, rows.count(RowState.CHANGED)]}
    note = Message(
        "%(table)s · %(name)s · sha256 %(digest)s",
        {"table": Message(table.title), "name": item.file_name, "digest": item.sha256},
    )
    audit.record(by=by, at=at, verb="import.write", kind="import", subject=item, changes=counts, note=note)
    item.state, item.progress, item.attempts, item.updated_at = ImportState.DONE, 100, 0, at
    item.new, item.changed = counts["new"][1], counts["changed"][1]
    item.save(update_fields=["state", "progress", "attempts", "updated_at", "new", "changed"])
    transaction.on_commit(lambda: storing.drop_sealed(item))


def _check_again(item: Import, *, at: datetime) -> None:
    item.state, item.notes, item.attempts, item.updated_at = ImportState.UPLOADED, [pack(Message(MEANWHILE))], 0, at
    item.save(update_fields=["state", "notes", "attempts", "updated_at"])
    wake(item)


def sweep(*, at: datetime) -> None:
    """Begin again what fell silent, and clear away the files of what ended long ago; run by the worker."""
    for item in Import.objects.filter(state__in=RUNNING, updated_at__lt=at - SILENT):
        with transaction.atomic():
            wake(item)
    for item in Import.objects.exclude(state__in=RUNNING).exclude(file="").filter(updated_at__lt=at - KEPT):
        keeping.drop(item)
        item.file.delete(save=False)
        Import.objects.filter(pk=item.pk).update(file="")
