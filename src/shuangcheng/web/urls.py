"""Addresses of the pages."""

from .pages import agreements, alliances, experts, home, imports, my, organisations, people, places, zones

urlpatterns = [
    *home.urlpatterns,
    *organisations.urlpatterns,
    *alliances.urlpatterns,
    *zones.urlpatterns,
    *agreements.urlpatterns,
    *experts.urlpatterns,
    *places.urlpatterns,
    *people.urlpatterns,
    *my.urlpatterns,
    *imports.urlpatterns,
]
