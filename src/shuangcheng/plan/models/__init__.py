"""The tables of the plan."""

from .bodies import Body, BodyReport, Consultation, Seat
from .filings import Filing, Period
from .items import Item, Observation, Progress, Remark, Target
from .ledger import Activity, Sought
from .plans import Plan, PlanApproval, PlanVersion, Proposal
from .policies import Clause, Intake, Policy, PolicyLink, PolicyVersion
from .sessions import AgendaEntry, Attendance, MinutesConfirmation, Resolution, Session

__all__ = [
    "Activity",
    "AgendaEntry",
    "Attendance",
    "Body",
    "BodyReport",
    "Clause",
    "Consultation",
    "Filing",
    "Intake",
    "Item",
    "MinutesConfirmation",
    "Observation",
    "Period",
    "Plan",
    "PlanApproval",
    "PlanVersion",
    "Policy",
    "PolicyLink",
    "PolicyVersion",
    "Progress",
    "Proposal",
    "Remark",
    "Resolution",
    "Seat",
    "Session",
    "Sought",
    "Target",
]
