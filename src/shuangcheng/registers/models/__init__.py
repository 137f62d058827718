"""Tables of the room."""

from .asking import Access, Alert, LookUp
from .holdings import Holding
from .sharing import AskedToday, Consent, Sharing, WithdrawalList, Withdrawn

__all__ = [
    "Access",
    "Alert",
    "AskedToday",
    "Consent",
    "Holding",
    "LookUp",
    "Sharing",
    "WithdrawalList",
    "Withdrawn",
]
