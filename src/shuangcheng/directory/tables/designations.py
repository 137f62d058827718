"""Titles held for a term, such as that of a certified firm, by the spreadsheet 称号与认定批量导入."""

from shuangcheng.core.outcome import together
from shuangcheng.core.table import Plain, Table
from shuangcheng.core.text import _

from ..actions.organisations import dates_in_order
from ..inputs import DesignationInput
from ..terms import Level
from .keyed import KeyedStore
from .programmes import Owner


class DesignationRow(DesignationInput, Owner):
    """A title with the organisation that holds it."""


class DesignationStore(KeyedStore):
    """The rows of titles."""

    table = "directory_designation"
    fields = ("organisation_id", "title", "level", "valid_from", "valid_until", "basis", "incentives")
    key = (0, 1, 3)
    key_field = "title"
    defaults = ("", "", "", None, None, "", "")
    right = "designation.edit"

    def resolve(self, data: DesignationRow) -> tuple[Plain, ...]:
        """See `Store`."""
        organisation, _dates = together(
            lambda: self.organisation(data.organisation), lambda: dates_in_order(data.valid_from, data.valid_until)
        )
        valid_from, valid_until = (day.isoformat() if day else None for day in (data.valid_from, data.valid_until))
        given = data.model_fields_set
        basis, incentives = (getattr(data, name) if name in given else None for name in ("basis", "incentives"))
        return (str(organisation.id), data.title, data.level.value, valid_from, valid_until, basis, incentives)

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        return [
            self.organisation(str(values[0])).name, str(values[1]), Level(str(values[2])).label,
            *("" if value is None else str(value) for value in values[3:]),
        ]  # fmt: skip


DESIGNATIONS: Table[DesignationRow] = Table(
    name="designation",
    title=_("称号与认定"),
    model=DesignationRow,
    right="import.organisation",
    key=_("机构、称号和认定日期都相同的，视为已登记的称号；留空的格不改动已有内容。"),
    store=DesignationStore,
    examples={
        "organisation": "示例智造有限公司",
        "level": Level.PROVINCIAL.label,
        "valid_from": "2025-01-01",
        "valid_until": "2027-12-31",
        "basis": "示例文号〔2025〕1号",
    },
)
