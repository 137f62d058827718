"""What a look-up is told."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.basis import LegalBasis, Purpose
from shuangcheng.core.schema import Input
from shuangcheng.core.text import _

from .sharings import GIVEN

MOST_ROWS = 10_000
Value = Annotated[str, Field(max_length=200)]


class AskInput(Input):
    """What for, on what law, which fields, and where."""

    purpose: Purpose = Field(title=_("用途"), json_schema_extra=GIVEN)
    basis: LegalBasis = Field(title=_("法律依据"), json_schema_extra=GIVEN)
    fields: tuple[Annotated[str, Field(max_length=40)], ...] = Field(
        (), title=_("数据项"), max_length=100, description=_("不选即该用途需要的全部数据项"), json_schema_extra=GIVEN
    )
    node: Annotated[str, Field(max_length=20)] = Field(title=_("向谁查询"), json_schema_extra=GIVEN)
    organisation: Annotated[str, Field(max_length=120)] = Field("", title=_("查询单位"), json_schema_extra=GIVEN)
    matter: Annotated[str, Field(max_length=200)] = Field(
        "", title=_("事由"), description=_("如招聘批次、入学申请编号；只留在本节点")
    )


class RowInput(Input):
    """One question: exactly one of the sets of fields by which the register may be asked."""

    ref: Annotated[str, Field(max_length=40)] = Field("", title=_("行号"))
    by: dict[Annotated[str, Field(max_length=40)], Value] = Field(title=_("查询条件"), min_length=1, max_length=5)


class LookUpInput(AskInput):
    """A look-up of one record or many."""

    register_name: Annotated[str, Field(max_length=40)] = Field(title=_("登记簿"))
    rows: tuple[RowInput, ...] = Field(title=_("查询各行"), min_length=1, max_length=MOST_ROWS)
