"""What an uploaded file really is, decided from its bytes before any parser sees it; and the text in it."""

from .decoding import decode_text
from .extraction import extract_text
from .inspection import check_size, inspect
from .shapes import Extracted, Inspected, Kind, Limits

__all__ = ["Extracted", "Inspected", "Kind", "Limits", "check_size", "decode_text", "extract_text", "inspect"]
