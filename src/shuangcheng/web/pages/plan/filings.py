"""Pages of periods: all of them, one with who files in it, opening, changing, closing, deciding on several at once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.directory.lookup import uuid_or_none
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import decisions
from shuangcheng.plan.actions import periods as actions
from shuangcheng.plan.inputs.filings import PeriodFactsInput, PeriodInput
from shuangcheng.plan.models import Filing, Period, Plan

from ...fetch import one
from ...forms import Form, attempt, submit
from ...listing import Shown, answer, download
from ...lists_filings import FILINGS, PERIODS
from ...request import Request
from . import filing, filing_summary

PLACE: dict[str, Any] = {"section": "plan", "tab": "filings"}


@login_required
def index(request: Request) -> HttpResponse:
    """The periods, with how many have filed; one's own filings first."""
    actor = request.actor
    rows = Period.objects.visible_to(actor).select_related("plan").counted()
    own = Filing.objects.visible_to(actor).filter(organisation__in=actor.organisations()).missing()
    waiting = own.filter(period__state="open").select_related("period", "organisation").order_by("period__due", "id")
    opens = may(actor, "period.open")
    return answer(PERIODS, rows, request, own=waiting, creates=opens, today=request.at.date(), **PLACE)


def visible(request: Request, id: UUID) -> Period:
    """A period that the reader sees."""
    return one(Period.objects.visible_to(request.actor).select_related("plan"), id)


@login_required
def detail(request: Request, id: UUID) -> HttpResponse:
    """A period with everybody who files in it; who has not filed stands first."""
    period = visible(request, id)
    actor = request.actor
    rows = Filing.objects.visible_to(actor).filter(period=period).select_related("organisation").turned()

    shown = Shown(FILINGS, rows, request)
    if request.GET.get("format") == "xlsx":
        return download(FILINGS, _of(period, shown.rows), request)
    for row in _of(period, shown.page.object_list):
        row.decides = may(actor, "filing.decide", row)
    context = {
        "shown": shown, "listing": FILINGS, "period": Period.objects.visible_to(actor).counted().get(pk=period.pk),
        "plan": period.plan, "keeps": may(actor, "period.open", period), "decides": may(actor, "period.open"),
        "today": request.at.date(), "changes": AuditLine.objects.told_of("period", id, to=actor)[:10], **PLACE,
    }  # fmt: skip
    return render(request, "plan/period.html", context)


def _of(period: Period, rows: Iterable[Any]) -> list[Any]:
    """The filings, each knowing its period without asking."""
    found = list(rows)
    for row in found:
        row.period = period
    return found


def new(request: Request) -> HttpResponse:
    """Open a period."""
    require(request.actor, "period.open")
    plans = Plan.objects.visible_to(request.actor).filter(closed=False)
    form = Form(PeriodInput, {"plan": request.GET.get("plan", "")})
    box = form.boxes["plan"]
    box.kind, box.choices, box.help = "choice", [(str(plan.pk), plan.name) for plan in plans], ""
    made = None
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.begin(data=data, by=request.actor, at=request.at))
    if made:
        n = made.filings.count()
        messages.success(request, t("已开启报送，并通知 %(n)d 个单位。") % {"n": n}, extra_tags="ok")
        return redirect("period", id=made.id)
    return _page(request, form, heading=t("开启报送"), button=t("开启并通知"), back=reverse("periods"))


def _page(request: Request, form: "Form[Any]", **more: Any) -> HttpResponse:
    context = {"form": form, "crumbs": [(reverse("periods"), t("推进情况报送"))], **PLACE, **more}
    return render(request, "forms/page.html", context, status=422 if form.wrong else 200)


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change what is asked."""
    period = visible(request, id)
    require(request.actor, "period.open", period)

    stored = {name: getattr(period, name) for name in PeriodFactsInput.model_fields}
    form = Form(PeriodFactsInput, stored, version=period.version)

    def act(data: PeriodFactsInput) -> Period:
        return actions.edit(period=period, data=data, by=request.actor, at=request.at, seen=form.version)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("period", id=id)
    lede = t("保存时，清单里新列明的牵头和参与单位会一并列入并收到通知。")
    if not period.open:
        lede = t("这个报送期已经截止。把报送截止日期改到今天或以后，即重新开启。")
    return _page(
        request, form, heading=t("修改报送要求"), button=t("保存"), back=reverse("period", args=[id]), lede=lede
    )


@login_required
@require_POST
def close(request: Request, id: UUID) -> HttpResponse:
    """Take no more filings."""
    period = visible(request, id)
    attempt(request, t("已截止报送。"), lambda: actions.close(period=period, by=request.actor, at=request.at))
    return redirect("period", id=id)


def _chosen(request: Request) -> dict[UUID, int]:
    """The filings that were ticked, with the versions that were seen."""
    chosen: dict[UUID, int] = {}
    for text in request.POST.getlist("filing")[:1000]:
        id, _mark, version = text.partition(":")
        if key := uuid_or_none(id):
            chosen[key] = int(version) if version.isdecimal() and len(version) < 10 else 0
    return chosen


@login_required
@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Accept the ticked filings, or remind the ticked or all who have not filed."""
    period = visible(request, id)
    by, at = request.actor, request.at
    rows = Filing.objects.visible_to(by).filter(period=period).select_related("organisation", "period")
    chosen = _chosen(request)
    ticked = list(rows.filter(pk__in=chosen))
    do = request.POST.get("do", "")
    if do == "accept":
        said = t("已通过 %(n)d 个报送件。") % {"n": len(ticked)}
        attempt(request, said, lambda: decisions.accept(filings=ticked, by=by, at=at, seen=chosen))
    elif do in ("remind", "remind_all"):
        of = ticked if do == "remind" else [row for row in rows.missing() if may(by, "filing.decide", row)]
        attempt(request, t("已催报。"), lambda: decisions.remind(filings=of, by=by, at=at))
    return redirect("period", id=id)


urlpatterns = [
    path("plan/filing/", index, name="periods"),
    path("plan/filing/new/", new, name="period_new"),
    path("plan/filing/<uuid:id>/", detail, name="period"),
    path("plan/filing/<uuid:id>/edit/", edit, name="period_edit"),
    path("plan/filing/<uuid:id>/close/", close, name="period_close"),
    path("plan/filing/<uuid:id>/decide/", decide, name="period_decide"),
    *filing.urlpatterns,
    *filing_summary.urlpatterns,
]
