"""What drafting and ending a data-sharing agreement is told."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.register import Asker
from shuangcheng.core.schema import Choice, Day, Input
from shuangcheng.core.text import _

GIVEN: JsonDict = {"choices": "given"}


class Part(Choice):
    """What this side does under an agreement 本方角色."""

    PROVIDER = "provider", _("本方提供，对方查询")
    RECIPIENT = "recipient", _("对方提供，本方查询")


class ScopeInput(Input):
    """With whom, about which register, and which way."""

    peer: Annotated[str, Field(max_length=20)] = Field(title=_("对方"), json_schema_extra=GIVEN)
    register_name: Annotated[str, Field(max_length=40)] = Field(title=_("登记簿"), json_schema_extra=GIVEN)
    part: Part = Field(title=_("本方角色"))


class TermsInput(Input):
    """What may be asked, by whom, on what law, how much and for how long."""

    purposes: tuple[Purpose, ...] = Field(title=_("用途"), min_length=1, json_schema_extra=GIVEN)
    bases: tuple[LegalBasis, ...] = Field(title=_("法律依据"), min_length=1, json_schema_extra=GIVEN)
    askers: tuple[Asker, ...] = Field(title=_("查询主体"), min_length=1, json_schema_extra=GIVEN)
    fields: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        title=_("数据项"), min_length=1, max_length=100, json_schema_extra=GIVEN
    )
    rows_a_letter: int = Field(1000, ge=1, le=10_000, title=_("每批最多条数"))
    rows_a_day: int = Field(20_000, ge=1, le=10_000_000, title=_("每天最多条数"))
    starts: Day = Field(title=_("生效日期"))
    ends: Day = Field(title=_("失效日期"), description=_("当天仍有效"))


class SharingReasonInput(Input):
    """Why something is handed back or ended."""

    reason: Annotated[str, Field(min_length=4, max_length=300)] = Field(title=_("理由"))
