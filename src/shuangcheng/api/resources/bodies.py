"""Joint bodies, sessions, minutes, consultations."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Joint bodies",
    "Joint meetings 联席会议, joint offices 联合办公室, task forces 专项工作组, their sessions and minutes.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)
