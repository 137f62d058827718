"""Pages of the activity ledger and of what is sought from above."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from ...request import Request


def soon(request: Request, id: UUID | None = None) -> HttpResponse:
    """Gives way to the pages."""
    return render(request, "plan/soon.html", {"section": "plan"})


urlpatterns = [
    path("plan/ledger/", soon, name="activities"),
    path("plan/ledger/<uuid:id>/", soon, name="activity"),
    path("plan/sought/", soon, name="sought_list"),
    path("plan/sought/<uuid:id>/", soon, name="sought"),
]
