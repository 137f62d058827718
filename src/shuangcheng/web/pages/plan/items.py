"""Pages of the list: table, board, timetable, one item."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from ...request import Request


def soon(request: Request, id: UUID | None = None) -> HttpResponse:
    """Gives way to the pages."""
    return render(request, "plan/soon.html", {"section": "plan"})


urlpatterns = [
    path("plan/", soon, name="items"),
    path("plan/items/<uuid:id>/", soon, name="item"),
]
