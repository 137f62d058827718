"""The text of a web page: what a reader sees, without scripts."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

_SILENT = frozenset({"head", "script", "style", "noscript", "template", "svg", "object", "iframe", "select"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol", "li", "dl", "dt", "dd"})
_TABLES = frozenset({"table", "tr", "tbody", "thead", "tfoot"})
_PARTS = frozenset({"article", "aside", "footer", "form", "header", "main", "nav", "section", "fieldset", "figure"})
_PARAGRAPHS = frozenset({"address", "blockquote", "br", "center", "div", "hr", "p", "pre"})
_BLOCKS = _HEADINGS | _LISTS | _TABLES | _PARTS | _PARAGRAPHS
_CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"\s+")
# A cell with more blocks than this is a column of the page's layout, not a field of a table.
_BLOCKS_IN_FIELD = 3


_MARKUP = re.compile(r"</(?:p|div|td|li|h[1-6]|span)>|<br\s*/?>", re.IGNORECASE)
_LEAST_MARKS = 8


def is_markup(text: str) -> bool:
    """Whether a text that claims to be plain is the source of a page."""
    return len(list(islice(_MARKUP.finditer(text), _LEAST_MARKS))) == _LEAST_MARKS


def html_text(text: str) -> str:
    """The text of a page, one block or table row a line, fields parted by tabs; "" for a page of nothing."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    parser.feed(text.encode("utf-8", "replace"))
    try:
        root = parser.close()
    except etree.XMLSyntaxError:
        return ""
    if root is None:
        return ""
    lines = ("\t".join(field.strip() for field in line.split("\t")) for line in "".join(_pieces(root)).split("\n"))
    return "\n".join(line for line in (line.strip() for line in lines) if line)


def _pieces(root: Any) -> Iterator[str]:
    """The text in order, with a line feed around blocks and a tab after fields; without recursion, as pages go deep."""
    field = None
    preformatted = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        around = (" " if field is not None else "\n") if tag in _BLOCKS else ""
        if event == "start":
            if tag in _SILENT:
                walk.skip_subtree()
                continue
            preformatted += tag == "pre"
            if field is None and tag in _CELLS and _is_field(element):
                field = element
            yield around + _flowed(element.text, preformatted)
        else:
            preformatted -= tag == "pre"
            if element is field:
                field = None
            ending = "\t" if tag in _CELLS and field is None else around
            yield ending + _flowed(element.tail, preformatted)


def _is_field(cell: Any) -> bool:
    return len(list(islice(cell.iterdescendants(*_BLOCKS), _BLOCKS_IN_FIELD + 1))) <= _BLOCKS_IN_FIELD


def _flowed(text: str | None, preformatted: int) -> str:
    return (text or "") if preformatted else _SPACE.sub(" ", text or "")
