"""Whether and where a pupil is enrolled 学籍."""

from pydantic import Field

from ..basis import LegalBasis, Purpose
from ..identifiers import parse_id_card, parse_pupil_number, parse_school_code
from ..register import Asker, Grant, Register
from ..schema import Choice, Day, Input, Line, OptionalLine
from ..text import _


class Stage(Choice):
    """What a pupil studies for 学段."""

    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("普通高中")
    VOCATIONAL = "vocational", _("中等职业教育")


class Status(Choice):
    """State of an enrolment 学籍状态."""

    ENROLLED = "enrolled", _("在籍在读")
    SUSPENDED = "suspended", _("休学")
    LEFT = "left", _("转出")
    WITHDRAWN = "withdrawn", _("退学")
    GRADUATED = "graduated", _("毕业")


class Record(Input):
    """A pupil's enrolment."""

    pupil_number: Line = Field(title=_("全国学籍号"))
    name: Line = Field(title=_("姓名"))
    id_number: OptionalLine = Field("", title=_("身份证号码"))
    school_name: Line = Field(title=_("就读学校"))
    school_code: Line = Field(title=_("学校标识码"))
    stage: Stage = Field(title=_("学段"))
    grade: Line = Field(title=_("年级"))
    enrolled_on: Day = Field(title=_("入学日期"))
    status: Status = Field(title=_("学籍状态"))


_PLACE = ("school_name", "school_code", "stage", "grade", "status")

REGISTER = Register(
    name="student_status",
    title=_("学籍"),
    record=Record,
    key="pupil_number",
    questions=(("name", "pupil_number"), ("name", "id_number")),
    checks={
        "pupil_number": lambda text, today: parse_pupil_number(text, today=today).number,
        "id_number": lambda text, today: parse_id_card(text, today=today).number,
        "school_code": lambda text, _today: parse_school_code(text).number,
    },
    secret=("pupil_number", "id_number"),
    purposes={
        Purpose.ENROLMENT: Grant(
            ("name", "stage", "grade", "status"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.GUARDIAN_CONSENT, LegalBasis.SEPARATE_CONSENT),
            (Asker.AUTHORITY, Asker.SCHOOL),
        ),
        Purpose.TRANSFER: Grant(
            ("pupil_number", "name", *_PLACE, "enrolled_on"),
            (LegalBasis.STATUTORY_DUTY,),
            (Asker.AUTHORITY, Asker.SCHOOL),
        ),
        Purpose.ADMISSION: Grant(
            ("name", "school_name", "stage", "enrolled_on", "status"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.GUARDIAN_CONSENT, LegalBasis.SEPARATE_CONSENT),
            (Asker.AUTHORITY, Asker.UNIVERSITY),
        ),
        Purpose.CORRECTION: Grant(
            ("pupil_number", "name", *_PLACE, "enrolled_on"), (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)
        ),
        Purpose.OWN_RECORD: Grant(
            tuple(Record.model_fields),
            (LegalBasis.SEPARATE_CONSENT, LegalBasis.GUARDIAN_CONSENT),
            (Asker.PERSON,),
        ),
    },
    sample={
        "pupil_number": "L999999201509010123",
        "name": "王小明",
        "school_name": "某某小学",
        "school_code": "2150000001",
        "stage": "primary",
        "grade": "五年级",
        "enrolled_on": "2021-09-01",
        "status": "enrolled",
    },
    refused=(
        {"pupil_number": "X999999201509011235"},
        {"id_number": "999999201509011234"},
        {"school_code": "12"},
        {"stage": "kindergarten"},
        {"status": ""},
        {"enrolled_on": "2021-02-30"},
        {"score": "100"},
    ),
)
