"""The registers, one file each."""

import sys

from ..declared import collect
from ..register import Register

REGISTERS: dict[str, Register] = collect(sys.modules[__name__], "REGISTER", Register)
"""Every register by its name."""
