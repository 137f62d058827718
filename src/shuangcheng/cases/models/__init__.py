"""The tables of the cases."""

from .cases import Case, CaseStep

__all__ = ["Case", "CaseStep"]
