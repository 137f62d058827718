"""Where a graduate went 毕业生就业."""

from typing import Annotated

from pydantic import Field

from ..basis import LegalBasis, Purpose
from ..identifiers import parse_id_card
from ..register import Asker, Grant, Register
from ..schema import Choice, Day, Input, Line, OptionalLine
from ..text import _


class Level(Choice):
    """What was completed 学历层次."""

    SECONDARY = "secondary", _("中等职业教育")
    COLLEGE = "college", _("专科")
    BACHELOR = "bachelor", _("本科")
    MASTER = "master", _("硕士研究生")
    DOCTOR = "doctor", _("博士研究生")


class Destination(Choice):
    """Where a graduate went 毕业去向."""

    AGREEMENT = "agreement", _("签就业协议")
    CONTRACT = "contract", _("签劳动合同")
    FLEXIBLE = "flexible", _("灵活就业")
    STARTUP = "startup", _("自主创业")
    STUDY = "study", _("升学")
    ENLISTED = "enlisted", _("应征入伍")
    SEEKING = "seeking", _("待就业")


class Record(Input):
    """A graduate's destination."""

    diploma_number: Line = Field(title=_("毕业证书编号"))
    name: Line = Field(title=_("姓名"))
    id_number: Line = Field(title=_("身份证号码"))
    university: Line = Field(title=_("毕业学校"))
    programme_code: OptionalLine = Field("", title=_("专业代码"))
    programme: Line = Field(title=_("专业名称"))
    level: Level = Field(title=_("学历层次"))
    year: Annotated[int, Field(ge=1950, le=2200)] = Field(title=_("毕业年份"))
    destination: Destination = Field(title=_("毕业去向"))
    employer: OptionalLine = Field("", title=_("就业单位"))
    employer_division: OptionalLine = Field("", title=_("单位所在地"))
    industry: OptionalLine = Field("", title=_("单位行业"))
    confirmed_on: Day = Field(title=_("登记日期"))


_STUDIED = ("university", "programme_code", "programme", "level", "year")
_WENT = ("destination", "employer_division", "industry")

REGISTER = Register(
    name="graduate_employment",
    title=_("毕业生就业"),
    record=Record,
    key="diploma_number",
    questions=(("name", "id_number"), ("name", "diploma_number")),
    checks={"id_number": lambda text, today: parse_id_card(text, today=today).number},
    secret=("diploma_number", "id_number"),
    purposes={
        Purpose.EMPLOYMENT_SERVICE: Grant(
            ("name", *_STUDIED, *_WENT, "confirmed_on"),
            (LegalBasis.STATUTORY_DUTY, LegalBasis.SEPARATE_CONSENT),
            (Asker.AUTHORITY, Asker.UNIVERSITY),
        ),
        Purpose.STATISTICS: Grant(
            (*_STUDIED, *_WENT), (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY, Asker.UNIVERSITY)
        ),
        Purpose.CORRECTION: Grant(
            ("name", *_STUDIED, *_WENT, "employer", "confirmed_on"), (LegalBasis.STATUTORY_DUTY,), (Asker.AUTHORITY,)
        ),
        Purpose.OWN_RECORD: Grant(tuple(Record.model_fields), (LegalBasis.SEPARATE_CONSENT,), (Asker.PERSON,)),
    },
    sample={
        "diploma_number": "100001202305000001",
        "name": "张毕业",
        "id_number": "999999198503070014",
        "university": "某某大学",
        "programme_code": "080901",
        "programme": "计算机科学与技术",
        "level": "bachelor",
        "year": "2023",
        "destination": "contract",
        "employer": "某某科技有限公司",
        "employer_division": "510100",
        "industry": "I65",
        "confirmed_on": "2023-08-31",
    },
    refused=(
        {"id_number": "99999919850307001"},
        {"year": "23"},
        {"level": "school"},
        {"destination": "moon"},
        {"confirmed_on": "昨天"},
        {"salary": "9000"},
    ),
)
