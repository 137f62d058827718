"""Pages of joint bodies: members, sessions, consultations, reports."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.schema import read
from shuangcheng.core.standing import Standing
from shuangcheng.core.text import _
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import bodies as actions
from shuangcheng.plan.inputs.bodies import BodyInput, BodyReportInput, EndInput, SeatEndInput, SeatInput
from shuangcheng.plan.matters import area, slice_of
from shuangcheng.plan.models import Body, BodyReport, Consultation, Item, Seat, Session

from ...fetch import one
from ...forms import Form, attempt, submit
from ...listing import Column, Facet, Listing, answer
from ...lists import ACTION_PLAN, FIELD
from ...request import Request

SHOWN = 8
TROUBLE = ("late", "blocked", "at_risk")

BODIES = Listing(
    name="bodies",
    title=_("协作机构与会议"),
    template="plan/bodies.html",
    search="body",
    facets=(
        Facet("kind", _("类型"), "kind", terms.BodyKind.pairs),
        Facet("side", _("所属"), "side", terms.Sides.pairs),
        FIELD,
        ACTION_PLAN,
    ),
    columns=(
        Column(_("名称"), lambda row: row.name),
        Column(_("类型"), lambda row: t(row.get_kind_display())),
        Column(_("所属"), lambda row: t(row.get_side_display())),
        Column(_("领域"), lambda row: t(row.get_field_display())),
        Column(_("行动计划"), lambda row: t(row.get_action_plan_display() or "")),
        Column(_("成员单位"), lambda row: "、".join(row.members)),
        Column(_("成立日期"), lambda row: row.founded),
        Column(_("已召开会议"), lambda row: row.held),
        Column(_("上次会议或报告"), lambda row: row.last_on),
        Column(_("下次应于"), lambda row: row.next_due),
        Column(_("撤销日期"), lambda row: row.ended),
        Column(_("职责"), lambda row: row.mandate),
    ),
    orders={"kind": (_("按类型"), ("kind", "pinyin", "id")), "name": (_("按名称"), ("pinyin", "id"))},
)


def _with_seats(rows: list[Any]) -> None:
    """Put the names of the members on each body of a page, with one query."""
    sitting: dict[UUID, list[Seat]] = {}
    for seat in Seat.objects.current().filter(body__in=[row.pk for row in rows]).select_related("organisation"):
        sitting.setdefault(seat.body_id, []).append(seat)
    for row in rows:
        seats = in_order(sitting.get(row.pk, []))
        row.members = list(dict.fromkeys(seat.organisation.name for seat in seats))


def in_order(seats: list[Seat]) -> list[Seat]:
    """Seats by role, then by name."""
    return sorted(seats, key=lambda seat: (terms.SEAT_ORDER[seat.role], seat.organisation.pinyin))


def index(request: Request) -> HttpResponse:
    """All joint bodies, and the sessions that are being prepared."""
    ahead = Session.objects.visible_to(request.actor).filter(state=terms.SessionState.PREPARING)
    return answer(
        BODIES,
        Body.objects.visible_to(request.actor).with_last(),
        request,
        decorate=_with_seats,
        ahead=ahead.select_related("body").order_by("on", "number")[:SHOWN],
        creates=may(request.actor, "body.edit"),
        today=request.at.date(),
        section="plan",
        tab="bodies",
    )


def get(request: Request, id: UUID) -> Body:
    """The body that an address means."""
    return one(Body.objects.visible_to(request.actor).with_last().select_related("plan"), id)


def _items(request: Request, body: Body) -> dict[str, Any]:
    """The body's slice of the list, the most urgent first, and how its whole area stands."""
    today = request.at.date()
    seen: Any = Item.objects.visible_to(request.actor).standing(today)
    own = seen.filter(pk__in=slice_of(body).values("pk")).urgent_first()
    standings = seen.filter(pk__in=area(body).values("pk")).order_by().values_list("standing", flat=True)
    counts = Counter(standings)
    trouble = [(Standing(name).label, name, counts[name]) for name in TROUBLE if counts[name]]
    return {"items": own[:SHOWN], "trouble": trouble, "answers_for": counts.total()}


def detail(request: Request, id: UUID) -> HttpResponse:
    """One body with all that it does."""
    body, today = get(request, id), request.at.date()
    seats = list(body.seats.select_related("organisation"))
    context = {
        "body": body,
        "seats": in_order([seat for seat in seats if not seat.left]),
        "former": in_order([seat for seat in seats if seat.left]),
        "sessions": Session.objects.visible_to(request.actor).filter(body=body).order_by("-number")[:20],
        "consultations": Consultation.objects.visible_to(request.actor).filter(body=body)[:20],
        "reports": BodyReport.objects.visible_to(request.actor).filter(body=body)[:20],
        "overdue": bool(body.next_due and body.next_due < today),
        "today": today,
        "changes": AuditLine.objects.told_of("body", id, to=request.actor)[:8],
        "section": "plan",
        "tab": "bodies",
        **_items(request, body),
    }
    return render(request, "plan/body.html", context)


def page(request: Request, form: Form[Any], *above: tuple[str, str], **context: object) -> HttpResponse:
    """A form of a body or a session; `above` are the pages above it, the last one is where one goes back."""
    crumbs = [(reverse("bodies"), t("协作机构与会议")), *above]
    base = {"form": form, "section": "plan", "tab": "bodies", "crumbs": crumbs, "back": crumbs[-1][0]}
    return render(request, "forms/page.html", base | context, status=422 if form.wrong else 200)


def crumb(body: Body) -> tuple[str, str]:
    """The way to a body."""
    return reverse("body", args=[body.pk]), body.name


def edit(request: Request, id: UUID | None = None) -> HttpResponse:
    """Enter or change a body."""
    body = get(request, id) if id else None
    require(request.actor, "body.edit", body)
    initial: dict[str, Any] = {}
    if body:
        initial = {name: getattr(body, name) for name in BodyInput.model_fields}
        initial["plan"] = body.plan.name if body.plan else ""
    form = Form(BodyInput, initial, version=body.version if body else None)

    def act(data: BodyInput) -> Body:
        if body:
            return actions.edit(body=body, data=data, by=request.actor, at=request.at, seen=form.version)
        return actions.create(data=data, by=request.actor, at=request.at)

    if request.method == "POST" and (saved := submit(form, request, act)):
        messages.success(request, t("已保存。"))
        return redirect("body", id=saved.pk)
    heading = t("修改协作机构") if body else t("登记协作机构")
    above = [crumb(body)] if body else []
    return page(request, form, *above, heading=heading, button=t("保存"))


def end(request: Request, id: UUID) -> HttpResponse:
    """End a body."""
    body = get(request, id)
    require(request.actor, "body.edit", body)
    form = Form(EndInput, {"on": request.at.date()})
    if request.method == "POST" and submit(
        form, request, lambda data: actions.end(body=body, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已登记撤销。原有会议、纪要和报告都保留。"))
        return redirect("body", id=id)
    lede = t("撤销后不能再筹备会议、会商或报告，已有内容保留可查。")
    return page(request, form, crumb(body), heading=t("撤销协作机构"), button=t("撤销"), lede=lede)


def seat(request: Request, id: UUID) -> HttpResponse:
    """Give an organisation a seat."""
    body = get(request, id)
    require(request.actor, "body.edit", body)
    form = Form(SeatInput)
    if request.method == "POST" and submit(
        form, request, lambda data: actions.add_seat(body=body, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已增加成员。"))
        return redirect(f"{reverse('body', args=[id])}#seats")
    return page(request, form, crumb(body), heading=t("增加机构成员"), button=t("增加"))


@require_POST
def seat_end(request: Request, id: UUID, seat_id: UUID) -> HttpResponse:
    """End a seat."""
    body = get(request, id)
    require(request.actor, "body.edit", body)
    row = get_object_or_404(body.seats.all(), pk=seat_id)
    sent = {"on": request.POST.get("on", "")}
    by, at = request.actor, request.at
    attempt(request, t("已登记退出。"), lambda: actions.end_seat(seat=row, data=read(SeatEndInput, sent), by=by, at=at))
    return redirect(f"{reverse('body', args=[id])}#seats")


def report_new(request: Request, id: UUID) -> HttpResponse:
    """File a regular report."""
    body = get(request, id)
    require(request.actor, "body.report", body)
    day = request.at.date()
    title = t("%(name)s%(year)s年%(month)s月报告") % {"name": body.name, "year": day.year, "month": day.month}
    form = Form(BodyReportInput, {"covers_to": day, "title": title[:120]})
    if request.method == "POST":
        made = submit(form, request, lambda data: actions.report(body=body, data=data, by=request.actor, at=request.at))
        if made:
            messages.success(request, t("报告已提交。"))
            return redirect("body_report", id=made.pk)
    return page(request, form, crumb(body), heading=t("提交定期报告"), button=t("提交"))


def report(request: Request, id: UUID) -> HttpResponse:
    """One report, to read and to print."""
    row = one(BodyReport.objects.visible_to(request.actor).select_related("body"), id)
    parts = [(t("工作进展"), row.done), (t("存在问题"), row.problems), (t("下一步安排"), row.next_steps)]
    context = {"report": row, "parts": [part for part in parts if part[1]], "section": "plan", "tab": "bodies"}
    return render(request, "plan/body_report.html", context)


urlpatterns = [
    path("plan/bodies/", index, name="bodies"),
    path("plan/bodies/new/", edit, name="body_new"),
    path("plan/bodies/<uuid:id>/", detail, name="body"),
    path("plan/bodies/<uuid:id>/edit/", edit, name="body_edit"),
    path("plan/bodies/<uuid:id>/end/", end, name="body_end"),
    path("plan/bodies/<uuid:id>/seats/new/", seat, name="seat_new"),
    path("plan/bodies/<uuid:id>/seats/<uuid:seat_id>/end/", seat_end, name="seat_end"),
    path("plan/bodies/<uuid:id>/reports/new/", report_new, name="body_report_new"),
    path("plan/reports/<uuid:id>/", report, name="body_report"),
]
