"""Pages of a list by a signed cursor over its order: stable when rows come in between, and without offsets."""

from collections.abc import Callable
from datetime import date, datetime
from functools import reduce
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Model, Q, QuerySet
from pydantic import Field

from shuangcheng.core.schema import Input
from shuangcheng.core.text import _

from .asked import Asked
from .outputs.base import Output, Page
from .problems import declined

MOST, USUAL = 200, 50

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=Page[Any])


class Paging(Input):
    """What every list is asked: how much, and from where."""

    limit: int = Field(USUAL, ge=1, le=MOST, description="How many things on a page.")
    cursor: str = Field("", max_length=2000, description="From the `next` of the page before; opaque.")


def page(
    rows: "QuerySet[M]", *, order: tuple[str, ...], asked: Asked, paging: Paging, gives: type[P],
    each: Callable[[M], Output],
) -> P:  # fmt: skip
    """The page of `rows` in `order` (field names, the last one unique, all of one direction) that was asked for."""
    descending = order[0].startswith("-")
    names = [name.removeprefix("-") for name in order]
    if paging.cursor:
        rows = rows.filter(_beyond(names, _opened(paging.cursor, asked, len(names)), descending=descending))
    found = list(rows.order_by(*order)[: paging.limit + 1])
    shown = found[: paging.limit]
    more = _next(shown[-1], names, asked) if len(found) > paging.limit else None
    return gives(items=[each(row) for row in shown], next=more)


def _salt(asked: Asked) -> str:
    """A cursor is good for the list it came from."""
    return f"api.cursor.{asked.path}"


def _opened(cursor: str, asked: Asked, length: int) -> list[object]:
    try:
        values = signing.loads(cursor, salt=_salt(asked))
    except signing.BadSignature:
        values = None
    if not isinstance(values, list) or len(values) != length:
        text = _("游标无效。请原样使用上一页 next 里的地址，或从第一页重新开始。")
        raise declined(422, "cursor_invalid", text, where="cursor")
    return values


def _beyond(names: list[str], values: list[object], *, descending: bool) -> Q:
    """The rows after `values`; the outer bound on the first name lets the database use its index."""
    word = "lt" if descending else "gt"
    conditions = [
        Q(**dict(zip(names[:place], values, strict=False))) & Q(**{f"{name}__{word}": values[place]})
        for place, name in enumerate(names)
    ]
    return Q(**{f"{names[0]}__{word}e": values[0]}) & reduce(Q.__or__, conditions)


def _value(row: Model, name: str) -> object:
    value = reduce(getattr, name.split("__"), row)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def _next(last: Model, names: list[str], asked: Asked) -> str:
    cursor = signing.dumps([_value(last, name) for name in names], salt=_salt(asked))
    query = {name: value for name, value in asked.GET.items() if name != "cursor"}
    return f"{asked.path}?{urlencode(query | {'cursor': cursor})}"
