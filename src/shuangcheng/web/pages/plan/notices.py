"""Pages of a person's notices."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from shuangcheng.desk import notices
from shuangcheng.desk.models import Notice, NoticeQuerySet

from ...fetch import one
from ...listing import PAGE
from ...request import Request


def _own(request: Request) -> NoticeQuerySet:
    return Notice.objects.visible_to(request.actor)


@login_required
def index(request: Request) -> HttpResponse:
    """One's notices, the unread first."""
    only = request.GET.get("only", "") == "unread"
    rows = _own(request).unread() if only else _own(request)
    page = Paginator(rows.unread_first(), PAGE).get_page(request.GET.get("page"))
    return render(request, "my/notices.html", {"page": page, "only": only, "section": "my"})


@login_required
def show(request: Request, id: UUID) -> HttpResponse:
    """Go to the page that a notice is about; it counts as read."""
    row = one(_own(request), id)
    notices.read(notices=_own(request).filter(pk=id), by=request.actor, at=request.at)
    return redirect(row.address or "notices")


def _until(request: Request) -> datetime:
    """When the page was made that the form stands on: what came later was not seen."""
    try:
        return datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return request.at


@login_required
@require_POST
def mark(request: Request) -> HttpResponse:
    """Mark one notice as read, or all that the page told of."""
    rows = _own(request).filter(at__lte=_until(request))
    if "notice" in request.POST:
        rows = rows.filter(pk=one(_own(request), request.POST["notice"]).pk)
    notices.read(notices=rows, by=request.actor, at=request.at)
    return redirect("notices")


urlpatterns = [
    path("my/notices/", index, name="notices"),
    path("my/notices/read/", mark, name="notices_read"),
    path("my/notices/<uuid:id>/", show, name="notice"),
]
