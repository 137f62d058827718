"""Programmes by the spreadsheet 专业点批量导入."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from pydantic import Field

from shuangcheng.core.outcome import Objection, Refused, refusal
from shuangcheng.core.schema import Input, Line
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Plain, Row, RowState, Table, Watch
from shuangcheng.core.text import _

from .. import lookup
from ..actor import Actor
from ..inputs import ProgrammeInput
from ..models import CatalogueEntry, Organisation
from ..policy import may
from ..terms import Catalogue, ProgrammeState
from . import bulk

STORED = ("organisation_id", "entry_id", "direction", "years", "opened", "quota", "state")
KEY = slice(0, 3)
DEFAULTS: tuple[Plain, ...] = ("", "", "", None, None, None, ProgrammeState.OPEN.value)


class _Owner(Input):
    """The organisation that runs the programme, in the first column."""

    organisation: Line = Field(
        title=_("机构"), description=_("机构名称、学校标识码或统一社会信用代码"), examples=["示例县职业教育中心"],
        json_schema_extra={"reference": "organisation"},
    )  # fmt: skip


class ProgrammeRow(ProgrammeInput, _Owner):
    """A programme with its organisation."""


class ProgrammeStore:
    """The rows of programmes. An empty cell leaves what is there."""

    fields = STORED
    searchable = ""

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at = by, at
        self._organisations: dict[str, Organisation | Refused] = {}
        self._entries: dict[tuple[str, str], CatalogueEntry | Refused] = {}

    def _organisation(self, key: str) -> Organisation:
        if key not in self._organisations:
            try:
                found = lookup.organisation(key)
                if not may(self.by, "programme.edit", found):
                    text = _("“%(name)s”不在您的管理范围内，不能为它登记专业点。")
                    raise refusal("other", text, where="organisation", name=found.name)
                self._organisations[key] = self._organisations[str(found.id)] = found
            except Refused as refused:
                self._organisations[key] = refused
        return _or_raise(self._organisations[key])

    def _entry(self, catalogue: str, code: str) -> CatalogueEntry:
        if (catalogue, code) not in self._entries:
            try:
                found = lookup.entry(catalogue, code)
                self._entries[catalogue, code] = self._entries["", str(found.id)] = found
            except Refused as refused:
                self._entries[catalogue, code] = refused
        return _or_raise(self._entries[catalogue, code])

    def resolve(self, data: ProgrammeRow) -> tuple[Plain, ...]:
        """See `Store`."""
        objections: list[Objection] = []
        ids: list[str] = []
        for find in (
            lambda: self._organisation(data.organisation),
            lambda: self._entry(data.catalogue.value, data.code),
        ):
            try:
                ids.append(str(find().id))
            except Refused as refused:
                objections += refused.objections
        if objections:
            raise Refused(*objections)
        given = data.model_fields_set
        years = f"{data.years:.1f}" if data.years is not None else None
        state = data.state.value if "state" in given else None
        return (*ids, data.direction, years, data.opened, data.quota, state)

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield "code", values[KEY]

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        if lock:
            bulk.lock("directory_programme")
        columns = "organisation_id::text, entry_id::text, direction, years::text, opened, quota, state"
        query = (
            f"SELECT id::text, {columns} FROM directory_programme WHERE organisation_id = ANY({bulk.LISTED}::uuid[])"  # noqa: S608
        )
        wanted = bulk.listed({row.values[0] for row in rows})
        there = {found[1:4]: found for found in bulk.fetch(query, wanted)}
        for row in rows:
            found = there.get(row.values[KEY])
            before = found[1:] if found else DEFAULTS
            row.values = tuple(old if value is None else value for value, old in zip(row.values, before, strict=True))
            row.id, row.before = (found[0], before) if found else ("", ())
            if found:
                row.state = RowState.SAME if row.values == before else RowState.CHANGED
            else:
                row.state = RowState.NEW

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`."""
        for row in rows:
            if row.state is RowState.NEW:
                row.id = bulk.new_id()
        return [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        new = [row for row in rows if row.state is RowState.NEW]
        changed = [row for row in rows if row.state is RowState.CHANGED]
        bulk.copy(
            "directory_programme",
            ("id", "created_at", "updated_at", "invented", *STORED),
            ((row.id, self.at, self.at, False, *row.values) for row in watch(new)),
        )
        if changed:
            bulk.update(
                "directory_programme",
                ("id", "updated_at", *STORED),
                ((row.id, self.at, *row.values) for row in watch(changed)),
            )

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`; programmes are found through their organisation."""
        return iter(())

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        organisation, entry = (
            _or_raise(self._organisations[str(values[0])]),
            _or_raise(self._entries["", str(values[1])]),
        )
        return [
            organisation.name, Catalogue(entry.catalogue).label, f"{entry.code} {entry.name}",
            *("" if value is None else str(value) for value in values[2:6]), ProgrammeState(str(values[6])).label,
        ]  # fmt: skip


def _or_raise(found: Any) -> Any:
    if isinstance(found, Refused):
        raise found
    return found


PROGRAMMES: Table[ProgrammeRow] = Table(
    name="programme",
    title=_("专业点"),
    model=ProgrammeRow,
    right="import.programme",
    key=_("机构、专业代码和专业方向都相同的，视为已登记的专业点；留空的格不改动已有内容。"),
    store=ProgrammeStore,
    examples={
        "organisation": "示例大学",
        "catalogue": Catalogue.UNDERGRADUATE.label,
        "code": "080901",
        "years": "4",
        "opened": "2001",
        "quota": "120",
        "state": ProgrammeState.OPEN.label,
    },
)
