"""The tables of the plan that can be filled in and imported."""

from typing import Any

from shuangcheng.core.table import Table

from .activities import TABLE as ACTIVITIES
from .filings import TABLE as FILINGS
from .items import ITEMS

TABLES: tuple[Table[Any], ...] = (ITEMS, FILINGS, ACTIVITIES)
