"""Pages of a session's attendance and papers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.schema import read
from shuangcheng.desk import attachments
from shuangcheng.directory.policy import require
from shuangcheng.plan.actions import sessions
from shuangcheng.plan.inputs.sessions import AttendanceInput
from shuangcheng.plan.models import Session

from ...fetch import one
from ...forms import attempt
from ...request import Request
from .bodies import in_order
from .sessions import above, attendance_of, found


def attend(request: Request, id: UUID) -> HttpResponse:
    """Enter who came; the seats are there to begin with."""
    session = found(request, id)
    require(request.actor, "session.edit", session)
    lines = _sent_lines(request) if request.method == "POST" else _known_lines(request, session)
    status = 200
    if request.method == "POST":
        kept = [{name: line[name] for name in ("organisation", "post", "present", "people")} for line in lines]
        wanted = [line for line in kept if line["organisation"]]
        if attempt(
            request,
            t("出席情况已保存。"),
            lambda: sessions.attend(
                session=session, data=read(AttendanceInput, {"lines": wanted}), by=request.actor, at=request.at
            ),
        ):
            return redirect(f"{reverse('session', args=[id])}#attendance")
        status = 422
    blank = [{"organisation": "", "post": "", "present": True, "people": "1"} for _n in range(3)]
    context = {"session": session, "lines": lines + blank, "crumbs": above(session), "section": "plan", "tab": "bodies"}
    return render(request, "plan/attendance.html", context, status=status)


def _known_lines(request: Request, session: Session) -> list[dict[str, Any]]:
    rows: list[Any] = list(attendance_of(request, session))
    rows = rows or in_order(list(session.body.seats.current().select_related("organisation")))
    return [
        {
            "organisation": row.organisation.name,
            "post": row.post,
            "present": getattr(row, "present", True),
            "people": str(getattr(row, "people", 1)),
        }
        for row in rows
    ]


def _sent_lines(request: Request) -> list[dict[str, Any]]:
    """The lines as they were sent, so that nothing typed is lost."""
    sent = request.POST
    columns = zip(
        sent.getlist("organisation"), sent.getlist("post"), sent.getlist("present"), sent.getlist("people"),
        strict=False,
    )  # fmt: skip
    return [
        {"organisation": name.strip(), "post": post, "present": present == "yes", "people": people.strip() or "0"}
        for name, post, present, people in columns
        if name.strip()
    ]


@require_POST
def paper(request: Request, id: UUID) -> HttpResponse:
    """Add a paper, or take one away."""
    session = found(request, id)
    require(request.actor, "session.raise", session)
    by, at = request.actor, request.at
    if gone := request.POST.get("remove"):
        row = one(attachments.of("session", session), gone)
        attempt(request, t("已删除。"), lambda: sessions.remove_paper(session=session, paper=row, by=by, at=at))
    elif sent := request.FILES.get("file"):
        name, data = sent.name or "", sent.read()
        note = request.POST.get("note", "")
        attempt(
            request,
            t("会议材料已上传。"),
            lambda: sessions.add_paper(session=session, name=name, data=data, by=by, at=at, note=note),
        )
    else:
        messages.error(request, t("请先选择文件。"), extra_tags="bad")
    return redirect(f"{reverse('session', args=[id])}#papers")


def paper_file(request: Request, id: UUID, paper_id: UUID) -> FileResponse:
    """A paper, for those concerned, always as a download."""
    session = found(request, id)
    require(request.actor, "session.read", session)
    row = get_object_or_404(attachments.of("session", session), pk=paper_id)
    return FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )


urlpatterns = [
    path("plan/sessions/<uuid:id>/attendance/", attend, name="attendance"),
    path("plan/sessions/<uuid:id>/papers/", paper, name="session_papers"),
    path("plan/sessions/<uuid:id>/papers/<uuid:paper_id>/", paper_file, name="session_paper"),
]
