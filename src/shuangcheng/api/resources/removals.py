"""Taking back what was entered by mistake."""

from uuid import UUID

from pydantic import Field

from shuangcheng.directory.actions import removals
from shuangcheng.directory.models import Designation, Organisation, Programme

from ..asked import Asked
from ..outputs.base import Output
from ..section import Section
from .agreements import visible
from .common import one

section = Section("Corrections", "Taking back what was entered by mistake; the audit trail keeps what was there.")


class Gone(Output):
    """What was taken back."""

    id: UUID = Field(description="Its id, which now names nothing.")
    title: str = Field(description="What it was.")


@section.writes("/programmes/{uuid:id}", Gone, method="DELETE")
def remove_programme(request: Asked, id: UUID) -> Gone:
    """Take back a programme.

    For one that was entered by mistake. A programme that ran is closed by its state instead.
    """
    seen = Organisation.objects.visible_to(request.actor)
    row = one(Programme.objects.filter(organisation__in=seen).select_related("entry", "organisation"), id=id)
    gone = Gone(id=id, title=str(row.entry))
    removals.remove_programme(programme=row, by=request.actor, at=request.at)
    return gone


@section.writes("/designations/{uuid:id}", Gone, method="DELETE")
def remove_designation(request: Asked, id: UUID) -> Gone:
    """Take back a title.

    For one that was entered by mistake. A title that has run out keeps its term instead.
    """
    seen = Organisation.objects.visible_to(request.actor)
    row = one(Designation.objects.filter(organisation__in=seen).select_related("organisation"), id=id)
    gone = Gone(id=id, title=row.title)
    removals.remove_designation(designation=row, by=request.actor, at=request.at)
    return gone


@section.writes("/agreements/{uuid:id}", Gone, method="DELETE")
def discard_agreement(request: Asked, id: UUID) -> Gone:
    """Throw away a draft.

    Only a draft that was never approved; an approved agreement is ended instead.
    """
    row = one(visible(request), id=id)
    gone = Gone(id=id, title=row.title)
    removals.discard(agreement=row, by=request.actor, at=request.at)
    return gone
