"""The joint procedures, one file each."""

import sys

from ..declared import collect
from ..procedure import Procedure

PROCEDURES: dict[str, Procedure] = collect(sys.modules[__name__], "PROCEDURE", Procedure)
"""Every procedure by its name."""
