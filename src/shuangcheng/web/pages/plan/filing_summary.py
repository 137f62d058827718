"""What a period brought 汇总: item by item, organisation by organisation; as Excel and on paper."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as t

from shuangcheng.core.sheets import workbook
from shuangcheng.core.text import _
from shuangcheng.plan.models import Filing, Period, Progress
from shuangcheng.plan.terms import FilingState

from ...fetch import one
from ...listing import XLSX
from ...request import Request

REPORTED = (FilingState.FILED, FilingState.ACCEPTED)
COLUMNS = (
    _("编号"), _("事项"), _("报送单位"), _("省市"), _("状态"), _("完成进度（%）"), _("进展情况"), _("原因"),
    _("目标数值"), _("累计投入（万元）"), _("审核"),
)  # fmt: skip


def _lines(request: Request, period: Period) -> list[Any]:
    """What was filed, item by item; each line with its `told_figures`."""
    rows = (
        Progress.objects.visible_to(request.actor)
        .filter(filing__period=period, filing__state__in=REPORTED)
        .select_related("item", "organisation", "filing")
        .prefetch_related("item__targets")
        .order_by("item__position", "item", "organisation__side", "organisation__pinyin")
    )
    lines: list[Any] = list(rows)
    for line in lines:
        known = {str(target.pk): target for target in line.item.targets.all()}
        line.told_figures = [
            (known[one["target"]], one["value"]) for one in line.figures if one["target"] in known
        ]  # fmt: skip
    return lines


def _cells(lines: list[Any]) -> Iterator[list[object]]:
    for line in lines:
        figures = "；".join(f"{target.subject} {value} {target.unit}".strip() for target, value in line.told_figures)
        yield [
            line.item.number, line.item.title, line.organisation.name, t(line.organisation.get_side_display()),
            t(line.get_told_display()), line.percent, line.text, line.reason, figures, line.money_spent,
            t(line.filing.get_state_display()),
        ]  # fmt: skip


@login_required
def summary(request: Request, id: UUID) -> HttpResponse:
    """What was reported of each item, and where each organisation stands."""
    period = one(Period.objects.visible_to(request.actor).select_related("plan"), id)
    lines = _lines(request, period)
    if request.GET.get("format") == "xlsx":
        note = t("数据截至 %(time)s，由双城平台导出") % {"time": f"{request.at:%Y-%m-%d %H:%M}"}
        title = t("%(period)s汇总") % {"period": period.title}
        columns = [t(column) for column in COLUMNS]
        response = HttpResponse(
            workbook(title=title, columns=columns, rows=_cells(lines), note=note), content_type=XLSX
        )
        response["Content-Disposition"] = 'attachment; filename="summary.xlsx"'
        return response
    items: dict[Any, list[Any]] = defaultdict(list)
    for line in lines:
        items[line.item].append(line)
    filings = Filing.objects.visible_to(request.actor).filter(period=period).select_related("organisation")
    context = {
        "period": period, "items": dict(items), "filings": filings.missing_first(), "lines": len(lines),
        "section": "plan", "tab": "filings",
    }  # fmt: skip
    return render(request, "plan/filing_summary.html", context)


urlpatterns = [path("plan/filing/<uuid:id>/summary/", summary, name="period_summary")]
