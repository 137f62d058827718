"""Addresses of the pages."""

from .pages import agreements, alliances, councils, experts, home, imports, my, organisations, people, places, zones
from .pages.plan import (
    bodies,
    consultations,
    filings,
    items,
    ledger,
    library,
    minutes,
    notices,
    plans,
    reading,
    sessions,
    sought,
)

urlpatterns = [
    *home.urlpatterns,
    *organisations.urlpatterns,
    *alliances.urlpatterns,
    *councils.urlpatterns,
    *zones.urlpatterns,
    *agreements.urlpatterns,
    *experts.urlpatterns,
    *places.urlpatterns,
    *people.urlpatterns,
    *my.urlpatterns,
    *imports.urlpatterns,
    *library.urlpatterns,
    *reading.urlpatterns,
    *plans.urlpatterns,
    *items.urlpatterns,
    *filings.urlpatterns,
    *ledger.urlpatterns,
    *sought.urlpatterns,
    *bodies.urlpatterns,
    *sessions.urlpatterns,
    *minutes.urlpatterns,
    *consultations.urlpatterns,
    *notices.urlpatterns,
]
