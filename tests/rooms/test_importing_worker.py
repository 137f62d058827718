"""Imports as the worker runs them: real jobs, real commits, crashes, two at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app

from shuangcheng.core.table import unpack
from shuangcheng.desk.importing import actions
from shuangcheng.desk.importing.progress import Progress
from shuangcheng.desk.models import Import, ImportState, SearchEntry
from shuangcheng.directory.models import AuditLine, Organisation
from tests.core.table_samples import book
from tests.rooms.test_imports import GOOD, HEAD
from tests.world import AT, World


def upload(world: World, *rows: tuple[object, ...]) -> Import:
    return actions.upload(
        table="organisation", name="名单.xlsx", data=book([HEAD, *rows]), by=world.cq_officer.actor, at=AT
    )


def confirmed(world: World, *rows: tuple[object, ...]) -> Import:
    """An import that only waits to be written."""
    item = upload(world, *rows)
    actions.check(import_id=item.id, at=AT)
    item.refresh_from_db()
    return actions.confirm(item=item, valid_only=False, by=world.cq_officer.actor, at=AT)


def work() -> None:
    """Run the jobs that wait, in a worker like the node's."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def none_written(item: Import) -> bool:
    return not (
        Organisation.objects.filter(code="2150000001").exists()
        or SearchEntry.objects.filter(title=GOOD[0]).exists()
        or AuditLine.objects.filter(subject_id=str(item.id), verb="import.write").exists()
    )


@pytest.mark.django_db(transaction=True)
def test_the_worker_checks_and_writes(transactional_db: None, world: World) -> None:
    item = upload(world, GOOD)
    work()
    item.refresh_from_db()
    assert (item.state, item.new) == (ImportState.CHECKED, 1)
    actions.confirm(item=item, valid_only=False, by=world.cq_officer.actor, at=AT)
    work()
    item.refresh_from_db()
    assert item.state == ImportState.DONE
    assert Organisation.objects.filter(code="2150000001").exists()


@contextmanager
def index_that_fails() -> Iterator[None]:
    """The search index refuses the title of GOOD, after organisations and names are written."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE desk_searchentry ADD CONSTRAINT refuse CHECK (title <> %s) NOT VALID", [GOOD[0]])
        yield
        cursor.execute("ALTER TABLE desk_searchentry DROP CONSTRAINT refuse")


def test_a_failure_at_the_end_leaves_nothing_and_can_be_run_again(world: World) -> None:
    item = confirmed(world, GOOD)
    with index_that_fails():
        for attempt in (1, 2):
            with pytest.raises(actions.Interrupted, match="23514") as broken:
                actions.write(import_id=item.id, at=AT)
            assert GOOD[0] not in str(broken.getrepr(chain=True))
            item.refresh_from_db()
            assert (item.state, item.attempts) == (ImportState.WRITING, attempt)
            assert none_written(item)
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.DONE
    assert Organisation.objects.filter(code="2150000001").count() == 1


def test_three_failures_end_it(world: World) -> None:
    item = confirmed(world, GOOD)
    with index_that_fails():
        for _attempt in range(3):
            with pytest.raises(actions.Interrupted):
                actions.write(import_id=item.id, at=AT)
        actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.FAILED
    assert "名录没有改动" in str(unpack(item.notes[0]))
    assert none_written(item)


def test_only_one_works_on_an_import(world: World) -> None:
    item = confirmed(world, GOOD)
    other = connection.copy()
    key = int.from_bytes(item.id.bytes[-8:], signed=True)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            actions.write(import_id=item.id, at=AT)
            item.refresh_from_db()
            assert (item.state, item.attempts) == (ImportState.WRITING, 0)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    finally:
        other.close()
    actions.write(import_id=item.id, at=AT)
    item.refresh_from_db()
    assert item.state == ImportState.DONE


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_transaction_is_open(transactional_db: None, world: World) -> None:
    item = upload(world, GOOD)
    with transaction.atomic(), Progress(item.id) as progress:
        Organisation.objects.filter(pk=world.cqu.pk).update(remark="x")
        progress.tell(40)
        beside = connection.copy()
        try:
            with beside.cursor() as cursor:
                cursor.execute("SELECT progress FROM desk_import WHERE id = %s", [item.id])
                assert cursor.fetchone() == (40,)
        finally:
            beside.close()


@pytest.mark.django_db(transaction=True)
def test_nobody_writes_organisations_meanwhile_but_all_read(transactional_db: None, world: World) -> None:
    from shuangcheng.directory.tables import bulk

    beside = connection.copy()
    try:
        with transaction.atomic(), beside.cursor() as cursor:
            bulk.lock("directory_organisation")
            cursor.execute("SELECT count(*) FROM directory_organisation")
            cursor.execute("SET lock_timeout = '200ms'")
            with pytest.raises(DatabaseError, match="lock timeout"):
                cursor.execute("UPDATE directory_organisation SET remark = 'x'")
    finally:
        beside.close()
