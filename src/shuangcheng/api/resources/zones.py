"""Pairs, border zones, experimental zones and pilots."""

from uuid import UUID

from django.db.models import QuerySet
from ninja import Query
from pydantic import Field

from shuangcheng.desk.search import narrow
from shuangcheng.directory import lookup, terms
from shuangcheng.directory.actions import zones
from shuangcheng.directory.inputs import ZoneInput
from shuangcheng.directory.models import Zone

from ..asked import Asked
from ..outputs.agreements import ZoneOut, ZonePage
from ..paging import Paging, page
from ..section import Section
from .common import ActionPlan, Read, Words, made, one, version_read

section = Section(
    "Zones", "Pairs 结对, border zones 毗邻地区, experimental zones 试验区, demonstrations 示范区, pilots 试点."
)


class ZoneFilters(Paging):
    """Which zones."""

    kind: terms.ZoneKind | None = Field(None, description="Kind.")
    level: terms.Level | None = Field(None, description="Level.")
    field: terms.Field | None = Field(None, description="Field 领域.")
    action_plan: ActionPlan | None = Field(None, description="Number of the action plan 行动计划.")
    division: str = Field("", max_length=200, description="Code of a division: zones with it or a part of it.")
    q: Words = Field("", description="Words, pinyin or initials of the name.")


def _shown(request: Asked) -> "QuerySet[Zone]":
    return Zone.objects.visible_to(request.actor).prefetch_related("divisions", "leads")


def _detail(request: Asked, id: UUID) -> ZoneOut:
    row = one(_shown(request), id=id)
    request.version = row.version
    return ZoneOut.each(row)


@section.reads("/zones", ZonePage)
def list_zones(request: Asked, filters: Query[ZoneFilters]) -> ZonePage:
    """List zones.

    In the order of the pinyin of their names, those that have ended included.
    """
    rows = _shown(request)
    given = {name: getattr(filters, name) for name in ("kind", "level", "field", "action_plan")}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None})
    if filters.division:
        place = lookup.division(filters.division)
        within = Zone.objects.filter(divisions__path__startswith=place.path).order_by().values("pk")
        rows = rows.filter(pk__in=within)
    rows = narrow(rows, "zone", filters.q)
    return page(rows, order=("pinyin", "id"), asked=request, paging=filters, gives=ZonePage, each=ZoneOut.each)


@section.reads("/zones/{uuid:id}", ZoneOut)
def get_zone(request: Asked, id: UUID) -> ZoneOut:
    """Get a zone.

    With its places, its term and its tasks.
    """
    return _detail(request, id)


@section.writes("/zones", ZoneOut, status=201)
def create_zone(request: Asked, data: ZoneInput) -> ZoneOut:
    """Enter a zone.

    Officers do this; a name is used once.
    """
    row = zones.save(data=data, by=request.actor, at=request.at)
    made(request, "get_zone", row.id)
    return _detail(request, row.id)


@section.writes("/zones/{uuid:id}", ZoneOut, method="PUT", also=(412, 428))
def edit_zone(request: Asked, id: UUID, data: ZoneInput, read: Query[Read]) -> ZoneOut:
    """Change a zone.

    Give all its facts and name the version that was read, by `If-Match` or `version`.
    """
    row = one(_shown(request), id=id)
    stated = version_read(request, row, read)
    zones.save(data=data, zone=row, version=stated, by=request.actor, at=request.at)
    return _detail(request, id)
