"""Bringing a table to what a file says, by natural key."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from shuangcheng.desk import search
from shuangcheng.desk.models import SearchEntry
from shuangcheng.directory.models.base import Versioned

K = TypeVar("K", bound=Hashable)
BATCH = 1000
UPDATE_BATCH = 200  # an update of many rows is one statement with a case for each


@dataclass
class Written:
    """The rows that were written. Rows that the file no longer has stay as they are: others may refer to them."""

    new: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)

    @property
    def touched(self) -> list[UUID]:
        """New and changed rows."""
        return self.new + self.changed


def merge(
    model: type[Model], *, present: Mapping[K, Model], wanted: Mapping[K, Mapping[str, Any]], at: datetime | None
) -> Written:
    """Insert the rows of `wanted` that are not `present`, update those that differ; `at` for tables that keep times."""
    times = {"created_at": at, "updated_at": at} if at else {}
    new = [model(**values, **times) for key, values in wanted.items() if key not in present]
    changed, fields = [], {"updated_at"} if at else set()
    for key, row in present.items():
        values = {name: value for name, value in wanted.get(key, {}).items() if name != "id"}
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
            fields.add(name.removesuffix("_id"))
        if different:
            if at:
                row.updated_at = at  # type: ignore[attr-defined]
            if isinstance(row, Versioned):
                row.version += 1
                fields.add("version")
            changed.append(row)
    manager = model._default_manager
    manager.bulk_create(new, batch_size=BATCH)
    if changed:
        manager.bulk_update(changed, sorted(fields), batch_size=UPDATE_BATCH)
    return Written(new=[row.pk for row in new], changed=[row.pk for row in changed])


def index(kind: str, ids: Iterable[UUID]) -> None:
    """Make what was written findable."""
    if SearchEntry.objects.filter(kind=kind).exists():
        search.refresh(kind, ids)
    else:
        search.rebuild(kind)
