"""Loads the reference files beside this package into the directory; a second time there is nothing to do."""

from .run import Progress, load

__all__ = ["Progress", "load"]
