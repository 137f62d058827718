"""The list of policy documents: what it can be filtered by, ordered by and downloaded with."""

from django.utils.translation import gettext as t

from shuangcheng.core.text import _
from shuangcheng.plan import terms

from .listing import Column, Facet, Listing
from .lists import FIELD

FIRST, LAST = 1949, 2100


def years() -> list[tuple[str, str]]:
    """The years in which documents may have been issued, the newest first; a list shows those that occur."""
    return [(str(year), str(year)) for year in range(LAST, FIRST - 1, -1)]


POLICIES = Listing(
    name="policies",
    title=_("政策文件"),
    template="plan/policies.html",
    search="policy",
    facets=(
        Facet("state", _("效力"), "state", terms.PolicyState.pairs),
        FIELD,
        Facet("side", _("适用"), "side", terms.Sides.pairs),
        Facet("year", _("成文年份"), "issued__year", years),
    ),
    hidden={"issuer": "issuers__contains"},
    columns=(
        Column(_("文件名称"), lambda row: row.title),
        Column(_("发文机关"), lambda row: "、".join(row.issuers)),
        Column(_("发文字号"), lambda row: row.doc_number),
        Column(_("成文日期"), lambda row: row.issued),
        Column(_("公开日期"), lambda row: row.published),
        Column(_("效力"), lambda row: t(row.get_state_display())),
        Column(_("有效期至"), lambda row: row.lapses),
        Column(_("适用"), lambda row: t(row.get_side_display())),
        Column(_("领域"), lambda row: t(row.get_field_display())),
        Column(_("来源"), lambda row: row.source),
        Column(_("备注"), lambda row: row.remark),
    ),
    orders={
        "issued": (_("按成文日期"), ("-issued", "pinyin", "id")),
        "name": (_("按名称"), ("pinyin", "id")),
        "recent": (_("按收录时间"), ("-created_at", "id")),
    },
)
