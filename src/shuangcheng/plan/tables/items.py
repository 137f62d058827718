"""Items by the spreadsheet 清单事项批量导入; a downloaded list can be changed and imported again.

There are hundreds of items, not hundreds of thousands, and each change of one is told on its page: so each row is
written by the action that the forms use, with its own audit line.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from shuangcheng.core.outcome import Message, Objection, Refused, refusal
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import Flaw, Plain, Row, RowState, Table, Watch
from shuangcheng.core.text import _
from shuangcheng.directory import lookup as directory
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import Division
from shuangcheng.directory.policy import may

from .. import lookup
from ..actions import items
from ..actions.items import position_of
from ..inputs.items import ItemInput, PlanItemInput
from ..models import Item, Plan
from ..terms import ItemKind
from .tree import Node, faults

JOINT = "；"


def _several(value: object) -> object:
    """Several names in one cell."""
    return [part.strip() for part in re.split(r"[；;、\n]", value) if part.strip()] if isinstance(value, str) else value


Several = Annotated[tuple[str, ...], BeforeValidator(_several), Field(max_length=60)]


class ItemRow(PlanItemInput):
    """A row of the table: lists are names in one cell."""

    partners: Several = Field((), title=_("参与单位"), description=_("多个单位用分号或顿号隔开"))
    divisions: Several = Field((), title=_("所涉区划"), description=_("区划代码或从省起的名称，多个用分号隔开"))


def place(division: Division) -> str:
    """A division as the table writes it, and reads it again."""
    names = [division.name]
    above = division.parent
    while above is not None:
        names.append(above.name)
        above = above.parent
    return division.code if division.valid_until else "/".join(reversed(names))


FIELDS = tuple(ItemRow.model_fields)
PLAN, NUMBER, KIND, PARENT = (FIELDS.index(name) for name in ("plan", "number", "kind", "parent"))
DEFAULTS: dict[str, Plain] = {"kind": ItemKind.MEASURE.value}
PLAN_FIRST = ("plan", *(name for name in FIELDS if name != "plan"))
NULLABLE = ("action_plan", "starts", "due", "money_planned")
REFERENCES = ("clause", "lead_cq", "lead_sc", "zone", "alliance", "task_force")


class ItemStore:
    """The rows of items. An empty cell leaves what is there; plan and number say which item is meant."""

    fields = FIELDS
    searchable = ""  # the actions index what they write

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at, self.source = by, at, source[:200]
        self._found: dict[tuple[str, str], Any] = {}
        self._names: dict[str, str] = {}

    def _once(self, name: str, key: str, find: Callable[[], Any]) -> Any:
        """What `find` gives for a key, looked up once in an import."""
        if (name, key) not in self._found:
            try:
                self._found[name, key] = find()
            except Refused as refused:
                self._found[name, key] = refused
        found = self._found[name, key]
        if isinstance(found, Refused):
            raise found
        return found

    def _plan(self, key: str) -> Plan:
        plan: Plan = self._once("plan", key, lambda: lookup.plan(key))
        if not may(self.by, "plan.edit", plan):
            text = _("“%(name)s”不在您的管理范围内，不能为它导入。")
            raise refusal("other", text, where="plan", name=plan.name)
        return plan

    def _reference(self, name: str, key: str, plan: Plan | None) -> Plain:
        """The key under which a reference is stored: an id, or the clause as written when the plan has no document."""
        if not key:
            return ""
        if name == "clause" and (plan is None or plan.policy_version is None):
            return key[:120]
        finders: dict[str, Callable[[], Any]] = {
            "clause": lambda: lookup.clause(key, version=plan.policy_version if plan else None),
            "lead_cq": lambda: directory.organisation(key, where="lead_cq"),
            "lead_sc": lambda: directory.organisation(key, where="lead_sc"),
            "zone": lambda: directory.zone(key),
            "alliance": lambda: directory.alliance(key),
            "task_force": lambda: items.task_force(key),
        }
        found = self._once(name, f"{plan.pk if plan and name == 'clause' else ''}{key}", finders[name])
        self._names[str(found.pk)] = str(found)
        return str(found.pk)

    def _places(self, keys: Sequence[str]) -> list[Division]:
        return directory.all_of(
            keys, lambda key, where: self._once("division", key, lambda: directory.division(key, where=where)),
            where="divisions",
        )  # fmt: skip

    def _members(self, keys: Sequence[str]) -> list[Any]:
        return directory.all_of(
            keys, lambda key, where: self._once("partner", key, lambda: directory.organisation(key, where=where)),
            where="partners",
        )  # fmt: skip

    def resolve(self, data: ItemRow) -> tuple[Plain, ...]:
        """See `Store`. Every reference that is not found is told, whatever else is wrong with the row."""
        stored: dict[str, Plain] = {}
        objections: list[Objection] = []
        plan: Plan | None = None
        for name in (name for name in PLAN_FIRST if name in data.model_fields_set):
            value = getattr(data, name)
            try:
                if name == "plan":
                    plan = self._plan(value)
                    stored[name] = str(plan.pk)
                elif name in REFERENCES:
                    stored[name] = self._reference(name, value, plan)
                elif name == "partners":
                    stored[name] = self._listed(self._members(value))
                elif name == "divisions":
                    stored[name] = JOINT.join(sorted({row.code for row in self._places(value)}))
                else:
                    stored[name] = _plain(value)
            except Refused as refused:
                objections += refused.objections
        if objections:
            raise Refused(*objections)
        return tuple(stored.get(name) for name in FIELDS)

    def _listed(self, rows: Iterable[Any]) -> str:
        self._names |= {str(row.pk): str(row) for row in rows}
        return JOINT.join(sorted({str(row.pk) for row in rows}))

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        yield "number", (values[PLAN], values[NUMBER])

    def _there(self, rows: Sequence[Row], *, lock: bool) -> dict[tuple[str, str], Item]:
        """By plan and number, every item of the plans that a file names."""
        plans = {UUID(str(row.values[PLAN])) for row in rows}
        if lock:
            list(Plan.objects.select_for_update().filter(pk__in=plans).order_by("pk"))
        found = (
            Item.objects.filter(plan__in=plans)
            .select_related("parent", "clause", "lead_cq", "lead_sc", "zone", "alliance__organisation", "task_force")
            .prefetch_related("partners", "divisions")
        )
        return {(str(item.plan_id), item.number): item for item in found}

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        there = self._there(rows, lock=lock)
        for row in rows:
            item = there.get((str(row.values[PLAN]), str(row.values[NUMBER])))
            row.id, row.before = (str(item.pk), self._stored(item)) if item else ("", ())
            blank = tuple(DEFAULTS.get(name, None if name in NULLABLE else "") for name in FIELDS)
            before = row.before or blank
            row.values = tuple(old if value is None else value for value, old in zip(row.values, before, strict=True))
            row.state = RowState.CHANGED if row.before else RowState.NEW
            if row.values == row.before:
                row.state = RowState.SAME
        self._find_faults(rows, there)
        for row in rows:
            if row.flaws:
                row.state = RowState.WRONG

    def _find_faults(self, rows: Sequence[Row], there: dict[tuple[str, str], Item]) -> None:
        """What is wrong with the tree as it would be, and with dates in their order."""
        nodes = {
            key: Node(item.kind, item.parent.number if item.parent else "", item.number) for key, item in there.items()
        }
        for row in rows:
            plan, number, kind, parent = (str(row.values[at] or "") for at in (PLAN, NUMBER, KIND, PARENT))
            nodes[plan, number] = Node(kind, parent, number)
        wrong = faults(nodes)
        for row in rows:
            for where, message, code in wrong.get((str(row.values[PLAN]), str(row.values[NUMBER])), ()):
                row.flaws.append(Flaw(ITEMS.titles[where], "", message, code))
            told = dict(zip(FIELDS, row.values, strict=True))
            if told["starts"] and told["due"] and str(told["due"]) < str(told["starts"]):
                text = _("完成期限早于开始日期，请核对。")
                row.flaws.append(Flaw(ITEMS.titles["due"], "", Message(text), "dates_reversed"))

    def _stored(self, item: Item) -> tuple[Plain, ...]:
        """An item as `resolve` gives a row."""
        linked: dict[str, Any] = {name: getattr(item, name) for name in REFERENCES}
        self._names |= {str(row.pk): str(row) for row in linked.values() if row is not None}
        stored: dict[str, Plain] = {
            "plan": str(item.plan_id),
            "parent": item.parent.number if item.parent else "",
            "partners": self._listed(item.partners.all()),
            "divisions": JOINT.join(sorted({row.code for row in item.divisions.all()})),
            **{name: str(row.pk) if row is not None else "" for name, row in linked.items()},
        }
        stored["clause"] = stored["clause"] or item.clause_label
        return tuple(stored[name] if name in stored else _plain(getattr(item, name)) for name in FIELDS)

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`. What others stand under comes first."""
        levels = list(ItemKind)
        written = [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]
        return sorted(
            written,
            key=lambda row: (levels.index(ItemKind(str(row.values[KIND]))), position_of(str(row.values[NUMBER]))),
        )

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        for row in watch(rows):
            told = dict(zip(FIELDS, row.values, strict=True))
            plan = told.pop("plan")
            lists = {
                name: tuple(filter(None, str(told[name] or "").split(JOINT))) for name in ("partners", "divisions")
            }
            data = ItemInput.model_validate({name: value for name, value in (told | lists).items() if value != ""})
            if row.state is RowState.CHANGED:
                item = Item.objects.select_related("plan__policy_version").get(pk=UUID(row.id))
                items.edit(item=item, data=data, by=self.by, at=self.at)
            else:
                into = Plan.objects.select_related("policy_version").get(pk=UUID(str(plan)))
                row.id = str(items.create(plan=into, data=data, by=self.by, at=self.at, source=self.source).pk)

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`."""
        return iter(())

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        told = dict(zip(FIELDS, values, strict=True))
        plan = self._once("plan", str(told["plan"]), lambda: lookup.plan(str(told["plan"])))
        shown = {name: str(value) if value is not None else "" for name, value in told.items()} | {"plan": plan.name}
        for name in REFERENCES:
            shown[name] = self._names.get(shown[name], shown[name])
        shown["partners"] = JOINT.join(sorted(self._names.get(id, id) for id in shown["partners"].split(JOINT)))
        for name in ("kind", "field"):
            shown[name] = next((label for label, value in _choices(name) if value == shown[name]), shown[name])
        return [shown[name] for name in FIELDS]


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    return next(column.choices for column in ITEMS.columns if column.field == name)


def _plain(value: Any) -> Plain:
    """A value as a row holds it: money without needless zeros, days as text."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int):
        return value
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)


ASIDE = (
    _("推进状态"), _("填报状态"), _("原因"), _("完成进度（%）"), _("最近报告"), _("目标进度"),
    _("累计投入（万元）"), _("分歧"),
)  # fmt: skip
"""What the downloaded list has besides, for reading: it is reported, not imported."""

ITEMS: Table[ItemRow] = Table(
    name="item",
    title=_("清单事项"),
    model=ItemRow,
    right="import.item",
    key=_(
        "清单和编号都相同的，视为已登记的事项；留空的格不改动已有内容。下载的工作清单修改后可直接上传，进展与状态各列不导入。"
    ),
    store=ItemStore,
    examples={"number": "3.2", "kind": ItemKind.PROJECT.label, "parent": "3", "due": "2027-12-31"},
    aside=ASIDE,
)
