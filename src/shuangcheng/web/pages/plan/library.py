"""Pages of the policy library: documents, versions, clauses."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from ...request import Request


def soon(request: Request, id: UUID | None = None) -> HttpResponse:
    """Gives way to the pages."""
    return render(request, "plan/soon.html", {"section": "plan"})


urlpatterns = [
    path("policy/", soon, name="policies"),
    path("policy/<uuid:id>/", soon, name="policy"),
    path("policy/clauses/<uuid:id>/", soon, name="clause"),
]
