"""What the directory's actions are told; each class is the form, the API schema and the spreadsheet at once."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from shuangcheng.core.schema import Day, Input, Line, OptionalDay, OptionalLine, Prose
from shuangcheng.core.text import _

from . import terms
from .fields import (
    ActionPlan,
    CreditCode,
    Digest,
    FormerNames,
    SchoolCode,
    Specialities,
    Website,
    Year,
    YesNo,
    reference,
)


class OrganisationInput(Input):
    """An organisation 机构."""

    name: Annotated[str, Field(min_length=2, max_length=120, title=_("机构名称"), examples=["示例县职业教育中心"])]
    type: terms.OrganisationType = Field(title=_("机构类型"), examples=["中等职业学校"])
    division: Line = Field(
        title=_("所在区划"),
        description=_("六位区划代码，或“重庆市/渝中区”这样的全称"),
        examples=["500103"],
        json_schema_extra=reference("division"),
    )
    code: SchoolCode = Field("", title=_("学校标识码"), description=_("教育机构填写，十位数字"))
    credit_code: CreditCode = Field("", title=_("统一社会信用代码"), description=_("十八位，按国家标准校验"))
    authority: Annotated[str, Field(max_length=120)] = Field("", title=_("主管部门"), examples=["重庆市教育委员会"])
    level: Annotated[str, Field(max_length=20)] = Field("", title=_("办学层次"), examples=["本科"])
    private: YesNo = Field(False, title=_("民办"), examples=["否"])
    status: terms.OrganisationStatus = Field(terms.OrganisationStatus.ACTIVE, title=_("状态"), examples=["正常"])
    former_names: FormerNames = Field("", title=_("曾用名"), description=_("多个用顿号隔开"))
    website: Website = Field("", title=_("网址"))
    remark: Annotated[str, Field(max_length=500)] = Field("", title=_("备注"), json_schema_extra={"widget": "prose"})


class RenameInput(Input):
    """A change of name 更名."""

    name: Annotated[str, Field(min_length=2, max_length=120, title=_("新名称"))]
    since: Day = Field(title=_("启用日期"))
    basis: OptionalLine = Field("", title=_("批准文号"))


class MergeInput(Input):
    """A merger 并入."""

    into: Line = Field(title=_("并入机构"), json_schema_extra=reference("organisation"))
    basis: OptionalLine = Field("", title=_("批准文号"))


class ProgrammeInput(Input):
    """A programme of an organisation 专业点."""

    catalogue: terms.Catalogue = Field(title=_("专业目录"))
    code: Line = Field(title=_("专业代码"), json_schema_extra=reference("catalogue"))
    direction: Annotated[str, Field(max_length=100)] = Field("", title=_("专业方向"))
    years: Annotated[Decimal, Field(gt=0, le=10, decimal_places=1)] | None = Field(None, title=_("学制（年）"))
    opened: Year | None = Field(None, title=_("开办年份"))
    quota: Annotated[int, Field(ge=0, le=100_000)] | None = Field(None, title=_("年度招生计划（人）"))
    state: terms.ProgrammeState = Field(terms.ProgrammeState.OPEN, title=_("状态"))


class DesignationInput(Input):
    """A title held for a term 称号与认定."""

    title: Annotated[str, Field(min_length=2, max_length=100, title=_("称号"), examples=["产教融合型企业"])]
    level: terms.Level = Field(title=_("级别"))
    valid_from: OptionalDay = Field(None, title=_("认定日期"))
    valid_until: OptionalDay = Field(None, title=_("有效期至"))
    basis: OptionalLine = Field("", title=_("认定文件"))
    incentives: Prose = Field("", title=_("激励政策"), json_schema_extra={"widget": "prose"})


class AllianceInput(Input):
    """An alliance 联盟、职教集团、产教联合体等."""

    name: Annotated[str, Field(min_length=2, max_length=120, title=_("名称"))]
    kind: terms.AllianceKind = Field(title=_("类型"))
    field: terms.Field = Field(title=_("领域"))
    action_plan: ActionPlan = None
    division: Line = Field(title=_("秘书处所在区划"), json_schema_extra=reference("division"))
    lead: OptionalLine = Field(
        "",
        title=_("牵头单位"),
        description=_("不清楚时可以不填，以后登记"),
        json_schema_extra=reference("organisation"),
    )
    founded: OptionalDay = Field(None, title=_("成立日期"))
    purpose: Prose = Field("", title=_("宗旨"), json_schema_extra={"widget": "prose"})
    charter: Prose = Field("", title=_("章程"), json_schema_extra={"widget": "prose"})
    quorum_percent: Annotated[int, Field(ge=1, le=100)] = Field(67, title=_("法定人数（占理事会百分比）"))
    majority_percent: Annotated[int, Field(ge=1, le=99)] = Field(
        50, title=_("通过比例（赞成票须超过赞成与反对票的百分比）")
    )
    voting_days: Annotated[int, Field(ge=1, le=90)] = Field(14, title=_("表决期限（天）"))
    open_to_join: YesNo = Field(True, title=_("接受入会申请"))


class JoinInput(Input):
    """An application to join 入会申请."""

    organisation: Line = Field(title=_("申请单位"), json_schema_extra=reference("organisation"))
    statement: Annotated[str, Field(min_length=5, max_length=2000)] = Field(
        title=_("申请理由"), json_schema_extra={"widget": "prose"}
    )


class MemberInput(Input):
    """A member entered by the secretariat 登记成员."""

    organisation: Line = Field(title=_("成员单位"), json_schema_extra=reference("organisation"))
    role: terms.MemberRole = Field(terms.MemberRole.MEMBER, title=_("职务"))
    joined: OptionalDay = Field(None, title=_("加入日期"))


class BallotInput(Input):
    """A proposal to the council 提请表决."""

    kind: terms.BallotKind = Field(terms.BallotKind.RESOLUTION, title=_("表决事项"))
    title: Annotated[str, Field(min_length=2, max_length=200, title=_("标题"))]
    text: Prose = Field("", title=_("内容"), json_schema_extra={"widget": "prose"})
    member: OptionalLine = Field(
        "",
        title=_("成员单位"),
        description=_("表决“调整职务”时填写"),
        json_schema_extra=reference("organisation"),
    )
    role: terms.MemberRole | None = Field(None, title=_("拟任职务"), description=_("表决“调整职务”时填写"))
    closes_on: OptionalDay = Field(None, title=_("截止日期"), description=_("不填则按章程规定的期限"))


class VoteInput(Input):
    """A vote 表决."""

    organisation: Line = Field(title=_("理事单位"), json_schema_extra=reference("organisation"))
    choice: terms.VoteChoice = Field(title=_("表决意见"))
    comment: Annotated[str, Field(max_length=300)] = Field("", title=_("说明"))


class YearlyReportInput(Input):
    """A yearly report of an alliance 年度报告."""

    year: Year = Field(title=_("年度"))
    activities: Annotated[int, Field(ge=0, le=10_000)] = Field(title=_("活动次数"))
    participants: Annotated[int, Field(ge=0, le=100_000_000)] | None = Field(None, title=_("参与人次"))
    summary: Annotated[str, Field(min_length=10, max_length=20_000)] = Field(
        title=_("工作情况"), json_schema_extra={"widget": "prose"}
    )
    plans: Prose = Field("", title=_("下一年打算"), json_schema_extra={"widget": "prose"})


class AnswerInput(Input):
    """A decision with its reason 审核意见."""

    accept: YesNo = Field(title=_("同意"))
    answer: Annotated[str, Field(max_length=300)] = Field(
        "", title=_("意见"), description=_("不同意时须说明理由"), json_schema_extra={"widget": "prose"}
    )


class ZoneInput(Input):
    """A pair, border zone or pilot 结对、毗邻地区、试验区、示范区、试点."""

    name: Annotated[str, Field(min_length=2, max_length=120, title=_("名称"))]
    kind: terms.ZoneKind = Field(title=_("类型"))
    level: terms.Level = Field(title=_("级别"))
    aims_at: terms.Level | None = Field(None, title=_("拟升级别"))
    field: terms.Field = Field(terms.Field.MECHANISM, title=_("领域"))
    action_plan: ActionPlan = None
    divisions: tuple[str, ...] = Field(
        title=_("所涉区划"), min_length=1, max_length=60, json_schema_extra=reference("division")
    )
    leads: tuple[str, ...] = Field((), title=_("牵头单位"), max_length=20, json_schema_extra=reference("organisation"))
    valid_from: OptionalDay = Field(None, title=_("起始日期"))
    valid_until: OptionalDay = Field(None, title=_("截止日期"))
    basis: OptionalLine = Field("", title=_("依据文件"))
    tasks: Prose = Field("", title=_("主要任务"), json_schema_extra={"widget": "prose"})


class AgreementInput(Input):
    """An agreement 合作协议."""

    title: Annotated[str, Field(min_length=2, max_length=200, title=_("协议名称"))]
    number: Annotated[str, Field(max_length=60)] = Field("", title=_("文号"))
    field: terms.Field = Field(terms.Field.MECHANISM, title=_("领域"))
    action_plan: ActionPlan = None
    parties: tuple[str, ...] = Field(
        title=_("签约各方"), min_length=2, max_length=60, json_schema_extra=reference("organisation")
    )
    alliance: OptionalLine = Field("", title=_("所属联盟"), json_schema_extra=reference("alliance"))
    zone: OptionalLine = Field("", title=_("所属结对或试点"), json_schema_extra=reference("zone"))
    signed: OptionalDay = Field(None, title=_("签署日期"))
    expires: OptionalDay = Field(None, title=_("有效期至"))
    text: Annotated[str, Field(max_length=200_000)] = Field(
        "", title=_("协议正文"), json_schema_extra={"widget": "prose"}
    )


class VerifyInput(Input):
    """A digest to look for 核验."""

    digest: Digest


class ExpertInput(Input):
    """A nomination to the expert pool 专家推荐."""

    name: Annotated[str, Field(min_length=2, max_length=60, title=_("姓名"))]
    employer: Line = Field(title=_("所在单位"), json_schema_extra=reference("organisation"))
    nominated_by: Line = Field(title=_("推荐单位"), json_schema_extra=reference("organisation"))
    title: Annotated[str, Field(max_length=60)] = Field("", title=_("职称"))
    field: terms.Field = Field(title=_("领域"))
    specialities: Specialities
    login: OptionalLine = Field(
        "", title=_("登录名"), description=_("本人已有账号的请填写；没有的可以不填，入库后再开通")
    )


class ExpertEditInput(Input):
    """What is corrected about an expert in the pool 专家信息."""

    employer: Line = Field(title=_("所在单位"), json_schema_extra=reference("organisation"))
    title: Annotated[str, Field(max_length=60)] = Field("", title=_("职称"))
    field: terms.Field = Field(title=_("领域"))
    specialities: Specialities


class AvoidanceInput(Input):
    """A relation that keeps an expert from judging 回避关系."""

    organisation: OptionalLine = Field("", title=_("回避单位"), json_schema_extra=reference("organisation"))
    person: OptionalLine = Field("", title=_("回避专家"), json_schema_extra=reference("expert"))
    reason: Line = Field(title=_("回避事由"))
    valid_until: OptionalDay = Field(None, title=_("有效期至"))


class InvitationInput(Input):
    """An invitation to an expert 邀请."""

    host: Line = Field(title=_("邀请单位"), json_schema_extra=reference("organisation"))
    task: Line = Field(title=_("任务"))
    begins: Day = Field(title=_("开始日期"))
    ends: Day = Field(title=_("结束日期"))


class ServiceResultInput(Input):
    """What an expert did 服务记录."""

    hours: Annotated[Decimal, Field(gt=0, le=10_000, decimal_places=1)] = Field(title=_("学时或工时"))
    result: Prose = Field("", title=_("完成情况"), json_schema_extra={"widget": "prose"})
