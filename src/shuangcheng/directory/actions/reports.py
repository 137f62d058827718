"""Writes of the yearly reports of alliances."""

from datetime import datetime

from django.db import transaction

from shuangcheng.core.outcome import Why, refusal
from shuangcheng.core.text import _

from .. import audit
from ..actor import Actor
from ..inputs import AnswerInput, YearlyReportInput
from ..models import Alliance, YearlyReport
from ..policy import require
from ..terms import ReportState
from ..versions import locked


@transaction.atomic
def file(*, alliance: Alliance, data: YearlyReportInput, version: int = 0, by: Actor, at: datetime) -> YearlyReport:
    """File the yearly report, or anew until it is accepted, naming the `version` of the one that was read."""
    require(by, "report.file", alliance)
    if data.year > at.year:
        raise refusal("year_ahead", _("年度不能晚于今年。"), where="year")
    values = data.model_dump(exclude={"year"}) | {"state": ReportState.FILED, "answer": "", "updated_at": at}
    report, new = YearlyReport.objects.get_or_create(
        alliance=alliance, year=data.year, defaults={**values, "created_at": at}
    )
    if not new:
        if report.state == ReportState.ACCEPTED:
            raise refusal("report_accepted", _("这一年度的报告已通过，不能再改。"), where="year", why=Why.CONFLICT)
        report = locked(YearlyReport.objects.all(), report, version=version)
        for name, value in values.items():
            setattr(report, name, value)
        report.save()
    audit.record(by=by, at=at, verb="report.file", kind="alliance", subject=alliance, note=str(data.year))
    return report


@transaction.atomic
def decide(*, report: YearlyReport, data: AnswerInput, version: int, by: Actor, at: datetime) -> YearlyReport:
    """Accept the `version` of a filed report that was read, or send it back with the reason."""
    require(by, "report.decide", report.alliance)
    report = locked(YearlyReport.objects.select_related("alliance__organisation"), report, version=version)
    if report.state != ReportState.FILED:
        raise refusal("not_filed", _("这份报告不在待审状态。"), why=Why.CONFLICT)
    if not data.accept and not data.answer:
        raise refusal("reason_missing", _("请写明退回的理由。"), where="answer")
    report.state = ReportState.ACCEPTED if data.accept else ReportState.RETURNED
    report.answer, report.updated_at = data.answer, at
    report.save(update_fields=["state", "answer", "version", "updated_at"])
    verb = "report.accept" if data.accept else "report.return"
    audit.record(by=by, at=at, verb=verb, kind="alliance", subject=report.alliance, note=str(report.year))
    return report
