"""Yearly counts of the ledger."""

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractYear

from .models import Activity
from .terms import ActivityKind


def yearly(rows: "QuerySet[Activity]") -> list[tuple[int, dict[str, int]]]:
    """For each year, the newest first, how many there were of each kind; a row counts as often as its quantity says."""
    counted = rows.order_by().annotate(year=ExtractYear("on")).values_list("year", "kind").annotate(n=Sum("quantity"))
    years: dict[int, dict[str, int]] = {}
    for year, kind, n in counted:
        years.setdefault(year, dict.fromkeys((member.value for member in ActivityKind), 0))[kind] = n
    return sorted(years.items(), reverse=True)
