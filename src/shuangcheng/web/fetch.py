"""One thing for a page: found among what the reader may see, or not found."""

from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from shuangcheng.directory.lookup import uuid_or_none

M = TypeVar("M", bound=Model)


def one(rows: "QuerySet[M]", id: UUID | str | None, **filters: Any) -> M:
    """The row `id`, also as a form sends it; what may not be seen does not exist."""
    found = id if isinstance(id, UUID) else uuid_or_none(id or "")
    if found is None:
        raise Http404
    return get_object_or_404(rows, pk=found, **filters)
