"""The map of both provinces by county: what is counted, and how deep each county is coloured."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from shuangcheng.core.text import _
from shuangcheng.directory.models import Division, Membership, Organisation, Zone
from shuangcheng.directory.terms import MemberState, OrganisationType

HIGHER = (OrganisationType.UNIVERSITY, OrganisationType.COLLEGE)
SHADES = 4
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class County:
    """One shape of the map."""

    code: str
    name: str
    side: str
    address: str
    count: int
    shade: str


def _organisations(*types: str) -> "QuerySet[Any]":
    rows = Organisation.objects.exclude(type=OrganisationType.ALLIANCE)
    if types:
        rows = rows.filter(type__in=types)
    return rows.order_by().values_list("division__path").annotate(n=Count("pk"))


def _members() -> "QuerySet[Any]":
    rows = Membership.objects.filter(state=MemberState.ADMITTED).order_by()
    return rows.values_list("organisation__division__path").annotate(n=Count("pk"))


def _zones() -> "QuerySet[Any]":
    return Zone.objects.order_by().values_list("divisions__path").annotate(n=Count("pk"))


LAYERS: dict[str, tuple[str, Callable[[], "QuerySet[Any]"]]] = {
    "cooperation": (_("联盟成员与试点"), lambda: _members().union(_zones(), all=True)),
    "higher": (_("高等学校"), lambda: _organisations(*HIGHER)),
    "organisations": (_("全部机构"), _organisations),
    "alliances": (_("联盟成员"), _members),
    "zones": (_("结对与试点"), _zones),
}
"""What the map can count: name, and a query of counts by the path of a division."""


def _shapes(day: date) -> list[tuple[str, ...]]:
    """Address, code, name and path of each county; addresses differ by the id only, so one is worked out."""
    sides = Q(path__startswith="50") | Q(path__startswith="51")
    rows = Division.objects.valid_on(day).filter(sides, level="county").order_by("code")
    begin, end = reverse("division", args=[NOBODY]).split(str(NOBODY))
    return [(f"{begin}{id}{end}", *rest) for id, *rest in rows.values_list("id", "code", "name", "path")]


def _count(path: str, counts: Counter[str], *, spread: bool) -> int:
    """What is counted in a county itself, and with `spread` what is known only for the city above it.

    What concerns a whole province is nowhere in particular.
    """
    own = sum(count for other, count in counts.items() if other.startswith(path))
    return own + (sum(counts[path[:end]] for end in range(14, len(path), 7)) if spread else 0)


def counties(layer: str, *, day: date) -> tuple[list[County], int]:
    """The shapes with their counts, and how much is known only above the county."""
    counts: Counter[str] = Counter()
    for path, count in LAYERS[layer][1]():
        if path:
            counts[path] += count
    shapes = _shapes(day)
    paths = {path for _address, _code, _name, path in shapes}
    spread = layer in ("cooperation", "zones")
    numbers = {path: _count(path, counts, spread=spread) for path in paths}
    highest = max(numbers.values(), default=0)
    placed = sum(count for path, count in counts.items() if path[:14] in paths or path[:21] in paths)
    local = sum(count for path, count in counts.items() if path.startswith(("500000/", "510000/")))
    drawn = [
        County(
            code=code,
            name=name,
            side="cq" if code.startswith("50") else "sc",
            address=address,
            count=numbers[path],
            shade=_shade(numbers[path], highest, code),
        )
        for address, code, name, path in shapes
    ]
    return drawn, local - placed


def _shade(count: int, highest: int, code: str) -> str:
    if not count:
        return ""
    depth = min(SHADES, 1 + int((count / highest) ** 0.5 * SHADES)) if highest > 1 else 2
    return f"{'cq' if code.startswith('50') else 'sc'}{depth}"


def places(divisions: Iterable[Division], *, day: date) -> list[County]:
    """The shapes with those inside `divisions` marked."""
    roots = tuple(division.path for division in divisions) or ("-",)
    return [
        County(
            code=code,
            name=name,
            side="",
            address=address,
            count=0,
            shade=f"{'cq' if code.startswith('50') else 'sc'}3 here" if path.startswith(roots) else "",
        )
        for address, code, name, path in _shapes(day)
    ]
