"""The tables of the plan that can be filled in and imported."""

from typing import Any

from shuangcheng.core.table import Table

TABLES: tuple[Table[Any], ...] = ()
