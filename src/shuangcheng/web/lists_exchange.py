"""The lists of the exchange: letters out, letters in, the log."""

from django.utils import timezone
from django.utils.translation import gettext as t

from shuangcheng.core.letters import LETTERS
from shuangcheng.core.text import _
from shuangcheng.exchange import terms
from shuangcheng.exchange.models import Entry, Incoming, Outgoing, Peer, Tree

from .listing import Column, Facet, Listing

TIME = "%Y-%m-%d %H:%M:%S"


def title(name: str) -> str:
    """What a letter type is called, or its name where this node does not know it."""
    return t(LETTERS[name].title) if name in LETTERS else name


def _types(model: type[Outgoing] | type[Incoming] | type[Entry]) -> list[tuple[str, str]]:
    rows = model._default_manager.order_by("type").values_list("type", flat=True).distinct()
    return [(name, LETTERS[name].title if name in LETTERS else name) for name in rows]


def _peers() -> list[tuple[str, str]]:
    return [(str(id), name) for id, name in Peer.objects.exclude(state="guest").values_list("pk", "name")]


def _reasons(row: Outgoing | Incoming) -> str:
    return "；".join(reason["message"] for reason in row.reasons)


def _time(value: object) -> str:
    return timezone.localtime(value).strftime(TIME) if value else ""  # type: ignore[arg-type]


OUT = Listing(
    name="letters_out",
    title=_("发件"),
    template="exchange/letters_out.html",
    facets=(
        Facet("state", _("状态"), "state", terms.OutState.pairs),
        Facet("type", _("信件类型"), "type", lambda: _types(Outgoing)),
        Facet("peer", _("收件节点"), "peer", _peers),
    ),
    hidden={"reference": "reference"},
    columns=(
        Column(_("信件编号"), lambda row: str(row.pk)),
        Column(_("信件类型"), lambda row: title(row.type)),
        Column(_("收件节点"), lambda row: row.peer.name),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("投递次数"), lambda row: row.attempts),
        Column(_("写成时间"), lambda row: _time(row.created_at)),
        Column(_("办结时间"), lambda row: _time(row.settled_at)),
        Column(_("下次投递"), lambda row: _time(row.next_at)),
        Column(_("原因"), _reasons),
    ),
    orders={"recent": (_("最近的在前"), ("-created_at", "-id")), "due": (_("按下次投递"), ("next_at", "id"))},
)

IN = Listing(
    name="letters_in",
    title=_("收件"),
    template="exchange/letters_in.html",
    facets=(
        Facet("state", _("状态"), "state", terms.InState.pairs),
        Facet("type", _("信件类型"), "type", lambda: _types(Incoming)),
        Facet("peer", _("发件节点"), "peer", _peers),
    ),
    columns=(
        Column(_("信件编号"), lambda row: str(row.jti)),
        Column(_("信件类型"), lambda row: title(row.type)),
        Column(_("发件节点"), lambda row: row.peer.name),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("收到时间"), lambda row: _time(row.received_at)),
        Column(_("回信类型"), lambda row: title(row.reply_type)),
        Column(_("原因"), _reasons),
    ),
    orders={"recent": (_("最近的在前"), ("-received_at", "-id"))},
)

LOG = Listing(
    name="log",
    title=_("日志"),
    template="exchange/log.html",
    facets=(
        Facet("year", _("年份"), "year", lambda: [(str(tree.pk), str(tree.pk)) for tree in Tree.objects.all()]),
        Facet("direction", _("方向"), "direction", terms.Direction.pairs),
        Facet("type", _("类型"), "type", lambda: _types(Entry)),
    ),
    hidden={"jti": "jti"},
    columns=(
        Column(_("年份"), lambda row: row.year),
        Column(_("序号"), lambda row: row.index),
        Column(_("时间"), lambda row: _time(row.at)),
        Column(_("方向"), lambda row: t(row.get_direction_display())),
        Column(_("类型"), lambda row: title(row.type)),
        Column(_("信件编号"), lambda row: str(row.jti or "")),
        Column(_("记录内容"), lambda row: bytes(row.data).decode()),
    ),
    orders={"recent": (_("最近的在前"), ("-at", "-id")), "oldest": (_("最早的在前"), ("at", "id"))},
)
