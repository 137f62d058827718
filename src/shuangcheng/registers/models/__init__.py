"""Tables of the room."""

from .asking import Access, Alert, LookUp
from .connector import Connector
from .holdings import Holding
from .sharing import AskedToday, Consent, Sharing, WithdrawalList, Withdrawn

__all__ = [
    "Access",
    "Alert",
    "AskedToday",
    "Connector",
    "Consent",
    "Holding",
    "LookUp",
    "Sharing",
    "WithdrawalList",
    "Withdrawn",
]
