"""National catalogues and classifications."""

from datetime import datetime

from shuangcheng.directory.models import CatalogueEntry

from .rows import Table
from .write import Written, merge

LEAVES = {
    "undergraduate_2026": {"专业"},
    "vocational_college_2026": {"专业"},
    "graduate_2022": {"一级学科", "专业学位"},
    "industry_gb4754_2017": {"小类"},
    "occupation_2022": {"细类"},
}
"""The levels that stand for themselves; the others are groups of them."""


def write(table: Table, at: datetime) -> Written:
    """Write every line of every catalogue."""
    present = {(entry.catalogue, entry.code): entry for entry in CatalogueEntry.objects.all()}
    wanted = {
        (row["catalogue"], row["code"]): {**row, "leaf": row["level"] in LEAVES[row["catalogue"]]} for row in table.rows
    }
    return merge(CatalogueEntry, present=present, wanted=wanted, at=None)
