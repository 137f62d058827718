"""Tables of the room."""

from .holdings import Holding

__all__ = ["Holding"]
