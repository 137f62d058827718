"""The page of one item."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from shuangcheng.desk.models import Attachment
from shuangcheng.directory.actor import Actor
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may
from shuangcheng.plan import joint
from shuangcheng.plan.models import Activity, Item, Observation, Progress, Session, Sought, Target
from shuangcheng.plan.rights import takes_away

from ...fetch import one
from ...history import told
from ...request import Request

PARTS = (
    "plan__policy_version__policy", "parent__parent", "clause__version__policy", "lead_cq", "lead_sc", "zone",
    "alliance__organisation", "task_force",
)  # fmt: skip
REPORTS, CHANGES = 50, 100


def visible(request: Request) -> "QuerySet[Item]":
    """The items that the reader sees, with where they stand today and what they hang together with."""
    return Item.objects.visible_to(request.actor).standing(request.at.date()).select_related(*PARTS)


def get(request: Request, id: UUID) -> Item:
    """One item."""
    return one(visible(request), id)


def _targets(item: Item) -> list[Target]:
    observed = Prefetch("observations", Observation.objects.order_by("on", "at"))
    return list(item.targets.prefetch_related(observed))


def _files(item: Item, reports: list[Any], actor: Actor) -> list[Attachment]:
    """The item's own evidence; that of its reports is put on them, and what was filed stays with its filing."""
    ids = {report.pk: report for report in reports}
    filed = {report.pk for report in reports if report.filing_id}
    own = Q(subject_kind="item", subject_id=item.pk)
    files = list(Attachment.objects.filter(own | Q(subject_kind="progress", subject_id__in=ids)))
    for file in files:
        file.removable = file.subject_id not in filed and takes_away(file, item, actor)  # type: ignore[attr-defined]
    for report in reports:
        report.files = [file for file in files if file.subject_id == report.pk]
    return [file for file in files if file.subject_id == item.pk]


def _with_figures(item: Item, reports: list[Any], targets: list[Target]) -> None:
    known = {str(target.pk): target for target in targets}
    for report in reports:
        report.item = item
        report.told_figures = [
            (known[figure["target"]], figure["value"]) for figure in report.figures if figure["target"] in known
        ]


def _with_ways(item: Item, told: list[Any]) -> None:
    """On what the other node hears of, what became of its letter while it has not arrived."""
    ways = joint.under_way([each.pk for each in told]) if item.plan.shared and told else {}
    for each in told:
        each.way = ways.get(each.pk)


def detail(request: Request, id: UUID) -> HttpResponse:
    """An item with all that is known of it."""
    item = get(request, id)
    actor, today = request.actor, request.at.date()
    inside = actor.is_officer or (actor.signed_in and may(actor, "item.discuss", item))
    targets = _targets(item)
    reports = list(Progress.objects.visible_to(actor).filter(item=item).select_related("organisation")[:REPORTS])
    _with_figures(item, reports, targets)
    remarks = list(item.remarks.all()) if inside else []
    _with_ways(item, [*reports, *remarks])
    sessions = Session.objects.visible_to(actor).filter(Q(agenda__item=item) | Q(resolutions__item=item))
    lines = AuditLine.objects.told_of("item", id, to=actor)[:CHANGES] if actor.is_officer else []
    context = {
        "item": item, "targets": targets, "reports": reports, "files": _files(item, reports, actor), "inside": inside,
        "partners": item.partners.all(), "divisions": item.divisions.all(),
        "children": Item.objects.visible_to(actor).filter(parent=item).standing(today).order_by("position"),
        "remarks": remarks,
        "activities": Activity.objects.visible_to(actor).filter(item=item)[:20],
        "sessions": sessions.select_related("body").distinct()[:20],
        "sought": Sought.objects.visible_to(actor).filter(item=item)[:20],
        "history": [(line, told(line, targets)) for line in lines],
        "edits": may(actor, "item.edit", item), "works": may(actor, "item.report", item) if inside else False,
        "discusses": inside and may(actor, "item.discuss", item),
        "max_bytes": settings.SHUANGCHENG.max_upload_mb * 1024 * 1024, "section": "plan", "tab": "items",
    }  # fmt: skip
    return render(request, "plan/item.html", context)


urlpatterns = [path("plan/items/<uuid:id>/", detail, name="item")]
