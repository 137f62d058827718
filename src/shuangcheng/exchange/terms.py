"""The closed lists of the exchange."""

from shuangcheng.core.schema import Choice
from shuangcheng.core.text import _


class PeerState(Choice):
    """Where the trust in another node stands 互联状态."""

    INTRODUCED = "introduced", _("已登记，待检验")
    ACTIVE = "active", _("已互联")
    SUSPENDED = "suspended", _("已暂停")
    GUEST = "guest", _("检验专用")


class OutState(Choice):
    """What became of a letter that was sent 发件状态."""

    WAITING = "waiting", _("待送达")
    DELIVERED = "delivered", _("已送达")
    PARKED = "parked", _("对方暂存")
    REFUSED = "refused", _("对方退回")
    DEAD = "dead", _("无法送达")


class InState(Choice):
    """What became of a letter that came 收件状态."""

    HANDLED = "handled", _("已办理")
    PARKED = "parked", _("暂存")
    REFUSED = "refused", _("已退回")


class Direction(Choice):
    """Which way a letter of the log went 方向."""

    OUT = "out", _("发出")
    IN = "in", _("收到")
    HERE = "here", _("本节点")
