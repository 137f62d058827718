"""Who may run a school, and until when 办学许可."""

from pydantic import Field

from ..basis import LegalBasis, Purpose
from ..identifiers import parse_credit_code
from ..register import Asker, Grant, Register
from ..schema import Choice, Day, Input, Line, OptionalDay, OptionalLine
from ..text import _


class Kind(Choice):
    """What may be run 办学类型."""

    KINDERGARTEN = "kindergarten", _("民办幼儿园")
    SCHOOL = "school", _("民办中小学")
    VOCATIONAL = "vocational", _("民办中等职业学校")
    UNIVERSITY = "university", _("民办高等学校")
    TUTORING = "tutoring", _("校外培训机构")


class Status(Choice):
    """Whether a licence is in force 许可状态."""

    VALID = "valid", _("有效")
    EXPIRED = "expired", _("过期")
    SUSPENDED = "suspended", _("暂停")
    REVOKED = "revoked", _("吊销")
    CANCELLED = "cancelled", _("注销")


class Record(Input):
    """A licence; all of it is public, 民办教育促进法 and 政府信息公开条例."""

    licence_number: Line = Field(title=_("办学许可证号"))
    name: Line = Field(title=_("学校名称"))
    credit_code: OptionalLine = Field("", title=_("统一社会信用代码"))
    kind: Kind = Field(title=_("办学类型"))
    scope: Line = Field(title=_("办学内容"))
    sponsor: Line = Field(title=_("举办者"))
    head: OptionalLine = Field("", title=_("校长"))
    address: Line = Field(title=_("办学地址"))
    authority: Line = Field(title=_("发证机关"))
    valid_from: Day = Field(title=_("有效期自"))
    valid_until: OptionalDay = Field(None, title=_("有效期至"))
    status: Status = Field(title=_("许可状态"))


_ALL = tuple(Record.model_fields)

REGISTER = Register(
    name="school_licence",
    title=_("办学许可"),
    record=Record,
    key="licence_number",
    questions=(("name",), ("licence_number",), ("credit_code",)),
    checks={"credit_code": lambda text, _today: parse_credit_code(text).number},
    purposes={
        Purpose.LICENSING: Grant(_ALL, (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)),
        Purpose.SUPERVISION: Grant(_ALL, (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)),
        Purpose.RECRUITMENT: Grant(
            ("licence_number", "name", "kind", "scope", "authority", "valid_from", "valid_until", "status"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.CONTRACT),
            (Asker.AUTHORITY, Asker.SCHOOL, Asker.UNIVERSITY),
        ),
        Purpose.CORRECTION: Grant(_ALL, (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)),
    },
    exact=False,
    no_match=_("没有查到这所学校的办学许可。请核对名称、许可证号或统一社会信用代码。"),
    sample={
        "licence_number": "教民250010370000011号",
        "name": "某某实验学校",
        "kind": "school",
        "scope": "九年一贯制义务教育",
        "sponsor": "某某教育投资有限公司",
        "head": "赵校长",
        "address": "某某路1号",
        "authority": "某某区教育委员会",
        "valid_from": "2022-01-01",
        "valid_until": "2026-12-31",
        "status": "valid",
    },
    refused=(
        {"credit_code": "91500000000000000A"},
        {"kind": "bank"},
        {"status": "maybe"},
        {"valid_from": ""},
        {"sponsor": ""},
        {"owner": "x"},
    ),
)
