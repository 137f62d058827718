"""The letter types, one file each."""

import sys

from ..declared import collect
from ..letter import LetterType

LETTERS: dict[str, LetterType] = {
    declared.full_name: declared for declared in collect(sys.modules[__name__], "LETTER", LetterType).values()
}
"""Every letter type by its name with its version, as it stands in a letter."""
