"""The lists of agreements, look-ups, consents and alerts."""

from typing import Any

from django.utils.translation import gettext as t

from shuangcheng.core.basis import Purpose
from shuangcheng.core.registers import REGISTERS
from shuangcheng.core.text import _
from shuangcheng.registers import terms

from .listing import Column, Facet, Listing
from .registers import register_pairs

REGISTER = Facet("register", _("登记簿"), "register", register_pairs)


def register_of(row: Any) -> str:
    """What the register of a row is called."""
    return t(REGISTERS[row.register].title)


SHARINGS = Listing(
    name="sharings",
    title=_("数据共享协议"),
    template="registers/sharings.html",
    facets=(REGISTER, Facet("state", _("状态"), "state", terms.SharingState.pairs)),
    columns=(
        Column(_("登记簿"), register_of),
        Column(_("提供方"), lambda row: row.provider),
        Column(_("使用方"), lambda row: row.recipient),
        Column(_("版本"), lambda row: row.number),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("生效日期"), lambda row: row.starts_at.date()),
        Column(_("失效时间"), lambda row: row.ends_at),
        Column(_("条款摘要"), lambda row: row.digest),
    ),
    orders={"recent": (_("按更新时间"), ("-updated_at", "-id"))},
)

LOOKUPS = Listing(
    name="lookups",
    title=_("查询记录"),
    template="registers/lookups.html",
    facets=(
        Facet("direction", _("查询方向"), "direction", terms.Direction.pairs),
        REGISTER,
        Facet("state", _("状态"), "state", terms.LookUpState.pairs),
        Facet("purpose", _("用途"), "purpose", Purpose.pairs),
    ),
    columns=(
        Column(_("时间"), lambda row: row.at),
        Column(_("查询方向"), lambda row: t(row.get_direction_display())),
        Column(_("登记簿"), register_of),
        Column(_("用途"), lambda row: t(row.get_purpose_display())),
        Column(_("法律依据"), lambda row: t(row.get_basis_display())),
        Column(_("查询单位"), lambda row: row.organisation_name),
        Column(_("查询人"), lambda row: row.by_name),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("条数"), lambda row: row.rows),
        Column(_("查到"), lambda row: row.found),
        Column(_("没有查到"), lambda row: row.unmatched),
        Column(_("不予提供"), lambda row: row.refused),
    ),
    orders={"recent": (_("按时间"), ("-at", "-id"))},
)

CONSENTS = Listing(
    name="consents",
    title=_("同意凭证"),
    template="registers/consents.html",
    facets=(REGISTER, Facet("purpose", _("用途"), "purpose", Purpose.pairs)),
    columns=(
        Column(_("当事人"), lambda row: row.name),
        Column(_("号码"), lambda row: row.masked),
        Column(_("监护人"), lambda row: row.guardian),
        Column(_("登记簿"), register_of),
        Column(_("用途"), lambda row: t(Purpose(row.purpose).label)),
        Column(_("同意时间"), lambda row: row.given_at),
        Column(_("失效时间"), lambda row: row.ends_at),
        Column(_("撤回时间"), lambda row: row.withdrawn_at),
        Column(_("经办人"), lambda row: row.taken_by),
    ),
    orders={"recent": (_("按同意时间"), ("-given_at", "-id"))},
)

ALERTS = Listing(
    name="alerts",
    title=_("异常查询"),
    template="registers/alerts.html",
    facets=(Facet("kind", _("情形"), "kind", terms.AlertKind.pairs),),
    columns=(
        Column(_("时段"), lambda row: row.hour),
        Column(_("情形"), lambda row: t(row.get_kind_display())),
        Column(_("查询人"), lambda row: row.by_name),
        Column(_("查询单位"), lambda row: row.organisation_name),
        Column(_("次数"), lambda row: row.count),
    ),
    orders={"recent": (_("按时间"), ("-at", "-id"))},
)
