"""Writes of organisations that other nodes publish; what was entered here is never changed by them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .. import audit, lookup
from ..actor import Actor
from ..inputs import OrganisationInput
from ..models import Organisation
from ..terms import OrganisationStatus
from .organisations import columns


def _known(data: OrganisationInput) -> bool:
    """Whether this node has the organisation already, by one of its codes or by its name and kind."""
    same = Q(name=data.name, type=data.type)
    for field in ("code", "credit_code"):
        if code := getattr(data, field):
            same |= Q(**{field: code})
    return Organisation.objects.filter(same).exists()


@transaction.atomic
def absorb(*, id: UUID, data: OrganisationInput, origin: str, by: Actor, at: datetime) -> Organisation | None:
    """Enter an organisation of another authority under its own id, or change it; None when it is known otherwise."""
    row = Organisation.objects.select_for_update(of=("self",)).filter(pk=id).first()
    if row.origin != origin if row else _known(data):
        return None
    values = columns(data, lookup.division(data.division))
    if values["side"] != origin:
        text = _("“%(name)s”不在 %(origin)s 一方，应由所在一方发布。")
        raise refusal("other_side", text, where="division", why=Why.FORBIDDEN, name=data.name, origin=origin)
    verb = "organisation.edit" if row else "organisation.create"
    row = row or Organisation(id=id, origin=origin, created_at=at, version=0)
    changes = audit.differences({name: getattr(row, name) for name in values} if row.version else {}, values)
    if row.version and not changes:
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = at
    row.save()
    audit.record(by=by, at=at, verb=verb, kind="organisation", subject=row, changes=changes)
    return row


@transaction.atomic
def close(*, id: UUID, origin: str, by: Actor, at: datetime) -> None:
    """Close an organisation that its own node does not publish any more."""
    row = Organisation.objects.select_for_update(of=("self",)).filter(pk=id, origin=origin).first()
    if row is None or row.status == OrganisationStatus.CLOSED:
        return
    changes = audit.differences({"status": row.status}, {"status": OrganisationStatus.CLOSED})
    row.status = OrganisationStatus.CLOSED
    row.version += 1
    row.updated_at = at
    row.save()
    audit.record(by=by, at=at, verb="organisation.edit", kind="organisation", subject=row, changes=changes)
