"""Tables of the directory."""

from .account import Account, ApiToken
from .agreement import Agreement, AgreementVersion
from .alliance import Alliance, Ballot, Membership, Vote, YearlyReport
from .audit import AuditLine
from .catalogue import CatalogueEntry
from .division import Division
from .expert import Avoidance, Expert, Service
from .loaded import LoadedFile
from .organisation import Designation, Organisation, OrganisationName, Programme
from .person import Grant, Person, PersonNumber
from .zone import Zone

__all__ = [
    "Account",
    "Agreement",
    "AgreementVersion",
    "Alliance",
    "ApiToken",
    "AuditLine",
    "Avoidance",
    "Ballot",
    "CatalogueEntry",
    "Designation",
    "Division",
    "Expert",
    "Grant",
    "LoadedFile",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Person",
    "PersonNumber",
    "Programme",
    "Service",
    "Vote",
    "YearlyReport",
    "Zone",
]
