"""The activity ledger and what is sought."""

from ..section import PLAN_READ, PLAN_WRITE, Section

section = Section(
    "Ledger",
    "The activity ledger 活动台账, and what is sought from above 共同争取事项.",
    read=PLAN_READ,
    write=PLAN_WRITE,
)
