"""Pages of progress filing: periods, what an organisation files, decisions."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from ...request import Request


def soon(request: Request, id: UUID | None = None) -> HttpResponse:
    """Gives way to the pages."""
    return render(request, "plan/soon.html", {"section": "plan"})


urlpatterns = [
    path("plan/filing/", soon, name="periods"),
    path("plan/filing/<uuid:id>/", soon, name="period"),
]
