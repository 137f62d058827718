"""The tables of the directory that can be filled in and imported."""

from .designations import DESIGNATIONS
from .organisations import ORGANISATIONS
from .programmes import PROGRAMMES

TABLES = (ORGANISATIONS, PROGRAMMES, DESIGNATIONS)
