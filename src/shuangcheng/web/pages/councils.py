"""Pages of what an alliance's council votes on, and of its yearly reports."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.directory.actions import ballots as votes
from shuangcheng.directory.actions import reports
from shuangcheng.directory.inputs import AnswerInput, BallotInput, VoteInput, YearlyReportInput
from shuangcheng.directory.models import Ballot, YearlyReport
from shuangcheng.directory.policy import require

from ..fetch import one
from ..forms import Form, attempt, submit, version_read
from ..request import Request
from .alliances import back, found, page


def propose(request: Request, id: UUID) -> HttpResponse:
    """Put a proposal to the council."""
    alliance = found(request, id)
    require(request.actor, "alliance.edit", alliance)
    kind = request.GET.get("kind", "")
    form = Form(BallotInput, {"kind": kind, "text": alliance.charter if kind == "charter" else ""})
    form.boxes["kind"].choices = [pair for pair in form.boxes["kind"].choices if pair[0] != "admission"]
    if request.method == "POST" and submit(
        form, request, lambda data: votes.propose(alliance=alliance, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已提请理事会表决。"))
        return redirect(f"{reverse('alliance', args=[id])}#ballots")
    return page(request, form, alliance, heading=t("提请表决"), button=t("提请表决"))


def report(request: Request, id: UUID) -> HttpResponse:
    """File a yearly report."""
    alliance = found(request, id)
    require(request.actor, "report.file", alliance)
    year = request.GET.get("year", "")
    mine = YearlyReport.objects.visible_to(request.actor).filter(alliance=alliance)
    row = mine.filter(year=int(year)).first() if year.isdecimal() else None
    initial = (
        {name: getattr(row, name) for name in YearlyReportInput.model_fields} if row else {"year": request.at.year}
    )
    form = Form(YearlyReportInput, initial, version=row.version if row else None)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: reports.file(
            alliance=alliance, data=data, version=form.version or 0, by=request.actor, at=request.at
        ),
    ):
        messages.success(request, t("年度报告已报送。"))
        return redirect(f"{reverse('alliance', args=[id])}#reports")
    lede = t("退回理由：%(reason)s") % {"reason": row.answer} if row and row.answer else ""
    return page(request, form, alliance, heading=t("报送年度报告"), button=t("报送"), lede=lede)


@require_POST
def ballot(request: Request, id: UUID, ballot_id: UUID) -> HttpResponse:
    """Vote, close a ballot, or repeat one that missed its quorum."""
    row = one(Ballot.objects.visible_to(request.actor).select_related("alliance"), ballot_id, alliance_id=id)
    by, at, do = request.actor, request.at, request.POST.get("do", "")
    if do == "vote":
        form = Form(VoteInput)
        attempt(request, t("表决意见已记录。"), lambda: votes.vote(ballot=row, data=form.read(request), by=by, at=at))
    elif do == "close":
        attempt(request, t("表决已结束。"), lambda: votes.close_now(ballot=row, by=by, at=at))
    elif do == "again":
        attempt(request, t("已重新提请表决。"), lambda: votes.vote_again(ballot=row, by=by, at=at))
    return back(id, "ballots")


@require_POST
def decide_report(request: Request, id: UUID, report_id: UUID) -> HttpResponse:
    """Accept or return a yearly report."""
    row = one(YearlyReport.objects.visible_to(request.actor), report_id, alliance_id=id)
    data = AnswerInput(accept=request.POST.get("do") == "accept", answer=request.POST.get("answer", "")[:300])
    seen, by, at = version_read(request), request.actor, request.at
    attempt(request, t("已办理。"), lambda: reports.decide(report=row, data=data, version=seen, by=by, at=at))
    return back(id, "reports")


urlpatterns = [
    path("alliances/<uuid:id>/ballots/new/", propose, name="ballot_new"),
    path("alliances/<uuid:id>/ballots/<uuid:ballot_id>/", ballot, name="ballot"),
    path("alliances/<uuid:id>/reports/new/", report, name="report_new"),
    path("alliances/<uuid:id>/reports/<uuid:report_id>/", decide_report, name="report"),
]
