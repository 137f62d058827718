"""The closed lists of the directory: types, states and roles with their Chinese terms."""

from shuangcheng.core.schema import Choice
from shuangcheng.core.text import _


class Side(Choice):
    """Which of the two authorities a thing belongs to 渝/川; a name, never read from a person's number."""

    CHONGQING = "cq", _("重庆")
    SICHUAN = "sc", _("四川")
    OTHER = "other", _("其他地区")


SIDES = {"500000": Side.CHONGQING.value, "510000": Side.SICHUAN.value}
"""Code of a province -> the side whose territory it is."""


class DivisionLevel(Choice):
    """Level of an administrative division 行政区划级别."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("地级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡级")


class OrganisationType(Choice):
    """Type of an organisation 机构类型."""

    AUTHORITY = "authority", _("政府与教育行政部门")
    UNIVERSITY = "university", _("本科高校")
    COLLEGE = "college", _("高职高专院校")
    SECONDARY_VOCATIONAL = "secondary_vocational", _("中等职业学校")
    SCHOOL = "school", _("中小学校")
    KINDERGARTEN = "kindergarten", _("幼儿园")
    BASE = "base", _("实践与研学基地")
    MUSEUM_LIBRARY = "museum_library", _("博物馆和图书馆")
    ENTERPRISE = "enterprise", _("企业")
    RESEARCH_INSTITUTE = "research_institute", _("科研院所")
    PARK = "park", _("产业园区")
    ALLIANCE = "alliance", _("联盟与共同体")


class OrganisationStatus(Choice):
    """Whether an organisation works 办学状态."""

    ACTIVE = "active", _("正常")
    PREPARING = "preparing", _("筹建")
    MERGED = "merged", _("已并入")
    CLOSED = "closed", _("已撤销")


class ProgrammeState(Choice):
    """State of a programme 专业点状态."""

    OPEN = "open", _("招生")
    SUSPENDED = "suspended", _("暂停招生")
    CLOSED = "closed", _("已撤销")


class Catalogue(Choice):
    """National catalogues and classifications 目录与分类."""

    UNDERGRADUATE = "undergraduate_2026", _("本科专业目录（2026年）")
    VOCATIONAL_COLLEGE = "vocational_college_2026", _("高职专科专业目录（2026年）")
    GRADUATE = "graduate_2022", _("研究生教育学科专业目录（2022年）")
    INDUSTRY = "industry_gb4754_2017", _("国民经济行业分类（GB/T 4754—2017）")
    OCCUPATION = "occupation_2022", _("职业分类大典（2022年版）")


class AllianceKind(Choice):
    """Kind of an alliance 联合体类型."""

    ALLIANCE = "alliance", _("联盟")
    VOCATIONAL_GROUP = "vocational_group", _("职教集团")
    INDUSTRY_EDUCATION_UNION = "industry_education_union", _("产教联合体")
    INDUSTRY_EDUCATION_COMMUNITY = "industry_education_community", _("产教融合共同体")
    STEERING_COMMITTEE = "steering_committee", _("行业指导委员会")
    INDUSTRY_COLLEGE = "industry_college", _("产业学院")
    EDUCATION_COMMUNITY = "education_community", _("教育共同体")
    EDUCATION_GROUP = "education_group", _("教育集团与学区")
    MASTER_STUDIO = "master_studio", _("名师工作室")


class MemberRole(Choice):
    """Role of a member in an alliance 成员职务; the first three sit in the council 理事会."""

    LEAD = "lead", _("牵头单位")
    STANDING_COUNCIL = "standing_council", _("常务理事")
    COUNCIL = "council", _("理事")
    MEMBER = "member", _("成员")


COUNCIL_ROLES = (MemberRole.LEAD, MemberRole.STANDING_COUNCIL, MemberRole.COUNCIL)


class MemberState(Choice):
    """Where a membership stands 成员状态."""

    APPLIED = "applied", _("待审议")
    RETURNED = "returned", _("已退回补正")
    ADMITTED = "admitted", _("在册")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    LEFT = "left", _("已退出")


class BallotKind(Choice):
    """What a council votes on 表决事项."""

    ADMISSION = "admission", _("吸收新成员")
    CHARTER = "charter", _("修订章程")
    SEAT = "seat", _("调整职务")
    RESOLUTION = "resolution", _("其他决议")


class BallotState(Choice):
    """Where a vote stands 表决状态."""

    OPEN = "open", _("表决中")
    PASSED = "passed", _("通过")
    FAILED = "failed", _("未通过")
    NO_QUORUM = "no_quorum", _("未达法定人数")
    CANCELLED = "cancelled", _("已取消")


class VoteChoice(Choice):
    """How a council member votes 表决意见."""

    FOR = "for", _("赞成")
    AGAINST = "against", _("反对")
    ABSTAIN = "abstain", _("弃权")


class AgreementState(Choice):
    """Where an agreement stands 协议状态."""

    DRAFT = "draft", _("起草中")
    APPROVED = "approved", _("已签署")
    ENDED = "ended", _("已终止")


class ReportState(Choice):
    """Where a yearly report stands 年度报告状态."""

    DRAFT = "draft", _("起草中")
    FILED = "filed", _("已报送")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已通过")


class ZoneKind(Choice):
    """Kind of a pair or zone 结对与试点类型."""

    PAIR = "pair", _("区县结对")
    BORDER = "border", _("毗邻地区")
    EXPERIMENT = "experiment", _("试验区")
    DEMONSTRATION = "demonstration", _("示范区")
    PILOT = "pilot", _("试点")


class Level(Choice):
    """Level of a zone or designation 级别."""

    NATIONAL = "national", _("国家级")
    JOINT = "joint", _("川渝共同")
    PROVINCIAL = "provincial", _("省（市）级")
    LOCAL = "local", _("区县级")


class Field(Choice):
    """The five fields by which officers think 领域."""

    BASIC = "basic", _("基础教育")
    VOCATIONAL = "vocational", _("职业教育")
    HIGHER = "higher", _("高等教育")
    SOCIAL = "social", _("社会教育")
    MECHANISM = "mechanism", _("体制机制")


class ExpertState(Choice):
    """Where an expert stands in the pool 专家入库状态."""

    NOMINATED = "nominated", _("待审核")
    VETTED = "vetted", _("在库")
    REFUSED = "refused", _("未入库")
    RETIRED = "retired", _("已出库")


class ServiceState(Choice):
    """Where an expert's service stands 服务状态."""

    INVITED = "invited", _("已邀请")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已谢绝")
    WITHDRAWN = "withdrawn", _("已撤回")
    SERVED = "served", _("已完成")


class Role(Choice):
    """What a person is in an organisation 角色; somebody without a role is the public."""

    NODE_ADMIN = "node_admin", _("节点管理员")
    OFFICER = "officer", _("教育行政部门干部")
    ORGANISATION_ADMIN = "organisation_admin", _("单位管理员")
    ORGANISATION_STAFF = "organisation_staff", _("单位工作人员")
    TEACHER = "teacher", _("教师")
    LEARNER = "learner", _("学习者")
    EMPLOYER = "employer", _("用人单位")
    EXPERT = "expert", _("专家")
    AUDITOR = "auditor", _("审计员")


WORKERS = (Role.ORGANISATION_ADMIN, Role.ORGANISATION_STAFF)
"""Who acts and reads for an organisation: not its teachers or learners."""


class NumberKind(Choice):
    """Kind of a person's number 证件与编号类型."""

    ID_CARD = "id_card", _("居民身份证")
    PUPIL = "pupil", _("学籍号")
    STAFF = "staff", _("工号")


ACTION_PLANS: tuple[tuple[int, str, Field], ...] = (
    (1, _("教育双核引领"), Field.MECHANISM),
    (2, _("毗邻地区教育协同"), Field.MECHANISM),
    (3, _("优质教育资源共建共享"), Field.BASIC),
    (4, _("教师能力素质提升"), Field.BASIC),
    (5, _("职业院校提质培优"), Field.VOCATIONAL),
    (6, _("职业教育协同发展"), Field.VOCATIONAL),
    (7, _("高等学校协同创新"), Field.HIGHER),
    (8, _("高等教育资源共享"), Field.HIGHER),
    (9, _("民办教育支持与规范"), Field.SOCIAL),
    (10, _("终身教育体系"), Field.SOCIAL),
)
"""The ten action plans 十大行动计划 of 渝教发〔2021〕8号, their short names and fields."""
