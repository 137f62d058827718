"""Plans, proposals and approvals."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Plans", "Lists 清单 that both sides approve, and what is proposed for them.", read=PLAN_READ, write=PLAN_WRITE
)
