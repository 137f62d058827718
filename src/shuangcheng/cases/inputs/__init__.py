"""What the actions of the cases are told."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from shuangcheng.core.schema import Input, Prose
from shuangcheng.core.text import _

PROSE: JsonDict = {"widget": "prose"}


class OpenInput(Input):
    """What is wrong with a record, and whose it is."""

    title: Annotated[str, Field(min_length=2, max_length=100, title=_("事由"), examples=["学籍状态有误"])]
    holder: Annotated[str, Field(title=_("记录由谁持有"), json_schema_extra={"choices": "authority"})]
    register_name: Annotated[str, Field(title=_("登记簿"), json_schema_extra={"choices": "register"})]
    person: Annotated[str, Field(min_length=1, max_length=100, title=_("当事人姓名"))]
    person_number: Annotated[str, Field(max_length=40)] = Field(
        "", title=_("当事人证件号码"), description=_("居民身份证号码，加密保存，只给对方经办人核对")
    )
    told: Annotated[Prose, Field(min_length=4, max_length=2000)] = Field(title=_("存在的问题"), json_schema_extra=PROSE)
    wanted: Annotated[Prose, Field(max_length=2000)] = Field("", title=_("请求更正为"), json_schema_extra=PROSE)


class StepInput(Input):
    """What is done next."""

    way: Annotated[str, Field(min_length=1, max_length=40, title=_("办理结果"))]
    remark: Annotated[Prose, Field(max_length=2000)] = Field("", title=_("备注"), json_schema_extra=PROSE)
