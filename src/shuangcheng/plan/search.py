"""What the plan makes findable."""

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse

from shuangcheng.core.searchable import Document, Searchable
from shuangcheng.core.text import _

from .models import Activity, Body, Clause, Item, PlanVersion, Policy
from .terms import ActivityKind, BodyKind, ItemKind, PolicyState

M = TypeVar("M", bound=Model)
SIDES = {"cq": "cq", "sc": "sc"}


def _chosen(rows: "QuerySet[M]", ids: Iterable[UUID] | None) -> Iterator[M]:
    return iter(rows.iterator(chunk_size=5000) if ids is None else rows.filter(pk__in=list(ids)))


def _policies(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Policy.objects.all(), ids):
        yield Document(
            id=row.id,
            title=row.title,
            subtitle=" · ".join(filter(None, (row.doc_number, "、".join(row.issuers)))),
            names=(row.title,),
            words=(row.doc_number, *row.issuers),
            side=SIDES.get(row.side, "other"),
            audience="officers" if row.state == PolicyState.DRAFT else "public",
        )


def _clauses(ids: Iterable[UUID] | None) -> Iterator[Document]:
    """Clauses of the newest version of each document."""
    rows = Clause.objects.select_related("version__policy").order_by("version__policy", "order")
    newest: dict[UUID, int] = {}
    for number, policy in rows.order_by().values_list("version__number", "version__policy").distinct():
        newest[policy] = max(number, newest.get(policy, 0))
    for row in _chosen(rows, ids):
        document = row.version.policy
        if row.version.number == newest[document.id]:
            yield Document(
                id=row.id,
                title=f"{row.number}{row.title}"[:200],
                subtitle=document.title,
                names=(row.title,),
                words=(row.text,),
                side=SIDES.get(document.side, "other"),
                audience="officers" if document.state == PolicyState.DRAFT else "public",
            )


def _items(ids: Iterable[UUID] | None) -> Iterator[Document]:
    approved = set(PlanVersion.objects.values_list("plan", flat=True))
    for row in _chosen(Item.objects.select_related("plan", "lead_cq", "lead_sc"), ids):
        leads = [lead.name for lead in (row.lead_cq, row.lead_sc) if lead]
        yield Document(
            id=row.id,
            title=row.title,
            subtitle=" · ".join((ItemKind(row.kind).label, row.number, row.plan.name)),
            names=(row.title,),
            words=(row.number, row.text, *leads),
            side=SIDES.get(row.plan.side, "other"),
            audience="public" if row.plan_id in approved else "officers",
        )


def _activities(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Activity.objects.all(), ids):
        yield Document(
            id=row.id,
            title=row.title,
            subtitle=f"{ActivityKind(row.kind).label} · {row.on:%Y-%m-%d}",
            names=(row.title,),
            words=(row.place, row.result),
            side=SIDES.get(row.side, "other"),
        )


def _bodies(ids: Iterable[UUID] | None) -> Iterator[Document]:
    for row in _chosen(Body.objects.all(), ids):
        yield Document(
            id=row.id,
            title=row.name,
            subtitle=BodyKind(row.kind).label,
            names=(row.name,),
            words=(row.mandate,),
            side=SIDES.get(row.side, "other"),
        )


SEARCHABLES = (
    Searchable("item", _("清单事项"), 2, _items, lambda id: reverse("item", args=[id])),
    Searchable("policy", _("政策文件"), 2, _policies, lambda id: reverse("policy", args=[id])),
    Searchable("body", _("协作机构"), 2, _bodies, lambda id: reverse("body", args=[id])),
    Searchable("activity", _("活动台账"), 4, _activities, lambda id: reverse("activity", args=[id])),
    Searchable("clause", _("政策条款"), 5, _clauses, lambda id: reverse("clause", args=[id])),
)
