"""What the directory makes findable."""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse

from shuangcheng.core.searchable import Document, Searchable
from shuangcheng.core.text import _

from .models import Agreement, Alliance, Division, Expert, Organisation, Zone
from .terms import AgreementState, AllianceKind, ExpertState, OrganisationType, ZoneKind

M = TypeVar("M", bound=Model)


def _chosen(rows: "QuerySet[M]", ids: Iterable[UUID] | None) -> Iterator[M]:
    return iter(rows.iterator(chunk_size=5000) if ids is None else rows.filter(pk__in=list(ids)))


def organisation_document(
    *, id: UUID | str, name: str, type: str, place: str, former: Iterable[str], codes: Iterable[str], side: str
) -> Document:
    """An organisation as the index knows it; imports call this without a database row."""
    return Document(
        id=id,
        title=name,
        subtitle=" · ".join(filter(None, (OrganisationType(type).label, place))),
        names=(name, *former),
        words=tuple(filter(None, codes)),
        side=side,
    )


def _organisations(ids: Iterable[UUID] | None) -> Iterator[Document]:
    rows = Organisation.objects.exclude(type=OrganisationType.ALLIANCE).select_related("division")
    for row in _chosen(rows.prefetch_related("names"), ids):
        yield organisation_document(
            id=row.id,
            name=row.name,
            type=row.type,
            place=row.division.name if row.division else "",
            former=[former.name for former in row.names.all()],
            codes=(row.code, row.credit_code),
            side=row.side,
        )


def _alliances(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Alliance.objects.select_related("organisation").prefetch_related("organisation__names"), ids):
        organisation = row.organisation
        former = [name.name for name in organisation.names.all()]
        yield Document(
            id=row.id,
            title=organisation.name,
            subtitle=AllianceKind(row.kind).label,
            names=(organisation.name, *former),
            words=(AllianceKind(row.kind).label,),
            side=organisation.side,
        )


def _zones(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Zone.objects.prefetch_related("divisions"), ids):
        places = [division.name for division in row.divisions.all()]
        yield Document(
            id=row.id,
            title=row.name,
            subtitle=f"{ZoneKind(row.kind).label} · {'、'.join(places)}",
            names=(row.name,),
            words=(*places, ZoneKind(row.kind).label),
            side="other",
        )


def _agreements(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Agreement.objects.prefetch_related("parties"), ids):
        parties = [party.name for party in row.parties.all()]
        yield Document(
            id=row.id,
            title=row.title,
            subtitle="、".join(parties),
            names=(row.title,),
            words=(*parties, row.number),
            side="other",
            audience="officers" if row.state == AgreementState.DRAFT else "public",
        )


def _experts(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Expert.objects.select_related("person", "employer"), ids):
        if row.state in (ExpertState.VETTED, ExpertState.NOMINATED):
            yield Document(
                id=row.id,
                title=row.person.name,
                subtitle=f"{row.employer.name} · {row.specialities}",
                names=(row.person.name,),
                words=(row.specialities, row.employer.name),
                side=row.side,
                audience="officers",
            )


def _divisions(ids: Iterable[UUID] | None) -> Iterator[Document]:
    rows = Division.objects.select_related("parent__parent").exclude(level="township")
    for row in _chosen(rows, ids):
        parents = [row.parent.parent, row.parent] if row.parent else []
        above = "/".join(parent.name for parent in parents if parent)
        yield Document(
            id=row.id,
            title=row.name,
            subtitle=" · ".join(filter(None, (above, row.code, row.years))),
            names=(row.name,),
            words=(row.code,),
            side={"50": "cq", "51": "sc"}.get(row.code[:2], "other"),
        )


SEARCHABLES = (
    Searchable("alliance", _("联盟与共同体"), 1, _alliances, lambda id: reverse("alliance", args=[id])),
    Searchable("organisation", _("机构"), 2, _organisations, lambda id: reverse("organisation", args=[id])),
    Searchable("zone", _("结对与试点"), 3, _zones, lambda id: reverse("zone", args=[id])),
    Searchable("agreement", _("协议"), 4, _agreements, lambda id: reverse("agreement", args=[id])),
    Searchable("expert", _("专家"), 5, _experts, lambda id: reverse("expert", args=[id])),
    Searchable("division", _("行政区划"), 6, _divisions, lambda id: reverse("division", args=[id])),
)
