"""Pages of sessions: preparing, agenda, attendance, papers."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from shuangcheng.core.schema import read
from shuangcheng.core.text import _
from shuangcheng.desk import attachments
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan import terms
from shuangcheng.plan.actions import agenda, sessions
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.sessions import MatterInput, OutcomeInput, SessionInput
from shuangcheng.plan.minutes import confirmations, content, digest_of
from shuangcheng.plan.models import Activity, AgendaEntry, Attendance, Resolution, Session
from shuangcheng.plan.rights import concerned

from ...fetch import one
from ...forms import Form, attempt, submit
from ...listing import Column, Facet, Listing, answer
from ...request import Request
from .bodies import crumb, get, page

SESSIONS = Listing(
    name="sessions",
    title=_("历次会议"),
    template="plan/sessions.html",
    facets=(
        Facet("kind", _("机构类型"), "body__kind", terms.BodyKind.pairs),
        Facet("state", _("会议进度"), "state", terms.SessionState.pairs),
        Facet("side", _("所属"), "body__side", terms.Sides.pairs),
    ),
    hidden={"body": "body_id"},
    columns=(
        Column(_("会议"), str),
        Column(_("机构"), lambda row: row.body.name),
        Column(_("届次"), lambda row: row.number),
        Column(_("会议日期"), lambda row: row.on),
        Column(_("地点"), lambda row: row.place),
        Column(_("承办单位"), lambda row: row.host.name if row.host else ""),
        Column(_("会议进度"), lambda row: t(row.get_state_display())),
        Column(_("来源"), lambda row: row.source),
    ),
    orders={"on": (_("按日期"), ("-on", "-number", "id")), "body": (_("按机构"), ("body__pinyin", "-number", "id"))},
)


def index(request: Request) -> HttpResponse:
    """All sessions of all bodies."""
    rows = Session.objects.visible_to(request.actor).select_related("body", "host")
    return answer(SESSIONS, rows, request, section="plan", tab="bodies")


def found(request: Request, id: UUID) -> Session:
    """The session that an address means."""
    return one(Session.objects.visible_to(request.actor).select_related("body__plan", "host"), id)


def above(session: Session) -> list[tuple[str, str]]:
    """The way to a session."""
    return [crumb(session.body), (reverse("session", args=[session.pk]), str(session))]


def attendance_of(request: Request, session: Session) -> "QuerySet[Attendance]":
    """The attendance that the reader may see."""
    return Attendance.objects.visible_to(request.actor).filter(session=session).select_related("organisation")


def _confirmation(session: Session, inside: bool, side: str) -> dict[str, Any]:
    """What the page says of the minutes: their digest, whose confirmation holds, whose is of other minutes."""
    if not session.minutes or not (inside or session.state == terms.SessionState.CONFIRMED):
        return {"minutes": ""}
    told = content(session)
    digest = digest_of(told)
    found = confirmations(session, digest)
    own = found.get(side, (None, False))[1]
    return {"minutes": told["minutes"], "digest": digest, "confirmations": found, "confirmed_own": own}


def detail(request: Request, id: UUID) -> HttpResponse:
    """One session, from its agenda to its minutes."""
    session = found(request, id)
    actor, today = request.actor, request.at.date()
    inside = concerned(actor, session.body)
    entries: list[Any] = list(
        AgendaEntry.objects.visible_to(actor).filter(session=session).select_related("item", "consultation")
    )
    attendance = list(attendance_of(request, session))
    resolutions = Resolution.objects.visible_to(actor).filter(session=session)
    context = {
        "session": session,
        "body": session.body,
        "inside": inside,
        "agenda": [entry for entry in entries if entry.state == terms.AgendaState.ACCEPTED],
        "proposed": [entry for entry in entries if entry.state == terms.AgendaState.PROPOSED],
        "dropped": [entry for entry in entries if entry.state == terms.AgendaState.DROPPED],
        "attendance": attendance,
        "people": sum(row.people for row in attendance if row.present),
        "resolutions": resolutions.select_related("lead_cq", "lead_sc", "item", "agenda"),
        "papers": attachments.of("session", session) if inside else [],
        "activity": Activity.objects.visible_to(actor).filter(session=session).first(),
        "changes": AuditLine.objects.told_of("session", id, to=actor)[:10],
        "ready": bool(session.on and session.on <= today),
        "max_bytes": settings.SHUANGCHENG.max_upload_mb * 1024 * 1024,
        "section": "plan",
        "tab": "bodies",
        **_confirmation(session, inside, actor.side),
    }
    return render(request, "plan/session.html", context)


def create(request: Request, id: UUID) -> HttpResponse:
    """Begin to prepare a session."""
    body = get(request, id)
    require(request.actor, "body.edit", body)
    form = Form(SessionInput, {"number": sessions.next_number(body)})
    if request.method == "POST":
        made = submit(
            form, request, lambda data: sessions.create(body=body, data=data, by=request.actor, at=request.at)
        )
        if made:
            messages.success(request, t("已开始筹备。下一步可以按清单情况生成议题建议。"))
            return redirect("session", id=made.pk)
    return page(request, form, crumb(body), heading=t("筹备会议"), button=t("开始筹备"))


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change number, name, day, place or host."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    initial = {name: getattr(session, name) for name in SessionInput.model_fields}
    initial["host"] = session.host.name if session.host else ""
    form = Form(SessionInput, initial, version=session.version)
    if request.method == "POST" and submit(
        form,
        request,
        lambda data: sessions.edit(session=session, data=data, by=request.actor, at=request.at, seen=form.version),
    ):
        messages.success(request, t("已保存。"))
        return redirect("session", id=id)
    return page(request, form, *above(session), heading=t("修改会议信息"), button=t("保存"))


def _back(request: Request, id: UUID, part: str, done: bool) -> HttpResponse:
    """The session's page at `part`; a refusal is said on the whole page, also when only a part was asked for."""
    address = f"{reverse('session', args=[id])}#{part}"
    return HttpResponseClientRefresh() if request.htmx and not done else redirect(address)


@require_POST
def act(request: Request, id: UUID) -> HttpResponse:
    """A step of the session: propose matters, accept all, send the agenda, hold it, cancel it."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    given: dict[str, Any] = {"session": session, "by": request.actor, "at": request.at}
    do = request.POST.get("do", "")
    if do == "propose":
        more: list[int] = []
        done = attempt(request, t("已按清单情况补充议题建议。"), lambda: more.append(agenda.propose(**given)))
        if done and more[0]:
            text = ngettext("还有 %(n)d 项较不紧急的没有列出，处理完以后可以再次生成。",
                            "还有 %(n)d 项较不紧急的没有列出，处理完以后可以再次生成。", more[0])  # fmt: skip
            messages.info(request, text % {"n": more[0]})
        return _back(request, id, "agenda", done)
    if do == "accept_all":
        return _back(request, id, "agenda", attempt(request, t("已全部列入。"), lambda: agenda.accept_all(**given)))
    if do == "send":
        attempt(request, t("议题已发出，各成员单位会收到通知。"), lambda: agenda.send(**given))
    elif do == "hold":
        attempt(request, t("已登记会议召开，并记入活动台账。"), lambda: sessions.hold(**given))
    elif do == "cancel":
        sent = {"reason": request.POST.get("reason", "")}
        attempt(request, t("会议已取消。"), lambda: sessions.cancel(**given, data=read(ReasonInput, sent)))
    return redirect("session", id=id)


@require_POST
def entry(request: Request, id: UUID, entry_id: UUID) -> HttpResponse:
    """Accept, drop or move a matter, or note what was decided about it."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    row = one(AgendaEntry.objects.visible_to(request.actor).filter(session=session), entry_id)
    row.session = session
    given: dict[str, Any] = {"entry": row, "by": request.actor, "at": request.at}
    sent = request.POST
    steps = {
        "accept": (t("已列入。"), lambda: agenda.accept(**given)),
        "drop": (
            t("已记为不列入。"),
            lambda: agenda.drop(**given, data=read(ReasonInput, {"reason": sent.get("reason", "")})),
        ),
        "up": (t("已调整顺序。"), lambda: agenda.move(**given, up=True)),
        "down": (t("已调整顺序。"), lambda: agenda.move(**given, up=False)),
        "outcome": (
            t("已保存。"),
            lambda: agenda.conclude(**given, data=read(OutcomeInput, {"outcome": sent.get("outcome", "")})),
        ),
    }
    said, step = steps.get(sent.get("do", ""), ("", None))
    done = attempt(request, said, step) if step else False
    return _back(request, id, "agenda", done)


def matter(request: Request, id: UUID) -> HttpResponse:
    """Put a matter on the agenda as an officer, or raise one as a member."""
    session = found(request, id)
    officer = may(request.actor, "session.edit", session)
    if not officer:
        require(request.actor, "session.raise", session)
    form = Form(MatterInput)
    action = agenda.add if officer else agenda.raise_matter
    if request.method == "POST" and submit(
        form, request, lambda data: action(session=session, data=data, by=request.actor, at=request.at)
    ):
        messages.success(request, t("已列入议题。") if officer else t("已提出，由筹备方决定是否列入。"))
        return redirect(f"{reverse('session', args=[id])}#agenda")
    heading = t("增加议题") if officer else t("提出议题")
    return page(request, form, *above(session), heading=heading, button=t("保存") if officer else t("提出"))


urlpatterns = [
    path("plan/sessions/", index, name="sessions"),
    path("plan/bodies/<uuid:id>/sessions/new/", create, name="session_new"),
    path("plan/sessions/<uuid:id>/", detail, name="session"),
    path("plan/sessions/<uuid:id>/edit/", edit, name="session_edit"),
    path("plan/sessions/<uuid:id>/act/", act, name="session_act"),
    path("plan/sessions/<uuid:id>/agenda/new/", matter, name="matter_new"),
    path("plan/sessions/<uuid:id>/agenda/<uuid:entry_id>/", entry, name="agenda_entry"),
]
