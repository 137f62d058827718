"""Inputs of the policy library: documents, pasted texts, newer texts, links."""

from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Input, OptionalDay, OptionalLine
from shuangcheng.core.text import _
from shuangcheng.directory import terms as directory
from shuangcheng.directory.fields import reference

from .. import terms

MOST_TEXT = 200_000
"""Characters of one text that is taken in."""

Title = Annotated[str, Field(min_length=2, max_length=300)]
Number = Annotated[str, Field(max_length=80)]


class PolicyInput(Input):
    """What stands on the title page of a document 政策文件."""

    title: Title = Field(title=_("文件名称"), examples=["成渝地区双城经济圈教育协同发展行动计划"])
    issuers: tuple[OptionalLine, ...] = Field((), title=_("发文机关"), max_length=30)
    doc_number: Number = Field("", title=_("发文字号"), examples=["渝教发〔2021〕8号"])
    issued: OptionalDay = Field(None, title=_("成文日期"))
    published: OptionalDay = Field(None, title=_("公开日期"))
    state: terms.PolicyState = Field(terms.PolicyState.IN_FORCE, title=_("效力"))
    lapses: OptionalDay = Field(None, title=_("有效期至"))
    side: terms.Sides = Field(terms.Sides.BOTH, title=_("适用"))
    field: directory.Field = Field(title=_("领域"), examples=["职业教育"])
    remark: Annotated[str, Field(max_length=500)] = Field("", title=_("备注"), json_schema_extra={"widget": "prose"})
    source: OptionalLine = Field("", title=_("来源"))


class TextInput(Input):
    """A text that is pasted 粘贴的文本."""

    name: OptionalLine = Field("", title=_("名称"), description=_("不填则取正文的前几个字"))
    text: Annotated[str, Field(min_length=20, max_length=MOST_TEXT)] = Field(
        title=_("正文"), json_schema_extra={"widget": "prose"}
    )


class RenewInput(Input):
    """Which document a text is a newer text of 更新文本."""

    policy: Title = Field(title=_("所更新的文件"), json_schema_extra=reference("policy"))
    note: Annotated[str, Field(max_length=300)] = Field("", title=_("更新说明"))


class LinkInput(Input):
    """What a document does with another 文件关系."""

    kind: terms.LinkKind = Field(title=_("关系"))
    title: Title = Field(title=_("文件名称"))
    doc_number: Number = Field("", title=_("发文字号"))
