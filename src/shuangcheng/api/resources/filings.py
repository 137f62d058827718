"""Progress filing."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Filings", "Progress filing 推进情况报送: periods and what organisations file.", read=PLAN_READ, write=PLAN_WRITE
)
