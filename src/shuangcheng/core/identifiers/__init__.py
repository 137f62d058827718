"""Numbers of people, organisations and places: parse and check.

Every `parse_…` function takes the number as a person typed it, and returns a frozen dataclass or raises `Refused` with
a sentence for each thing that is wrong. Numbers are compared and stored in the spelling that `normalise` gives.
"""

from .certificate import TeacherCertificate, parse_teacher_certificate
from .credit_code import CreditCode, OrganisationCode, parse_credit_code, parse_organisation_code
from .division import DivisionCode, DivisionLevel, parse_division_code
from .id_card import IdCard, Sex, invented_id_number, parse_id_card
from .masks import mask_id_number, mask_name
from .pupil_number import PupilNumber, PupilNumberKind, parse_pupil_number
from .school_code import SchoolCode, parse_school_code
from .spelling import normalise

__all__ = [
    "CreditCode",
    "DivisionCode",
    "DivisionLevel",
    "IdCard",
    "OrganisationCode",
    "PupilNumber",
    "PupilNumberKind",
    "SchoolCode",
    "Sex",
    "TeacherCertificate",
    "invented_id_number",
    "mask_id_number",
    "mask_name",
    "normalise",
    "parse_credit_code",
    "parse_division_code",
    "parse_id_card",
    "parse_organisation_code",
    "parse_pupil_number",
    "parse_school_code",
    "parse_teacher_certificate",
]
