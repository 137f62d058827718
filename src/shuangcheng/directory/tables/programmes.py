"""Programmes by the spreadsheet 专业点批量导入."""

from typing import Any

from pydantic import Field

from shuangcheng.core.outcome import Refused, together
from shuangcheng.core.schema import Input, Line
from shuangcheng.core.table import Plain, Table
from shuangcheng.core.text import _

from .. import lookup
from ..inputs import ProgrammeInput
from ..models import CatalogueEntry
from ..terms import Catalogue, ProgrammeState
from .keyed import KeyedStore, or_raise


class Owner(Input):
    """The organisation that a row belongs to, in the first column."""

    organisation: Line = Field(
        title=_("机构"), description=_("机构名称、学校标识码或统一社会信用代码"), examples=["示例大学"],
        json_schema_extra={"reference": "organisation"},
    )  # fmt: skip


class ProgrammeRow(ProgrammeInput, Owner):
    """A programme with its organisation."""


class ProgrammeStore(KeyedStore):
    """The rows of programmes."""

    table = "directory_programme"
    fields = ("organisation_id", "entry_id", "direction", "years", "opened", "quota", "state")
    key = (0, 1, 2)
    key_field = "code"
    defaults = ("", "", "", None, None, None, ProgrammeState.OPEN.value)
    right = "programme.edit"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._entries: dict[tuple[str, str], CatalogueEntry | Refused] = {}

    def _entry(self, catalogue: str, code: str) -> CatalogueEntry:
        if (catalogue, code) not in self._entries:
            try:
                found = lookup.entry(catalogue, code)
                self._entries[catalogue, code] = self._entries["", str(found.id)] = found
            except Refused as refused:
                self._entries[catalogue, code] = refused
        return or_raise(self._entries[catalogue, code])

    def resolve(self, data: ProgrammeRow) -> tuple[Plain, ...]:
        """See `Store`."""
        organisation, entry = together(
            lambda: self.organisation(data.organisation), lambda: self._entry(data.catalogue.value, data.code)
        )
        years = f"{data.years:.1f}" if data.years is not None else None
        state = data.state.value if "state" in data.model_fields_set else None
        return (str(organisation.id), str(entry.id), data.direction, years, data.opened, data.quota, state)

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        entry = or_raise(self._entries["", str(values[1])])
        return [
            self.organisation(str(values[0])).name, Catalogue(entry.catalogue).label, f"{entry.code} {entry.name}",
            *("" if value is None else str(value) for value in values[2:6]), ProgrammeState(str(values[6])).label,
        ]  # fmt: skip


PROGRAMMES: Table[ProgrammeRow] = Table(
    name="programme",
    title=_("专业点"),
    model=ProgrammeRow,
    right="import.programme",
    key=_("机构、专业代码和专业方向都相同的，视为已登记的专业点；留空的格不改动已有内容。"),
    store=ProgrammeStore,
    examples={
        "catalogue": Catalogue.UNDERGRADUATE.label,
        "code": "080901",
        "years": "4",
        "opened": "2001",
        "quota": "120",
        "state": ProgrammeState.OPEN.label,
    },
)
