"""Pages of pairs, border zones, experimental zones and pilots."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t

from shuangcheng.directory.actions import zones as actions
from shuangcheng.directory.inputs import ZoneInput
from shuangcheng.directory.models import Agreement, AuditLine, Organisation, Zone
from shuangcheng.directory.policy import may, require

from .. import lists, plan_slice
from ..fetch import one
from ..forms import Form, submit
from ..kept import kept
from ..listing import answer
from ..maps import places
from ..request import Request


@kept
def index(request: Request) -> HttpResponse:
    """All pairs, zones and pilots."""
    rows = Zone.objects.visible_to(request.actor).prefetch_related("divisions")
    return answer(
        lists.ZONES,
        rows,
        request,
        tab="zones",
        section="directory",
        creates=may(request.actor, "zone.edit"),
        today=request.at.date(),
    )


@kept
def detail(request: Request, id: UUID) -> HttpResponse:
    """One pair, zone or pilot."""
    zone = one(Zone.objects.visible_to(request.actor).prefetch_related("divisions__parent", "leads"), id)
    divisions = list(zone.divisions.all())
    context = {
        "zone": zone,
        "divisions": divisions,
        "counties": places(divisions, day=request.at.date()),
        "ended": zone.ended(request.at.date()),
        "agreements": Agreement.objects.visible_to(request.actor).filter(zone=zone),
        "organisations": Organisation.objects.visible_to(request.actor)
        .filter(division__in=divisions)
        .exclude(type="alliance")
        .in_order()[:12],
        "changes": AuditLine.objects.told_of("zone", id, to=request.actor)[:8],
        "slice": plan_slice.with_column(request, zone=id),
        "section": "directory",
        "tab": "zones",
    }
    return render(request, "directory/zone.html", context)


def edit(request: Request, id: UUID | None = None) -> HttpResponse:
    """Enter or change a pair, zone or pilot."""
    zone = one(Zone.objects.visible_to(request.actor).prefetch_related("divisions", "leads"), id) if id else None
    require(request.actor, "zone.edit", zone)
    initial = {}
    if zone:
        initial = {name: getattr(zone, name) for name in ZoneInput.model_fields}
        initial["divisions"] = [division.code for division in zone.divisions.all()]
        initial["leads"] = [lead.name for lead in zone.leads.all()]
    form = Form(ZoneInput, initial, version=zone.version if zone else None)
    if request.method == "POST":
        saved = submit(
            form,
            request,
            lambda data: actions.save(data=data, zone=zone, version=form.version or 0, by=request.actor, at=request.at),
        )
        if saved:
            messages.success(request, t("已保存。"))
            return redirect("zone", id=saved.id)
    crumbs = [(reverse("zones"), t("结对与试点"))]
    back = reverse("zones")
    if zone:
        back = reverse("zone", args=[zone.id])
        crumbs.append((back, zone.name))
    context = {
        "form": form,
        "tab": "zones",
        "section": "directory",
        "crumbs": crumbs,
        "back": back,
        "heading": t("修改") if zone else t("登记结对、试验区或试点"),
        "button": t("保存"),
    }
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


urlpatterns = [
    path("zones/", index, name="zones"),
    path("zones/new/", edit, name="zone_new"),
    path("zones/<uuid:id>/", detail, name="zone"),
    path("zones/<uuid:id>/edit/", edit, name="zone_edit"),
]
