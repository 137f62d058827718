"""The demonstration: what public sources name, and invented people and situations, marked so."""

from .backend import PASSWORD
from .load import accounts, load

__all__ = ["PASSWORD", "accounts", "load"]
