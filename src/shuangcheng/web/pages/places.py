"""Pages of divisions, the map and the national catalogues."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as t

from shuangcheng.core.text import _
from shuangcheng.directory.models import CatalogueEntry, Division, Organisation, Programme, Zone
from shuangcheng.directory.terms import SIDES, Catalogue, OrganisationType

from .. import plan_slice
from ..fetch import one
from ..kept import kept
from ..listing import Column, Listing, download
from ..maps import LAYERS, counties
from ..request import Request

DOWNLOAD = Listing(
    name="divisions",
    title=_("行政区划"),
    template="",
    facets=(),
    orders={"code": (_("按代码"), ("code",))},
    columns=(
        Column(_("代码"), lambda row: row.code),
        Column(_("名称"), lambda row: row.name),
        Column(_("级别"), lambda row: t(row.get_level_display())),
        Column(_("上级代码"), lambda row: row.parent.code if row.parent else ""),
        Column(_("生效"), lambda row: row.valid_from.year if row.valid_from else ""),
        Column(_("失效"), lambda row: row.valid_until.year if row.valid_until else ""),
        Column(_("后继代码"), lambda row: row.successor_code),
        Column(_("文号"), lambda row: row.document),
    ),
)
ENTRIES = Listing(
    name="catalogue",
    title=_("目录与分类"),
    template="",
    facets=(),
    orders={"code": (_("按代码"), ("code",))},
    columns=(
        Column(_("代码"), lambda row: row.code),
        Column(_("名称"), lambda row: row.name),
        Column(_("层级"), lambda row: row.level),
        Column(_("上级代码"), lambda row: row.parent_code),
        Column(_("备注"), lambda row: row.flags),
    ),
)


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return request.at.date()


@kept
def divisions(request: Request) -> HttpResponse:
    """The provinces, from which one goes down."""
    day = _day(request)
    if request.GET.get("format") == "xlsx":
        rows = Division.objects.valid_on(day).exclude(level="township").select_related("parent").order_by("code")
        return download(DOWNLOAD, rows, request)
    provinces = list(Division.objects.valid_on(day).filter(level="province").order_by("code"))
    below = Division.objects.valid_on(day).filter(parent__in=[row for row in provinces if row.code in SIDES])
    children = list(below.order_by("code"))
    home = [(row, [one for one in children if one.parent_id == row.pk]) for row in provinces if row.code in SIDES]
    others = [row for row in provinces if row.code not in SIDES]
    ended = Division.objects.filter(valid_until__year__gte=2015, level="county").order_by("-valid_until", "code")
    context = {"home": home, "rows": others, "ended": ended, "day": day, "section": "directory", "tab": "divisions"}
    return render(request, "directory/divisions.html", context)


@kept
def division(request: Request, id: UUID) -> HttpResponse:
    """One division: where it lies, what is in it, what it was and became."""
    row = one(Division.objects.select_related("parent__parent"), id)
    day = request.at.date()
    inside = Organisation.objects.visible_to(request.actor).filter(division__path__startswith=row.path)
    inside = inside.exclude(type=OrganisationType.ALLIANCE)
    counts = inside.order_by().values_list("type").annotate(n=Count("pk")).order_by("-n")
    above = [part for part in (row.parent and row.parent.parent, row.parent) if part]
    context = {
        "division": row,
        "above": above,
        "children": row.children.valid_on(day).order_by("code") if not row.ended else row.children.order_by("code"),
        "successor": Division.objects.filter(code=row.successor_code).newest_first().first()
        if row.successor_code
        else None,
        "predecessors": Division.objects.filter(successor_code=row.code).order_by("code"),
        "counts": [(OrganisationType(type), n) for type, n in counts],
        "total": sum(n for _type, n in counts),
        "organisations": inside.in_order()[:10],
        "zones": Zone.objects.visible_to(request.actor).filter(divisions__path__startswith=row.path).distinct()
        | Zone.objects.visible_to(request.actor).filter(divisions__in=[row, *above]).distinct(),
        "slice": plan_slice.inside(request, row.path),
        "section": "directory",
        "tab": "divisions",
    }
    return render(request, "directory/division.html", context)


@kept
def map_page(request: Request) -> HttpResponse:
    """The map with a layer, and the same as a table."""
    layer = request.GET.get("layer", "cooperation")
    if layer not in LAYERS:
        layer = "cooperation"
    shapes, above = counties(layer, day=request.at.date())
    ranked = sorted((shape for shape in shapes if shape.count), key=lambda shape: (-shape.count, shape.code))
    context = {
        "layers": [(name, t(title)) for name, (title, _counts) in LAYERS.items()],
        "layer": layer,
        "counties": shapes,
        "ranked": ranked,
        "above": above,
        "section": "map",
    }
    if request.GET.get("format") == "xlsx":
        columns = (
            Column(_("区划代码"), lambda row: row.code),
            Column(_("名称"), lambda row: row.name),
            Column(LAYERS[layer][0], lambda row: row.count),
        )
        listing = Listing(
            name=f"map-{layer}", title=LAYERS[layer][0], template="", facets=(), columns=columns, orders={}
        )
        return download(listing, shapes, request)
    return render(request, "directory/map.html", context)


@kept
def catalogues(request: Request) -> HttpResponse:
    """The catalogues."""
    sizes = dict(CatalogueEntry.objects.filter(leaf=True).order_by().values_list("catalogue").annotate(n=Count("pk")))
    rows = [(catalogue, sizes.get(catalogue.value, 0)) for catalogue in Catalogue]
    return render(request, "directory/catalogues.html", {"rows": rows, "section": "directory", "tab": "catalogues"})


@kept
def catalogue(request: Request, name: str) -> HttpResponse:
    """One catalogue, level by level, or what matches."""
    if name not in {member.value for member in Catalogue}:
        raise Http404
    entries = CatalogueEntry.objects.filter(catalogue=name)
    if request.GET.get("format") == "xlsx":
        return download(ENTRIES, entries, request)
    parent = entries.filter(code=request.GET.get("parent", "-")).first()
    q = request.GET.get("q", "").strip()[:60]
    rows = (
        entries.filter(name__contains=q) | entries.filter(code__startswith=q)
        if q
        else entries.filter(parent_code=parent.code if parent else "")
    )
    shown: list[Any] = list(rows.order_by("code")[:300])
    leaves = [row.code for row in shown if row.leaf]
    used = Programme.objects.filter(entry__catalogue=name, entry__code__in=leaves).order_by()
    counts = dict(used.values_list("entry__code").annotate(n=Count("pk")))
    for row in shown:
        row.programme_count = counts.get(row.code, 0)
    trail: list[CatalogueEntry] = []
    while parent:
        trail.insert(0, parent)
        parent = entries.filter(code=parent.parent_code).first() if parent.parent_code else None
    context = {
        "catalogue": Catalogue(name),
        "rows": shown,
        "trail": trail,
        "q": q,
        "section": "directory",
        "tab": "catalogues",
    }
    return render(request, "directory/catalogue.html", context)


urlpatterns = [
    path("divisions/", divisions, name="divisions"),
    path("divisions/<uuid:id>/", division, name="division"),
    path("map/", map_page, name="map"),
    path("catalogues/", catalogues, name="catalogues"),
    path("catalogues/<slug:name>/", catalogue, name="catalogue"),
]
