"""A reading as JSON and back, and a reading of one document out of a text that holds several."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import TypeAdapter

from .shapes import Document, Placed

_ADAPTER: TypeAdapter[Document] = TypeAdapter(Document)
_PLACES = ("start", "end", "body_start", "body_end")


def pack(document: Document) -> dict[str, Any]:
    """The document as JSON."""
    packed: dict[str, Any] = _ADAPTER.dump_python(document, mode="json")
    return packed


def unpack(packed: object) -> Document:
    """The document that `pack` took."""
    return _ADAPTER.validate_python(packed)


def alone(text: str, document: Document) -> tuple[str, Document]:
    """The text of one document of several, and its reading with the places counted in that text."""
    return text[document.start : document.end], _moved(document, document.start)


def _moved(placed: Any, by: int) -> Any:
    changes: dict[str, Any] = {}
    for field in fields(placed):
        value = getattr(placed, field.name)
        if field.name in _PLACES:
            changes[field.name] = value - by
        elif isinstance(value, tuple) and value and is_dataclass(value[0]) and isinstance(value[0], Placed):
            changes[field.name] = tuple(_moved(one, by) for one in value)
    return replace(placed, **changes)
