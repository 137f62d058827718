"""Changes and decisions stand on what was read: a row that has changed meanwhile is refused under its lock."""

from typing import TypeVar

from django.db.models import QuerySet

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .models.base import Versioned

V = TypeVar("V", bound=Versioned)

CHANGED = "changed_meanwhile"
"""Code of the refusal, by which forms show what stands there now."""


def locked(rows: "QuerySet[V]", row: V, *, version: int) -> V:
    """The row under its lock, counted as changed, unless somebody has changed it since `version` was read."""
    found = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if found.version != version:
        text = _("您打开这一页以后，别人已修改过“%(name)s”。这次没有保存，请核对现在的内容后再办理。")
        raise refusal(CHANGED, text, why=Why.CONFLICT, name=str(found))
    found.version += 1
    return found
