"""A table that people fill in: one declaration makes its template, check, preview, error report and API.

The columns come from a pydantic `Input`; what the rows mean is told by a `Store` that a room provides. Everything here
is about single rows and values; `core.sheets` knows files, `desk.importing` the course of an import.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from types import UnionType
from typing import Any, Generic, Protocol, TypeVar, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from .outcome import Message
from .schema import Choice, Input
from .searchable import Document
from .text import _

M = TypeVar("M", bound=Input)

Plain = str | int | bool | None
"""A stored value as the check hands it to the writing: JSON, None when the cell was left empty."""

YES, NO = _("是"), _("否")


class Sort(StrEnum):
    """What a column holds, which decides how its cells are read and what the template offers."""

    TEXT = "text"
    PROSE = "prose"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    NUMBER = "number"


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    field: str
    title: str
    required: bool
    sort: Sort
    description: str = ""
    example: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    masked: bool = False


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one cell, or with the row when `column` is empty."""

    column: str
    value: str
    message: Message
    code: str = ""


class RowState(StrEnum):
    """What writing a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(slots=True)
class Row:
    """A row on its way in: its number in the file, the values to store, what is there already, what is wrong."""

    number: int
    values: tuple[Plain, ...] = ()
    flaws: list[Flaw] = field(default_factory=list)
    state: RowState = RowState.NEW
    id: str = ""
    before: tuple[Plain, ...] = ()


class Store(Protocol):
    """What a room does with the rows of its table; made for one import, one actor and one moment."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What `Row.values` holds, in order."""
        ...

    @property
    def searchable(self) -> str:
        """The kind of findable thing that the rows are, empty when they are not found by themselves."""
        ...

    def resolve(self, data: Any) -> tuple[Plain, ...]:
        """The values to store; references are looked up. Raises `Refused` with the field as `where`.

        Of a row with flaws it gets what could be read, so that `together` tells what else is wrong.
        """
        ...

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """What may occur once only in a file: the column that is told, and the key."""
        ...

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """Find what is there already: sets state, id, before and the whole values of each row, or adds flaws."""
        ...

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """The rows to write in the order that is best for it; new ones are given an id."""
        ...

    def write(self, rows: Sequence[Row], *, watch: "Watch") -> None:
        """Write arranged rows, inside the caller's transaction."""
        ...

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """Arranged rows as the search index knows them, made without the database while others are being written."""
        ...

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """Values as people read them, in the order of the table's columns."""
        ...


R = TypeVar("R")


class Watch(Protocol):
    """Goes through things and tells how far it is."""

    def __call__(self, things: Iterable[R], /) -> Iterator[R]: ...


@dataclass(frozen=True)
class Table(Generic[M]):
    """A table that can be filled in and imported. `key` says in words how a row finds what is there already.

    The cells of the fields `names` are names by which rows are found. `aside` are titles that a download has for
    reading only; the import leaves such columns aside.
    """

    name: str
    title: str
    model: type[M]
    right: str
    key: str
    store: Callable[..., Store]
    masked: frozenset[str] = frozenset()
    examples: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the model's fields; `examples` go before those of the model."""
        columns = (column_of(name, info, self.masked) for name, info in self.model.model_fields.items())
        return tuple(replace(column, example=self.examples.get(column.field, column.example)) for column in columns)

    @cached_property
    def titles(self) -> dict[str, str]:
        """Field name to title."""
        return {column.field: column.title for column in self.columns}

    @cached_property
    def example(self) -> dict[str, str]:
        """The example row of the template: field to cell."""
        return {column.field: column.example for column in self.columns if column.example}


def column_of(name: str, info: FieldInfo, masked: frozenset[str] = frozenset()) -> Column:
    """The column of one field of an input."""
    kind = _bare(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    sort, choices = _sort(kind, prose=extra.get("widget") == "prose")
    return Column(
        field=name, title=info.title or name, required=info.is_required(), sort=sort,
        description=info.description or "", example=str((info.examples or [""])[0]), choices=choices,
        masked=name in masked,
    )  # fmt: skip


def _bare(annotation: Any) -> Any:
    """The type under `| None` and `Annotated`."""
    while get_origin(annotation) in (Union, UnionType) or hasattr(annotation, "__metadata__"):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _sort(kind: Any, *, prose: bool) -> tuple[Sort, tuple[tuple[str, str], ...]]:
    if isinstance(kind, type) and issubclass(kind, Choice):
        return Sort.CHOICE, tuple((member.label, member) for member in kind)
    if kind is bool:
        return Sort.YES_NO, ((YES, "true"), (NO, "false"))
    if kind is date:
        return Sort.DATE, ()
    if kind in (int, Decimal):
        return Sort.NUMBER, ()
    return (Sort.PROSE if prose else Sort.TEXT), ()


def pack(message: Message) -> dict[str, Any]:
    """A message as JSON, so that it can be kept and said later in the reader's language."""
    values = {
        key: pack(value) if isinstance(value, Message) else value if isinstance(value, int | float) else str(value)
        for key, value in message.values.items()
    }
    return {"text": message.text, "values": values}


def unpack(packed: Mapping[str, Any]) -> Message:
    """The message that `pack` took."""
    values = {key: unpack(value) if isinstance(value, dict) else value for key, value in packed["values"].items()}
    return Message(packed["text"], values)


def pack_flaw(flaw: Flaw) -> list[Any]:
    """A flaw as JSON."""
    return [flaw.column, flaw.value, pack(flaw.message), flaw.code]


def unpack_flaw(packed: Sequence[Any]) -> Flaw:
    """The flaw that `pack_flaw` took."""
    return Flaw(packed[0], packed[1], unpack(packed[2]), packed[3])
