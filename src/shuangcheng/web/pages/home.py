"""Home, search, suggestions, language, sources and help."""

import re
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from shuangcheng.core.tokens import MAX_QUERY
from shuangcheng.desk.search import addresses, find, searchables
from shuangcheng.directory.models import Agreement, Alliance, CatalogueEntry, Division, Organisation, Zone
from shuangcheng.directory.terms import ACTION_PLANS, Field

from .. import holdings, overview, plan_overview, plan_slice
from ..kept import kept
from ..maps import counties
from ..request import Request

GUIDE = Path(__file__).parents[4] / "docs" / "guide"
BETWEEN_PAGES = re.compile(r"\]\(([a-z]+)(?:\.zh-CN)?\.md(#[^)]*|)\)")
"""A link of the guide, which leads to a file in the repository and to a page here."""
YEAR = 365 * 24 * 3600


@kept
def home(request: Request) -> HttpResponse:
    """The ten action plans, the fields, live numbers, the map, what is late and what changed."""
    today = request.at.date()
    others = overview.ends(request.actor, today=today)
    items = plan_overview.troubled(request.actor, today=today)
    attention = sorted([*items, *others], key=lambda item: item.tone != "bad")
    held = holdings.tallies(request.actor, today=today)
    by_field = holdings.fields(held)
    shapes, _above = counties("cooperation", day=today)
    context = {
        "plans": holdings.plans(held, others, plan_overview.moved(request.actor)),
        "fields": [(member, by_field[member.value]) for member in Field],
        "numbers": holdings.numbers(request.actor, held),
        "attention": attention[:6],
        "attention_count": len(others) + sum(tally.troubled for tally in held),
        "news": overview.news(),
        "counties": shapes,
        "section": "home",
    }
    return render(request, "home/home.html", context)


def _group(request: Request, filters: dict[str, object], **context: object) -> HttpResponse:
    """All that belongs to an action plan or a field."""
    alliances = Alliance.objects.visible_to(request.actor).filter(**filters).select_related("organisation")
    found = {
        "alliances": alliances,
        "zones": Zone.objects.visible_to(request.actor).filter(**filters),
        "agreements": Agreement.objects.visible_to(request.actor).filter(**filters),
        "late": overview.ends(request.actor, today=request.at.date(), **filters),
        "slice": plan_slice.with_column(request, **filters),
        "section": "home",
    }
    return render(request, "home/group.html", {**found, **context})


@kept
def action_plan(request: Request, number: int) -> HttpResponse:
    """One action plan."""
    name, field = next(((name, field) for no, name, field in ACTION_PLANS if no == number), ("", None))
    if field is None:
        raise Http404
    return _group(request, {"action_plan": number}, number=number, name=name, field=field)


@kept
def field(request: Request, name: str) -> HttpResponse:
    """One field, with the action plans in it."""
    if name not in {member.value for member in Field}:
        raise Http404
    plans = [(number, title) for number, title, area in ACTION_PLANS if area == name]
    return _group(request, {"field": name}, name=Field(name).label, plans=plans)


def search(request: Request) -> HttpResponse:
    """Everything the reader may see that matches."""
    q = request.GET.get("q", "").strip()[:MAX_QUERY]
    kind = request.GET.get("kind", "")
    kinds = searchables()
    if kind not in kinds:
        kind = ""
    found = find(q, actor=request.actor, limit=50, kind=kind)
    context = {
        "q": q,
        "kind": kind,
        "kinds": [(name, searchable.title) for name, searchable in kinds.items()],
        "titles": {name: searchable.title for name, searchable in kinds.items()},
        "found": [(entry, address, kinds[entry.kind].title) for entry, address in addresses(found.entries)],
        "more": found.more,
        "section": "search",
    }
    return render(request, "home/search.html", context)


def suggest(request: Request) -> HttpResponse:
    """The best few matches while typing."""
    q = request.GET.get("q", "").strip()[:MAX_QUERY]
    found = find(q, actor=request.actor, limit=8) if q else None
    rows = list(addresses(found.entries)) if found else []
    return render(request, "parts/suggest.html", {"rows": rows, "q": q, "asked": bool(q)})


def _keys(kind: str, ids: list[UUID]) -> dict[UUID, str]:
    """What to write for things whose name does not suffice: divisions, and organisations that share their name."""
    if kind == "division":
        return dict(Division.objects.filter(id__in=ids).values_list("id", "code"))
    if kind != "organisation":
        return {}
    rows = Organisation.objects.filter(id__in=ids).select_related("division")
    shared = Organisation.objects.filter(name__in=rows.values("name")).values("name").annotate(n=Count("id"))
    names = set(shared.filter(n__gt=1).values_list("name", flat=True))
    return {row.id: f"{row.division.code}/{row.name}" for row in rows if row.name in names and row.division}


def choices(request: Request, kind: str) -> HttpResponse:
    """Options for a field that names a thing of a kind; the field's own parameter holds what was typed."""
    typed = next((value for values in request.GET.lists() for value in values[1] if value.strip()), "").strip()[
        :MAX_QUERY
    ]
    if not typed:
        return HttpResponse("")
    if kind == "catalogue":
        entries = CatalogueEntry.objects.filter(
            leaf=True, catalogue__in=["undergraduate_2026", "vocational_college_2026", "graduate_2022"]
        )
        entries = entries.filter(name__contains=typed) | entries.filter(code__startswith=typed)
        options = [(entry.code, f"{entry.name} · {entry.get_catalogue_display()}") for entry in entries[:12]]
    else:
        if kind not in searchables():
            raise Http404
        found = find(typed, actor=request.actor, limit=12, kind=kind).entries
        keys = _keys(kind, [entry.id for entry in found])
        options = [
            (keys.get(entry.id, entry.title), f"{entry.title} · {entry.subtitle}" if keys else entry.subtitle)
            for entry in found
        ]
    return render(request, "parts/options.html", {"options": [_shown(option, typed) for option in options]})


def _shown(option: tuple[str, str], typed: str) -> tuple[str, str]:
    """Browsers hide an option that does not hold what was typed, such as initials: the option then says it."""
    value, text = option
    found = typed.casefold() in f"{value}\n{text}".casefold()
    return value, text if found else f"{text} · {typed}"


@require_POST
def language(request: Request) -> HttpResponse:
    """Choose the language and go back to the page."""
    wanted = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = redirect(target)
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@kept
def sources(request: Request) -> HttpResponse:
    """Where the facts come from."""
    return render(request, "home/sources.html", {"section": ""})


@kept
def guide(request: Request, name: str = "index") -> HttpResponse:
    """The user guide, from the files that also stand in the repository."""
    suffix = "" if get_language() == "en" else ".zh-CN"
    pages = {file.name.removesuffix(".zh-CN.md") for file in GUIDE.glob("*.zh-CN.md")}
    if name not in pages:
        raise Http404
    text = (GUIDE / f"{name}{suffix}.md").read_text(encoding="utf-8")
    title = text.splitlines()[0].lstrip("# ")
    text = BETWEEN_PAGES.sub(lambda link: f"]({reverse('guide', args=[link[1]])}{link[2]})", text)
    return render(request, "home/guide.html", {"text": text, "title": title, "section": "", "index": reverse("help")})


urlpatterns = [
    path("", home, name="home"),
    path("plans/<int:number>/", action_plan, name="action_plan"),
    path("fields/<slug:name>/", field, name="field"),
    path("search/", search, name="search"),
    path("search/suggest/", suggest, name="suggest"),
    path("choices/<slug:kind>/", choices, name="choices"),
    path("language/", language, name="language"),
    path("sources/", sources, name="sources"),
    path("help/", guide, name="help"),
    path("help/<slug:name>/", guide, name="guide"),
]
