"""Pages of the activity ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as t
from django.views.decorators.http import require_POST

from shuangcheng.core.schema import read
from shuangcheng.desk import attachments
from shuangcheng.directory.models import AuditLine
from shuangcheng.directory.policy import may, require
from shuangcheng.plan.actions import ledger as actions
from shuangcheng.plan.counts import yearly
from shuangcheng.plan.inputs.items import ReasonInput
from shuangcheng.plan.inputs.ledger import ActivityInput
from shuangcheng.plan.models import Activity
from shuangcheng.plan.terms import ActivityKind

from ...attached import max_bytes, serve, take
from ...fetch import one
from ...forms import Form, attempt, submit
from ...listing import Shown, answer
from ...lists_ledger import ACTIVITIES
from ...request import Request

KEPT = ("on", "side", "field", "action_plan", "place", "kind", "alliance", "zone")
"""What the next quick entry begins with."""

PLACE: dict[str, Any] = {"section": "plan", "tab": "ledger"}


def _rows(request: Request) -> Any:
    return Activity.objects.visible_to(request.actor)


def index(request: Request) -> HttpResponse:
    """The ledger, with how many there were of each kind in each year."""
    rows = _rows(request).select_related("alliance__organisation", "zone", "item").prefetch_related("hosts")
    shown = Shown(ACTIVITIES, _rows(request), request)
    return answer(
        ACTIVITIES,
        rows,
        request,
        years=yearly(shown.filtered(without="year")),
        kinds=[member.label for member in ActivityKind],
        creates=may(request.actor, "activity.edit"),
        imports=may(request.actor, "import.activity"),
        **PLACE,
    )


def detail(request: Request, id: UUID) -> HttpResponse:
    """One entry with its pictures and papers."""
    rows = _rows(request).select_related("alliance__organisation", "zone", "item", "session__body", "division")
    activity = one(rows.prefetch_related("hosts"), id)
    context = {
        "activity": activity,
        "files": attachments.of("activity", activity),
        "changes": AuditLine.objects.told_of("activity", id, to=request.actor)[:10],
        "max_bytes": max_bytes(),
        **PLACE,
    }
    return render(request, "plan/activity.html", context)


def _initial(activity: Activity) -> dict[str, Any]:
    initial = {name: getattr(activity, name) for name in ActivityInput.model_fields if name != "hosts"}
    return initial | {
        "hosts": [host.name for host in activity.hosts.all()],
        "alliance": str(activity.alliance or ""),
        "zone": str(activity.zone or ""),
        "item": str(activity.item or ""),
    }


def new(request: Request) -> HttpResponse:
    """Enter something; “save and next” keeps the day, the hosts and where it belongs."""
    require(request.actor, "activity.edit", None)
    given = {name: request.GET[name] for name in (*KEPT, "item") if request.GET.get(name)}
    form = Form(ActivityInput, given | {"hosts": request.GET.getlist("hosts")})
    if request.method == "POST":
        saved = submit(form, request, lambda data: actions.create(data=data, by=request.actor, at=request.at))
        if saved:
            messages.success(request, t("已登记“%(title)s”。") % {"title": saved.title}, extra_tags="ok")
            if request.POST.get("do") != "next":
                return redirect("activity", id=saved.id)
            values = _initial(saved)
            query = {name: values[name] for name in KEPT if values[name]} | {"hosts": values["hosts"]}
            return redirect(reverse("activity_new", query=query))
    context = {"form": form, "heading": t("登记台账"), "next": True, **PLACE}
    return render(request, "plan/activity_form.html", context, status=422 if form.wrong else 200)


def edit(request: Request, id: UUID) -> HttpResponse:
    """Change an entry."""
    activity = one(
        _rows(request).select_related("alliance__organisation", "zone", "item").prefetch_related("hosts"), id
    )
    require(request.actor, "activity.edit", activity)
    form = Form(ActivityInput, _initial(activity), version=activity.version)

    def act(data: ActivityInput) -> Activity:
        return actions.edit(activity=activity, data=data, by=request.actor, at=request.at, seen=form.version)

    if request.method == "POST" and submit(form, request, act):
        messages.success(request, t("已保存。"), extra_tags="ok")
        return redirect("activity", id=id)
    context = {"form": form, "heading": t("修改台账"), "activity": activity, **PLACE}
    return render(request, "plan/activity_form.html", context, status=422 if form.wrong else 200)


@require_POST
def remove(request: Request, id: UUID) -> HttpResponse:
    """Take back an entry that was made by mistake."""
    activity = one(_rows(request), id)
    require(request.actor, "activity.edit", activity)

    def act() -> None:
        data = read(ReasonInput, {"reason": request.POST.get("reason", "")})
        actions.remove(activity=activity, data=data, by=request.actor, at=request.at)

    done = attempt(request, t("已删除。"), act)
    return redirect("activities") if done else redirect("activity", id=id)


@require_POST
def upload(request: Request, id: UUID) -> HttpResponse:
    """Keep pictures and papers of an activity."""
    activity = one(_rows(request), id)
    require(request.actor, "activity.edit", activity)
    by, at = request.actor, request.at
    take(request, lambda name, data: actions.attach(activity=activity, name=name, data=data, by=by, at=at))
    return redirect("activity", id=id)


def file(request: Request, id: UUID, file_id: UUID) -> FileResponse:
    """A picture or paper of an activity."""
    return serve(request, "activity", one(_rows(request), id), file_id)


@require_POST
def detach(request: Request, id: UUID, file_id: UUID) -> HttpResponse:
    """Take a picture or paper away."""
    activity = one(_rows(request), id)
    row = one(attachments.of("activity", activity), file_id)
    by, at = request.actor, request.at
    attempt(request, t("已删除。"), lambda: actions.detach(activity=activity, attachment=row, by=by, at=at))
    return redirect("activity", id=id)


urlpatterns = [
    path("plan/ledger/", index, name="activities"),
    path("plan/ledger/new/", new, name="activity_new"),
    path("plan/ledger/<uuid:id>/", detail, name="activity"),
    path("plan/ledger/<uuid:id>/edit/", edit, name="activity_edit"),
    path("plan/ledger/<uuid:id>/remove/", remove, name="activity_remove"),
    path("plan/ledger/<uuid:id>/files/", upload, name="activity_upload"),
    path("plan/ledger/<uuid:id>/files/<uuid:file_id>/", file, name="activity_file"),
    path("plan/ledger/<uuid:id>/files/<uuid:file_id>/remove/", detach, name="activity_detach"),
]
