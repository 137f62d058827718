"""Answers about imports of spreadsheets."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext
from pydantic import Field

from shuangcheng.core.table import Column, Table
from shuangcheng.desk.importing import queries
from shuangcheng.desk.models import Import, ImportState

from ..asked import say
from .base import Output, Page


class ColumnOut(Output):
    """A column of a table."""

    field: str = Field(description="Name of the field, as in the API's own bodies.")
    title: str = Field(description="Heading of the column in the spreadsheet.")
    required: bool = Field(description="Whether every row must have it.")
    description: str = Field(description="What to write, or empty.")
    choices: list[str] = Field(description="What may be written, when it is a closed list.")

    @classmethod
    def each(cls, column: Column) -> "ColumnOut":
        """The answer about a column."""
        return cls(
            field=column.field, title=column.title, required=column.required,
            description=gettext(column.description) if column.description else "",
            choices=[label for label, _value in column.choices],
        )  # fmt: skip


class TableOut(Output):
    """A table that can be imported."""

    name: str = Field(description="Its name, for uploading.")
    title: str = Field(description="What people call it.")
    key: str = Field(description="How a row finds what is there already.")
    columns: list[ColumnOut] = Field(description="Its columns.")

    @classmethod
    def each(cls, table: Table) -> "TableOut":  # type: ignore[type-arg]
        """The answer about a table."""
        return cls(
            name=table.name, title=gettext(table.title), key=gettext(table.key),
            columns=[ColumnOut.each(column) for column in table.columns],
        )  # fmt: skip


class TableList(Output):
    """The tables that one may import."""

    items: list[TableOut] = Field(description="The tables.")


class ImportOut(Output):
    """A spreadsheet on its way in 批量导入: uploaded, checked, confirmed, written."""

    id: UUID = Field(description="Its id.")
    table: str = Field(description="Name of the table.")
    file_name: str = Field(description="Name of the file.")
    sha256: str = Field(description="SHA-256 of the file.")
    state: ImportState = Field(description="Where it stands.")
    progress: int = Field(description="Percent of the running step.")
    notes: list[str] = Field(description="What there is to say about the file as a whole, or why it came to nothing.")
    rows: int = Field(description="Rows in the file.")
    new: int = Field(description="Rows that are new.")
    changed: int = Field(description="Rows that change what is there.")
    same: int = Field(description="Rows that change nothing.")
    wrong: int = Field(description="Rows with errors.")
    valid_only: bool = Field(description="Whether only the rows without errors are written.")
    by_name: str = Field(description="Who uploaded or confirmed it.")
    created_at: datetime = Field(description="When it was uploaded.")
    updated_at: datetime = Field(description="When it last changed.")

    @classmethod
    def each(cls, row: Import) -> "ImportOut":
        """The answer about a row."""
        plain = {name: getattr(row, name) for name in cls.model_fields if name != "notes"}
        return cls(**plain, notes=[say(note) for note in queries.notes(row)])


class ImportPage(Page[ImportOut]):
    """A page of imports."""


class ImportError(Output):
    """What is wrong in one row."""

    row: int = Field(description="Number of the row in the file, as the spreadsheet counts.")
    column: str = Field(description="Heading of the column; empty when about the whole row.")
    value: str = Field(description="What stands in the cell.")
    code: str = Field(description="The reason for programs, or empty.")
    detail: str = Field(description="The reason as a sentence.")


class ImportErrors(Output):
    """The first errors of an import; the report has all."""

    items: list[ImportError] = Field(description="The errors in the order of the rows.")
    wrong: int = Field(description="How many rows have errors in all.")
