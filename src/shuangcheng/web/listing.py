"""Lists: one declaration gives the facets, the chips, the order, the pages and the download."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.sheets import workbook
from shuangcheng.core.text import _
from shuangcheng.core.tokens import MAX_QUERY
from shuangcheng.desk.search import narrow

from .request import Request

PAGE = 30
MOST_DOWNLOADED = 100_000
BATCH = 2_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Facet:
    """A filter beside a list: a column and the labels of its values."""

    name: str
    title: str
    column: str
    labels: Callable[[], list[tuple[str, str]]]


@dataclass(frozen=True)
class Column:
    """A column of the download: its title and what stands in it."""

    title: str
    value: Callable[[Any], object]


@dataclass(frozen=True)
class Listing:
    """A list of one kind of thing."""

    name: str
    title: str
    template: str
    facets: tuple[Facet, ...]
    columns: tuple[Column, ...]
    orders: dict[str, tuple[str, tuple[str, ...]]]
    search: str = ""
    hidden: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Option:
    """One value of a facet with its count."""

    value: str
    label: str
    count: int
    chosen: bool


def _having(rows: "QuerySet[Any]", column: str, value: str) -> "QuerySet[Any]":
    """The rows related to `value`, each once; none when it cannot be a value of the column."""
    try:
        return rows.filter(pk__in=rows.model._default_manager.filter(**{column: value}).values("pk"))
    except ValidationError:
        return rows.none()


class Shown:
    """A list as one request asked for it; `rows` holds each thing once."""

    def __init__(self, listing: Listing, rows: "QuerySet[Any]", request: Request) -> None:
        self.listing, self.request = listing, request
        self.q = request.GET.get("q", "").strip()[:MAX_QUERY] if listing.search else ""
        self.labels = {facet.name: dict(facet.labels()) for facet in listing.facets}
        self.chosen = {
            name: [value for value in request.GET.getlist(name) if value in labels]
            for name, labels in self.labels.items()
        }
        for parameter, column in listing.hidden.items():
            if value := request.GET.get(parameter, "")[:100]:
                rows = _having(rows, column, value)
        self.all = narrow(rows, listing.search, self.q) if self.q else rows

    def filtered(self, without: str = "") -> "QuerySet[Any]":
        """The rows that pass every filter but that of the facet `without`."""
        wanted = {
            f"{facet.column}__in": self.chosen[facet.name] for facet in self.listing.facets if facet.name != without
        }
        return self.all.filter(**{column: values for column, values in wanted.items() if values})

    @cached_property
    def order(self) -> str:
        """The order asked for, or the first."""
        wanted = self.request.GET.get("order", "")
        return wanted if wanted in self.listing.orders else next(iter(self.listing.orders))

    @cached_property
    def rows(self) -> "QuerySet[Any]":
        """The filtered rows in order."""
        return self.filtered().order_by(*self.listing.orders[self.order][1])

    @cached_property
    def page(self) -> "Page[Any]":
        """The page of rows asked for; a number beyond the end gives the last page."""
        paginator = Paginator(self.rows, PAGE)
        paginator.count = sum(self._passing().values())
        return paginator.get_page(self.request.GET.get("page"))

    @cached_property
    def combinations(self) -> list[tuple[dict[str, str], int]]:
        """How many rows have which values of the facets, in one query; all counts of the page are sums of these."""
        rows = self.all.order_by().values_list(*(facet.column for facet in self.listing.facets))
        return [
            (dict(zip(self.labels, map(str, values), strict=True)), n) for *values, n in rows.annotate(n=Count("pk"))
        ]

    def _passing(self, facet: str = "") -> Counter[str]:
        """How many rows pass every filter but that of `facet`, by their values of it."""
        counts: Counter[str] = Counter()
        for values, n in self.combinations:
            filters = ((name, chosen) for name, chosen in self.chosen.items() if chosen and name != facet)
            if all(values[name] in chosen for name, chosen in filters):
                counts[values.get(facet, "")] += n
        return counts

    @cached_property
    def facets(self) -> list[tuple[Facet, list[Option]]]:
        """Every facet with the options that occur and their counts."""
        return [(facet, self._options(facet)) for facet in self.listing.facets]

    def _options(self, facet: Facet) -> list[Option]:
        counts, chosen = self._passing(facet.name), self.chosen[facet.name]
        return [
            Option(value, gettext(label), counts[value], value in chosen)
            for value, label in self.labels[facet.name].items()
            if counts[value] or value in chosen
        ]

    @cached_property
    def chips(self) -> list[tuple[str, str]]:
        """What is filtered by, each with the address without it."""
        chips = [(self.q, self._without("q", self.q))] if self.q else []
        for name, labels in self.labels.items():
            chips += [(gettext(labels[value]), self._without(name, value)) for value in self.chosen[name]]
        return chips

    def _without(self, name: str, value: str) -> str:
        parameters = self.request.GET.copy()
        kept = [item for item in parameters.getlist(name) if item.strip() != value]
        parameters.setlist(name, kept)
        parameters.pop("page", None)
        return f"?{parameters.urlencode()}"


def _in_batches(rows: "QuerySet[Any]", decorate: Callable[[list[Any]], None] | None) -> Iterator[Any]:
    """The rows, a batch in memory at a time."""
    found = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        if decorate:
            decorate(batch)
        yield from batch


def _local(value: object) -> object:
    """A cell has no zone: a time is that of the pages."""
    return timezone.localtime(value) if isinstance(value, datetime) else value


def answer(
    listing: Listing,
    rows: "QuerySet[Any]",
    request: Request,
    decorate: Callable[[list[Any]], None] | None = None,
    **context: Any,
) -> HttpResponse:
    """The list as a page, or as Excel with `?format=xlsx`."""
    shown = Shown(listing, rows, request)
    if request.GET.get("format") == "xlsx":
        count = shown.page.paginator.count
        if count > MOST_DOWNLOADED:
            text = _("符合条件的有 %(count)d 条，一次最多下载 %(most)d 条。请先筛选，再分次下载。")
            raise refusal("too_many_rows", text, why=Why.TOO_LARGE, count=count, most=MOST_DOWNLOADED)
        return download(listing, _in_batches(shown.rows, decorate), request)
    if decorate:
        decorate(list(shown.page.object_list))
    return render(request, listing.template, {"shown": shown, "listing": listing, "q": shown.q, **context})


def download(listing: Listing, rows: Iterable[Any], request: Request) -> HttpResponse:
    """The filtered list as a workbook with the time it was made."""
    note = gettext("数据截至 %(time)s，由双城平台导出") % {"time": f"{request.at:%Y-%m-%d %H:%M}"}
    content = workbook(
        title=gettext(listing.title),
        columns=[gettext(column.title) for column in listing.columns],
        rows=([_local(column.value(row)) for column in listing.columns] for row in rows),
        note=note,
    )
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{listing.name}.xlsx"'
    return response
