"""Items of the list, targets, progress, discussion."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Items",
    "Measures 举措, projects 项目, milestones 节点, their targets and progress.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)
