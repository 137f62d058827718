"""The tables that the installed rooms declare."""

import sys
from typing import Any

from django.apps import apps

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.table import Table
from shuangcheng.core.text import _


def tables() -> dict[str, Table[Any]]:
    """Every table by name, in the order of the rooms; the modules are loaded when the desk starts."""
    modules = (sys.modules.get(f"{room.name}.tables") for room in apps.get_app_configs())
    return {table.name: table for module in modules for table in getattr(module, "TABLES", ())}


def table_named(name: str) -> Table[Any]:
    """The table `name`, or `Refused`."""
    found = tables().get(name)
    if found is None:
        raise refusal("table", _("没有“%(name)s”这种导入表。"), where="table", why=Why.MISSING, name=name[:40])
    return found
