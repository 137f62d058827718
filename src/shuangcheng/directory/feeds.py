"""What the directory publishes for other nodes: this side's organisations and alliances, and the zones it has."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import QuerySet

from shuangcheng.core.outcome import Refused
from shuangcheng.core.schema import read

from .actions import absorbing
from .actor import Actor
from .feeding import Body, Source, feeds
from .inputs import OrganisationInput
from .models import Alliance, Organisation, Zone
from .terms import OrganisationType

FACTS = ("name", "type", "code", "credit_code", "authority", "level", "private", "status", "website")
log_ = structlog.get_logger(__name__)


def _organisations() -> "QuerySet[Organisation]":
    own = Organisation.objects.filter(side=settings.SHUANGCHENG.side, origin="", division__isnull=False)
    return own.exclude(type=OrganisationType.ALLIANCE)


def _told(row: Organisation) -> Body:
    assert row.division is not None, "those without a place are not told of"
    return {name: getattr(row, name) for name in FACTS} | {"division": row.division.code}


def organisations(ids: Collection[UUID]) -> Mapping[UUID, Body]:
    """The public facts of organisations of this side."""
    return {row.pk: _told(row) for row in _organisations().filter(pk__in=ids).select_related("division")}


def absorb(authority: str, ref: UUID, body: Body | None, at: datetime) -> None:
    """Have another node's organisation here, too; what cannot be read stays in the mirror alone."""
    by = Actor(kind="peer", name=authority, door="exchange")
    if body is None:
        absorbing.close(id=ref, origin=authority, by=by, at=at)
        return
    try:
        absorbing.absorb(id=ref, data=read(OrganisationInput, body), origin=authority, by=by, at=at)
    except Refused as refused:
        log_.warning("organisation_not_absorbed", peer=authority, ref=str(ref), why=str(refused)[:300])


def _alliances() -> "QuerySet[Alliance]":
    return Alliance.objects.filter(organisation__side=settings.SHUANGCHENG.side, organisation__origin="")


def alliances(ids: Collection[UUID]) -> Mapping[UUID, Body]:
    """The public facts of alliances of this side, with their members."""
    rows = _alliances().filter(pk__in=ids).select_related("organisation__division")
    return {
        row.pk: {
            "name": row.organisation.name, "kind": row.kind, "field": row.field, "action_plan": row.action_plan,
            "division": row.organisation.division.code if row.organisation.division else "",
            "founded": row.founded.isoformat() if row.founded else "", "purpose": row.purpose,
            "status": row.organisation.status,
            "members": sorted(row.memberships.current().values_list("organisation__name", flat=True)),
        }
        for row in rows
    }  # fmt: skip


def zones(ids: Collection[UUID]) -> Mapping[UUID, Body]:
    """The public facts of pairs, zones and pilots."""
    rows = Zone.objects.filter(pk__in=ids).prefetch_related("divisions", "leads")
    return {
        row.pk: {
            "name": row.name, "kind": row.kind, "level": row.level, "aims_at": row.aims_at, "field": row.field,
            "action_plan": row.action_plan, "basis": row.basis,
            "divisions": sorted(place.code for place in row.divisions.all()),
            "leads": sorted(lead.name for lead in row.leads.all()),
        }
        for row in rows
    }  # fmt: skip


feeds(
    Source(
        name="organisation",
        bodies=organisations,
        everything=lambda: _organisations().values_list("pk", flat=True),
        subjects=("organisation",),
        absorb=absorb,
    )
)
feeds(
    Source(
        name="alliance",
        bodies=alliances,
        everything=lambda: _alliances().values_list("pk", flat=True),
        subjects=("alliance",),
    )
)
feeds(
    Source(
        name="zone",
        bodies=zones,
        everything=lambda: Zone.objects.values_list("pk", flat=True),
        subjects=("zone",),
    )
)
