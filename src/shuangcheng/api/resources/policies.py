"""Policy documents, their versions and clauses."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Policies", "Policy documents 政策文件, their versions and clauses 条款.", read=PLAN_READ, write=PLAN_WRITE
)
