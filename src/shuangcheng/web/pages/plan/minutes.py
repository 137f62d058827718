"""Pages of minutes: writing, resolutions, confirming, as a paper and as Word."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.official import word
from shuangcheng.core.schema import read
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import minutes as actions
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.sessions import DigestInput, MinutesInput, ResolutionInput
from shuangcheng.plan.matters import on_agenda
from shuangcheng.plan.minutes import paper, template
from shuangcheng.plan.models import Resolution, Session
from shuangcheng.plan.rights import concerned
from shuangcheng.plan.terms import SessionState

from ...fetch import one
from ...forms import Form, attempt, submit
from ...request import Request
from .bodies import page
from .sessions import above, found

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(request: Request, id: UUID) -> HttpResponse:
    """Write the minutes; the first draft comes from agenda, attendance and resolutions."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    fresh = "fresh" in request.GET or not session.minutes
    form = Form(MinutesInput, {"text": template(session) if fresh else session.minutes}, version=session.version)
    voided = [row.get_side_display() for row in session.confirmations.all()]
    if request.method == "POST":
        saved = submit(
            form,
            request,
            lambda data: actions.write(session=session, data=data, by=request.actor, at=request.at, seen=form.version),
        )
        if saved:
            messages.success(request, t("纪要已保存。"))
            return redirect(f"{reverse('session', args=[id])}#minutes")
    lede = t("初稿按议题、出席和议定事项生成，请核对补充。出席和议定事项以登记的为准，会作为附件附后。")
    if voided:
        names = t("、").join(t(name) for name in voided)
        lede = t("%(sides)s已确认过这份纪要。内容一有改动，原确认即失效，须重新确认。") % {"sides": names}
    return page(request, form, *above(session), heading=t("起草会议纪要"), button=t("保存"), lede=lede)


def readable(request: Request, id: UUID) -> Session:
    """A session whose minutes are there and may be read."""
    session = found(request, id)
    open = session.state == SessionState.CONFIRMED or concerned(request.actor, session.body)
    if not session.minutes or not open:
        raise Http404
    return session


def show(request: Request, id: UUID) -> HttpResponse:
    """The minutes as a paper, to read and to print."""
    session = readable(request, id)
    context = {"session": session, "paper": paper(session), "crumbs": above(session), "section": "plan"}
    return render(request, "plan/minutes.html", context | {"tab": "bodies"})


def docx(request: Request, id: UUID) -> HttpResponse:
    """The minutes as Word."""
    session = readable(request, id)
    written = paper(session)
    response = HttpResponse(word(written), content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{written.title}.docx")
    return response


@require_POST
def decide(request: Request, id: UUID) -> HttpResponse:
    """Confirm the minutes as they were seen, or send confirmed ones back."""
    session = found(request, id)
    require(request.actor, "session.confirm", session)
    by, at = request.actor, request.at
    if request.POST.get("do") == "confirm":
        sent = {"digest": request.POST.get("digest", "")}
        attempt(
            request, t("已代表本方确认。"),
            lambda: actions.confirm(session=session, data=read(DigestInput, sent), by=by, at=at),
        )  # fmt: skip
    else:
        sent = {"reason": request.POST.get("reason", "")}
        attempt(
            request, t("纪要已退回，更正后各方须重新确认。"),
            lambda: actions.reopen(session=session, data=read(ReasonInput, sent), by=by, at=at),
        )  # fmt: skip
    return redirect(f"{reverse('session', args=[id])}#minutes")


def resolution(request: Request, id: UUID, resolution_id: UUID | None = None) -> HttpResponse:
    """Enter or change a resolution."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    row = _resolution(request, session, resolution_id) if resolution_id else None
    places = {str(entry.pk): str(place) for place, entry in enumerate(on_agenda(session), start=1)}
    initial: dict[str, object] = {"agenda": places.get(request.GET.get("agenda", ""), "")}
    if row:
        initial = {
            "text": row.text,
            "agenda": places.get(str(row.agenda_id), ""),
            "lead_cq": row.lead_cq.name if row.lead_cq else "",
            "lead_sc": row.lead_sc.name if row.lead_sc else "",
            "due": row.due,
        }
    form = Form(ResolutionInput, initial)

    def act(data: ResolutionInput) -> Resolution:
        if row:
            return actions.amend(resolution=row, data=data, by=request.actor, at=request.at)
        return actions.resolve(session=session, data=data, by=request.actor, at=request.at)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("议定事项已保存，并列入清单。"))
        return redirect(f"{reverse('session', args=[id])}#resolutions")
    heading = t("修改议定事项") if row else t("登记议定事项")
    lede = t("每项议定事项会列入清单，由牵头单位按期推进。")
    return page(request, form, *above(session), heading=heading, button=t("保存"), lede=lede)


def _resolution(request: Request, session: Session, id: UUID) -> Resolution:
    rows = Resolution.objects.visible_to(request.actor).filter(session=session)
    row = one(rows.select_related("lead_cq", "lead_sc"), id)
    row.session = session
    return row


@require_POST
def withdraw(request: Request, id: UUID, resolution_id: UUID) -> HttpResponse:
    """Take a resolution back."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    row = _resolution(request, session, resolution_id)
    sent = {"reason": request.POST.get("reason", "")}
    attempt(
        request, t("已撤回，对应事项已从清单删除。"),
        lambda: actions.withdraw(resolution=row, data=read(ReasonInput, sent), by=request.actor, at=request.at),
    )  # fmt: skip
    return redirect(f"{reverse('session', args=[id])}#resolutions")


urlpatterns = [
    path("plan/sessions/<uuid:id>/minutes/", show, name="minutes"),
    path("plan/sessions/<uuid:id>/minutes/edit/", write, name="minutes_edit"),
    path("plan/sessions/<uuid:id>/minutes/word/", docx, name="minutes_word"),
    path("plan/sessions/<uuid:id>/minutes/decide/", decide, name="minutes_decide"),
    path("plan/sessions/<uuid:id>/resolutions/new/", resolution, name="resolution_new"),
    path("plan/sessions/<uuid:id>/resolutions/<uuid:resolution_id>/", resolution, name="resolution"),
    path("plan/sessions/<uuid:id>/resolutions/<uuid:resolution_id>/withdraw/", withdraw, name="resolution_withdraw"),
]
