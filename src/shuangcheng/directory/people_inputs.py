"""What the actions on people are told: names, accounts, roles, tokens."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Input, Line, OptionalDay, OptionalLine
from shuangcheng.core.text import _

from . import terms
from .fields import Email, YesNo, reference

Login = Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[A-Za-z0-9_.@-]+$")]


class PersonInput(Input):
    """A person with an account 人员与账号."""

    name: Annotated[str, Field(min_length=2, max_length=60, title=_("姓名"))]
    login: Login = Field(title=_("登录名"), description=_("字母、数字、点、横线和下划线"))
    role: terms.Role = Field(title=_("角色"))
    organisation: Line = Field(title=_("所在单位"), json_schema_extra=reference("organisation"))
    id_number: OptionalLine = Field("", title=_("居民身份证号"), description=_("加密保存，页面只显示首尾"))


class NameInput(Input):
    """The right name of a person 更正姓名."""

    name: Annotated[str, Field(min_length=2, max_length=60, title=_("姓名"))]
    basis: Line = Field(title=_("更正依据"), description=_("如身份证件、公安机关变更证明；记入审计"))


class AccountInput(Input):
    """An account for a person who is entered already 开通账号."""

    login: Login = Field(title=_("登录名"), description=_("字母、数字、点、横线和下划线"))


class MailInput(Input):
    """Where reminders go 邮箱与邮件提醒."""

    email: Email = Field("", title=_("电子邮箱"), description=_("不填则不发邮件"))
    wants_mail: YesNo = Field(False, title=_("同时用邮件发送每周提醒"))


class GrantInput(Input):
    """A role for a person 任职."""

    role: terms.Role = Field(title=_("角色"))
    organisation: Line = Field(title=_("所在单位"), json_schema_extra=reference("organisation"))
    valid_until: OptionalDay = Field(None, title=_("任期至"))


class TokenInput(Input):
    """A token for a program 接口令牌."""

    name: Annotated[str, Field(min_length=2, max_length=80, title=_("用途"))]
    scopes: tuple[str, ...] = Field(title=_("权限"), min_length=1, json_schema_extra={"choices": "scopes"})
    days: Annotated[int, Field(ge=1, le=365)] = Field(90, title=_("有效天数"))
