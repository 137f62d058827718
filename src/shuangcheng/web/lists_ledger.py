"""The lists of the ledger and of what is sought."""

from typing import Any

from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as t

from shuangcheng.core.text import _
from shuangcheng.plan import terms
from shuangcheng.plan.models import Activity

from .listing import Column, Facet, Listing
from .lists import ACTION_PLAN, FIELD


def years() -> list[tuple[str, str]]:
    """The years in the ledger."""
    found = Activity.objects.order_by().annotate(year=ExtractYear("on")).values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in sorted(found, reverse=True)]


def _hosts(row: Any) -> str:
    return "、".join([*(host.name for host in row.hosts.all()), *filter(None, [row.hosts_text])])


ACTIVITIES = Listing(
    name="activities",
    title=_("活动台账"),
    template="plan/activities.html",
    search="activity",
    facets=(
        Facet("kind", _("类别"), "kind", terms.ActivityKind.pairs),
        Facet("year", _("年份"), "on__year", years),
        Facet("side", _("参与方"), "side", terms.Sides.pairs),
        FIELD,
        ACTION_PLAN,
    ),
    hidden={
        "alliance": "alliance",
        "zone": "zone",
        "item": "item",
        "organisation": "hosts",
        "division": "hosts__division__path__startswith",
    },
    columns=(
        Column(_("类别"), lambda row: t(row.get_kind_display())),
        Column(_("名称"), lambda row: row.title),
        Column(_("日期"), lambda row: row.on),
        Column(_("结束日期"), lambda row: row.until),
        Column(_("主办单位"), lambda row: "、".join(host.name for host in row.hosts.all())),
        Column(_("其他主办方"), lambda row: row.hosts_text),
        Column(_("参与方"), lambda row: t(row.get_side_display())),
        Column(_("地点"), lambda row: row.place),
        Column(_("参与人数"), lambda row: row.people),
        Column(_("成果"), lambda row: row.result),
        Column(_("领域"), lambda row: t(row.get_field_display())),
        Column(_("所属行动计划"), lambda row: row.action_plan),
        Column(_("所属联盟"), lambda row: str(row.alliance or "")),
        Column(_("所属结对或试点"), lambda row: str(row.zone or "")),
        Column(_("所属事项"), lambda row: str(row.item or "")),
        Column(_("次数"), lambda row: row.quantity),
    ),
    orders={
        "recent": (_("按日期"), ("-on", "-id")),
        "name": (_("按名称"), ("pinyin", "id")),
        "people": (_("按人数"), ("-people", "-on", "id")),
    },
)

SOUGHT = Listing(
    name="sought_list",
    title=_("共同争取事项"),
    template="plan/sought_list.html",
    facets=(
        Facet("state", _("进展"), "state", terms.SoughtState.pairs),
        Facet("kind", _("类别"), "kind", terms.SoughtKind.pairs),
        FIELD,
        ACTION_PLAN,
    ),
    columns=(
        Column(_("类别"), lambda row: t(row.get_kind_display())),
        Column(_("事项"), lambda row: row.title),
        Column(_("内容和理由"), lambda row: row.text),
        Column(_("争取渠道"), lambda row: row.channel),
        Column(_("重庆牵头单位"), lambda row: str(row.lead_cq or "")),
        Column(_("四川牵头单位"), lambda row: str(row.lead_sc or "")),
        Column(_("进展"), lambda row: t(row.get_state_display())),
        Column(_("上报日期"), lambda row: row.asked_on),
        Column(_("预计答复日期"), lambda row: row.expected),
        Column(_("答复日期"), lambda row: row.answered_on),
        Column(_("答复内容"), lambda row: row.answer),
    ),
    orders={"name": (_("按名称"), ("pinyin", "id")), "asked": (_("按上报日期"), ("-asked_on", "pinyin", "id"))},
)
