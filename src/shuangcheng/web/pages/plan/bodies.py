"""Pages of joint bodies: members, sessions, minutes, consultations, reports."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from ...request import Request


def soon(request: Request, id: UUID | None = None) -> HttpResponse:
    """Gives way to the pages."""
    return render(request, "plan/soon.html", {"section": "plan"})


urlpatterns = [
    path("plan/bodies/", soon, name="bodies"),
    path("plan/bodies/<uuid:id>/", soon, name="body"),
    path("plan/sessions/<uuid:id>/", soon, name="session"),
    path("plan/consultations/<uuid:id>/", soon, name="consultation"),
]
