"""The search index: kept by the audit trail, asked by words, pinyin and initials."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Length

from shuangcheng.core import tokens
from shuangcheng.core.searchable import Document, Searchable
from shuangcheng.directory import audit
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.tables import bulk

from .models import SearchEntry

CANDIDATES = 400
BLOCK = 10_000
COLUMNS = ("id", "kind", "title", "subtitle", "whole", "side", "audience", "rank", "document")


def searchables() -> dict[str, Searchable]:
    """What the installed rooms declare, by kind."""
    declared = (getattr(_module(app.name), "SEARCHABLES", ()) for app in apps.get_app_configs())
    return {searchable.kind: searchable for group in declared for searchable in group}


def _module(room: str) -> object:
    return sys.modules.get(f"{room}.search")


def listen() -> None:
    """Keep the index: whatever an action touches is indexed again in the same transaction."""
    audit.listen(_refresh)


def _refresh(line: AuditLine) -> None:
    if line.subject_id and line.subject_kind in searchables():
        refresh(line.subject_kind, [UUID(line.subject_id)])


def row(searchable: Searchable, document: Document) -> tuple[str, ...]:
    """An entry as the values of `COLUMNS`, all as text, which is written fastest."""
    return (
        str(document.id),
        searchable.kind,
        document.title[:200],
        document.subtitle[:200],
        tokens.whole(document.title),
        document.side,
        document.audience,
        str(searchable.rank),
        tokens.tokens(document.names, words=document.words),
    )


def refresh(kind: str, ids: Iterable[UUID]) -> None:
    """Index the things `ids` of one kind again; those that are gone leave the index."""
    searchable = searchables()[kind]
    ids = list(ids)
    rows = [row(searchable, document) for document in searchable.documents(ids)]
    present = {values[0] for values in rows}
    SearchEntry.objects.filter(kind=kind, id__in=[id for id in ids if str(id) not in present]).delete()
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
    marks = ", ".join(["%s"] * (len(COLUMNS) - 1))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO desk_searchentry ({', '.join(COLUMNS)}) VALUES ({marks}, %s::tsvector) "  # noqa: S608
            f"ON CONFLICT (id) DO UPDATE SET {updates}",
            rows,
        )


def rebuild(kind: str) -> int:
    """Index every thing of a kind from nothing; returns how many."""
    searchable = searchables()[kind]
    SearchEntry.objects.filter(kind=kind).delete()
    return copy(row(searchable, document) for document in searchable.documents(None))


def copy(rows: Iterable[tuple[object, ...]]) -> int:
    """Write new entries in bulk; each block is made before it is copied, since making it may ask the database."""
    rest, count = iter(rows), 0
    while block := list(islice(rest, BLOCK)):
        stream(block)
        count += len(block)
    return count


def stream(rows: Iterable[tuple[object, ...]]) -> None:
    """Write new entries while they are being made, which must not ask the database."""
    bulk.copy("desk_searchentry", COLUMNS, rows)


@dataclass(frozen=True)
class Found:
    """What a search gives: the best `entries`; `more` when there are others that were not looked at."""

    entries: list[SearchEntry]
    more: bool


def find(text: str, *, actor: Actor, limit: int = 20, kind: str = "") -> Found:
    """The best matches for what a person typed: whole names first, then their beginnings, then words and initials."""
    query, whole = tokens.query(text), tokens.whole(text[: tokens.MAX_QUERY])
    if not query:
        return Found([], more=False)
    seen = SearchEntry.objects.visible_to(actor)
    if kind:
        seen = seen.filter(kind=kind)
    best = list(seen.filter(whole__startswith=whole).order_by("rank", Length("whole"), "whole")[:limit])
    candidates = _candidates(seen, tokens.query(text, complete=True))
    if len(candidates) <= CANDIDATES:
        candidates = _candidates(seen, query)
    known = {entry.id for entry in best}
    others = sorted(
        (whole not in name, rank, len(name), name, id) for id, name, rank in candidates[:CANDIDATES] if id not in known
    )[: limit - len(best)]
    there = SearchEntry.objects.in_bulk([other[-1] for other in others])
    entries = [*best, *(there[other[-1]] for other in others if other[-1] in there)]
    return Found(entries, more=len(candidates) > len(entries))


def _candidates(seen: "QuerySet[SearchEntry]", query: str) -> list[tuple[UUID, str, int]]:
    """Some that match, by way of the index also for a common word: for few of many PostgreSQL would read the table.

    That is fast where the rows stand everywhere, and takes a quarter of a second where they stand together.
    """
    matching = seen.filter(document=SearchQuery(query, config="simple", search_type="raw"))
    select, parameters = matching.values_list("id", "whole", "rank")[: CANDIDATES + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        # One message, so one transaction and one journey.
        cursor.execute(f"SET LOCAL enable_seqscan = off; {select}; SET LOCAL enable_seqscan = on", parameters)
        cursor.nextset()
        return list(cursor.fetchall())


R = TypeVar("R", bound="QuerySet[Any]")


def narrow(rows: R, kind: str, text: str) -> R:
    """The rows of a list whose entry of `kind` matches what a person typed."""
    query = tokens.query(text)
    if not query:
        return rows
    matching = SearchEntry.objects.filter(kind=kind, document=SearchQuery(query, config="simple", search_type="raw"))
    return rows.filter(pk__in=matching.values("id"))


def addresses(entries: Iterable[SearchEntry]) -> Iterator[tuple[SearchEntry, str]]:
    """Each entry with the address of its page."""
    kinds = searchables()
    for entry in entries:
        yield entry, kinds[entry.kind].address(entry.id)
