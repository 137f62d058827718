"""The kinds of field that the directory's inputs share."""

import re
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import BeforeValidator, Field
from pydantic.config import JsonDict

from shuangcheng.core.identifiers import parse_credit_code, parse_school_code
from shuangcheng.core.outcome import refusal
from shuangcheng.core.text import _

LONGEST_NAME = 120


def _school_code(value: object) -> object:
    return parse_school_code(value).number if isinstance(value, str) and value.strip() else value


def _credit_code(value: object) -> object:
    return parse_credit_code(value).number if isinstance(value, str) and value.strip() else value


def _website(value: object) -> object:
    if isinstance(value, str) and value.strip() and not value.strip().lower().startswith(("https://", "http://")):
        raise refusal("url_not_read", _("网址应以 https:// 或 http:// 开头。"))
    return value


def _email(value: object) -> object:
    if isinstance(value, str) and value.strip():
        try:
            validate_email(value.strip())
        except ValidationError as error:
            raise refusal("email_not_read", _("电子邮箱应为“名称@域名”的形式。")) from error
    return value


def _former_names(value: object) -> object:
    if isinstance(value, str) and any(len(name.strip()) > LONGEST_NAME for name in re.split("[、，,；;|]", value)):
        raise refusal(
            "former_name_long", _("每个曾用名最多 %(limit)d 个字，多个曾用名请用顿号隔开。"), limit=LONGEST_NAME
        )
    return value


def _digest(value: object) -> object:
    text = value.strip().lower() if isinstance(value, str) else ""
    if re.fullmatch("[0-9a-f]{64}", text) is None:
        raise refusal("digest_not_read", _("摘要应为 64 位十六进制，只含数字 0–9 和字母 a–f。请完整复制后再核验。"))
    return text


_YES_NO = {"是": True, "否": False, "": False}


def _yes_no(value: object) -> object:
    return _YES_NO.get(value, value) if isinstance(value, str) else value


SchoolCode = Annotated[str, Field(max_length=20), BeforeValidator(_school_code)]
CreditCode = Annotated[str, Field(max_length=18), BeforeValidator(_credit_code)]
Website = Annotated[str, Field(max_length=200), BeforeValidator(_website)]
Email = Annotated[str, Field(max_length=254), BeforeValidator(_email)]
FormerNames = Annotated[str, Field(max_length=200), BeforeValidator(_former_names)]
Digest = Annotated[str, BeforeValidator(_digest), Field(pattern="^[0-9a-fA-F]{64}$", title=_("摘要"))]
Specialities = Annotated[str, Field(min_length=2, max_length=200, title=_("专长"), description=_("多项用顿号隔开"))]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Year = Annotated[int, Field(ge=1900, le=2100)]


def reference(kind: str) -> JsonDict:
    """The field names a thing of `kind`; pages offer suggestions while typing."""
    return {"reference": kind}


ActionPlan = Annotated[
    Annotated[int, Field(ge=1, le=10)] | None,
    Field(title=_("所属行动计划"), json_schema_extra={"choices": "action_plan"}),
]
"""The number of one of the ten action plans, or none."""
