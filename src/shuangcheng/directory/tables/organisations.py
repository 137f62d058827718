"""Organisations by the spreadsheet 机构批量导入."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shuangcheng.core.outcome import Message, Refused, refusal, together
from shuangcheng.core.searchable import Document
from shuangcheng.core.table import NO, YES, Flaw, Plain, Row, RowState, Table, Watch
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import lookup
from ..actions.organisations import former_names
from ..actor import Actor
from ..inputs import OrganisationInput
from ..models import Division, Organisation
from ..places import place_fits, side_of
from ..policy import may
from ..search import organisation_document
from ..terms import OrganisationStatus, OrganisationType, Side
from . import bulk
from .keyed import or_raise

STORED = (
    "name", "type", "code", "credit_code", "authority", "division_id", "side", "level", "private", "status",
    "website", "remark",
)  # fmt: skip
NAME, TYPE, CODE, CREDIT, _AUTHORITY, DIVISION, SIDE = range(7)
FORMER = len(STORED)
DEFAULTS: tuple[Plain, ...] = ("", "", "", "", "", "", "", "", False, OrganisationStatus.ACTIVE.value, "", "", "")
OPTIONAL = ("code", "credit_code", "authority", "level", "private", "website", "remark", "former_names")
JOINT = "、"
ALLIANCE = OrganisationType.ALLIANCE


@dataclass(frozen=True, slots=True)
class Place:
    """A division as a row needs it."""

    id: str
    name: str
    code: str
    side: str


class OrganisationStore:
    """The rows of organisations. An empty cell leaves what is there; a changed name keeps the old one findable."""

    fields = (*STORED, "former_names")
    searchable = "organisation"

    def __init__(self, *, by: Actor, at: datetime, source: str) -> None:
        self.by, self.at, self.source = by, at, source[:100]
        self._checked: dict[str, Place | Refused] = {}
        self._sides = {side.value for side in Side if may(by, "organisation.create", side.value)}
        self._places: dict[str, Place] = {}
        self._known: dict[str, Place] = {}
        for division in Division.objects.newest_first().reverse():
            place = Place(str(division.id), division.name, division.code, side_of(division))
            self._places[division.code] = self._known[place.id] = place

    def _place(self, key: str) -> Place:
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = self._known[str(lookup.division(key).id)]
        return place

    def _fitting(self, key: str) -> Place:
        """The place that a cell names, if an organisation may be entered there; each is looked at once."""
        if key not in self._checked:
            try:
                place = self._checked[key] = self._place(key)
                place_fits(Division.objects.get(pk=place.id), by=self.by, at=self.at)
            except Refused as refused:
                self._checked[key] = refused
        return or_raise(self._checked[key])

    @staticmethod
    def _no_alliance(kind: OrganisationType) -> None:
        if kind is ALLIANCE:
            raise refusal("alliance", _("联盟与共同体请在“联盟”页面登记，不能在这里导入。"), where="type")

    def resolve(self, data: OrganisationInput) -> tuple[Plain, ...]:
        """See `Store`."""
        read, given = data.__dict__, data.__pydantic_fields_set__
        place = self._checked.get(read.get("division", ""))
        if not isinstance(place, Place) or read.get("type", ALLIANCE) is ALLIANCE:
            place, _kind = together(lambda: self._fitting(data.division), lambda: self._no_alliance(data.type))
        code, credit_code, authority, level, private, website, remark, former = [
            read[name] if name in given else None for name in OPTIONAL
        ]
        return (
            data.name, data.type._value_, code, credit_code, authority, place.id, place.side, level, private,
            data.status._value_ if "status" in given else None, website, remark, former,
        )  # fmt: skip

    def keys(self, values: tuple[Plain, ...]) -> Iterable[tuple[str, Hashable]]:
        """See `Store`."""
        if values[CODE]:
            yield "code", values[CODE]
        if values[CREDIT]:
            yield "credit_code", values[CREDIT]
        if not values[CODE] and not values[CREDIT]:
            yield "name", (values[NAME], values[DIVISION])

    def match(self, rows: Sequence[Row], *, lock: bool) -> None:
        """See `Store`."""
        if lock:
            bulk.lock("directory_organisation")
        there = There(rows)
        for row in rows:
            found = there.find(row.values)
            if isinstance(found, Flaw):
                row.flaws.append(found)
            elif found is None:
                row.state, row.before = RowState.NEW, ()
                row.values = tuple(
                    [default if value is None else value for value, default in zip(row.values, DEFAULTS, strict=True)]
                )
            else:
                self._merge(row, found, there)
            if row.flaws:
                row.state = RowState.WRONG

    def _merge(self, row: Row, found: tuple[Any, ...], there: "There") -> None:
        """What an existing organisation will be: given values replace, former names are added."""
        row.id, before = found[0], found[1:]
        former = there.names.get(row.id, [])
        if before[TYPE] == ALLIANCE or before[SIDE] not in self._sides:
            text = _("这一行对应的“%(name)s”不在您的管理范围内，不能通过导入修改。")
            row.flaws.append(
                Flaw(_title("name"), str(row.values[NAME]), Message(text, {"name": before[NAME]}), "other")
            )
        if row.values[NAME] != before[NAME] and row.values[NAME] in former:
            text = _("“%(old)s”是曾用名，现名“%(name)s”。请改用现名；确要改回，请在机构页面办理更名。")
            values = {"old": row.values[NAME], "name": before[NAME]}
            row.flaws.append(Flaw(_title("name"), str(row.values[NAME]), Message(text, values), "former_name"))
        added = [name for name in former_names(str(row.values[FORMER] or "")) if name not in (*former, before[NAME])]
        row.before = (*before, JOINT.join(former))
        merged = (old if value is None else value for value, old in zip(row.values, before, strict=False))
        row.values = (*merged, JOINT.join(dict.fromkeys([*former, *added])))
        row.state = RowState.SAME if row.values == row.before else RowState.CHANGED

    def arrange(self, rows: Sequence[Row]) -> list[Row]:
        """See `Store`. In the order of the names, because neighbours share pages of the indexes."""
        written = [row for row in rows if row.state in (RowState.NEW, RowState.CHANGED)]
        for row in written:
            row.id = row.id or bulk.new_id()
        return sorted(written, key=lambda row: str(row.values[NAME]))

    def write(self, rows: Sequence[Row], *, watch: Watch) -> None:
        """See `Store`."""
        new = [row for row in rows if row.state is RowState.NEW]
        changed = [row for row in rows if row.state is RowState.CHANGED]
        at = self.at.isoformat()
        bulk.copy(
            "directory_organisation",
            ("id", "created_at", "updated_at", "pinyin", "source", "version", *STORED),
            (
                (row.id, at, at, pinyin_key(str(row.values[NAME])), self.source, "1", *row.values[:FORMER])
                for row in watch(new)
            ),
        )
        if changed:
            self._update(changed)
        bulk.copy(
            "directory_organisationname",
            ("id", "organisation_id", "name", "valid_until", "basis"),
            ((bulk.new_id(), *values, "") for values in self._names(new, changed)),
        )

    def _update(self, changed: Sequence[Row]) -> None:
        bulk.update(
            "directory_organisation",
            ("id", "updated_at", "pinyin", *STORED),
            ((row.id, self.at, pinyin_key(str(row.values[NAME])), *row.values[:FORMER]) for row in changed),
        )

    def _names(self, new: Sequence[Row], changed: Sequence[Row]) -> Iterator[tuple[str, str, object]]:
        """Organisation, former name and last day of each name to add."""
        for row in new:
            if row.values[FORMER]:
                for name in dict.fromkeys(former_names(str(row.values[FORMER]))):
                    if name != row.values[NAME]:
                        yield row.id, name[:120], None
        for row in changed:
            present = str(row.before[FORMER]).split(JOINT)
            for name in str(row.values[FORMER]).split(JOINT):
                if name and name not in present:
                    yield row.id, name[:120], None
            if row.values[NAME] != row.before[NAME]:
                yield row.id, str(row.before[NAME]), self.at.date() - timedelta(days=1)

    def documents(self, rows: Iterable[Row]) -> Iterator[Document]:
        """See `Store`."""
        for row in rows:
            values = row.values
            former = former_names(str(values[FORMER])) if values[FORMER] else []
            if row.before and row.before[NAME] != values[NAME]:
                former.append(str(row.before[NAME]))
            yield organisation_document(
                id=row.id, name=str(values[NAME]), type=str(values[TYPE]), side=str(values[SIDE]),
                place=self._known[str(values[DIVISION])].name if values[DIVISION] else "", former=former,
                codes=(str(values[CODE]), str(values[CREDIT])),
            )  # fmt: skip

    def show(self, values: tuple[Plain, ...]) -> list[str]:
        """See `Store`."""
        shown = dict(zip(self.fields, values, strict=True))
        place = self._known.get(str(shown["division_id"]))
        shown |= {
            "type": OrganisationType(str(shown["type"])).label,
            "division": f"{place.name}（{place.code}）" if place else "",
            "private": YES if shown["private"] else NO,
            "status": OrganisationStatus(str(shown["status"])).label,
        }
        return [str(shown[name]) for name in OrganisationInput.model_fields]


def _there(rows: Sequence[Row]) -> dict[str, tuple[Any, ...]]:
    """By id, the organisations that rows may mean: those with one of their codes or names, or simply all when few."""
    columns = ", ".join("division_id::text" if name == "division_id" else name for name in STORED)
    query = f"SELECT id::text, {columns} FROM directory_organisation"  # noqa: S608
    if Organisation.objects.count() <= 2 * len(rows):
        return {row[0]: row for row in bulk.fetch(query)}
    found: dict[str, tuple[Any, ...]] = {}
    for column, place in (("code", CODE), ("credit_code", CREDIT), ("name", NAME)):
        wanted = bulk.listed(row.values[place] for row in rows)
        found |= {row[0]: row for row in bulk.fetch(f"{query} WHERE {column} = ANY({bulk.LISTED})", wanted)}
    return found


class There:
    """What the directory holds of the organisations in a file: by school code, credit code, and name with division."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._codes: dict[str, tuple[Any, ...]] = {}
        self._credits: dict[str, tuple[Any, ...]] = {}
        self._names: dict[tuple[str, str], dict[str, tuple[Any, ...]]] = defaultdict(dict)
        found = _there(rows)
        for row in found.values():
            self._codes[row[1 + CODE]] = self._credits[row[1 + CREDIT]] = row
            self._names[row[1 + NAME], row[1 + DIVISION]][row[0]] = row
        self._codes.pop("", None)
        self._credits.pop("", None)
        self.names: dict[str, list[str]] = defaultdict(list)
        known = f"organisation_id = ANY({bulk.LISTED}::uuid[]) ORDER BY valid_until, name"
        query = f"SELECT organisation_id::text, name FROM directory_organisationname WHERE {known}"  # noqa: S608
        for organisation, name in bulk.fetch(query, bulk.listed(found)):
            self.names[str(organisation)].append(str(name))

    def find(self, values: tuple[Plain, ...]) -> "tuple[Any, ...] | Flaw | None":
        """The organisation that a row means; a flaw when the row's codes belong to two, or its name to several."""
        by_code = self._codes.get(values[CODE])  # type: ignore[arg-type]
        by_credit = self._credits.get(values[CREDIT])  # type: ignore[arg-type]
        if by_code and by_credit and by_code[0] != by_credit[0]:
            return _taken("credit_code", values[CREDIT], by_credit)
        if found := by_code or by_credit:
            for name, place in (("code", CODE), ("credit_code", CREDIT)):
                if values[place] and found[1 + place] and found[1 + place] != values[place]:
                    other, given = ("credit_code", values[CREDIT]) if name == "code" else ("code", values[CODE])
                    return _taken(other, given, found)
            return found
        named = self._names.get((values[NAME], values[DIVISION]))  # type: ignore[arg-type]
        same = [row for row in (named or {}).values() if not self._other(row, values)]
        if len(same) > 1:
            text = _("这个区划里有 %(count)d 个机构叫“%(name)s”。请填写学校标识码或统一社会信用代码，以便区分。")
            message = Message(text, {"count": len(same), "name": values[NAME]})
            return Flaw(_title("name"), str(values[NAME]), message, "ambiguous")
        return same[0] if same else None

    @staticmethod
    def _other(row: tuple[Any, ...], values: tuple[Plain, ...]) -> bool:
        """Both carry a code of the same kind, and not the same one."""
        return any(values[place] and row[1 + place] for place in (CODE, CREDIT))


def _taken(field: str, value: Plain, holder: tuple[Any, ...]) -> Flaw:
    text = _("“%(title)s”%(value)s 已由“%(holder)s”使用，与本行的其他代码不符。请核对后只保留一个机构的代码。")
    message = Message(text, {"title": _title(field), "value": value, "holder": holder[1 + NAME]})
    return Flaw(_title(field), str(value), message, "code_taken")


def _title(field: str) -> str:
    return ORGANISATIONS.titles[field]


ORGANISATIONS: Table[OrganisationInput] = Table(
    name="organisation",
    title=_("机构"),
    model=OrganisationInput,
    right="import.organisation",
    key=_("先按学校标识码、再按统一社会信用代码、最后按名称和区划，找出已登记的机构；留空的格不改动已有内容。"),
    store=OrganisationStore,
    examples={"level": "中等职业教育", "former_names": "示例县职业高级中学"},
    names=("name", "former_names"),
)
