"""What the tests of the rooms ask again and again."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shuangcheng.core.outcome import Refused, Why
from shuangcheng.desk.search import find
from shuangcheng.directory.actor import Actor, public
from shuangcheng.directory.models import AuditLine


@contextmanager
def refused(code: str, *, why: Why | None = None, where: str | None = None) -> Iterator[None]:
    """The block is refused for `code`, in a whole Chinese sentence, and leaves no audit line."""
    before = AuditLine.objects.count()
    with pytest.raises(Refused) as caught:
        yield
    refusal = caught.value
    assert [objection.code for objection in refusal.objections] == [code], str(refusal)
    assert why is None or refusal.why == why
    assert where is None or refusal.objections[0].where == where
    assert str(refusal).endswith("。")
    assert "%(" not in str(refusal), "a value is missing from the sentence"
    assert AuditLine.objects.count() == before, "a refused action left an audit line"


def newest() -> AuditLine:
    """The newest audit line."""
    line = AuditLine.objects.order_by("-id").first()
    assert line is not None
    return line


def titles(text: str, *, actor: Actor | None = None, kind: str = "") -> list[str]:
    """The titles that a search finds."""
    return [entry.title for entry in find(text, actor=actor or public(door="web"), kind=kind).entries]
