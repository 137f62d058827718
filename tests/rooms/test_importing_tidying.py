"""The search index put in order by a second connection: nothing is left waiting, and its troubles stay its own."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import connection, transaction

from shuangcheng.desk import search
from shuangcheng.desk.importing import tidying
from shuangcheng.desk.models import SearchEntry

ROWS = 3000


def entries() -> Iterator[tuple[str, ...]]:
    for number in range(ROWS):
        yield (
            str(uuid4()),
            "organisation",
            f"示例{number}",
            "",
            f"示例{number}",
            "cq",
            "public",
            "2",
            f"示例 tidy{number}",
        )


def waiting() -> int:
    """Pages of the index that waited until now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_document')")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_without_it_entries_wait() -> None:
    waiting()
    search.stream(entries())
    assert waiting() > 0


@pytest.mark.django_db
def test_nothing_waits_and_nothing_is_left_when_it_is_not_committed() -> None:
    with transaction.atomic():
        with tidying.Tidying():
            search.stream(entries())
        assert waiting() == 0
        assert SearchEntry.objects.filter(document="tidy7").count() == 1
        transaction.set_rollback(True)
    assert not SearchEntry.objects.filter(document="tidy7").exists()
    assert not [thread for thread in threading.enumerate() if thread.name == "tidying"]


@pytest.mark.django_db
def test_its_errors_do_not_stop_the_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "TIDY", "SELECT nothing_of_this_name()")
    with transaction.atomic(), tidying.Tidying():
        search.stream(entries())
    assert SearchEntry.objects.filter(document="tidy7").count() == 1
