"""Two people, one thing: rows are held against others, and what was seen is compared with what is there."""

from typing import TypeVar

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _
from shuangcheng.directory.versions import CHANGED

from .models.base import Versioned

V = TypeVar("V", bound=Versioned)


def held(row: V, *, seen: int | None) -> V:
    """The row as it is now, locked; refused when it has changed since its reader saw version `seen`."""
    now = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if seen is not None and now.version != seen:
        text = _("“%(title)s”在您打开之后已被他人修改。您填写的内容仍在下面，请对照最新内容后再保存。")
        raise refusal(CHANGED, text, why=Why.CONFLICT, title=str(now))
    return now
