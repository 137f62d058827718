"""The closed lists of the room."""

from shuangcheng.core.schema import Choice
from shuangcheng.core.text import _


class SharingState(Choice):
    """Where a version of a data-sharing agreement stands 共享协议状态."""

    DRAFT = "draft", _("起草中")
    OFFERED = "offered", _("本方已签署，待对方签署")
    RECEIVED = "received", _("对方已签署，待本方签署")
    RETURNED = "returned", _("已退回")
    IN_FORCE = "in_force", _("双方已签署")
    REPLACED = "replaced", _("已由新版本取代")
    ENDED = "ended", _("已终止")


class Direction(Choice):
    """Who asked whom 查询方向."""

    ASKED = "asked", _("向对方查询")
    ANSWERED = "answered", _("答复对方")
    OWN = "own", _("查询本方登记簿")


class LookUpState(Choice):
    """What became of a look-up 查询状态."""

    WAITING = "waiting", _("等待对方答复")
    ANSWERED = "answered", _("已答复")
    REFUSED = "refused", _("不予答复")
    FAILED = "failed", _("无法送达")


class AlertKind(Choice):
    """What looks odd about a person's look-ups 异常查询."""

    MANY = "many", _("一小时内单笔查询过多")
    ODD_HOUR = "odd_hour", _("非工作时间查询")
    SAME_PERSON = "same_person", _("反复查询同一人")
