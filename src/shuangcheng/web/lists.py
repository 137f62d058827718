"""The lists of the directory: what each can be filtered by, ordered by and downloaded with."""

from typing import Any

from django.utils.translation import gettext as t

from shuangcheng.core.text import _
from shuangcheng.directory import terms
from shuangcheng.directory.models import Designation

from .listing import Column, Facet, Listing

ACTION_PLAN = Facet(
    "plan", _("行动计划"), "action_plan", lambda: [(str(number), name) for number, name, _f in terms.ACTION_PLANS]
)
FIELD = Facet("field", _("领域"), "field", terms.Field.pairs)


def _place(row: Any) -> str:
    return row.division.name if row.division else ""


def designation_titles() -> list[tuple[str, str]]:
    """The titles that are held."""
    titles = Designation.objects.order_by("title").values_list("title", flat=True).distinct()
    return [(title, title) for title in titles]


ORGANISATIONS = Listing(
    name="organisations",
    title=_("机构名录"),
    template="directory/organisations.html",
    search="organisation",
    facets=(
        Facet("side", _("所属"), "side", terms.Side.pairs),
        Facet("type", _("类型"), "type", terms.OrganisationType.pairs),
        Facet("private", _("办学性质"), "private", lambda: [("False", _("公办")), ("True", _("民办"))]),
        Facet("status", _("状态"), "status", terms.OrganisationStatus.pairs),
    ),
    hidden={"division": "division__path__startswith", "title": "designations__title", "authority": "authority"},
    columns=(
        Column(_("机构名称"), lambda row: row.name),
        Column(_("机构类型"), lambda row: t(row.get_type_display())),
        Column(_("学校标识码"), lambda row: row.code),
        Column(_("统一社会信用代码"), lambda row: row.credit_code),
        Column(_("主管部门"), lambda row: row.authority),
        Column(_("区划代码"), lambda row: row.division.code if row.division else ""),
        Column(_("所在区划"), _place),
        Column(_("办学层次"), lambda row: row.level),
        Column(_("民办"), lambda row: t("是") if row.private else t("否")),
        Column(_("状态"), lambda row: t(row.get_status_display())),
        Column(_("曾用名"), lambda row: "、".join(name.name for name in row.names.all())),
        Column(_("网址"), lambda row: row.website),
        Column(_("备注"), lambda row: row.remark),
    ),
    orders={"name": (_("按名称"), ("pinyin", "id")), "recent": (_("按更新"), ("-updated_at", "id"))},
)

ALLIANCES = Listing(
    name="alliances",
    title=_("联盟与共同体"),
    template="directory/alliances.html",
    search="alliance",
    facets=(
        Facet("kind", _("类型"), "kind", terms.AllianceKind.pairs),
        FIELD,
        ACTION_PLAN,
        Facet("side", _("秘书处所在"), "organisation__side", terms.Side.pairs),
    ),
    columns=(
        Column(_("名称"), lambda row: row.organisation.name),
        Column(_("类型"), lambda row: t(row.get_kind_display())),
        Column(_("领域"), lambda row: t(row.get_field_display())),
        Column(_("行动计划"), lambda row: t(row.get_action_plan_display() or "")),
        Column(_("牵头单位"), lambda row: "、".join(row.lead_names)),
        Column(_("在册成员"), lambda row: row.member_count),
        Column(_("成立日期"), lambda row: row.founded),
        Column(_("来源"), lambda row: row.organisation.source),
    ),
    orders={
        "name": (_("按名称"), ("organisation__pinyin",)),
        "members": (_("按成员数"), ("-member_count", "organisation__pinyin")),
        "founded": (_("按成立时间"), ("-founded", "organisation__pinyin")),
    },
)

ZONES = Listing(
    name="zones",
    title=_("结对、试验区与试点"),
    template="directory/zones.html",
    search="zone",
    facets=(
        Facet("kind", _("类型"), "kind", terms.ZoneKind.pairs),
        Facet("level", _("级别"), "level", terms.Level.pairs),
        FIELD,
        ACTION_PLAN,
    ),
    columns=(
        Column(_("名称"), lambda row: row.name),
        Column(_("类型"), lambda row: t(row.get_kind_display())),
        Column(_("级别"), lambda row: t(row.get_level_display())),
        Column(_("拟升级别"), lambda row: t(row.get_aims_at_display())),
        Column(_("所涉区划"), lambda row: "、".join(division.name for division in row.divisions.all())),
        Column(_("起始日期"), lambda row: row.valid_from),
        Column(_("截止日期"), lambda row: row.valid_until),
        Column(_("依据文件"), lambda row: row.basis),
    ),
    orders={"name": (_("按名称"), ("pinyin",)), "until": (_("按截止日期"), ("valid_until", "pinyin"))},
)

AGREEMENTS = Listing(
    name="agreements",
    title=_("合作协议"),
    template="directory/agreements.html",
    search="agreement",
    facets=(Facet("state", _("状态"), "state", terms.AgreementState.pairs), FIELD, ACTION_PLAN),
    hidden={"party": "parties__id"},
    columns=(
        Column(_("协议名称"), lambda row: row.title),
        Column(_("文号"), lambda row: row.number),
        Column(_("签约各方"), lambda row: "、".join(party.name for party in row.parties.all())),
        Column(_("签署日期"), lambda row: row.signed),
        Column(_("有效期至"), lambda row: row.expires),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("来源"), lambda row: row.source),
    ),
    orders={
        "signed": (_("按签署日期"), ("-signed", "pinyin")),
        "expires": (_("按到期日"), ("expires", "pinyin")),
        "name": (_("按名称"), ("pinyin",)),
    },
)

DESIGNATIONS = Listing(
    name="designations",
    title=_("称号与产教融合型企业"),
    template="directory/designations.html",
    search="",
    facets=(
        Facet("title", _("称号"), "title", designation_titles),
        Facet("level", _("级别"), "level", terms.Level.pairs),
        Facet("side", _("所属"), "organisation__side", terms.Side.pairs),
    ),
    columns=(
        Column(_("机构名称"), lambda row: row.organisation.name),
        Column(_("称号"), lambda row: row.title),
        Column(_("级别"), lambda row: t(row.get_level_display())),
        Column(_("认定日期"), lambda row: row.valid_from),
        Column(_("有效期至"), lambda row: row.valid_until),
        Column(_("认定文件"), lambda row: row.basis),
        Column(_("激励政策"), lambda row: row.incentives),
    ),
    orders={
        "name": (_("按机构"), ("organisation__pinyin", "title")),
        "until": (_("按有效期"), ("valid_until", "organisation__pinyin")),
    },
)

PROGRAMMES = Listing(
    name="programmes",
    title=_("专业点"),
    template="directory/programmes.html",
    search="",
    facets=(
        Facet("catalogue", _("目录"), "entry__catalogue", terms.Catalogue.pairs),
        Facet("state", _("状态"), "state", terms.ProgrammeState.pairs),
        Facet("side", _("所属"), "organisation__side", terms.Side.pairs),
        Facet("type", _("院校类型"), "organisation__type", terms.OrganisationType.pairs),
    ),
    hidden={"code": "entry__code__startswith", "organisation": "organisation_id"},
    columns=(
        Column(_("机构名称"), lambda row: row.organisation.name),
        Column(_("专业目录"), lambda row: t(row.entry.get_catalogue_display())),
        Column(_("专业代码"), lambda row: row.entry.code),
        Column(_("专业名称"), lambda row: row.entry.name),
        Column(_("专业方向"), lambda row: row.direction),
        Column(_("学制（年）"), lambda row: row.years),
        Column(_("开办年份"), lambda row: row.opened),
        Column(_("年度招生计划（人）"), lambda row: row.quota),
        Column(_("状态"), lambda row: t(row.get_state_display())),
    ),
    orders={
        "code": (_("按专业"), ("entry__catalogue", "entry__code", "organisation__pinyin")),
        "name": (_("按院校"), ("organisation__pinyin", "entry__code")),
    },
)

EXPERTS = Listing(
    name="experts",
    title=_("专家库"),
    template="directory/experts.html",
    search="expert",
    facets=(
        Facet("state", _("状态"), "state", terms.ExpertState.pairs),
        FIELD,
        Facet("side", _("所属"), "side", terms.Side.pairs),
    ),
    columns=(
        Column(_("姓名"), lambda row: row.person.name),
        Column(_("所在单位"), lambda row: row.employer.name),
        Column(_("职称"), lambda row: row.title),
        Column(_("领域"), lambda row: t(row.get_field_display())),
        Column(_("专长"), lambda row: row.specialities),
        Column(_("推荐单位"), lambda row: row.nominated_by.name),
        Column(_("状态"), lambda row: t(row.get_state_display())),
        Column(_("任期至"), lambda row: row.term_until),
    ),
    orders={"name": (_("按姓名"), ("person__pinyin", "id")), "unit": (_("按单位"), ("employer__pinyin", "id"))},
)
