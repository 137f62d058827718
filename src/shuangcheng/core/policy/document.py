"""From a text to the documents in it."""

import re

from .shapes import Document, DocumentKind, Measure

_LINE = re.compile(r"\S.*")


def read(text: str) -> list[Document]:
    """The documents in `text`, in order: one, or each article of a compilation; none in a text without letters.

    Every offset counts characters of `text`. Raises nothing: what cannot be read with certainty is in `doubts`.
    """
    lines = list(_LINE.finditer(text))
    if not lines:
        return []
    measures = tuple(Measure(start=line.start(), end=line.end(), text=line.group().strip()) for line in lines[1:])
    title = lines[0].group().strip()
    return [Document(start=0, end=len(text), kind=DocumentKind.POLICY, title=title, measures=measures)]
