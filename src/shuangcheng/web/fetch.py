"""One thing for a page: found among what the reader may see, or not found."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=Model)


def one(rows: "QuerySet[M]", id: UUID, **filters: Any) -> M:
    """The row `id`; what may not be seen does not exist."""
    return get_object_or_404(rows, pk=id, **filters)
