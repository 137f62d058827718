"""Inputs of sessions: the meeting, its agenda, attendance, minutes and resolutions."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from shuangcheng.core.schema import Input, Line, OptionalDay, OptionalLine
from shuangcheng.core.text import _
from shuangcheng.directory.fields import YesNo, reference

PROSE: JsonDict = {"widget": "prose"}


class SessionInput(Input):
    """A numbered session 会议."""

    number: Annotated[int, Field(ge=1, le=999)] = Field(title=_("届次"), description=_("第几次会议"))
    title: OptionalLine = Field("", title=_("会议名称"), description=_("空着时按“机构名称＋第几次会议”"))
    on: OptionalDay = Field(None, title=_("会议日期"))
    place: Annotated[str, Field(max_length=120)] = Field("", title=_("地点"))
    host: OptionalLine = Field("", title=_("承办单位"), json_schema_extra=reference("organisation"))


class MatterInput(Input):
    """A matter for the agenda 议题."""

    title: Annotated[str, Field(min_length=2, max_length=200, title=_("议题"))]
    detail: Annotated[str, Field(max_length=300)] = Field("", title=_("说明"))
    item: OptionalLine = Field("", title=_("相关事项"), json_schema_extra=reference("item"))


class OutcomeInput(Input):
    """What was decided about a matter 议定情况."""

    outcome: Annotated[str, Field(max_length=2000)] = Field("", title=_("议定情况"), json_schema_extra=PROSE)


class AttendanceLineInput(Input):
    """Whether an organisation came 出席情况."""

    organisation: Line = Field(title=_("单位"), json_schema_extra=reference("organisation"))
    post: Annotated[str, Field(max_length=60)] = Field("", title=_("职务"))
    present: YesNo = Field(True, title=_("出席"))
    people: Annotated[int, Field(ge=0, le=500)] = Field(1, title=_("人数"))


class AttendanceInput(Input):
    """Who came to a session 出席."""

    lines: tuple[AttendanceLineInput, ...] = Field(title=_("出席单位"), max_length=200)


class MinutesInput(Input):
    """Minutes 会议纪要."""

    text: Annotated[str, Field(min_length=10, max_length=50_000)] = Field(title=_("纪要正文"), json_schema_extra=PROSE)


class ResolutionInput(Input):
    """What a session decided 议定事项."""

    text: Annotated[str, Field(min_length=2, max_length=2000)] = Field(title=_("议定事项"), json_schema_extra=PROSE)
    agenda: OptionalLine = Field("", title=_("对应议题"), description=_("议题的序号，可不填"))
    lead_cq: OptionalLine = Field("", title=_("重庆牵头单位"), json_schema_extra=reference("organisation"))
    lead_sc: OptionalLine = Field("", title=_("四川牵头单位"), json_schema_extra=reference("organisation"))
    due: OptionalDay = Field(None, title=_("完成期限"))


class DigestInput(Input):
    """The fingerprint of the minutes that were read 纪要指纹."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(title=_("纪要指纹"))
