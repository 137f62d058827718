"""The closed lists of the plan: kinds and states with their Chinese terms."""

from shuangcheng.core.schema import Choice
from shuangcheng.core.standing import Standing
from shuangcheng.core.text import _


class Sides(Choice):
    """Whose thing it is: one authority's, or both's."""

    BOTH = "both", _("川渝共同")
    CHONGQING = "cq", _("重庆")
    SICHUAN = "sc", _("四川")


class PolicyState(Choice):
    """Whether a policy document holds 文件效力."""

    IN_FORCE = "in_force", _("现行有效")
    DRAFT = "draft", _("征求意见")
    LAPSED = "lapsed", _("已失效")
    REPLACED = "replaced", _("已被替代")


class LinkKind(Choice):
    """What a document does with another 文件关系."""

    CITES = "cites", _("引用")
    IMPLEMENTS = "implements", _("落实")
    REPLACES = "replaces", _("替代")


class ClauseFate(Choice):
    """What a newer text of the document did to the clause that an item rests on 条款变化."""

    CHANGED = "changed", _("条款有改动")
    REMOVED = "removed", _("条款已删去")


class ProposalKind(Choice):
    """What the reader proposes to take into the list."""

    MEASURE = "measure", _("举措")
    TARGET = "target", _("目标")


class ProposalState(Choice):
    """What became of a proposal; nothing proposed is ever deleted."""

    PENDING = "pending", _("待核定")
    CONFIRMED = "confirmed", _("已列入")
    MERGED = "merged", _("已合并")
    SPLIT = "split", _("已拆分")
    DROPPED = "dropped", _("不列入")


class ItemKind(Choice):
    """Level of an item of the list: measure 举措, project 项目, milestone 节点."""

    MEASURE = "measure", _("举措")
    PROJECT = "project", _("项目")
    MILESTONE = "milestone", _("节点")


UNDER: dict[str, tuple[str, ...]] = {
    ItemKind.MEASURE: (),
    ItemKind.PROJECT: (ItemKind.MEASURE,),
    ItemKind.MILESTONE: (ItemKind.PROJECT, ItemKind.MEASURE),
}
"""Kind of an item -> the kinds it may stand under."""


class Told(Choice):
    """What is told of an item 填报状态; late is never told, it is computed."""

    NOT_STARTED = Standing.NOT_STARTED.value, _("未启动")
    ON_TRACK = Standing.ON_TRACK.value, _("按期推进")
    AT_RISK = Standing.AT_RISK.value, _("有风险")
    BLOCKED = Standing.BLOCKED.value, _("受阻")
    DONE = Standing.DONE.value, _("已完成")
    DROPPED = Standing.DROPPED.value, _("不再实施")


REASONED = (Told.AT_RISK, Told.BLOCKED, Told.DROPPED)
"""What is told with a reason."""


class TargetKind(Choice):
    """Kind of a target 目标类型."""

    GOAL = "goal", _("预期目标")
    NORM = "norm", _("常态要求")


class RemarkKind(Choice):
    """Kind of a contribution to the discussion of an item 讨论类型."""

    REMARK = "remark", _("意见")
    DISPUTE = "dispute", _("提出分歧")
    SETTLED = "settled", _("分歧已解决")


class PeriodState(Choice):
    """Whether progress can be filed 报送期状态."""

    OPEN = "open", _("报送中")
    CLOSED = "closed", _("已截止")


class FilingState(Choice):
    """Where a filing stands 报送状态."""

    DUE = "due", _("未报")
    DRAFT = "draft", _("填报中")
    FILED = "filed", _("已报送")
    RETURNED = "returned", _("已退回")
    ACCEPTED = "accepted", _("已通过")


class ActivityKind(Choice):
    """What the ledger counts 台账类别."""

    MEETING = "meeting", _("重要会议")
    EVENT = "event", _("重要活动")
    PROJECT = "project", _("重要项目")
    WORK = "work", _("重要工作")


class SoughtKind(Choice):
    """What is sought from above 争取事项类别."""

    POLICY = "policy", _("政策")
    PROJECT = "project", _("项目")
    PLATFORM = "platform", _("平台")
    REFORM = "reform", _("改革试点")


class SoughtState(Choice):
    """Where it stands 争取进展."""

    PREPARING = "preparing", _("研究提出")
    SUBMITTED = "submitted", _("已上报")
    GRANTED = "granted", _("已获支持")
    PARTLY = "partly", _("部分支持")
    DECLINED = "declined", _("未获支持")
    WITHDRAWN = "withdrawn", _("不再争取")


class BodyKind(Choice):
    """Kind of a joint body 协作机构类型."""

    JOINT_MEETING = "joint_meeting", _("联席会议")
    OFFICE = "office", _("联合办公室")
    TASK_FORCE = "task_force", _("专项工作组")


class SeatRole(Choice):
    """Role of a member in a joint body 机构内职务."""

    CHAIR = "chair", _("召集人")
    VICE = "vice", _("副召集人")
    MEMBER = "member", _("成员")


SEAT_ORDER = {role.value: number for number, role in enumerate(SeatRole)}
"""The order in which members are named."""


class SessionState(Choice):
    """Where a numbered session stands 会议进度."""

    PREPARING = "preparing", _("筹备中")
    HELD = "held", _("已召开")
    MINUTES = "minutes", _("纪要待确认")
    CONFIRMED = "confirmed", _("纪要已确认")
    CANCELLED = "cancelled", _("已取消")


class AgendaReason(Choice):
    """Why a matter is on the agenda 列入理由."""

    LATE = "late", _("逾期")
    BLOCKED = "blocked", _("受阻")
    DISPUTED = "disputed", _("有分歧")
    AT_RISK = "at_risk", _("有风险")
    CARRIED = "carried", _("上次议而未决")
    RAISED = "raised", _("成员提出")


class AgendaState(Choice):
    """What became of a proposed matter 议题状态."""

    PROPOSED = "proposed", _("建议")
    ACCEPTED = "accepted", _("列入")
    DROPPED = "dropped", _("不列入")


class ConsultationState(Choice):
    """Where a consultation between sessions stands 会商状态."""

    OPEN = "open", _("会商中")
    AGREED = "agreed", _("已达成一致")
    REFERRED = "referred", _("提交会议")
    CLOSED = "closed", _("已结束")
