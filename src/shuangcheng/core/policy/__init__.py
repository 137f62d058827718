"""Reads Chinese policy documents: text in; sections, measures, targets, responsible bodies out, each with its place."""

from .document import NOTHING, read
from .shapes import (
    Body,
    Comparator,
    Document,
    DocumentKind,
    Measure,
    Named,
    NamedKind,
    PastFigure,
    Placed,
    Role,
    Section,
    Target,
    TargetKind,
)

__all__ = [
    "NOTHING",
    "Body",
    "Comparator",
    "Document",
    "DocumentKind",
    "Measure",
    "Named",
    "NamedKind",
    "PastFigure",
    "Placed",
    "Role",
    "Section",
    "Target",
    "TargetKind",
    "read",
]
