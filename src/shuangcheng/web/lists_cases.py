"""The list of cases."""

from django.utils.translation import gettext as t

from shuangcheng.cases.terms import procedures, steps
from shuangcheng.core.procedure import Side
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.text import _
from shuangcheng.exchange import own

from .listing import Column, Facet, Listing


def registers() -> list[tuple[str, str]]:
    """Name and title of every register."""
    return [(name, t(register.title)) for name, register in REGISTERS.items()]


def authorities() -> list[tuple[str, str]]:
    """Short name and name of this node and of those that it is connected with."""
    return [(value, t(name)) for value, name in own.authorities()]


CASES = Listing(
    name="cases",
    title=_("联办事项"),
    template="cases/list.html",
    facets=(
        Facet("step", _("环节"), "step", lambda: [(name, t(title)) for name, title in steps()]),
        Facet("turn", _("轮到"), "turn", Side.pairs),
        Facet("register", _("登记簿"), "register", registers),
        Facet("asker", _("提出方"), "asker", authorities),
        Facet("procedure", _("事项类型"), "procedure", lambda: [(name, t(title)) for name, title in procedures()]),
    ),
    columns=(
        Column(_("事项号"), lambda row: row.number),
        Column(_("事由"), lambda row: row.title),
        Column(
            _("登记簿"), lambda row: t(REGISTERS[row.register].title) if row.register in REGISTERS else row.register
        ),
        Column(_("提出方"), lambda row: row.asker),
        Column(_("持有方"), lambda row: row.holder),
        Column(_("环节"), lambda row: t(row.now.title)),
        Column(_("提出日期"), lambda row: row.opened_at.date()),
        Column(_("办理期限"), lambda row: row.due),
        Column(_("办结日期"), lambda row: row.closed_at and row.closed_at.date()),
    ),
    orders={
        "due": (_("按期限"), ("closed_at", "due", "-opened_at")),
        "recent": (_("按提出日期"), ("-opened_at",)),
    },
)
