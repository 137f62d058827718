"""The lists of progress filing: periods, and who files in one."""

from typing import Any

from django.utils.translation import gettext as t

from shuangcheng.core.text import _
from shuangcheng.directory.terms import Side
from shuangcheng.plan import terms

from .listing import Column, Facet, Listing

PERIODS = Listing(
    name="periods",
    title=_("推进情况报送"),
    template="plan/periods.html",
    facets=(
        Facet("state", _("状态"), "state", terms.PeriodState.pairs),
        Facet("side", _("报送范围"), "side", terms.Sides.pairs),
    ),
    hidden={"plan": "plan"},
    columns=(
        Column(_("名称"), lambda row: row.title),
        Column(_("所属清单"), lambda row: row.plan.name),
        Column(_("报送范围"), lambda row: t(row.get_side_display())),
        Column(_("报送内容起始日期"), lambda row: row.covers_from),
        Column(_("报送内容截止日期"), lambda row: row.covers_to),
        Column(_("报送截止日期"), lambda row: row.due),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("应报单位"), lambda row: row.all),
        Column(_("未报"), lambda row: row.missing),
        Column(_("待审核"), lambda row: row.filed),
        Column(_("已通过"), lambda row: row.accepted),
    ),
    orders={"due": (_("按截止日期"), ("-due", "-id"))},
)


def _late(row: Any) -> str:
    return t("逾期报送") if row.late else ""


FILINGS = Listing(
    name="filings",
    title=_("报送单位"),
    template="",
    facets=(
        Facet("state", _("状态"), "state", terms.FilingState.pairs),
        Facet("side", _("省市"), "organisation__side", Side.pairs),
    ),
    columns=(
        Column(_("报送单位"), lambda row: row.organisation.name),
        Column(_("省市"), lambda row: t(row.organisation.get_side_display())),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("已填事项"), lambda row: row.told),
        Column(_("报送时间"), lambda row: row.filed_at),
        Column(_("报送人"), lambda row: row.filed_by),
        Column(_("是否逾期"), _late),
        Column(_("审核时间"), lambda row: row.decided_at),
        Column(_("审核人"), lambda row: row.decided_by),
        Column(_("退回意见"), lambda row: row.answer),
        Column(_("催报时间"), lambda row: row.reminded_at),
        Column(_("总体情况"), lambda row: row.summary),
    ),
    orders={
        "turn": (_("未报在前"), ("turn", "organisation__side", "organisation__pinyin", "id")),
        "filed": (_("按报送时间"), ("-filed_at", "organisation__pinyin", "id")),
        "name": (_("按名称"), ("organisation__pinyin", "id")),
    },
)
