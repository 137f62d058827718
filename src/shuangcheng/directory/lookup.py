"""From what a person or a program writes to the thing that is meant."""

from collections.abc import Iterable
from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from shuangcheng.core.outcome import Objection, Refused, refusal
from shuangcheng.core.text import _

from .models import Alliance, CatalogueEntry, Division, Expert, Organisation, Zone

M = TypeVar("M", bound=Model)
DEEPEST = 5  # province, city, county, township, and one to spare
T_co = TypeVar("T_co", covariant=True)


def uuid_or_none(key: str) -> UUID | None:
    """The id that `key` spells, if it spells one."""
    try:
        return UUID(key)
    except ValueError:
        return None


MANY = _("“%(key)s”对应不止一个，请改用代码。")
MANY_NAMED = _("“%(key)s”对应不止一个，请在名称前写明区划，例如“重庆市/渝中区/%(key)s”，或改用代码。")


def single(found: "QuerySet[M]", *, key: str, where: str, many: str = MANY) -> M:
    """The one row that `key` means; refused when there is none or more than one."""
    rows = list(found[:2])
    if not rows:
        text = _("没有找到“%(key)s”，请从输入时的提示里选一个，或改用代码。")
        raise refusal("not_found", text, where=where, key=key[:80])
    if len(rows) > 1:
        raise refusal("ambiguous", many, where=where, key=key[:80])
    return rows[0]


def organisation(key: str, *, where: str = "organisation") -> Organisation:
    """An organisation by id, school code, credit code, name or former name, or by its division and name."""
    key = key.strip()
    if id := uuid_or_none(key):
        return single(Organisation.objects.filter(id=id), key=key, where=where)
    exact = Organisation.objects.filter(Q(code=key) | Q(credit_code=key) | Q(name=key))
    former = Organisation.objects.filter(names__name=key).distinct()
    rows = exact if exact.exists() else former
    place, _slash, name = key.rpartition("/")
    if place and name and not rows.exists():
        rows = Organisation.objects.filter(name=name, division=division(place, where=where))
    return single(rows, key=key, where=where, many=MANY_NAMED)


def division(key: str, *, where: str = "division") -> Division:
    """A division by code (the newest when the code was used twice) or by its names from the province down."""
    key = key.strip()
    if key.isdigit():
        rows = Division.objects.filter(code=key).newest_first()[:1]
        return single(Division.objects.filter(pk__in=[row.pk for row in rows]), key=key, where=where)
    names = [name for name in key.replace("／", "/").split("/") if name]
    if len(names) > DEEPEST:
        return single(Division.objects.none(), key=key, where=where)
    found = Division.objects.filter(name=names[-1] if names else "", valid_until__isnull=True)
    for depth, name in enumerate(reversed(names[:-1]), start=1):
        found = found.filter(**{"__".join(["parent"] * depth) + "__name": name})
    return single(found, key=key, where=where)


def entry(catalogue: str, code: str, *, where: str = "code") -> CatalogueEntry:
    """A line of a catalogue that stands for itself, not for a group."""
    found = single(CatalogueEntry.objects.filter(catalogue=catalogue, code=code.strip()), key=code, where=where)
    if not found.leaf:
        text = _("“%(key)s”是一个类别，请填具体专业的代码。")
        raise refusal("not_a_programme", text, where=where, key=str(found))
    return found


def alliance(key: str, *, where: str = "alliance") -> Alliance:
    """An alliance by id or name."""
    found = uuid_or_none(key)
    wanted = Q(id=found) if found else Q(organisation__name=key) | Q(organisation__names__name=key)
    return single(Alliance.objects.filter(wanted).distinct(), key=key, where=where)


def zone(key: str, *, where: str = "zone") -> Zone:
    """A pair, zone or pilot by id or name."""
    found = uuid_or_none(key)
    return single(Zone.objects.filter(Q(id=found) if found else Q(name=key)), key=key, where=where)


def expert(key: str, *, among: "QuerySet[Expert]", where: str = "person") -> Expert:
    """An expert by id or name, among those that whoever asks may see."""
    found = uuid_or_none(key)
    return single(among.filter(Q(id=found) if found else Q(person__name=key)), key=key, where=where)


class LookUp(Protocol[T_co]):
    """A look-up by key."""

    def __call__(self, key: str, *, where: str) -> T_co: ...


def all_of(keys: Iterable[str], one: LookUp[T_co], *, where: str) -> list[T_co]:
    """Each of `keys` by the look-up `one`; every key that is not found is told."""
    things: list[T_co] = []
    objections: list[Objection] = []
    for key in keys:
        try:
            things.append(one(key, where=where))
        except Refused as refused:
            objections += refused.objections
    if objections:
        raise Refused(*objections)
    return things
