"""Whether a teacher's certificate is real and in force 教师资格证书."""

from pydantic import Field

from ..basis import LegalBasis, Purpose
from ..identifiers import parse_id_card, parse_teacher_certificate
from ..register import Asker, Grant, Register
from ..schema import Choice, Day, Input, Line, OptionalDay, OptionalLine
from ..text import _


class Kind(Choice):
    """Kind of a teaching qualification 教师资格种类, 教师资格条例 art. 4."""

    KINDERGARTEN = "kindergarten", _("幼儿园教师资格")
    PRIMARY = "primary", _("小学教师资格")
    JUNIOR = "junior", _("初级中学教师资格")
    SENIOR = "senior", _("高级中学教师资格")
    VOCATIONAL = "vocational", _("中等职业学校教师资格")
    PRACTICE = "practice", _("中等职业学校实习指导教师资格")
    HIGHER = "higher", _("高等学校教师资格")


class Status(Choice):
    """Whether a certificate is in force 证书状态."""

    VALID = "valid", _("有效")
    REVOKED = "revoked", _("撤销")
    LOST = "lost", _("丧失")


class Record(Input):
    """A certificate."""

    certificate_number: Line = Field(title=_("教师资格证书号码"))
    name: Line = Field(title=_("姓名"))
    id_number: Line = Field(title=_("身份证号码"))
    kind: Kind = Field(title=_("资格种类"))
    subject: OptionalLine = Field("", title=_("任教学科"))
    issuer: Line = Field(title=_("认定机构"))
    issued_on: Day = Field(title=_("认定日期"))
    status: Status = Field(title=_("证书状态"))
    registered_until: OptionalDay = Field(None, title=_("定期注册有效期至"))


_VERIFIED = ("certificate_number", "name", "kind", "subject", "issuer", "issued_on", "status")

REGISTER = Register(
    name="teacher_certificate",
    title=_("教师资格证书"),
    record=Record,
    key="certificate_number",
    questions=(("name", "certificate_number"), ("name", "id_number"), ("name", "id_number", "certificate_number")),
    checks={
        "certificate_number": lambda text, today: parse_teacher_certificate(text, today=today).number,
        "id_number": lambda text, today: parse_id_card(text, today=today).number,
    },
    secret=("certificate_number", "id_number"),
    purposes={
        Purpose.RECRUITMENT: Grant(
            (*_VERIFIED, "registered_until"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.CONTRACT, LegalBasis.SEPARATE_CONSENT),
            (Asker.AUTHORITY, Asker.SCHOOL, Asker.UNIVERSITY),
        ),
        Purpose.TITLE_REVIEW: Grant(
            (*_VERIFIED, "registered_until"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.SEPARATE_CONSENT),
            (Asker.AUTHORITY, Asker.SCHOOL, Asker.UNIVERSITY),
        ),
        Purpose.SUPERVISION: Grant(
            ("certificate_number", "name", "kind", "subject", "status"),
            (LegalBasis.STATUTORY_DUTY,),
            (Asker.AUTHORITY,),
        ),
        Purpose.CORRECTION: Grant(_VERIFIED, (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)),
        Purpose.OWN_RECORD: Grant(tuple(Record.model_fields), (LegalBasis.SEPARATE_CONSENT,), (Asker.PERSON,)),
    },
    sample={
        "certificate_number": "20155000031000001",
        "name": "李老师",
        "id_number": "999999198503070014",
        "kind": "junior",
        "subject": "数学",
        "issuer": "某某区教育委员会",
        "issued_on": "2015-06-30",
        "status": "valid",
    },
    refused=(
        {"certificate_number": "2015500003100000"},
        {"id_number": "999999198503070010"},
        {"kind": "driver"},
        {"issued_on": ""},
        {"issuer": ""},
        {"salary": "1"},
    ),
)
