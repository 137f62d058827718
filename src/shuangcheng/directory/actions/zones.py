"""Writes of pairs, zones and pilots."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.core.tokens import pinyin_key

from .. import audit, lookup
from ..actor import Actor
from ..inputs import ZoneInput
from ..models import Zone
from ..models.base import uuid7
from ..policy import require
from ..versions import locked
from .organisations import dates_in_order


@transaction.atomic
def save(
    *,
    data: ZoneInput,
    by: Actor,
    at: datetime,
    zone: Zone | None = None,
    version: int = 0,
    reported: Sequence[Mapping[str, str]] | None = None,
    id: UUID | None = None,
) -> Zone:
    """Enter a pair, zone or pilot, or change the `version` of one that was read; `reported` are sources' figures.

    `id` is given where the new one has an id already.
    """
    require(by, "zone.edit", zone)
    if zone:
        zone = locked(Zone.objects.all(), zone, version=version)
    dates_in_order(data.valid_from, data.valid_until)
    if Zone.objects.filter(name=data.name).exclude(pk__in=[zone.pk] if zone else []).exists():
        raise refusal("name_taken", _("已有同名的结对、试验区或试点。"), where="name", why=Why.CONFLICT)
    divisions = lookup.all_of(data.divisions, lookup.division, where="divisions")
    leads = lookup.all_of(data.leads, lookup.organisation, where="leads")
    values = data.model_dump(exclude={"divisions", "leads"}) | {"pinyin": pinyin_key(data.name)}
    values["aims_at"] = values["aims_at"] or ""
    before = {name: getattr(zone, name) for name in values} | _places(zone) if zone else {}
    verb = "zone.edit" if zone else "zone.create"
    zone = zone or Zone(id=id or uuid7(), created_at=at)
    for name, value in values.items():
        setattr(zone, name, value)
    if reported is not None:
        zone.reported = list(reported)
    zone.updated_at = at
    zone.save()
    zone.divisions.set(divisions)
    zone.leads.set(leads)
    require(by, "zone.edit", zone)
    changes = audit.differences(before, values | _places(zone))
    audit.record(by=by, at=at, verb=verb, kind="zone", subject=zone, changes=changes)
    return zone


def _places(zone: Zone) -> dict[str, list[str]]:
    return {
        "divisions": [division.name for division in zone.divisions.all()],
        "leads": [lead.name for lead in zone.leads.all()],
    }
